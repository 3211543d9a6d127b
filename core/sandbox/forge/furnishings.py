"""What stands indoors and in stores: barrels, chests, lamps, tables, coins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.sandbox.forge.bench import Bench, Parts
from core.sandbox.forge.palette import (
    BRASS,
    COPPER,
    DARK_STEEL,
    DARK_WOOD,
    FLAME,
    GOLD,
    PALE_WOOD,
    ROPE,
    STONE,
    WOOD,
    glow,
    matte,
)
from core.sandbox.forge.solids import ball, box, hoop, lathe, slab, tube


def make_barrel(b: Bench) -> Parts:
    """A barrel of staves and hoops."""
    wood = b.paint(WOOD, PALE_WOOD)
    parts: Parts = []
    for i in range(14):
        turn = 360 * i / 14
        stave = tube(
            [(0, 0.03, 0.3), (0, 0.24, 0.365), (0, 0.46, 0.385), (0, 0.68, 0.365), (0, 0.89, 0.3)],
            [(0.07, 0.022), (0.084, 0.022), (0.089, 0.022), (0.084, 0.022), (0.07, 0.022)],
            sides=8,
            steps=10,
            square=4,
        )
        parts.append((stave.turned(y=turn), wood if i % 2 else wood.darker(0.1)))
    hoops = ((0.1, 0.366), (0.3, 0.412), (0.62, 0.412), (0.82, 0.366))
    parts += [
        (
            hoop(r, y, thick=0.05, tall=0.066, sides=20),
            b.second(DARK_STEEL),
        )
        for y, r in hoops
    ]
    parts += [
        (lathe([(0.05, y), (0.3, y), (0.3, y + 0.03), (0.05, y + 0.03)], sides=18), wood.darker(0.2))
        for y in (0.05, 0.84)
    ]
    parts.append((tube([(0, 0.46, 0.39), (0, 0.46, 0.43)], [0.03, 0.024]), PALE_WOOD))
    return parts


def make_crate(b: Bench) -> Parts:
    """A braced wooden crate."""
    wood, size = b.paint(WOOD, PALE_WOOD), 0.8
    parts: Parts = [
        (box((0, size / 2, 0), (size * 0.9, size * 0.9, size * 0.9), bevel=0.02), wood.darker(0.3))
    ]
    for axis, turn in ((0, 0), (1, 90), (2, 180), (3, 270)):
        del axis
        for i in range(4):
            plank = box((-0.255 + 0.17 * i, size / 2, size * 0.455), (0.158, size * 0.82, 0.03), bevel=0.2)
            parts.append((plank.turned(y=turn), wood if i % 2 else wood.lighter(0.07)))
        brace = box((0, 0, size * 0.482), (size * 1.0, 0.1, 0.035), bevel=0.2).turned(z=45).moved(y=size / 2)
        parts.append((brace.turned(y=turn), wood.darker(0.1)))
        for y in (0.06, size - 0.06):
            parts.append(
                (
                    box((0, y, size * 0.485), (size * 0.84, 0.11, 0.05), bevel=0.15).turned(y=turn),
                    wood.darker(0.06),
                )
            )
        parts.append(
            (
                box((size * 0.465, size / 2, size * 0.465), (0.12, size, 0.12), bevel=0.12).turned(y=turn),
                wood.darker(0.12),
            )
        )
        for x in (-0.32, 0.32):
            for y in (0.06, size - 0.06):
                parts.append((ball((x, y, size * 0.518), 0.015, sides=6, rings=4).turned(y=turn), DARK_STEEL))
    for i in range(4):
        parts.append(
            (
                box((-0.255 + 0.17 * i, size * 0.955, 0), (0.158, 0.03, size * 0.84), bevel=0.2),
                wood if i % 2 else wood.lighter(0.07),
            )
        )
    return parts


def make_chest(b: Bench) -> Parts:
    """A treasure chest with bands and a lock."""
    wood, trim = b.paint(WOOD, DARK_WOOD), b.second(GOLD)
    parts: Parts = [(box((0, 0.21, 0), (0.86, 0.38, 0.52), bevel=0.06, taper=(1.03, 1.03)), wood)]
    lid = tube(
        [(-0.43, 0.42, 0), (0.43, 0.42, 0)], [(0.262, 0.21)] * 2, sides=20, steps=4, round_ends=(0.02, 0.02)
    )
    parts.append((lid, wood.lighter(0.05)))
    for x in (-0.3, 0, 0.3):
        band = tube(
            [(x - 0.045, 0.42, 0), (x + 0.045, 0.42, 0)],
            [(0.28, 0.228)] * 2,
            sides=20,
            steps=3,
            round_ends=(0.02, 0.02),
        )
        parts.append((band, trim))
        parts.append((box((x, 0.205, 0), (0.09, 0.39, 0.56), bevel=0.06), trim))
    parts.append((box((0, 0.4, 0), (0.9, 0.05, 0.56), bevel=0.2), trim.darker(0.15)))
    parts.append((box((0, 0.37, 0.275), (0.15, 0.17, 0.06), bevel=0.2), trim.lighter(0.15)))
    parts.append((ball((0, 0.385, 0.305), (0.022, 0.022, 0.012), sides=8), matte("26232b")))
    parts.append(
        (
            slab([(-0.01, 0.38), (0.01, 0.38), (0.016, 0.33), (-0.016, 0.33)], 0.016).moved(z=0.306),
            matte("26232b"),
        )
    )
    parts += [
        (box((x, 0.03, z), (0.12, 0.07, 0.12), bevel=0.2), trim.darker(0.2))
        for x in (-0.36, 0.36)
        for z in (-0.19, 0.19)
    ]
    handle = tube(
        [(0.45, 0.3, -0.09), (0.51, 0.24, -0.07), (0.51, 0.24, 0.07), (0.45, 0.3, 0.09)],
        [0.018] * 4,
        sides=8,
        steps=10,
    )
    return [*parts, (handle, DARK_STEEL), (handle.mirrored(), DARK_STEEL)]


def make_lantern(b: Bench) -> Parts:
    """A lantern with a ring."""
    frame = b.paint(DARK_STEEL, BRASS, COPPER)
    parts: Parts = [
        (lathe([(0.2, 0), (0.22, 0.02), (0.2, 0.06), (0.15, 0.08)], sides=18), frame),
        (
            lathe([(0.12, 0.08), (0.145, 0.16), (0.15, 0.28), (0.135, 0.4), (0.11, 0.44)], sides=18),
            glow("ffdf9a"),
        ),
        (lathe([(0.17, 0.43), (0.2, 0.45), (0.17, 0.5), (0.1, 0.56), (0.06, 0.6)], sides=18), frame),
        (lathe([(0.05, 0.6), (0.07, 0.62), (0.05, 0.66)], sides=14), frame.darker(0.2)),
    ]
    for i in range(6):
        bar = tube(
            [(0, 0.05, 0.175), (0, 0.25, 0.185), (0, 0.46, 0.165)], [0.013, 0.012, 0.013], sides=7, steps=6
        )
        parts.append((bar.turned(y=60 * i), frame))
    parts += [
        (hoop(0.178, y + 0.012, thick=0.024, tall=0.026, sides=18), frame.darker(0.1)) for y in (0.16, 0.34)
    ]
    ring = [(0.11 * np.cos(a), 0.72 + 0.11 * np.sin(a), 0) for a in np.linspace(-0.6, np.pi + 0.6, 11)]
    return [*parts, (tube(ring, [0.014] * 11, sides=8, steps=20), frame)]


def make_post(b: Bench) -> Parts:
    """A signpost with two boards."""
    wood = b.paint(WOOD, DARK_WOOD)
    parts: Parts = [
        (
            tube([(0, 0, 0), (0.01, 1.0, 0), (0, 2.0, 0)], [0.085, 0.075, 0.07], sides=9, steps=6, square=3),
            wood.darker(0.1),
        ),
        (lathe([(0.085, 1.98), (0.1, 2.0), (0.06, 2.08), (0.02, 2.12)], sides=10), wood),
    ]
    for y, turn, sign in ((1.68, 8, 1), (1.32, -6, -1)):
        board = slab([(-0.16, -0.13), (0.5, -0.13), (0.68, 0), (0.5, 0.13), (-0.16, 0.13)], 0.055).turned(
            z=turn
        )
        board = (board if sign > 0 else board.turned(y=180)).moved(0, y, 0.09)
        parts.append((board, b.second(PALE_WOOD)))
        parts += [(ball((dx, y, 0.125), 0.018, sides=7, rings=5), DARK_STEEL) for dx in (-0.06, 0.06)]
    for i in range(6):
        a = 2 * np.pi * i / 6
        parts.append(
            (
                ball((0.17 * np.cos(a), 0.05, 0.17 * np.sin(a)), (0.11, 0.09, 0.1), sides=8, rings=6),
                STONE if i % 2 else STONE.darker(0.12),
            )
        )
    return parts


def make_potion(b: Bench) -> Parts:
    """A round flask with a glowing brew."""
    brew = b.paint(glow("7fe08a"), glow("d070e8"), glow("5ab8ff"), glow("ff6f6f"))
    brew = replace(brew, finish="glow")
    glass = matte("cfe3ea")
    return [
        (
            lathe(
                [(0.08, 0.02), (0.17, 0.03), (0.235, 0.12), (0.25, 0.22), (0.215, 0.33), (0.12, 0.39)],
                sides=20,
            ),
            brew,
        ),
        (lathe([(0.075, 0.0), (0.18, 0.0), (0.2, 0.02), (0.16, 0.045)], sides=20), glass.darker(0.15)),
        (
            lathe(
                [(0.12, 0.375), (0.085, 0.42), (0.075, 0.52), (0.1, 0.54), (0.1, 0.57), (0.07, 0.58)],
                sides=18,
            ),
            glass,
        ),
        (lathe([(0.062, 0.55), (0.07, 0.6), (0.078, 0.66), (0.05, 0.675)], sides=14), matte("b5824f", 0.6)),
        (lathe([(0.085, 0.43), (0.1, 0.445), (0.085, 0.46)], sides=18), ROPE),
        (
            slab([(-0.1, -0.08), (0.1, -0.08), (0.11, 0.0), (0.1, 0.08), (-0.1, 0.08)], 0.02).moved(
                0, 0.2, 0.252
            ),
            matte("e8d9b5", 0.2),
        ),
        (slab([(0, 0.05), (0.045, -0.03), (-0.045, -0.03)], 0.02).moved(0, 0.2, 0.26), matte("8c3a3a")),
        *[
            (ball((x, y, z), r, sides=8), brew.lighter(0.55))
            for x, y, z, r in (
                (0.13, 0.3, 0.155, 0.022),
                (-0.15, 0.27, 0.14, 0.03),
                (0.19, 0.19, 0.145, 0.018),
            )
        ],
    ]


def make_table(b: Bench) -> Parts:
    """A table that somebody has just left."""
    wood = b.paint(WOOD, PALE_WOOD, DARK_WOOD)
    parts: Parts = [
        (
            box((0, 0.74, -0.32 + 0.16 * i), (1.5, 0.06, 0.152), bevel=0.15),
            wood if i % 2 else wood.lighter(0.06),
        )
        for i in range(5)
    ]
    parts += [(box((0, 0.67, z), (1.3, 0.1, 0.05), bevel=0.2), wood.darker(0.2)) for z in (-0.31, 0.31)]
    parts += [(box((x, 0.67, 0), (0.05, 0.1, 0.6), bevel=0.2), wood.darker(0.2)) for x in (-0.64, 0.64)]
    for x in (-0.64, 0.64):
        for z in (-0.3, 0.3):
            leg = lathe(
                [
                    (0.035, 0),
                    (0.05, 0.02),
                    (0.04, 0.1),
                    (0.056, 0.3),
                    (0.042, 0.42),
                    (0.06, 0.5),
                    (0.055, 0.72),
                ],
                sides=12,
            )
            parts.append((leg.moved(x, 0, z), wood.darker(0.1)))
    parts += [
        (
            lathe([(0.05, 0.77), (0.06, 0.78), (0.055, 0.9), (0.06, 0.91), (0.05, 0.91)]).moved(0.35, 0, 0.1),
            COPPER,
        ),
        (
            lathe([(0.06, 0.77), (0.15, 0.785), (0.17, 0.805), (0.15, 0.8), (0.05, 0.79)], sides=18).moved(
                -0.2, 0, 0.05
            ),
            matte("d9d2c0"),
        ),
    ]
    parts += [
        (tube([(-0.5, 0.775, -0.1), (-0.5, 0.9, -0.1)], [0.03, 0.027]), matte("efe6cf")),
        (ball((-0.5, 0.945, -0.1), (0.016, 0.035, 0.016), sides=8), FLAME),
    ]
    return parts


def make_chair(b: Bench) -> Parts:
    """A ladder-back chair with a cushion."""
    wood, cushion = b.paint(WOOD, DARK_WOOD, PALE_WOOD), b.second(matte("a8433f", 0.2))
    parts: Parts = [
        (box((0, 0.45, 0), (0.5, 0.05, 0.48), bevel=0.25), wood),
        (box((0, 0.495, 0.0), (0.43, 0.06, 0.41), bevel=0.45), cushion),
    ]
    for x in (-0.21, 0.21):
        parts.append(
            (tube([(x, 0, 0.2), (x, 0.44, 0.2)], [0.026, 0.032], sides=9, steps=4), wood.darker(0.1))
        )
        parts.append(
            (
                tube(
                    [(x, 0, -0.22), (x, 0.45, -0.2), (x, 1.02, -0.28)],
                    [0.026, 0.033, 0.026],
                    sides=9,
                    steps=8,
                ),
                wood.darker(0.1),
            )
        )
        parts.append((ball((x, 1.045, -0.284), 0.036, sides=9), wood.lighter(0.1)))
        parts.append((tube([(x, 0.2, -0.21), (x, 0.2, 0.2)], [0.018, 0.018], sides=8), wood.darker(0.18)))
    for y, z in ((0.66, -0.225), (0.8, -0.245), (0.94, -0.265)):
        parts.append(
            (
                tube(
                    [(-0.21, y, z), (0, y + 0.012, z - 0.03), (0.21, y, z)],
                    [(0.02, 0.05)] * 3,
                    sides=10,
                    steps=8,
                ),
                wood,
            )
        )
    return [
        *parts,
        (tube([(-0.21, 0.17, 0.2), (0.21, 0.17, 0.2)], [0.018, 0.018], sides=8), wood.darker(0.18)),
    ]


def make_coin(b: Bench) -> Parts:
    """A coin with a star on both faces."""
    gold = b.paint(GOLD)
    gold = replace(gold, finish="metal")
    star = [
        (r * np.sin(a), r * np.cos(a))
        for r, a in zip([0.15, 0.065] * 5, np.arange(10) * np.pi / 5, strict=True)
    ]
    parts: Parts = [
        (
            lathe([(0.05, -0.022), (0.27, -0.022), (0.27, 0.022), (0.05, 0.022)], sides=32).turned(x=90),
            gold.darker(0.12),
        ),
        (hoop(0.285, 0, thick=0.05, tall=0.075, sides=32).turned(x=90), gold),
    ]
    parts += [(slab(star, 0.03, dome=0.008).moved(z=z), gold.lighter(0.2)) for z in (0.022, -0.022)]
    parts += [
        (ball((0.235 * np.cos(a), 0.235 * np.sin(a), z), 0.012, sides=6, rings=4), gold)
        for a in np.arange(24) * np.pi / 12
        for z in (0.022, -0.022)
    ]
    return [(patch.turned(y=16), paint) for patch, paint in parts]


def make_pot(b: Bench) -> Parts:
    """A jar with two handles."""
    clay = b.paint(matte("b5704a", 0.2), matte("5f8fa3", 0.2), matte("c9a06a", 0.2))
    stripe = b.second(clay.lighter(0.5))
    body = [
        (0.14, 0),
        (0.18, 0.02),
        (0.28, 0.18),
        (0.33, 0.36),
        (0.3, 0.54),
        (0.2, 0.68),
        (0.16, 0.74),
        (0.17, 0.8),
        (0.22, 0.84),
        (0.21, 0.86),
        (0.15, 0.84),
    ]
    parts: Parts = [(lathe(body, sides=22), clay)]
    parts += [
        (hoop(r, y, thick=0.02, tall=0.03, sides=22), stripe)
        for y, r in ((0.24, 0.305), (0.46, 0.325), (0.72, 0.178))
    ]
    for i in range(9):
        bead = ball((0, 0.355, 0.325), (0.035, 0.05, 0.018), sides=9, rings=6).turned(y=40 * i)
        parts.append((bead, stripe))
    handle = tube(
        [(0.17, 0.76, 0), (0.3, 0.78, 0), (0.36, 0.66, 0), (0.29, 0.54, 0)],
        [0.03, 0.028, 0.028, 0.03],
        sides=9,
        steps=12,
    )
    return [*parts, (handle, clay.darker(0.15)), (handle.mirrored(), clay.darker(0.15))]
