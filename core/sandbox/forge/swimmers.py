"""Animals without legs: snakes and worms on the ground, fish, sharks and whales in the water."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.palette import INK, ROSE, WHITE, Paint, matte
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Array, Point, ball, beside, slab, tube
from core.sandbox.forge.subject import Subject

SEGMENTS = 14
COATS = {
    "snake": ("6f8f45", "a8763c", "3f7a6a", "8a4a3c"),
    "worm": ("c98f86", "b5756a"),
    "fish": ("d9823b", "3f7ab8", "c9583f", "d9b441"),
    "shark": ("6f7f8f", "5d6d7a"),
    "whale": ("4a6a8f", "3f5570"),
}


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The snake, worm, fish, shark or whale that the subject names."""
    coats = COATS[subject.shape]
    coat = subject.colours[0] if subject.colours else matte(coats[int(rng.integers(len(coats)))], 0.2)
    second = subject.colours[1] if len(subject.colours) > 1 else coat.lighter(0.6)
    scale = 1 + 0.08 * float(rng.uniform(-1, 1))
    if subject.family == "serpentine":
        return _crawling(subject, coat, second).finished(subject.title, scale=scale)
    return _swimming(subject, coat, second).finished(subject.title, scale=scale)


def rest_yaw(segment: int) -> float:
    """How far a resting segment of a snake is turned from straight ahead, in degrees."""
    return 42.0 * float(np.sin(2 * np.pi * segment / 9))


def _spine(length: float, y: float) -> Array:
    step = length / SEGMENTS
    points = [np.array([0.0, y, length * 0.4])]
    for i in range(SEGMENTS - 1):
        yaw = np.radians(rest_yaw(i))
        points.append(points[-1] - step * np.array([np.sin(yaw), 0, np.cos(yaw)]))
    return np.stack(points)


def _crawling(subject: Subject, coat: Paint, second: Paint) -> Sculpture:
    worm = subject.shape == "worm"
    length, thick = (1.1, 0.085) if worm else (2.0, 0.075)
    spine = _spine(length, thick * 0.92)
    rise = 0.06 if worm else 0.34
    skeleton = Skeleton()
    names = [f"Body{i + 1:02}" for i in range(SEGMENTS)]
    for i, (name, point) in enumerate(zip(names, spine, strict=True)):
        skeleton.add(name, names[i - 1] if i else None, point)
        skeleton.touch(name, point - (0, thick * 0.92, 0))
    front = spine[0]
    skeleton.add("Neck", names[0], beside(front, 0, rise * 0.4, 0.11))
    skeleton.add("Head", "Neck", beside(front, 0, rise, 0.14))
    s = Sculpture(skeleton)
    taper = thick * np.append(
        np.linspace(1.0, 1.05, 5), np.linspace(1.04, 0.12 if not worm else 0.6, SEGMENTS - 5)
    )
    body = tube([tuple(p) for p in spine], taper.tolist(), sides=14, steps=44, round_ends=(0.2, 0.9))
    s.add(body, coat, *names)
    neck: list[Point] = [
        spine[1],
        front,
        beside(front, 0, rise * 0.32, 0.1),
        beside(front, 0, rise, 0.14),
    ]
    s.add(
        tube(neck, [thick * 0.9, thick, thick * 0.9, thick * 0.74], sides=14, steps=14),
        coat,
        names[0],
        "Neck",
        "Head",
    )
    marks = range(1, SEGMENTS - 1)
    for i in marks:
        size = taper[i]
        turn = rest_yaw(i)
        if worm:
            ring = tube(
                [(0, 0, 0.012), (0, 0, -0.012)],
                [size * 1.05, size * 1.05],
                sides=14,
                steps=3,
                round_ends=(0.2, 0.2),
            )
            s.add(ring.turned(y=turn).moved(*spine[i]), coat.darker(0.14), names[i - 1], names[i])
            continue
        patch = (
            slab([(-0.7, 0), (0, 0.6), (0.7, 0), (0, -0.6)], 0.18, dome=0.06)
            .turned(x=90)
            .scaled(size, size, size * 0.9)
        )
        s.add(
            patch.turned(y=turn).moved(*(spine[i] + (0, size * 0.93, 0))),
            second.darker(0.35),
            names[i - 1],
            names[i],
        )
    _snake_head(
        s, beside(front, 0, rise, 0.14), thick, coat, second, worm=worm, cobra="cobra" in subject.words
    )
    return s


def _snake_head(
    s: Sculpture, at: Array, thick: float, coat: Paint, second: Paint, *, worm: bool, cobra: bool
) -> None:
    x, y, z = (float(v) for v in at)
    t = thick
    if worm:
        s.add(ball((x, y, z + t * 0.3), (t, t, t * 1.2), sides=14, rings=9), coat.lighter(0.06), "Head")
        s.add(
            tube(
                [
                    (x - t * 0.4, y - t * 0.3, z + t * 1.28),
                    (x, y - t * 0.42, z + t * 1.36),
                    (x + t * 0.4, y - t * 0.3, z + t * 1.28),
                ],
                [t * 0.07] * 3,
                sides=6,
            ),
            INK,
            "Head",
        )
    else:
        s.add(
            tube(
                [(x, y + t * 0.1, z - t * 0.5), (x, y + t * 0.25, z + t * 0.7), (x, y, z + t * 2.3)],
                [(t * 0.85, t * 0.7), (t * 1.35, t * 0.82), (t * 0.7, t * 0.42)],
                sides=14,
                steps=9,
                square=2.3,
            ),
            coat,
            "Head",
        )
        s.add(
            tube(
                [(x, y - t * 0.4, z), (x, y - t * 0.38, z + t * 2.2)],
                [(t * 1.0, t * 0.36), (t * 0.62, t * 0.24)],
                sides=12,
                steps=6,
                square=2.3,
            ),
            second,
            "Head",
        )
        for side in (1, -1):
            fork = [
                (x, y - t * 0.2, z + t * 2.2),
                (x, y - t * 0.15, z + t * 3.2),
                (x + side * t * 0.3, y - t * 0.05, z + t * 3.9),
            ]
            s.add(tube(fork, [t * 0.14, t * 0.1, t * 0.03], sides=6, steps=7), ROSE, "Head")
    if cobra:
        hood = slab(
            [
                (-2.3, 0.3),
                (-1.5, 1.2),
                (0, 1.5),
                (1.5, 1.2),
                (2.3, 0.3),
                (1.9, -1.6),
                (0.6, -3.0),
                (-0.6, -3.0),
                (-1.9, -1.6),
            ],
            0.5,
            dome=0.15,
        )
        s.add(
            hood.scaled(t, t, t).turned(x=-8).moved(x, y - t * 0.4, z - t * 0.35),
            coat.lighter(0.12),
            "Neck",
            "Head",
        )
    for side in (1, -1):
        reach = (0.55, 0.5, 1.05) if worm else (0.92, 0.62, 1.0)
        eye = np.array([x + side * t * reach[0], y + t * reach[1], z + t * reach[2]])
        s.add(ball(eye, t * 0.34, sides=10, rings=7), WHITE if worm else matte("e6c34a"), "Head")
        s.add(
            ball(
                beside(eye, side * t * 0.12, t * 0.02, t * 0.2),
                (t * (0.17 if worm else 0.08), t * 0.22, t * 0.17),
                sides=8,
                rings=6,
            ),
            INK,
            "Head",
        )


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
