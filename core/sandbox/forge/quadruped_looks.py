"""What tells four-legged animals apart: ears, tails, manes, horns, wool, stripes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.sandbox.forge.palette import BONE, GOLD, INK, WHITE, matte
from core.sandbox.forge.quadruped_body import BODY, HORN, PINK, TAIL, Beast
from core.sandbox.forge.solids import Patch, ball, beside, slab, tube


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
