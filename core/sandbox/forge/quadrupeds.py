"""Animals on four legs: one body plan, measured per species, with its coat, ears, horns and tail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.sandbox.forge.palette import BONE, GOLD, INK, WHITE, Paint, matte
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch, ball, beside, slab, tube
from core.sandbox.forge.subject import Subject

BODY = ("Hip", "Spine", "Chest")
TAIL = ("Hip", "Tail1", "Tail2", "Tail3")
PINK = matte("d99a93")
HORN = matte("5a4a40", 0.3)


@dataclass(frozen=True)
class Species:
    """Measures of an animal in metres (shoulder height, trunk length, girth as a radius) and its looks."""

    height: float
    length: float
    girth: float
    leg: float
    """Radius of a leg at its top."""
    neck: tuple[float, float]
    """How far forward and how far up the head stands from the shoulders."""
    head: float
    """Radius of the skull."""
    snout: tuple[float, float]
    """Length and radius of the muzzle, as shares of the skull."""
    coats: tuple[str, ...]
    ears: str = "pointed"
    tail: str = "bushy"
    hooves: bool = False
    extras: tuple[str, ...] = field(default=())


SPECIES: dict[str, Species] = {
    "wolf": Species(
        0.82,
        0.78,
        0.19,
        0.075,
        (0.24, 0.2),
        0.135,
        (1.15, 0.52),
        ("7d8088", "5e6067", "a39c92"),
        extras=("ruff", "pale_belly"),
    ),
    "dog": Species(
        0.6,
        0.56,
        0.15,
        0.062,
        (0.15, 0.2),
        0.13,
        (0.85, 0.55),
        ("b07f4f", "8a5f3f", "d8b98a", "5a4a42"),
        "floppy",
        "up",
        extras=("pale_belly", "collar"),
    ),
    "fox": Species(
        0.46,
        0.5,
        0.125,
        0.045,
        (0.15, 0.15),
        0.105,
        (1.1, 0.42),
        ("cf6f34", "b9602c"),
        "tall",
        extras=("pale_belly", "white_tip", "socks", "ruff"),
    ),
    "cat": Species(
        0.36,
        0.36,
        0.1,
        0.038,
        (0.1, 0.12),
        0.092,
        (0.4, 0.5),
        ("8a8a90", "d08f4f", "4a464c", "e6d9c4"),
        "pointed",
        "long",
        extras=("pale_belly", "whiskers"),
    ),
    "tiger": Species(
        0.95,
        0.98,
        0.22,
        0.09,
        (0.22, 0.14),
        0.16,
        (0.55, 0.58),
        ("d98a3a", "cf7d30"),
        "round",
        "long",
        extras=("pale_belly", "stripes"),
    ),
    "lion": Species(
        1.0,
        0.98,
        0.22,
        0.095,
        (0.22, 0.17),
        0.165,
        (0.6, 0.6),
        ("cf9f55", "c08e48"),
        "round",
        "tuft",
        extras=("mane_ring",),
    ),
    "bear": Species(
        1.05,
        1.05,
        0.34,
        0.135,
        (0.28, 0.06),
        0.2,
        (0.75, 0.5),
        ("6b4a34", "4a3a32", "8a6544"),
        "round",
        "stub",
    ),
    "horse": Species(
        1.46,
        1.36,
        0.34,
        0.12,
        (0.44, 0.5),
        0.185,
        (1.75, 0.62),
        ("8a5636", "5c4032", "b08a5c", "d9d2c6", "3c3532"),
        "tall",
        "hair",
        hooves=True,
        extras=("mane",),
    ),
    "cow": Species(
        1.35,
        1.25,
        0.36,
        0.1,
        (0.34, 0.12),
        0.175,
        (1.05, 0.72),
        ("efe9dc", "8a5a3c", "4a4140"),
        "side",
        "tuft",
        hooves=True,
        extras=("horns", "patches", "udder", "pink_nose"),
    ),
    "pig": Species(
        0.62,
        0.72,
        0.25,
        0.075,
        (0.22, 0.0),
        0.165,
        (0.7, 0.55),
        ("e3a49a", "d9958c"),
        "floppy",
        "curl",
        hooves=True,
        extras=("pink_nose",),
    ),
    "sheep": Species(
        0.78,
        0.66,
        0.2,
        0.055,
        (0.24, 0.14),
        0.12,
        (0.85, 0.6),
        ("e9e2d2", "d9cfbd"),
        "side",
        "stub",
        hooves=True,
        extras=("wool",),
    ),
    "deer": Species(
        1.1,
        0.9,
        0.23,
        0.066,
        (0.27, 0.34),
        0.14,
        (1.3, 0.5),
        ("a8764a", "8f6540"),
        "tall",
        "stub",
        hooves=True,
        extras=("antlers", "pale_belly", "spots"),
    ),
    "elephant": Species(
        1.7,
        1.35,
        0.52,
        0.18,
        (0.42, 0.1),
        0.34,
        (0.2, 0.6),
        ("8f9096", "7f8288"),
        "fan",
        "tuft",
        extras=("trunk",),
    ),
    "mouse": Species(
        0.26,
        0.28,
        0.1,
        0.03,
        (0.1, 0.06),
        0.085,
        (0.75, 0.45),
        ("9a948e", "c8b8a4", "6f6258"),
        "long",
        "long",
        extras=("pale_belly", "whiskers", "pink_nose"),
    ),
    "lizard": Species(
        0.42,
        0.8,
        0.17,
        0.062,
        (0.2, 0.03),
        0.125,
        (1.2, 0.62),
        ("6f9a55", "5c8a6a", "8a9a4a"),
        "none",
        "reptile",
        extras=("spikes", "pale_belly"),
    ),
}


class Beast:
    """An animal under construction."""

    def __init__(self, species: Species, coat: Paint, second: Paint) -> None:
        self.species = species
        self.coat = coat
        self.second = second
        s = species
        self.back = s.height - s.girth * 0.45
        self.front, self.rear = s.length / 2, -s.length / 2
        self.head_at = np.array([0, self.back + s.neck[1], self.front + s.neck[0]])
        self.leg_x = s.girth * 0.62
        self.sculpture = Sculpture(self._skeleton())

    def _skeleton(self) -> Skeleton:
        s, skeleton = self.species, Skeleton()
        skeleton.add("Hip", None, (0, self.back, self.rear * 0.85))
        skeleton.add("Spine", "Hip", (0, self.back, self.rear * 0.1))
        skeleton.add("Chest", "Spine", (0, self.back, self.front * 0.65))
        skeleton.add("Neck", "Chest", (0, self.back + s.neck[1] * 0.2, self.front + s.neck[0] * 0.15))
        skeleton.add("Head", "Neck", tuple(self.head_at - (0, s.head * 0.2, s.head * 0.6)))
        parent, step = "Hip", s.height * 0.22
        for i in range(3):
            parent = skeleton.add(
                f"Tail{i + 1}", parent, (0, self.back + s.girth * 0.3, self.rear - s.girth * 0.4 - step * i)
            )
        for side, sign in (("L", 1), ("R", -1)):
            self._leg(skeleton, f"{side}_Front", sign * self.leg_x, self.front * 0.72, bend=-0.06)
            self._leg(skeleton, f"{side}_Back", sign * self.leg_x, self.rear * 0.8, bend=0.1)
        return skeleton

    def _leg(self, skeleton: Skeleton, name: str, x: float, z: float, bend: float) -> None:
        h = self.back
        skeleton.add(f"{name}_Upper", "Chest" if "Front" in name else "Hip", (x, h * 0.86, z))
        skeleton.add(f"{name}_Lower", f"{name}_Upper", (x, h * 0.48, z + bend * h))
        skeleton.add(f"{name}_Paw", f"{name}_Lower", (x, h * 0.14, z - 0.02 * h))
        skeleton.touch(f"{name}_Paw", (x, 0, z - 0.05 * h), (x, 0, z + 0.09 * h))

    def on_head(self, patch: Patch, paint: Paint, *, both: bool = False) -> None:
        """Fix a patch that is drawn about the skull's middle, the skull being 1 in radius."""
        size = self.species.head
        placed = patch.scaled(size, size, size).moved(*self.head_at)
        self.sculpture.add(placed, paint, "Head")
        if both:
            self.sculpture.add(placed.mirrored(), paint, "Head")


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The animal that the subject names."""
    species = SPECIES[subject.shape]
    coat = (
        subject.colours[0]
        if subject.colours
        else matte(species.coats[int(rng.integers(len(species.coats)))], 0.45)
    )
    second = subject.colours[1] if len(subject.colours) > 1 else coat.lighter(0.55)
    beast = Beast(species, coat, second)
    _trunk(beast)
    _legs(beast)
    _head(beast)
    EARS[species.ears](beast)
    TAILS[species.tail](beast)
    extras = species.extras + (("horn",) if "unicorn" in subject.words else ())
    for extra in extras:
        if extra in EXTRAS:
            EXTRAS[extra](beast)
    return beast.sculpture.finished(subject.title, scale=1 + 0.05 * float(rng.uniform(-1, 1)))


def _trunk(b: Beast) -> None:
    s, y = b.species, b.back - b.species.girth * 0.28
    line = [
        (0, y + 0.02, b.rear - s.girth * 0.35),
        (0, y, b.rear * 0.7),
        (0, y - s.girth * 0.02, 0),
        (0, y - s.girth * 0.1, b.front * 0.65),
        (0, y + s.girth * 0.1, b.front + s.girth * 0.2),
    ]
    radii = [
        (s.girth * 0.6, s.girth * 0.66),
        (s.girth * 0.92, s.girth),
        (s.girth * 0.88, s.girth * 0.92),
        (s.girth * 0.98, s.girth * 1.12),
        (s.girth * 0.66, s.girth * 0.74),
    ]
    b.sculpture.add(tube(line, radii, sides=16, steps=14, round_ends=(0.8, 0.8)), b.coat, *BODY)
    if "pale_belly" in s.extras:
        belly = [(x, yy - s.girth * 0.2, z * 0.8) for x, yy, z in line[1:]]
        b.sculpture.add(
            tube(belly, [(w * 0.78, d * 0.88) for w, d in radii[1:]], sides=14, steps=9), b.second, *BODY
        )
    foot = np.array([0, b.back - s.girth * 0.15, b.front + s.girth * 0.05])
    top = b.head_at - (0, s.head * 0.25, s.head * 0.35)
    middle = (foot + top) / 2 + (0, -0.04 * s.neck[1], 0.0)
    thick = min(s.girth * 0.72, max(s.head * 1.05, s.girth * 0.55))
    neck = tube(
        [tuple(foot - (0, 0, s.girth * 0.3)), tuple(middle), tuple(top)],
        [thick * 1.1, thick * 0.86, s.head * 0.72],
        sides=14,
        steps=8,
    )
    b.sculpture.add(neck, b.coat, "Chest", "Neck", "Head")


def _legs(b: Beast) -> None:
    s, h, x = b.species, b.back, b.leg_x
    sock = INK if s.hooves else (b.coat.darker(0.55) if "socks" in s.extras else b.coat.darker(0.15))
    for place, z, bend, thick in (("Front", b.front * 0.72, -0.06, 1.0), ("Back", b.rear * 0.8, 0.1, 1.22)):
        line = [
            (x * 0.86, h * 0.92, z),
            (x, h * 0.7, z + bend * h * 0.4),
            (x, h * 0.48, z + bend * h),
            (x, h * 0.28, z + bend * h * 0.2),
            (x, h * 0.1, z - 0.02 * h),
        ]
        if place == "Back":
            line[3] = (x, h * 0.3, z - 0.07 * h)
        radii = [s.leg * 1.25 * thick, s.leg * 1.12 * thick, s.leg * 0.82, s.leg * 0.6, s.leg * 0.62]
        names = (
            "Chest" if place == "Front" else "Hip",
            f"L_{place}_Upper",
            f"L_{place}_Lower",
            f"L_{place}_Paw",
        )
        b.sculpture.pair(tube(line, radii, sides=10, steps=13), b.coat, *names)
        if s.hooves:
            hoof = tube(
                [(x, 0.008, z), (x, h * 0.1, z - 0.01 * h)],
                [s.leg * 0.86, s.leg * 0.68],
                sides=10,
                steps=3,
                round_ends=(0.1, 0.3),
            )
            b.sculpture.pair(hoof, sock, f"L_{place}_Paw")
            continue
        paw = ball(
            (x, s.leg * 0.5, z + s.leg * 0.42),
            (s.leg * 0.86, s.leg * 0.52, s.leg * 1.16),
            sides=12,
            rings=7,
            square=2.3,
        )
        b.sculpture.pair(paw, sock, f"L_{place}_Paw")
        for toe in (-0.42, 0, 0.42):
            bead = ball(
                (x + toe * s.leg, s.leg * 0.3, z + s.leg * 1.42),
                (s.leg * 0.24, s.leg * 0.28, s.leg * 0.3),
                sides=7,
                rings=5,
            )
            b.sculpture.pair(bead, sock.darker(0.12), f"L_{place}_Paw")


def _head(b: Beast) -> None:
    long, thick = b.species.snout
    pale = b.second if "pale_belly" in b.species.extras else b.coat.lighter(0.12)
    b.on_head(ball((0, 0, 0), (1, 0.98, 1.05), sides=16, rings=10), b.coat)
    muzzle = tube(
        [(0, -0.2, 0.5), (0, -0.3, 0.8 + long * 0.5), (0, -0.36, 0.75 + long)],
        [(thick * 1.15, thick * 1.1), (thick, thick * 0.85), (thick * 0.74, thick * 0.62)],
        sides=12,
        steps=7,
        round_ends=(0.6, 0.8),
    )
    b.on_head(muzzle, pale if not b.species.hooves else b.coat.lighter(0.06))
    tip = 0.75 + long + thick * 0.35
    nose = PINK if "pink_nose" in b.species.extras else INK
    if b.species.hooves:
        b.on_head(
            ball((0, -0.38, 0.72 + long), (thick * 0.86, thick * 0.74, thick * 0.55), sides=12, rings=7),
            PINK if "pink_nose" in b.species.extras else b.coat.darker(0.25),
        )
        b.on_head(
            ball((thick * 0.36, -0.28, 0.72 + long + thick * 0.48), (0.09, 0.11, 0.06), sides=7, rings=5),
            INK,
            both=True,
        )
    else:
        b.on_head(ball((0, -0.36 + thick * 0.42, tip - 0.06), (0.2, 0.15, 0.14), sides=10, rings=6), nose)
    b.on_head(ball((0.46, 0.24, 0.84), (0.155, 0.19, 0.1), sides=10, rings=7), INK, both=True)
    b.on_head(ball((0.5, 0.32, 0.925), 0.05, sides=6, rings=4), WHITE, both=True)
    mouth = [
        (-thick * 0.5, -0.42, 0.74 + long * 0.7),
        (0, -0.36 - thick * 0.5, 0.8 + long),
        (thick * 0.5, -0.42, 0.74 + long * 0.7),
    ]
    b.on_head(tube(mouth, [0.03] * 3, sides=5), b.coat.darker(0.6))


def _ear(outline: list[tuple[float, float]], dome: float = 0.06) -> Patch:
    return slab(outline, 0.16, dome=dome)


def _pointed_ears(b: Beast, tall: float = 1.0) -> None:
    outline = [(-0.3, 0), (0.3, 0), (0.22, 0.35 * tall), (0.02, 0.78 * tall), (-0.2, 0.35 * tall)]
    inner = [(x * 0.6, 0.06 + y * 0.68) for x, y in outline]
    for patch, paint, forward in ((_ear(outline), b.coat, 0.0), (slab(inner, 0.08, dome=0.03), PINK, 0.1)):
        b.on_head(patch.moved(z=forward).turned(x=-8, y=16, z=-20).moved(0.5, 0.68, -0.05), paint, both=True)


def _round_ears(b: Beast) -> None:
    b.on_head(ball((0.66, 0.74, -0.05), (0.32, 0.34, 0.16), sides=12, rings=7), b.coat, both=True)
    b.on_head(ball((0.66, 0.74, 0.07), (0.19, 0.21, 0.09), sides=10, rings=6), PINK, both=True)


def _floppy_ears(b: Beast) -> None:
    ear = tube(
        [(0.66, 0.62, 0.05), (0.98, 0.4, 0.08), (1.08, -0.1, 0.14), (1.0, -0.48, 0.2)],
        [(0.14, 0.2), (0.12, 0.28), (0.1, 0.3), (0.07, 0.14)],
        sides=10,
        steps=9,
    )
    b.on_head(ear, b.coat.darker(0.18 if b.species.hooves else 0.3), both=True)


def _side_ears(b: Beast) -> None:
    ear = tube(
        [(0.8, 0.35, -0.1), (1.15, 0.36, -0.1), (1.52, 0.22, -0.05)],
        [(0.14, 0.1), (0.26, 0.12), (0.08, 0.05)],
        sides=10,
        steps=8,
    )
    b.on_head(ear, b.coat.darker(0.1), both=True)


def _long_ears(b: Beast) -> None:
    ear = tube(
        [(0.35, 0.8, -0.1), (0.48, 1.35, -0.18), (0.56, 1.95, -0.28)],
        [(0.18, 0.1), (0.27, 0.12), (0.1, 0.06)],
        sides=10,
        steps=9,
    )
    b.on_head(ear, b.coat, both=True)
    b.on_head(ear.scaled(0.62, 0.84, 0.7, about=(0.48, 1.3, -0.14)).moved(z=0.055), PINK, both=True)


def _fan_ears(b: Beast) -> None:
    outline = [(0, 0.5), (0.5, 0.85), (1.1, 0.7), (1.25, 0.05), (0.95, -0.6), (0.45, -0.8), (0.1, -0.4)]
    ear = slab(outline, 0.14, dome=0.05).turned(y=28).moved(0.62, 0.15, -0.15)
    b.on_head(ear, b.coat.darker(0.08), both=True)


EARS: dict[str, Callable[[Beast], None]] = {
    "pointed": _pointed_ears,
    "tall": lambda b: _pointed_ears(b, 1.4),
    "round": _round_ears,
    "floppy": _floppy_ears,
    "side": _side_ears,
    "long": _long_ears,
    "fan": _fan_ears,
    "none": lambda _: None,
}


def _tail(b: Beast, drop: float, radii: list[float], *, long: float = 1.0, rise: float = 0.0) -> None:
    s = b.species
    y, z, reach = b.back + s.girth * 0.25, b.rear - s.girth * 0.55, s.height * 0.66 * long
    line = [
        (0, y - drop * t**1.3 * reach + rise * t * t * reach, z + s.girth * 0.25 - t * reach * 0.85)
        for t in (0, 0.3, 0.65, 1.0)
    ]
    b.sculpture.add(tube(line, [r * s.height for r in radii], sides=10, steps=11), b.coat, *TAIL)
    if "white_tip" in s.extras or s.tail == "tuft":
        paint = b.second if s.tail != "tuft" else b.coat.darker(0.45)
        size = radii[2] * s.height * (0.98 if s.tail != "tuft" else 2.6)
        end = line[3]
        b.sculpture.add(ball((0, end[1] + 0.01, end[2]), (size, size, size * 1.4), sides=10), paint, "Tail3")


def _hair_tail(b: Beast) -> None:
    y, z = b.back + b.species.girth * 0.3, b.rear - b.species.girth * 0.5
    line = [(0, y, z), (0, y + 0.02, z - 0.14), (0, y - 0.3, z - 0.22), (0, y - 0.75, z - 0.18)]
    b.sculpture.add(tube(line, [0.05, 0.075, 0.1, 0.02], sides=10, steps=11), b.coat.darker(0.55), *TAIL)


def _curl_tail(b: Beast) -> None:
    y, z = b.back + b.species.girth * 0.05, b.rear - b.species.girth * 0.85
    turns = np.linspace(0, 1.6 * 2 * np.pi, 12)
    line = [(0.045 * np.sin(a), y + 0.045 * np.cos(a), z - 0.012 * a) for a in turns]
    b.sculpture.add(tube(line, [0.02] * 11 + [0.008], sides=7, steps=22), b.coat.darker(0.08), *TAIL[:2])


TAILS: dict[str, Callable[[Beast], None]] = {
    "bushy": lambda b: _tail(b, 0.55, [0.05, 0.1, 0.115, 0.02]),
    "up": lambda b: _tail(b, 0.1, [0.06, 0.05, 0.042, 0.025], long=0.62, rise=0.6),
    "long": lambda b: _tail(b, 0.5, [0.04, 0.034, 0.034, 0.03], long=1.25, rise=0.5),
    "tuft": lambda b: _tail(b, 0.75, [0.034, 0.024, 0.022, 0.02], long=1.0),
    "reptile": lambda b: _tail(b, 0.62, [0.26, 0.18, 0.1, 0.02], long=2.4, rise=0.16),
    "stub": lambda b: _tail(b, 0.3, [0.05, 0.06, 0.055, 0.02], long=0.26),
    "hair": _hair_tail,
    "curl": _curl_tail,
}


def _ruff(b: Beast) -> None:
    s = b.species
    middle = (np.array([0, b.back, b.front]) + b.head_at) / 2
    for angle, size in ((0, 1.0), (60, 0.95), (-60, 0.95), (120, 0.85), (-120, 0.85), (180, 0.9)):
        turn = np.radians(angle)
        at = middle + s.girth * 0.46 * np.array([np.sin(turn), -np.cos(turn), -0.1])
        tuft = ball(at, (s.girth * 0.42 * size, s.girth * 0.5 * size, s.girth * 0.4), sides=9, rings=6)
        b.sculpture.add(tuft, b.second if not angle else b.coat.lighter(0.08), "Neck")


def _mane_ring(b: Beast) -> None:
    hair = matte("7d4a2a", 0.5)
    for ring, (radius, z, size) in enumerate(((0.98, 0.05, 0.46), (1.12, -0.5, 0.56))):
        for i in range(11):
            a = 2 * np.pi * (i + 0.5 * ring) / 11
            tuft = ball(
                (radius * np.sin(a), radius * np.cos(a) - 0.05, z), (size, size, size * 0.8), sides=8, rings=6
            )
            b.on_head(tuft, hair if (i + ring) % 2 else hair.lighter(0.12))


def _mane(b: Beast) -> None:
    s, hair = b.species, b.coat.darker(0.55)
    start, end = (
        np.array([0, b.back + s.girth * 0.55, b.front * 0.75]),
        b.head_at + np.array([0, s.head * 0.85, -s.head * 0.4]),
    )
    for t in np.linspace(0, 1, 8):
        at = start + (end - start) * t
        lock = tube(
            [
                beside(at, 0.0, 0.02, 0.03),
                beside(at, 0.03, 0.0, -0.05),
                beside(at, 0.075, -0.16, -0.05),
            ],
            [0.045, 0.055, 0.012],
            sides=8,
        )
        b.sculpture.add(lock, hair, "Chest", "Neck", "Head")
    b.on_head(tube([(0, 0.95, -0.1), (0, 0.95, 0.6), (0.05, 0.45, 0.98)], [0.24, 0.22, 0.05], sides=8), hair)


def _stripes(b: Beast) -> None:
    s = b.species
    for z in np.linspace(b.rear * 0.75, b.front * 0.85, 6):
        arc = [
            (
                s.girth * 0.93 * np.sin(a),
                b.back - s.girth * 0.28 + s.girth * 1.0 * np.cos(a),
                z + 0.03 * np.cos(3 * a),
            )
            for a in np.radians((-95, -55, -20, 20, 55, 95))
        ]
        b.sculpture.add(
            tube(
                arc,
                [(0.012, 0.006), (0.022, 0.014), (0.03, 0.02), (0.03, 0.02), (0.022, 0.014), (0.012, 0.006)],
                sides=7,
                steps=13,
            ),
            INK,
            *BODY,
        )
    for y in (0.6, 0.78):
        b.on_head(
            tube(
                [
                    (-0.3, y - 0.08, 0.75 - 0.2 * y),
                    (0, y + 0.08, 0.86 - 0.3 * y),
                    (0.3, y - 0.08, 0.75 - 0.2 * y),
                ],
                [0.05, 0.07, 0.05],
                sides=6,
            ),
            INK,
        )


def _horns(b: Beast) -> None:
    horn = tube(
        [(0.5, 0.8, -0.1), (0.95, 0.98, -0.1), (1.12, 1.35, 0.0), (1.02, 1.62, 0.08)],
        [0.15, 0.13, 0.09, 0.02],
        sides=9,
        steps=9,
    )
    b.on_head(horn, BONE, both=True)


def _antlers(b: Beast) -> None:
    beam = tube(
        [(0.35, 0.85, -0.1), (0.75, 1.6, -0.3), (1.1, 2.3, -0.1), (0.95, 2.9, 0.25)],
        [0.11, 0.1, 0.08, 0.02],
        sides=8,
        steps=10,
    )
    b.on_head(beam, HORN.lighter(0.3), both=True)
    for start, end in (
        ((0.62, 1.3, -0.22), (0.75, 1.75, 0.4)),
        ((0.95, 2.0, -0.2), (1.5, 2.5, -0.2)),
        ((1.1, 2.35, -0.1), (1.45, 2.95, 0.0)),
    ):
        b.on_head(tube([start, end], [0.075, 0.015], sides=7, steps=4), HORN.lighter(0.3), both=True)


def _patches(b: Beast) -> None:
    s = b.species
    spot = matte("3f3a3a") if sum(b.coat.colour) > 2 else WHITE
    for side, y, z, size in (
        (1, 0.25, -0.45, 0.5),
        (-1, 0.0, 0.3, 0.55),
        (1, -0.1, 0.45, 0.42),
        (-1, 0.3, -0.55, 0.4),
    ):
        reach = np.sqrt(1 - y * y)
        at = (side * s.girth * 0.82 * reach, b.back - s.girth * 0.28 + s.girth * y, z * s.length * 0.8)
        b.sculpture.add(
            ball(at, (s.girth * 0.16, s.girth * size, s.girth * size * 1.2), sides=12, rings=7), spot, *BODY
        )
    b.on_head(ball((0.42, 0.3, 0.55), (0.52, 0.5, 0.46), sides=12, rings=7), spot)


def _udder(b: Beast) -> None:
    at = (0, b.back - b.species.girth * 1.2, b.rear * 0.45)
    b.sculpture.add(ball(at, (0.15, 0.11, 0.16)), PINK, "Hip")
    for x, z in ((0.06, 0.06), (-0.06, 0.06), (0.06, -0.05), (-0.06, -0.05)):
        b.sculpture.add(
            tube([(x, at[1] - 0.08, at[2] + z), (x, at[1] - 0.15, at[2] + z)], [0.024, 0.018], sides=7),
            PINK,
            "Hip",
        )


def _wool(b: Beast) -> None:
    s, rng = b.species, np.random.default_rng(7)
    for z in np.linspace(b.rear * 1.0, b.front * 0.95, 6):
        for angle in np.arange(-140, 141, 40) + rng.uniform(-12, 12):
            turn = np.radians(angle)
            at = (
                s.girth * 0.92 * np.sin(turn),
                b.back - s.girth * 0.25 + s.girth * 0.92 * np.cos(turn),
                z + rng.uniform(-0.03, 0.03),
            )
            b.sculpture.add(ball(at, s.girth * rng.uniform(0.4, 0.52), sides=8, rings=6), b.coat, *BODY)
    b.on_head(ball((0, 0.72, -0.15), (0.75, 0.5, 0.7), sides=10), b.coat)


def _trunk_nose(b: Beast) -> None:
    nose = tube(
        [(0, -0.2, 0.8), (0, -0.6, 1.35), (0, -1.6, 1.5), (0, -2.5, 1.4), (0, -2.85, 1.7)],
        [0.44, 0.36, 0.26, 0.19, 0.14],
        sides=12,
        steps=16,
    )
    b.on_head(nose, b.coat)
    b.on_head(
        tube(
            [(0.42, -0.5, 0.8), (0.56, -0.95, 1.3), (0.55, -0.85, 1.85)], [0.12, 0.1, 0.02], sides=8, steps=8
        ),
        BONE,
        both=True,
    )


def _spikes(b: Beast) -> None:
    s = b.species
    for t in np.linspace(0, 1, 9):
        z = b.front * 0.9 + (b.rear * 1.1 - b.front * 0.9) * t
        y = b.back - s.girth * 0.28 + s.girth * (1.02 - 0.12 * abs(t - 0.45))
        spike = slab([(-0.05, -0.03), (0.05, -0.03), (-0.02, 0.09)], 0.025, dome=0.008).turned(y=90)
        b.sculpture.add(spike.moved(0, y, z), b.coat.darker(0.35), *BODY)


def _spots(b: Beast) -> None:
    s = b.species
    for z, y in ((-0.3, 0.6), (-0.1, 0.75), (0.12, 0.62), (-0.2, 0.35), (0.05, 0.4), (0.25, 0.78)):
        x = s.girth * 0.88 * np.sqrt(1 - y * y)
        spot = ball(
            (x, b.back - s.girth * 0.28 + s.girth * 0.93 * y, z * s.length), s.girth * 0.09, sides=8, rings=5
        )
        b.sculpture.pair(spot, WHITE, *BODY)


def _collar(b: Beast) -> None:
    s = b.species
    middle = (np.array([0, b.back, b.front + s.girth * 0.1]) + b.head_at) / 2
    b.sculpture.add(
        ball(middle, (s.girth * 0.72, s.girth * 0.18, s.girth * 0.66), sides=14, rings=7).turned(
            x=40, about=tuple(middle)
        ),
        matte("a8433f"),
        "Neck",
    )
    b.sculpture.add(
        ball(middle + np.array([0, -s.girth * 0.5, s.girth * 0.5]), s.girth * 0.14, sides=9, rings=6),
        GOLD,
        "Neck",
    )


def _whiskers(b: Beast) -> None:
    for dy in (-0.08, 0.04):
        b.on_head(
            tube(
                [(0.25, -0.3, 1.05), (0.75, -0.28 + dy * 3, 1.05), (1.05, -0.3 + dy * 4, 0.95)],
                [0.02, 0.014, 0.008],
                sides=5,
            ),
            WHITE,
            both=True,
        )


def _unicorn_horn(b: Beast) -> None:
    b.on_head(tube([(0, 0.7, 0.75), (0, 2.3, 1.5)], [0.17, 0.015], sides=9, steps=8), GOLD)


EXTRAS: dict[str, Callable[[Beast], None]] = {
    "ruff": _ruff,
    "mane_ring": _mane_ring,
    "mane": _mane,
    "stripes": _stripes,
    "horns": _horns,
    "antlers": _antlers,
    "patches": _patches,
    "udder": _udder,
    "wool": _wool,
    "trunk": _trunk_nose,
    "spikes": _spikes,
    "spots": _spots,
    "collar": _collar,
    "whiskers": _whiskers,
    "horn": _unicorn_horn,
}
