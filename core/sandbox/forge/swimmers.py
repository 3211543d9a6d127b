"""Fish, sharks and whales, afloat at their own height."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.palette import INK, ROSE, WHITE, Paint, matte
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import ball, slab, tube
from core.sandbox.forge.subject import Subject

COATS = {
    "fish": ("d9823b", "3f7ab8", "c9583f", "d9b441"),
    "shark": ("6f7f8f", "5d6d7a"),
    "whale": ("4a6a8f", "3f5570"),
}


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The fish, shark or whale that the subject names."""
    coats = COATS[subject.shape]
    coat = subject.colours[0] if subject.colours else matte(coats[int(rng.integers(len(coats)))], 0.2)
    second = subject.colours[1] if len(subject.colours) > 1 else coat.lighter(0.6)
    sculpture = _swimming(subject, coat, second)
    return sculpture.finished(subject.title, scale=1 + 0.08 * float(rng.uniform(-1, 1)))


def _swimming(subject: Subject, coat: Paint, second: Paint) -> Sculpture:
    skeleton = Skeleton()
    long = {"fish": 0.62, "shark": 1.9, "whale": 2.6}[subject.shape]
    y = long * 0.4
    skeleton.add("Body", None, (0, y, long * 0.1))
    skeleton.add("Head", "Body", (0, y, long * 0.26))
    parent = "Body"
    for i, z in enumerate((-0.06, -0.2, -0.33, -0.44), start=1):
        parent = skeleton.add(f"Tail{i}", parent, (0, y, long * z))
    for side, sign in (("L", 1), ("R", -1)):
        skeleton.add(f"{side}_Fin", "Body", (sign * long * 0.1, y - long * 0.06, long * 0.16))
    skeleton.touch("Body", (0, 0, 0))
    s = Sculpture(skeleton)
    {"fish": _fish, "shark": _shark, "whale": _whale}[subject.shape](s, long, y, coat, second)
    return s


TAIL = ("Head", "Body", "Tail1", "Tail2", "Tail3", "Tail4")


def _hull(
    s: Sculpture, long: float, y: float, shape: list[tuple[float, float, float, float]], paint: Paint
) -> None:
    """The trunk from nose to tail: (z, half width, half height, rise) as shares of the length."""
    line = [(0, y + rise * long, z * long) for z, _, _, rise in shape]
    radii = [(wide * long, high * long) for _, wide, high, _ in shape]
    s.add(tube(line, radii, sides=18, steps=24, round_ends=(0.8, 0.5)), paint, *TAIL)


def _fin(outline: list[tuple[float, float]], long: float, thick: float = 0.03) -> list[tuple[float, float]]:
    del thick
    return [(x * long, y * long) for x, y in outline]


def _face(s: Sculpture, long: float, y: float, at: tuple[float, float, float], size: float) -> None:
    x, up, z = at
    centre = (x * long, y + up * long, z * long)
    s.pair(ball(centre, (size * long * 0.7, size * long, size * long), sides=12, rings=8), WHITE, "Head")
    s.pair(
        ball(
            (centre[0] + size * long * 0.42, centre[1], centre[2] + size * long * 0.22),
            (size * long * 0.4, size * long * 0.62, size * long * 0.62),
            sides=10,
            rings=7,
        ),
        INK,
        "Head",
    )
    s.pair(
        ball(
            (centre[0] + size * long * 0.72, centre[1] + size * long * 0.25, centre[2] + size * long * 0.4),
            size * long * 0.17,
            sides=6,
            rings=4,
        ),
        WHITE,
        "Head",
    )


def _fish(s: Sculpture, long: float, y: float, coat: Paint, second: Paint) -> None:
    _hull(
        s,
        long,
        y,
        [
            (0.42, 0.05, 0.06, -0.01),
            (0.3, 0.12, 0.17, 0.0),
            (0.1, 0.145, 0.235, 0.01),
            (-0.12, 0.11, 0.19, 0.01),
            (-0.3, 0.055, 0.09, 0.0),
            (-0.4, 0.03, 0.062, 0),
        ],
        coat,
    )
    for z, wide, high in ((0.2, 0.145, 0.222), (-0.04, 0.136, 0.226)):
        s.add(
            tube(
                [(0, y + 0.006 * long, (z + 0.028) * long), (0, y + 0.006 * long, (z - 0.028) * long)],
                [(wide * long, high * long)] * 2,
                sides=18,
                steps=3,
                round_ends=(0.05, 0.05),
            ),
            WHITE if second == coat.lighter(0.6) else second,
            *TAIL,
        )
    tail = slab(
        _fin(
            [(0, 0.05), (-0.2, 0.27), (-0.27, 0.22), (-0.19, 0.0), (-0.27, -0.22), (-0.2, -0.27), (0, -0.05)],
            long,
        ),
        0.022,
        dome=0.004,
    ).turned(y=-90)
    s.add(tail.moved(0, y, -0.39 * long), coat.darker(0.15), "Tail3", "Tail4")
    dorsal = slab(
        _fin([(0.2, -0.05), (0.14, 0.12), (0.0, 0.17), (-0.16, 0.1), (-0.2, -0.05)], long), 0.02, dome=0.003
    ).turned(y=-90)
    s.add(dorsal.moved(0, y + 0.2 * long, 0.04 * long), coat.darker(0.15), "Body", "Tail1")
    belly = slab(
        _fin([(0.08, 0.04), (0.0, -0.12), (-0.1, -0.1), (-0.08, 0.04)], long), 0.02, dome=0.003
    ).turned(y=-90)
    s.add(belly.moved(0, y - 0.18 * long, -0.06 * long), coat.darker(0.15), "Body", "Tail1")
    side = slab(
        _fin([(0.0, 0.03), (0.2, 0.06), (0.23, -0.04), (0.12, -0.12), (0.0, -0.04)], long), 0.018, dome=0.003
    ).turned(x=50, y=35)
    s.pair(side.moved(0.13 * long, y - 0.04 * long, 0.16 * long), coat.darker(0.15), "L_Fin")
    _face(s, long, y, (0.105, 0.055, 0.3), 0.062)
    lips = tube(
        [
            (-0.03 * long, y - 0.03 * long, 0.435 * long),
            (0, y - 0.036 * long, 0.452 * long),
            (0.03 * long, y - 0.03 * long, 0.435 * long),
        ],
        [0.014 * long] * 3,
        sides=7,
    )
    s.add(lips, ROSE, "Head")


def _shark(s: Sculpture, long: float, y: float, coat: Paint, second: Paint) -> None:
    _hull(
        s,
        long,
        y,
        [
            (0.5, 0.03, 0.025, 0.01),
            (0.38, 0.085, 0.075, 0.0),
            (0.18, 0.118, 0.115, 0.0),
            (-0.06, 0.1, 0.1, 0.0),
            (-0.28, 0.05, 0.055, 0.01),
            (-0.43, 0.024, 0.03, 0.015),
        ],
        coat,
    )
    _hull(
        s,
        long,
        y - 0.032 * long,
        [
            (0.45, 0.03, 0.02, 0.01),
            (0.36, 0.077, 0.058, 0.0),
            (0.18, 0.106, 0.094, 0.0),
            (-0.06, 0.088, 0.078, 0.0),
            (-0.28, 0.04, 0.036, 0.01),
        ],
        second,
    )
    dorsal = slab(
        _fin([(0.1, -0.03), (0.0, 0.16), (-0.05, 0.16), (-0.06, -0.03)], long), 0.03, dome=0.006
    ).turned(y=-90)
    s.add(dorsal.moved(0, y + 0.1 * long, 0.06 * long), coat.darker(0.1), "Body")
    tail = slab(
        _fin(
            [
                (0.03, 0.03),
                (-0.14, 0.24),
                (-0.18, 0.22),
                (-0.09, 0.01),
                (-0.14, -0.13),
                (-0.1, -0.14),
                (0.03, -0.03),
            ],
            long,
        ),
        0.03,
        dome=0.005,
    ).turned(y=-90)
    s.add(tail.moved(0, y + 0.015 * long, -0.43 * long), coat.darker(0.1), "Tail3", "Tail4")
    side = (
        slab(
            _fin([(0.0, 0.05), (0.22, -0.04), (0.24, -0.08), (0.06, -0.07), (0.0, -0.05)], long),
            0.03,
            dome=0.005,
        )
        .turned(x=90)
        .turned(z=-22)
    )
    s.pair(side.moved(0.09 * long, y - 0.05 * long, 0.16 * long), coat.darker(0.1), "L_Fin")
    for z in (0.24, 0.265, 0.29):
        gill = tube(
            [
                (0.112 * long, y + 0.03 * long, z * long),
                (0.117 * long, y, (z - 0.006) * long),
                (0.108 * long, y - 0.03 * long, z * long),
            ],
            [0.006 * long] * 3,
            sides=6,
        )
        s.pair(gill.scaled(0.965, 1, 1), coat.darker(0.5), "Head")
    _face(s, long, y, (0.076, 0.028, 0.385), 0.02)
    mouth = [
        (-0.06 * long, y - 0.05 * long, 0.36 * long),
        (0, y - 0.068 * long, 0.435 * long),
        (0.06 * long, y - 0.05 * long, 0.36 * long),
    ]
    s.add(tube(mouth, [0.012 * long] * 3, sides=7, steps=9), matte("7d2f33"), "Head")
    for i in range(7):
        t = i / 6 * 2 - 1
        tooth = slab([(-0.008, 0.006), (0.008, 0.006), (0, -0.014)], 0.006).scaled(long, long, long)
        s.add(
            tooth.turned(y=t * 60).moved(
                0.052 * t * long, y - (0.064 - 0.012 * t * t) * long, (0.442 - 0.06 * t * t) * long
            ),
            WHITE,
            "Head",
        )


def _whale(s: Sculpture, long: float, y: float, coat: Paint, second: Paint) -> None:
    _hull(
        s,
        long,
        y,
        [
            (0.47, 0.1, 0.09, 0.0),
            (0.34, 0.17, 0.165, 0.01),
            (0.14, 0.19, 0.185, 0.01),
            (-0.1, 0.14, 0.13, 0.01),
            (-0.3, 0.06, 0.055, 0.03),
            (-0.44, 0.03, 0.024, 0.05),
        ],
        coat,
    )
    _hull(
        s,
        long,
        y - 0.055 * long,
        [
            (0.46, 0.095, 0.06, 0.0),
            (0.34, 0.155, 0.132, 0.0),
            (0.14, 0.172, 0.145, 0.0),
            (-0.1, 0.12, 0.09, 0.01),
            (-0.26, 0.05, 0.04, 0.04),
        ],
        second,
    )
    for x in (0.04, 0.085, 0.125):
        for sign in (1, -1):
            groove = [
                (sign * x * 0.8 * long, y - (0.128 - x * 0.25) * long, 0.45 * long),
                (sign * x * long, y - (0.2 - x * 0.42) * long, 0.3 * long),
                (sign * x * long, y - (0.205 - x * 0.42) * long, 0.12 * long),
            ]
            s.add(tube(groove, [0.006 * long] * 3, sides=6, steps=8), second.darker(0.25), *TAIL)
    fluke = slab(
        _fin([(0.0, 0.03), (0.14, -0.02), (0.25, -0.1), (0.23, -0.13), (0.1, -0.11), (0.0, -0.075)], long),
        0.045,
        dome=0.008,
    ).turned(x=90)
    s.add(fluke.moved(0, y + 0.05 * long, -0.43 * long), coat.darker(0.1), "Tail3", "Tail4")
    s.add(fluke.mirrored().moved(0, y + 0.05 * long, -0.43 * long), coat.darker(0.1), "Tail3", "Tail4")
    side = (
        slab(
            _fin([(0.0, 0.05), (0.18, 0.02), (0.24, -0.06), (0.1, -0.07), (0.0, -0.04)], long),
            0.045,
            dome=0.008,
        )
        .turned(x=90)
        .turned(z=-28)
    )
    s.pair(side.moved(0.15 * long, y - 0.08 * long, 0.16 * long), coat.darker(0.1), "L_Fin")
    dorsal = slab(
        _fin([(0.05, -0.02), (-0.02, 0.05), (-0.05, 0.05), (-0.05, -0.02)], long), 0.04, dome=0.006
    ).turned(y=-90)
    s.add(dorsal.moved(0, y + 0.13 * long, -0.12 * long), coat.darker(0.1), "Tail1", "Tail2")
    _face(s, long, y, (0.15, -0.005, 0.36), 0.02)
    smile = [
        (0.06 * long, y - 0.045 * long, 0.525 * long),
        (0.13 * long, y - 0.052 * long, 0.45 * long),
        (0.163 * long, y - 0.03 * long, 0.38 * long),
    ]
    s.pair(
        tube(smile, [0.005 * long, 0.007 * long, 0.004 * long], sides=6, steps=9), coat.darker(0.55), "Head"
    )
    s.add(
        ball((0, y + 0.178 * long, 0.25 * long), (0.02 * long, 0.008 * long, 0.03 * long), sides=10, rings=6),
        coat.darker(0.5),
        "Head",
        "Body",
    )
