"""What stands outdoors: trees, rocks, houses, ships, mushrooms, crystals."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.bench import GRASS, Bench, Parts, faceted
from core.sandbox.forge.palette import (
    DARK_WOOD,
    GOLD,
    PALE_WOOD,
    STONE,
    WOOD,
    glow,
    matte,
)
from core.sandbox.forge.solids import Patch, ball, box, lathe, slab, tube


def make_tree(b: Bench) -> Parts:
    """A tree with apples, or a fir."""
    leaf = b.paint(matte("5a8f4e", 0.3), matte("6f9a4a", 0.3), matte("3f7a55", 0.3))
    bark = matte("7a5a40", 0.9)
    parts: Parts = [
        (
            tube(
                [(0, 0, 0), (0.03, 0.6, 0.02), (-0.02, 1.3, 0), (0.02, 1.9, 0)],
                [0.22, 0.15, 0.12, 0.07],
                sides=10,
                steps=10,
            ),
            bark,
        )
    ]
    for turn in (20, 130, 250):
        parts.append(
            (
                tube([(0.05, 0.12, 0), (0.2, 0.05, 0), (0.36, -0.01, 0)], [0.1, 0.07, 0.02], sides=8).turned(
                    y=turn
                ),
                bark,
            )
        )
    if b.words & {"pine", "fir"}:
        for i in range(5):
            y, r = 0.75 + 0.48 * i, 0.86 - 0.155 * i
            parts.append(
                (
                    lathe(
                        [
                            (r * 0.3, y + 0.02),
                            (r, y - 0.06),
                            (r * 0.96, y),
                            (r * 0.45, y + 0.4),
                            (0.03, y + 0.62),
                        ],
                        sides=11,
                    ).turned(y=27 * i),
                    leaf if i % 2 else leaf.darker(0.1),
                )
            )
        return parts
    parts.append((tube([(0, 1.15, 0), (0.32, 1.5, 0.1)], [0.06, 0.04]), bark))
    for i in range(11):
        a, layer = 2.4 * i, i / 10
        reach = 0.62 * np.sqrt(max(1 - (layer * 1.5 - 0.6) ** 2, 0.05))
        at = (reach * np.cos(a), 1.6 + 0.95 * layer, reach * np.sin(a))
        size = 0.42 + 0.1 * float(b.rng.uniform(-1, 1))
        tone = leaf.lighter(0.12 * layer) if i % 2 else leaf.darker(0.1 * (1 - layer))
        parts.append((ball(at, (size, size * 0.86, size), sides=10, rings=7), tone))
    parts += [
        (
            ball((0.75 * np.cos(a), 1.62 + 0.25 * np.sin(3 * a), 0.75 * np.sin(a)), 0.055, sides=8),
            matte("c9483f"),
        )
        for a in (0.3, 1.7, 2.8, 4.1, 5.4)
    ]
    return parts


def make_rock(b: Bench) -> Parts:
    """A group of rocks with grass at their feet."""
    stone = b.paint(STONE, matte("84807a", 0.3), matte("7a8088", 0.3))
    parts: Parts = []
    for x, z, size, tall in (
        (0, 0, 0.5, 0.62),
        (0.46, 0.2, 0.3, 0.34),
        (-0.4, 0.26, 0.24, 0.24),
        (0.1, -0.42, 0.3, 0.4),
    ):
        patch = ball((0, 0, 0), (size, tall, size * 0.9), sides=8, rings=6, square=2.6)
        noise = 1 + 0.14 * b.rng.uniform(-1, 1, len(patch.positions))
        rough = Patch(patch.positions * noise[:, None], patch.normals, patch.faces, patch.around)
        parts.append(
            (
                faceted(rough).turned(y=float(b.rng.uniform(0, 90))).moved(x, tall * 0.62, z),
                stone if size > 0.3 else stone.darker(0.12),
            )
        )
    for x, z in ((0.28, 0.44), (-0.12, 0.5), (-0.52, -0.1)):
        for lean in (-24, 0, 22):
            blade = tube([(0, 0, 0), (0, 0.1, 0.012), (0, 0.2, 0.045)], [0.02, 0.018, 0.003], sides=5)
            parts.append((blade.turned(z=lean, y=3 * lean).moved(x, 0, z), GRASS))
    return parts


def make_house(b: Bench) -> Parts:
    """A timbered cottage with lit windows."""
    wall, roof, beam = (
        matte("e6dac2", 0.1),
        b.paint(matte("a8543f", 0.5), matte("5d7a8f", 0.5), matte("7a6a4a", 0.6)),
        DARK_WOOD,
    )
    parts: Parts = [
        (box((0, 0.1, 0), (2.5, 0.2, 2.1), bevel=0.12), STONE),
        (box((0, 0.85, 0), (2.3, 1.4, 1.9), bevel=0.02), wall),
    ]
    gable = slab([(-0.96, 0), (0.96, 0), (0, 1.0)], 2.24, bevel=0.01).turned(y=90).moved(0, 1.52, 0)
    parts.append((gable, wall.darker(0.04)))
    for sign in (1, -1):
        for row in range(5):
            t = row / 4
            plank = (
                box((0, 0, 0), (2.62, 0.07, 0.34), bevel=0.25)
                .turned(x=sign * 46)
                .moved(0, 2.62 - 1.08 * t, sign * (0.06 + 1.04 * t))
            )
            parts.append((plank, roof if row % 2 else roof.darker(0.1)))
    parts.append((tube([(-1.33, 2.72, 0), (1.33, 2.72, 0)], [0.08, 0.08], steps=3), roof.darker(0.25)))
    for x in (-1.15, 1.15):
        parts += [(box((x, 0.85, z), (0.12, 1.42, 0.12), bevel=0.15), beam) for z in (-0.95, 0.95)]
    for z in (-0.96, 0.96):
        parts += [(box((0, y, z), (2.3, 0.1, 0.08), bevel=0.2), beam) for y in (0.24, 1.5)]
    parts += [
        (box((-0.45, 0.72, 0.97), (0.6, 1.04, 0.1), bevel=0.15), beam.darker(0.15)),
        (box((-0.45, 0.7, 1.0), (0.48, 0.96, 0.1), bevel=0.12), b.second(matte("7d5636", 0.8))),
    ]
    parts += [
        (ball((-0.29, 0.7, 1.06), 0.034, sides=8), GOLD),
        (box((-0.45, 0.16, 1.16), (0.72, 0.1, 0.26), bevel=0.2), STONE.lighter(0.1)),
    ]
    for at, turn in (((0.5, 0.95, 0.97), 0), ((0.97 + 0.2, 0.95, 0.3), 90), ((-1.17, 0.95, -0.2), -90)):
        for size, paint, out in (
            ((0.56, 0.56, 0.07), beam, 0.0),
            ((0.45, 0.45, 0.07), glow("ffd98a"), 0.012),
            ((0.05, 0.5, 0.07), beam, 0.025),
            ((0.5, 0.05, 0.07), beam, 0.026),
        ):
            parts.append((box((0, 0, out), size, bevel=0.12).turned(y=turn).moved(*at), paint))
        parts.append(
            (box((0, -0.34, 0.05), (0.62, 0.1, 0.14), bevel=0.2).turned(y=turn).moved(*at), matte("c9583f"))
        )
    parts += [
        (box((0.66, 2.55, -0.4), (0.34, 0.9, 0.34), bevel=0.1), STONE),
        (box((0.66, 3.0, -0.4), (0.42, 0.12, 0.42), bevel=0.2), STONE.darker(0.15)),
    ]
    return parts


def make_ship(b: Bench) -> Parts:
    """A two-masted ship."""
    hull, sail = b.paint(WOOD, DARK_WOOD), b.second(matte("efe6d2", 0.15))
    line = [(0, 0.5, 1.5), (0, 0.38, 1.0), (0, 0.34, 0.2), (0, 0.36, -0.7), (0, 0.46, -1.15)]
    radii = [(0.06, 0.14), (0.36, 0.32), (0.5, 0.36), (0.46, 0.36), (0.34, 0.36)]
    parts: Parts = [(tube(line, radii, sides=20, steps=18, round_ends=(0.3, 0.15)), hull)]
    deck = [(0, 0.6 + 0.05 * z * z, z) for z in (1.3, 0.8, 0.1, -0.6, -1.05)]
    parts.append(
        (
            tube(
                deck,
                [(0.14, 0.05), (0.4, 0.05), (0.52, 0.05), (0.48, 0.05), (0.36, 0.05)],
                sides=12,
                steps=14,
                square=3.5,
            ),
            PALE_WOOD,
        )
    )
    for sign in (1, -1):
        rail = [
            (sign * w, 0.72 + 0.07 * z * z, z)
            for z, w in ((1.5, 0.04), (1.0, 0.36), (0.2, 0.53), (-0.7, 0.49), (-1.2, 0.36))
        ]
        parts.append((tube(rail, [(0.03, 0.05)] * 5, sides=8, steps=20), hull.darker(0.25)))
        stripe = [
            (sign * (w + 0.012), 0.5 + 0.05 * z * z, z)
            for z, w in ((1.4, 0.09), (1.0, 0.345), (0.2, 0.475), (-0.7, 0.44), (-1.15, 0.33))
        ]
        parts.append((tube(stripe, [(0.022, 0.03)] * 5, sides=8, steps=20), GOLD))
    parts.append((box((0, 0.86, -0.95), (0.62, 0.36, 0.5), bevel=0.12, taper=(1.06, 1.0)), hull.darker(0.1)))
    parts += [(box((x, 0.86, -0.69), (0.13, 0.15, 0.03), bevel=0.2), glow("ffd98a")) for x in (-0.16, 0.16)]
    for z, tall, wide in ((0.35, 2.5, 0.62), (-0.55, 2.1, 0.5)):
        parts.append((tube([(0, 0.5, z), (0, tall, z)], [0.05, 0.03], sides=9, steps=6), DARK_WOOD))
        for top, low, share in ((tall - 0.12, tall - 0.72, 0.78), (tall - 0.8, 0.98, 1.0)):
            if low >= top - 0.15:
                continue
            parts.append(
                (
                    tube(
                        [(-wide * share, top, z + 0.05), (wide * share, top, z + 0.05)],
                        [0.024, 0.024],
                        sides=8,
                        steps=3,
                    ),
                    DARK_WOOD,
                )
            )
            middle = (top + low) / 2
            cloth = tube(
                [(0, top, z + 0.06), (0, middle, z + 0.2), (0, low, z + 0.1)],
                [(wide * share * 0.92, 0.016), (wide * share * 1.0, 0.016), (wide * share * 1.02, 0.014)],
                sides=14,
                steps=10,
                square=4,
            )
            parts.append((cloth, sail))
    parts.append(
        (
            slab([(0, 0), (0.34, -0.07), (0.34, 0.13), (0, 0.2)], 0.02).turned(y=90).moved(0, 2.5, 0.35),
            matte("a8363c"),
        )
    )
    return [*parts, (tube([(0, 0.68, 1.3), (0, 0.98, 1.95)], [0.04, 0.02], sides=8), DARK_WOOD)]


def make_mushroom(b: Bench) -> Parts:
    """Three toadstools."""
    cap = b.paint(matte("c0453c"), matte("b5763f"), matte("7a5a9e"))
    parts: Parts = []
    for x, z, size in ((0, 0, 1.0), (0.34, 0.16, 0.52), (-0.3, 0.22, 0.4)):
        stalk = tube([(0, 0, 0), (0.02, 0.22, 0), (0, 0.46, 0)], [0.14, 0.105, 0.12], sides=14, steps=9)
        dome = lathe(
            [
                (0.12, 0.42),
                (0.33, 0.395),
                (0.37, 0.42),
                (0.35, 0.5),
                (0.27, 0.62),
                (0.14, 0.7),
                (0.04, 0.725),
            ],
            sides=20,
        )
        gills = lathe([(0.1, 0.385), (0.3, 0.385), (0.33, 0.41), (0.1, 0.44)], sides=18)
        spots = [
            ball((r * np.cos(a), y, r * np.sin(a)), (s, s * 0.5, s), sides=9, rings=6)
            for r, y, a, s in (
                (0.0, 0.722, 0, 0.06),
                (0.22, 0.65, 0.6, 0.055),
                (0.2, 0.66, 2.4, 0.045),
                (0.23, 0.645, 4.2, 0.055),
                (0.335, 0.52, 1.6, 0.05),
                (0.33, 0.525, 3.3, 0.045),
                (0.33, 0.53, 5.4, 0.05),
            )
        ]
        for patch, paint in (
            (stalk, matte("ece0c8", 0.3)),
            (dome, cap),
            (gills, matte("d8c6a5", 0.8)),
            *[(spot, matte("f3ead6")) for spot in spots],
        ):
            parts.append(
                (patch.scaled(size, size, size).turned(z=-8 * x / 0.3, x=8 * z / 0.2).moved(x, 0, z), paint)
            )
    return parts


def make_crystal(b: Bench) -> Parts:
    """Glowing crystals on stone."""
    shine = b.paint(glow("7ad6ff"), glow("c58cff"), glow("7ff0b0"))
    parts: Parts = [(faceted(ball((0, 0.06, 0), (0.46, 0.17, 0.42), sides=9, rings=5)), STONE.darker(0.15))]
    for x, z, tall, wide, lean_z, lean_x in (
        (0, 0, 1.0, 0.17, 0, 0),
        (0.2, 0.08, 0.64, 0.12, -22, 10),
        (-0.2, 0.05, 0.7, 0.125, 20, 8),
        (0.06, -0.2, 0.56, 0.11, -6, -24),
        (-0.08, 0.22, 0.42, 0.09, 8, 26),
    ):
        gem = lathe([(wide * 0.7, 0), (wide, tall * 0.62), (wide * 0.12, tall)], sides=6)
        parts.append(
            (
                faceted(gem).turned(z=lean_z, x=lean_x).moved(x, 0.08, z),
                shine if tall > 0.6 else shine.lighter(0.25),
            )
        )
    parts += [
        (faceted(ball((x, 0.05, z), (s, s * 0.7, s), sides=7, rings=5)), STONE)
        for x, z, s in ((0.4, 0.2, 0.1), (-0.38, 0.22, 0.12), (0.2, 0.4, 0.08))
    ]
    return parts
