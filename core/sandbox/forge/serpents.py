"""Snakes and worms: one long spine that lies in bends."""

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
}


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The snake or worm that the subject names."""
    coats = COATS[subject.shape]
    coat = subject.colours[0] if subject.colours else matte(coats[int(rng.integers(len(coats)))], 0.2)
    second = subject.colours[1] if len(subject.colours) > 1 else coat.lighter(0.6)
    sculpture = _crawling(subject, coat, second)
    return sculpture.finished(subject.title, scale=1 + 0.08 * float(rng.uniform(-1, 1)))


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
