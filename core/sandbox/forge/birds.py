"""Everything with wings: birds by their measures, and dragons."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.bird_body import SPECIES, WING, YELLOW, Bird
from core.sandbox.forge.dragons import shape_dragon
from core.sandbox.forge.palette import INK, ROSE, WHITE, matte
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.solids import ball, beside, tube
from core.sandbox.forge.subject import Subject


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
        shape_dragon(bird)
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
