"""Everything with wings: birds by their measures, and dragons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.sandbox.forge.palette import BONE, INK, ROSE, WHITE, Paint, glow, matte
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch, Point, ball, beside, slab, tube
from core.sandbox.forge.subject import Subject

WING = ("Spine", "L_Wing1", "L_Wing2", "L_Wing3")
YELLOW = matte("dea23c")


@dataclass(frozen=True)
class Species:
    """Measures in metres of a bird that stands: body radius and height of its middle, half wing span, head radius."""

    body: float
    middle: float
    span: float
    head: float
    neck: float
    beak: float
    leg: float
    coats: tuple[str, ...]
    chest: str | None = None
    face: str | None = None


SPECIES = {
    "eagle": Species(0.19, 0.46, 0.95, 0.105, 0.15, 0.11, 0.03, ("5c4332", "4a3a30"), face="efe9dc"),
    "owl": Species(
        0.17, 0.38, 0.62, 0.15, 0.1, 0.05, 0.028, ("8a6a4a", "a38a6a", "6f5c4c"), "d9c8a8", "e3d6bf"
    ),
    "chicken": Species(0.17, 0.36, 0.36, 0.085, 0.16, 0.06, 0.022, ("efe9dc", "b5703a", "4a4648")),
    "duck": Species(0.16, 0.26, 0.42, 0.09, 0.17, 0.1, 0.024, ("e9e4d6", "8a7658"), face="4d7d55"),
    "bird": Species(
        0.13, 0.27, 0.45, 0.092, 0.1, 0.055, 0.018, ("5a86b8", "c0584a", "d9a441", "4d4a52"), "efe3cb"
    ),
    "dragon": Species(
        0.34, 0.95, 1.45, 0.2, 0.55, 0.2, 0.09, ("5a8f5c", "a8433f", "3f68ac", "6f5a96", "4a4a55"), "d9c48f"
    ),
}


class Bird:
    """A bird under construction."""

    def __init__(self, species: Species, coat: Paint, chest: Paint, face: Paint) -> None:
        self.species, self.coat, self.chest, self.face = species, coat, chest, face
        s = species
        self.head_at = np.array([0, s.middle + s.body * 0.75 + s.neck, s.body * 0.62 + s.neck * 0.35])
        self.shoulder = np.array([s.body * 0.72, s.middle + s.body * 0.42, s.body * 0.12])
        self.sculpture = Sculpture(self._skeleton())

    def _skeleton(self) -> Skeleton:
        s, skeleton = self.species, Skeleton()
        skeleton.add("Hip", None, (0, s.middle - s.body * 0.25, -s.body * 0.3))
        skeleton.add("Spine", "Hip", (0, s.middle + s.body * 0.15, s.body * 0.15))
        skeleton.add("Neck", "Spine", (0, s.middle + s.body * 0.6, s.body * 0.45))
        skeleton.add("Head", "Neck", tuple(self.head_at - (0, s.head * 0.3, s.head * 0.3)))
        skeleton.add("Tail1", "Hip", (0, s.middle - s.body * 0.4, -s.body * 1.0))
        skeleton.add("Tail2", "Tail1", (0, s.middle - s.body * 0.7, -s.body * 1.9))
        for side, sign in (("L", 1), ("R", -1)):
            x, y, z = self.shoulder
            skeleton.add(f"{side}_Wing1", "Spine", (sign * x, y, z))
            skeleton.add(f"{side}_Wing2", f"{side}_Wing1", (sign * (x + s.span * 0.32), y + s.span * 0.06, z))
            skeleton.add(
                f"{side}_Wing3",
                f"{side}_Wing2",
                (sign * (x + s.span * 0.64), y + s.span * 0.05, z - s.span * 0.02),
            )
        for side, sign in (("L", 1), ("R", -1)):
            x = sign * s.body * 0.48
            skeleton.add(f"{side}_Thigh", "Hip", (x, s.middle - s.body * 0.5, -s.body * 0.1))
            skeleton.add(f"{side}_Shin", f"{side}_Thigh", (x, s.middle * 0.42, s.body * 0.02))
            skeleton.add(f"{side}_Foot", f"{side}_Shin", (x, s.leg * 0.8, -s.body * 0.02))
            skeleton.touch(f"{side}_Foot", (x, 0, -s.leg * 2), (x, 0, s.leg * 3.5))
        return skeleton

    def on_head(self, patch: Patch, paint: Paint, *, both: bool = False) -> None:
        """Fix a patch that is drawn for a head of radius 1."""
        size = self.species.head
        placed = patch.scaled(size, size, size).moved(*self.head_at)
        self.sculpture.add(placed, paint, "Head")
        if both:
            self.sculpture.add(placed.mirrored(), paint, "Head")


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The bird or dragon that the subject names."""
    species = SPECIES[subject.shape]
    coat = (
        subject.colours[0]
        if subject.colours
        else matte(species.coats[int(rng.integers(len(species.coats)))], 0.35)
    )
    chest = matte(species.chest, 0.2) if species.chest else coat.lighter(0.18)
    if len(subject.colours) > 1:
        chest = subject.colours[1]
    bird = Bird(species, coat, chest, matte(species.face, 0.2) if species.face else coat)
    if subject.shape == "dragon":
        _dragon(bird)
    else:
        _feathered_body(bird)
        _legs(bird)
        _feathered_wings(bird)
        _bird_head(bird, subject.shape)
    return bird.sculpture.finished(subject.title, scale=1 + 0.06 * float(rng.uniform(-1, 1)))


def _feathered_body(b: Bird) -> None:
    s, r = b.species, b.species.body
    line = [
        (0, s.middle - r * 0.75, -r * 1.05),
        (0, s.middle - r * 0.25, -r * 0.5),
        (0, s.middle + r * 0.2, r * 0.15),
        (0, s.middle + r * 0.75, r * 0.5),
    ]
    b.sculpture.add(
        tube(line, [r * 0.42, r * 0.95, r * 1.0, r * 0.55], sides=16, steps=12, round_ends=(0.7, 0.7)),
        b.coat,
        "Hip",
        "Spine",
        "Neck",
    )
    front = [
        (0, s.middle - r * 0.5, -r * 0.1),
        (0, s.middle + r * 0.02, r * 0.42),
        (0, s.middle + r * 0.62, r * 0.66),
    ]
    b.sculpture.add(
        tube(front, [r * 0.6, r * 0.72, r * 0.42], sides=14, steps=9), b.chest, "Hip", "Spine", "Neck"
    )
    throat = tube(
        [(0, s.middle + r * 0.5, r * 0.4), tuple(b.head_at)], [r * 0.55, s.head * 0.72], sides=12, steps=6
    )
    b.sculpture.add(throat, b.coat, "Spine", "Neck", "Head")
    for i, spread in enumerate((-0.34, -0.17, 0, 0.17, 0.34)):
        x, back = spread * r * 2.4, -r * (2.35 - abs(spread))
        quill = [
            (x * 0.2, s.middle - r * 0.65, -r * 0.8),
            (x * 0.7, s.middle - r * 0.85, -r * 1.6),
            (x * 1.1, s.middle - r * 0.98, back),
        ]
        feather = tube(
            quill, [(r * 0.2, r * 0.07), (r * 0.26, r * 0.05), (r * 0.12, r * 0.03)], sides=8, steps=6
        )
        b.sculpture.add(
            feather.moved(y=-0.02 * r * (i % 2)), b.coat.darker(0.18 + 0.1 * (i % 2)), "Hip", "Tail1", "Tail2"
        )


def _legs(b: Bird) -> None:
    s, x = b.species, b.species.body * 0.48
    top = s.middle - s.body * 0.4
    drum = tube(
        [(x * 0.9, top, -s.body * 0.1), (x, s.middle * 0.5, s.body * 0.0)],
        [s.body * 0.4, s.leg * 1.5],
        sides=10,
        steps=5,
    )
    b.sculpture.pair(drum, b.coat.darker(0.08), "L_Thigh", "L_Shin")
    shin = tube(
        [(x, s.middle * 0.55, s.body * 0.01), (x, s.leg * 0.8, -s.body * 0.02)],
        [s.leg * 0.95, s.leg * 0.8],
        sides=8,
        steps=6,
    )
    b.sculpture.pair(shin, YELLOW, "L_Thigh", "L_Shin", "L_Foot")
    for turn in (-32, 0, 32, 180):
        toe = tube(
            [(0, s.leg * 0.75, 0), (0, s.leg * 0.6, s.leg * 2.2), (0, s.leg * 0.3, s.leg * 3.6)],
            [s.leg * 0.7, s.leg * 0.6, s.leg * 0.15],
            sides=7,
        )
        b.sculpture.pair(
            toe.scaled(1, 1, 0.6 if turn == 180 else 1).turned(y=turn).moved(x, 0, -s.body * 0.02),
            YELLOW.darker(0.1),
            "L_Foot",
        )


def _feathered_wings(b: Bird) -> None:
    s, (x, y, z) = b.species, b.shoulder
    span = s.span
    arm = [
        (x - s.body * 0.2, y, z),
        (x + span * 0.32, y + span * 0.06, z + span * 0.03),
        (x + span * 0.64, y + span * 0.05, z),
        (x + span * 0.8, y + span * 0.03, z - span * 0.04),
    ]
    b.sculpture.pair(
        tube(
            arm,
            [
                (span * 0.09, span * 0.05),
                (span * 0.09, span * 0.05),
                (span * 0.07, span * 0.04),
                (span * 0.03, span * 0.02),
            ],
            sides=10,
            steps=10,
        ),
        b.coat,
        *WING,
    )
    rows = (
        (12, 0.46, 0.0, b.coat.darker(0.35)),
        (9, 0.3, 0.018, b.coat.darker(0.15)),
        (7, 0.18, 0.034, b.coat.lighter(0.1)),
    )
    for count, long, lift, paint in rows:
        for t in np.linspace(0.02, 1.0, count):
            root = np.array(
                [
                    x + span * 0.78 * t,
                    y + span * (0.06 * np.sin(np.pi * min(t * 1.2, 1)) + lift),
                    z - span * 0.01,
                ]
            )
            lean = np.radians(8 + 64 * t**2.2)
            reach = span * long * (0.85 + 0.35 * t)
            tip = root + reach * np.array([np.sin(lean), -0.62 * np.cos(lean) - 0.04, -0.8 * np.cos(lean)])
            wide = span * 0.062
            feather = tube(
                [root, beside(root * 0.45 + tip * 0.55, 0, 0.01 * span, 0), tip],
                [(wide * 0.8, span * 0.012), (wide, span * 0.012), (wide * 0.45, span * 0.007)],
                sides=6,
                steps=4,
                round_ends=(0, 0),
            )
            b.sculpture.pair(feather, paint, *WING)


def _bird_head(b: Bird, shape: str) -> None:
    s = b.species
    long = s.beak / s.head
    b.on_head(ball((0, 0, 0), (1, 1.02, 1.04), sides=16, rings=10), b.face)
    if shape == "owl":
        _owl_face(b)
        return
    wide = 0.52 if shape == "duck" else 0.3
    hook = -0.45 if shape == "eagle" else -0.12
    beak = tube(
        [(0, -0.05, 0.7), (0, 0.0, 0.95 + long * 0.4), (0, hook, 0.95 + long)],
        [(wide, 0.32), (wide * 0.95, 0.22), (0.06 if shape != "duck" else 0.4, 0.05)],
        sides=10,
        steps=8,
    )
    b.on_head(beak, YELLOW)
    b.on_head(
        tube(
            [(0, -0.3, 0.7), (0, -0.32, 0.9 + long * 0.6)],
            [(wide * 0.8, 0.14), (wide * 0.4, 0.06)],
            sides=8,
            steps=4,
        ),
        YELLOW.darker(0.2),
    )
    b.on_head(ball((0.6, 0.22, 0.72), (0.16, 0.2, 0.14), sides=10, rings=7), INK, both=True)
    b.on_head(ball((0.66, 0.3, 0.83), 0.055, sides=6, rings=4), WHITE, both=True)
    if shape == "eagle":
        b.on_head(
            tube([(0.3, 0.42, 0.95), (0.62, 0.5, 0.75), (0.85, 0.4, 0.45)], [0.08, 0.11, 0.05], sides=7),
            b.face.darker(0.18),
            both=True,
        )
    if shape == "chicken":
        for z, size in ((0.55, 0.24), (0.2, 0.3), (-0.18, 0.28)):
            b.on_head(
                ball((0, 0.98 + size * 0.5, z), (0.12, size, size * 0.9), sides=9, rings=6), ROSE.darker(0.1)
            )
        b.on_head(ball((0, -0.65, 0.86), (0.14, 0.32, 0.18), sides=9, rings=6), ROSE.darker(0.1))
    if shape == "bird":
        crest = tube([(0, 0.85, 0.1), (0, 1.3, -0.25), (0, 1.5, -0.75)], [0.3, 0.2, 0.03], sides=8)
        b.on_head(crest, b.coat.darker(0.2))


def _owl_face(b: Bird) -> None:
    b.on_head(ball((0.4, 0.1, 0.72), (0.5, 0.52, 0.34), sides=14, rings=8), b.face.lighter(0.2), both=True)
    b.on_head(ball((0.4, 0.12, 0.96), (0.27, 0.29, 0.14), sides=12, rings=7), matte("e6a73c"), both=True)
    b.on_head(ball((0.4, 0.12, 1.06), (0.15, 0.17, 0.08), sides=10, rings=6), INK, both=True)
    b.on_head(ball((0.46, 0.2, 1.125), 0.045, sides=6, rings=4), WHITE, both=True)
    b.on_head(tube([(0, 0.0, 1.0), (0, -0.12, 1.2), (0, -0.36, 1.16)], [0.14, 0.12, 0.03], sides=8), YELLOW)
    tuft = tube([(0.45, 0.75, 0.2), (0.68, 1.1, 0.15), (0.82, 1.42, 0.05)], [0.26, 0.18, 0.02], sides=8)
    b.on_head(tuft, b.coat.darker(0.2), both=True)
    s, r = b.species, b.species.body
    for row, y in enumerate((0.42, 0.2, -0.02, -0.22)):
        for i in range(4 - row % 2):
            x = (i - (3 - row % 2) / 2) * r * 0.3
            front = np.sqrt(max(1 - (x / (r * 0.95)) ** 2, 0))
            fleck = ball(
                (x, s.middle + r * y, r * (0.62 + 0.52 * front - 0.1 * row * 0.6)),
                (r * 0.07, r * 0.09, r * 0.04),
                sides=6,
                rings=4,
            )
            b.sculpture.add(fleck, b.coat.darker(0.1), "Hip", "Spine", "Neck")


def _dragon(b: Bird) -> None:
    s, r, body = b.species, b.species.body, b.sculpture
    line: list[Point] = [
        (0, s.middle - r * 0.55, -r * 1.25),
        (0, s.middle - r * 0.2, -r * 0.5),
        (0, s.middle + r * 0.15, r * 0.2),
        (0, s.middle + r * 0.85, r * 0.62),
    ]
    body.add(
        tube(line, [r * 0.6, r * 1.0, r * 1.0, r * 0.58], sides=16, steps=12), b.coat, "Hip", "Spine", "Neck"
    )
    front = [
        (0, s.middle - r * 0.55, -r * 0.3),
        (0, s.middle - r * 0.02, r * 0.42),
        (0, s.middle + r * 0.8, r * 0.82),
    ]
    body.add(tube(front, [r * 0.66, r * 0.74, r * 0.44], sides=14, steps=10), b.chest, "Hip", "Spine", "Neck")
    throat = [
        (0, s.middle + r * 0.6, r * 0.5),
        (0, s.middle + r * 1.4, r * 0.8),
        tuple(b.head_at - (0, 0.02, 0.06)),
    ]
    body.add(
        tube(throat, [r * 0.62, r * 0.44, s.head * 0.72], sides=12, steps=8), b.coat, "Spine", "Neck", "Head"
    )
    tail = [
        (0, s.middle - r * 0.5, -r * 1.0),
        (0, s.middle - r * 1.2, -r * 2.2),
        (0.05, s.middle - r * 1.75, -r * 3.4),
        (0.16, s.middle - r * 1.6, -r * 4.6),
    ]
    body.add(
        tube(tail, [r * 0.62, r * 0.44, r * 0.24, r * 0.05], sides=12, steps=13),
        b.coat,
        "Hip",
        "Tail1",
        "Tail2",
    )
    barb = slab([(-0.12, -0.12), (0, -0.05), (0.12, -0.12), (0, 0.24)], 0.05, dome=0.02).turned(x=-70)
    body.add(barb.moved(0.17, s.middle - r * 1.58, -r * 4.75), b.coat.darker(0.35), "Tail2")
    _spines(b)
    _dragon_legs(b)
    _membrane_wings(b)
    _dragon_head(b)


def _spines(b: Bird) -> None:
    s, r = b.species, b.species.body
    places = [
        (s.middle + r * 1.9, r * 0.62, "Neck"),
        (s.middle + r * 1.35, r * 0.3, "Neck"),
        (s.middle + r * 0.95, -r * 0.1, "Spine"),
        (s.middle + r * 0.72, -r * 0.5, "Spine"),
    ]
    places += [
        (s.middle + r * 0.4, -r * 0.95, "Hip"),
        (s.middle - r * 0.05, -r * 1.4, "Hip"),
        (s.middle - r * 0.5, -r * 1.9, "Tail1"),
        (s.middle - r * 0.95, -r * 2.5, "Tail1"),
        (s.middle - r * 1.35, -r * 3.1, "Tail2"),
    ]
    for i, (y, z, joint) in enumerate(places):
        size = r * (0.42 - 0.025 * i)
        spike = slab(
            [(-size * 0.5, -size * 0.4), (size * 0.5, -size * 0.4), (size * 0.25, size * 0.75)],
            size * 0.25,
            dome=size * 0.08,
        )
        b.sculpture.add(spike.turned(y=90).moved(0, y, z), b.coat.darker(0.35), joint)


def _dragon_legs(b: Bird) -> None:
    s, x = b.species, b.species.body * 0.62
    haunch = tube(
        [(x * 0.8, s.middle - s.body * 0.3, -s.body * 0.3), (x * 1.05, s.middle * 0.5, s.body * 0.1)],
        [s.body * 0.52, s.leg * 1.4],
        sides=12,
        steps=7,
    )
    b.sculpture.pair(haunch, b.coat, "L_Thigh", "L_Shin")
    shin = tube(
        [
            (x * 1.05, s.middle * 0.52, s.body * 0.1),
            (x, s.middle * 0.26, -s.body * 0.22),
            (x, s.leg * 0.6, -s.body * 0.05),
        ],
        [s.leg * 1.35, s.leg * 0.95, s.leg * 0.9],
        sides=10,
        steps=8,
    )
    b.sculpture.pair(shin, b.coat, "L_Thigh", "L_Shin", "L_Foot")
    b.sculpture.pair(
        ball((x, s.leg * 0.62, s.leg * 0.4), (s.leg * 1.25, s.leg * 0.62, s.leg * 1.7), sides=12),
        b.coat.darker(0.1),
        "L_Foot",
    )
    for turn in (-26, 0, 26):
        claw = tube(
            [(0, s.leg * 0.5, s.leg * 1.6), (0, s.leg * 0.45, s.leg * 2.3), (0, s.leg * 0.12, s.leg * 2.9)],
            [s.leg * 0.42, s.leg * 0.34, s.leg * 0.05],
            sides=7,
        )
        b.sculpture.pair(claw.turned(y=turn).moved(x, 0, 0), BONE, "L_Foot")
    arm = [
        (s.body * 0.62, s.middle + s.body * 0.35, s.body * 0.55),
        (s.body * 0.72, s.middle + s.body * 0.0, s.body * 0.95),
        (s.body * 0.55, s.middle + s.body * 0.05, s.body * 1.4),
    ]
    b.sculpture.pair(tube(arm, [s.leg * 0.85, s.leg * 0.62, s.leg * 0.5], sides=9, steps=8), b.coat, "Spine")
    for turn in (-24, 0, 24):
        claw = tube(
            [(0, 0, 0), (0, -0.03, 0.1), (0, -0.1, 0.13)], [s.leg * 0.28, s.leg * 0.24, s.leg * 0.04], sides=6
        ).turned(y=turn)
        b.sculpture.pair(claw.moved(*arm[2]), BONE, "Spine")


def _membrane_wings(b: Bird) -> None:
    s, (x, y, z) = b.species, b.shoulder
    span, skin = s.span, b.chest.darker(0.12)
    elbow = np.array([x + span * 0.32, y + span * 0.16, z - span * 0.02])
    wrist = np.array([x + span * 0.6, y + span * 0.26, z + span * 0.1])
    arm: list[Point] = [(x - 0.1, y, z), elbow, wrist]
    b.sculpture.pair(tube(arm, [span * 0.055, span * 0.042, span * 0.036], sides=10, steps=10), b.coat, *WING)
    tips = [
        np.array(tip)
        for tip in (
            (x + span * 1.04, y + span * 0.2, z - span * 0.12),
            (x + span * 0.84, y + span * 0.12, z - span * 0.5),
            (x + span * 0.48, y + span * 0.06, z - span * 0.62),
            (x + span * 0.08, y - span * 0.02, z - span * 0.5),
        )
    ]
    for tip in tips[:3]:
        middle = (wrist + tip) / 2 + (0, span * 0.035, 0)
        b.sculpture.pair(
            tube(
                [wrist, middle, tip],
                [span * 0.026, span * 0.02, span * 0.006],
                sides=7,
                steps=7,
            ),
            b.coat.darker(0.12),
            *WING,
        )
    b.sculpture.pair(
        tube(
            [wrist, beside(wrist, 0.02, 0.06, 0.07), beside(wrist, 0.04, 0.06, 0.13)],
            [0.035, 0.028, 0.004],
            sides=7,
        ),
        BONE,
        *WING,
    )
    inner = np.array([x - 0.05, y, z - 0.05])
    for near, (one, two) in (
        (wrist, (tips[0], tips[1])),
        (wrist, (tips[1], tips[2])),
        (elbow, (tips[2], tips[3])),
        (None, (tips[2], tips[3])),
    ):
        if near is None:
            continue
        scallop = (one + two) / 2 + (near - (one + two) / 2) * 0.22
        b.sculpture.pair(_sail([near, one, scallop, two]), skin, *WING)
    b.sculpture.pair(_sail([wrist, tips[2], elbow]), skin, *WING)
    b.sculpture.pair(_sail([elbow, tips[3], inner]), skin, *WING)


def _sail(corners: list[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> Patch:
    """A thin skin over corners in space: a slab whose rim and middle follow them."""
    rim = []
    for i, corner in enumerate(corners):
        following = corners[(i + 1) % len(corners)]
        rim += [corner + (following - corner) * t for t in (0, 0.34, 0.67)]
    flat = slab([(float(p[0]), float(p[2])) for p in rim], 0.014).turned(x=90)
    ground = np.array(rim)[:, [0, 2]]
    heights = np.array(rim)[:, 1]
    apart = np.linalg.norm(flat.positions[:, None, [0, 2]] - ground[None], axis=2) + 1e-6
    weight = 1 / apart**3
    lifted = flat.positions.copy()
    lifted[:, 1] += (weight * heights).sum(axis=1) / weight.sum(axis=1)
    return Patch(lifted, flat.normals, flat.faces, flat.around)


def _dragon_head(b: Bird) -> None:
    b.on_head(ball((0, 0, 0), (0.95, 0.9, 1.05), sides=14, rings=9), b.coat)
    b.on_head(
        tube(
            [(0, -0.05, 0.5), (0, -0.12, 1.3), (0, -0.12, 1.9)],
            [(0.72, 0.5), (0.56, 0.38), (0.44, 0.28)],
            sides=12,
            steps=8,
            square=2.5,
        ),
        b.coat,
    )
    b.on_head(
        tube(
            [(0, -0.5, 0.4), (0, -0.52, 1.2), (0, -0.5, 1.75)],
            [(0.6, 0.22), (0.46, 0.17), (0.34, 0.12)],
            sides=12,
            steps=7,
            square=2.5,
        ),
        b.chest,
    )
    b.on_head(ball((0.2, 0.12, 1.98), (0.13, 0.12, 0.12), sides=9, rings=6), b.coat.lighter(0.1), both=True)
    b.on_head(ball((0.2, 0.14, 2.08), (0.05, 0.05, 0.04), sides=6, rings=4), INK, both=True)
    b.on_head(ball((0.58, 0.32, 0.62), (0.2, 0.24, 0.22), sides=10, rings=7), glow("ffd75a"), both=True)
    b.on_head(ball((0.64, 0.32, 0.79), (0.06, 0.2, 0.08), sides=8, rings=6), INK, both=True)
    b.on_head(
        tube([(0.3, 0.56, 0.9), (0.66, 0.62, 0.62), (0.86, 0.5, 0.2)], [0.08, 0.13, 0.06], sides=7),
        b.coat.darker(0.2),
        both=True,
    )
    horn = tube(
        [(0.5, 0.6, -0.2), (0.72, 1.1, -0.75), (0.85, 1.25, -1.45), (0.8, 1.6, -1.9)],
        [0.24, 0.2, 0.13, 0.02],
        sides=9,
        steps=10,
    )
    b.on_head(horn, BONE, both=True)
    for z in (1.0, 1.35, 1.65):
        b.on_head(
            tube(
                [(0.5 - 0.1 * (z - 1), -0.36, z), (0.5 - 0.1 * (z - 1), -0.6, z)],
                [0.06, 0.01],
                sides=6,
                steps=3,
            ),
            BONE,
            both=True,
        )
    b.on_head(
        tube(
            [(0.8, 0.0, -0.1), (1.3, 0.1, -0.5), (1.5, 0.25, -0.9)],
            [(0.1, 0.3), (0.07, 0.24), (0.03, 0.04)],
            sides=8,
        ),
        b.chest,
        both=True,
    )
