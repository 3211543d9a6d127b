"""Things without a skeleton of their own; all hang on an upright chain so that even a crate can hop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.sandbox.forge import carried
from core.sandbox.forge.palette import (
    BRASS,
    COPPER,
    DARK_STEEL,
    DARK_WOOD,
    FLAME,
    GOLD,
    PALE_WOOD,
    ROPE,
    STEEL,
    STONE,
    WOOD,
    Paint,
    glow,
    matte,
)
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch, ball, box, hoop, lathe, slab, tube
from core.sandbox.forge.subject import Subject

CHAIN = ("Root", "Middle", "Top")
Parts = list[tuple[Patch, Paint]]
GRASS = matte("6a8f4a", 0.3)


class Bench:
    """What a maker of things gets: the paints that the prompt names, and chance."""

    def __init__(self, subject: Subject, rng: np.random.Generator) -> None:
        self.colours, self.rng, self.words = subject.colours, rng, subject.words

    def paint(self, *usual: Paint) -> Paint:
        """The first colour that the prompt names, else one of the usual paints."""
        return self.colours[0] if self.colours else usual[int(self.rng.integers(len(usual)))]

    def second(self, usual: Paint) -> Paint:
        """The second colour that the prompt names, else the usual paint."""
        return self.colours[1] if len(self.colours) > 1 else usual


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The thing that the subject names."""
    parts = MAKERS[subject.shape](Bench(subject, rng))
    heights = np.concatenate([patch.positions[:, 1] for patch, _ in parts])
    low, tall = float(heights.min()), float(np.ptp(heights))
    skeleton = Skeleton()
    skeleton.add("Root", None, (0, low, 0))
    skeleton.add("Middle", "Root", (0, low + tall * 0.36, 0))
    skeleton.add("Top", "Middle", (0, low + tall * 0.7, 0))
    for x, z in ((0.2, 0.2), (-0.2, 0.2), (0.2, -0.2), (-0.2, -0.2)):
        skeleton.touch("Root", (x * tall, low, z * tall))
    sculpture = Sculpture(skeleton)
    for patch, paint in parts:
        sculpture.add(patch, paint, *CHAIN)
    return sculpture.finished(subject.title, scale=1 + 0.08 * float(rng.uniform(-1, 1)))


def _sword(b: Bench) -> Parts:
    blade = [(-0.045, 0.3), (0.045, 0.3), (0.052, 0.7), (0.04, 1.1), (0, 1.28), (-0.04, 1.1), (-0.052, 0.7)]
    guard = tube(
        [(-0.17, 0.32, 0), (-0.1, 0.275, 0), (0, 0.265, 0), (0.1, 0.275, 0), (0.17, 0.32, 0)],
        [0.03, 0.026, 0.034, 0.026, 0.03],
        steps=14,
    )
    parts: Parts = [
        (slab(blade, 0.012, dome=0.018), b.paint(STEEL)),
        (slab([(-0.012, 0.32), (0.012, 0.32), (0.008, 0.95), (-0.008, 0.95)], 0.05), DARK_STEEL),
        (guard, b.second(GOLD)),
        (tube([(0, 0.06, 0), (0, 0.26, 0)], [0.024, 0.028], sides=12), matte("6b3a32", 0.4)),
        (ball((0, 0.035, 0), (0.045, 0.045, 0.036)), b.second(GOLD)),
        (ball((0, 0.27, 0.032), (0.022, 0.022, 0.014), sides=10), glow("ff6a5a")),
        (ball((0, 0.27, -0.032), (0.022, 0.022, 0.014), sides=10), glow("ff6a5a")),
    ]
    parts += [
        (lathe([(0.026, y), (0.034, y + 0.012), (0.026, y + 0.024)]), b.second(GOLD).darker(0.2))
        for y in (0.1, 0.16, 0.22)
    ]
    return parts


def _axe(b: Bench) -> Parts:
    parts = [(patch.scaled(1.3, 1.3, 1.3), paint) for patch, paint in carried.axe()]
    return [*parts, (lathe([(0.02, -0.2), (0.036, -0.19), (0.036, -0.15), (0.02, -0.14)]), b.paint(GOLD))]


def _shield(b: Bench) -> Parts:
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    disc = [(0.45 * np.cos(a), 0.45 * np.sin(a)) for a in angles]
    rim = hoop(0.45, 0, thick=0.07, tall=0.08, sides=28).turned(x=90)
    parts: Parts = [
        (slab(disc, 0.05, dome=0.045), b.paint(matte("a8433f", 0.5), matte("3f68ac", 0.5))),
        (rim, b.second(STEEL)),
    ]
    parts.append((ball((0, 0, 0.05), (0.12, 0.12, 0.075), sides=16, rings=9), b.second(STEEL)))
    parts += [
        (ball((0.4 * np.cos(a), 0.4 * np.sin(a), 0.036), 0.022, sides=8, rings=6), GOLD) for a in angles[::4]
    ]
    for turn in (0, 90):
        parts.append(
            (box((0, 0, 0.038), (0.72, 0.06, 0.05), bevel=0.3).turned(z=turn), b.second(STEEL).darker(0.15))
        )
    return [(patch.turned(x=-8), paint) for patch, paint in parts]


def _barrel(b: Bench) -> Parts:
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


def _crate(b: Bench) -> Parts:
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


def _chest(b: Bench) -> Parts:
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


def _tree(b: Bench) -> Parts:
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


def _rock(b: Bench) -> Parts:
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
                _faceted(rough).turned(y=float(b.rng.uniform(0, 90))).moved(x, tall * 0.62, z),
                stone if size > 0.3 else stone.darker(0.12),
            )
        )
    for x, z in ((0.28, 0.44), (-0.12, 0.5), (-0.52, -0.1)):
        for lean in (-24, 0, 22):
            blade = tube([(0, 0, 0), (0, 0.1, 0.012), (0, 0.2, 0.045)], [0.02, 0.018, 0.003], sides=5)
            parts.append((blade.turned(z=lean, y=3 * lean).moved(x, 0, z), GRASS))
    return parts


def _faceted(patch: Patch) -> Patch:
    """The same surface with flat faces, as cut stone has."""
    positions = patch.positions[patch.faces].reshape(-1, 3)
    triangles = positions.reshape(-1, 3, 3)
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    faces = np.arange(len(positions)).reshape(-1, 3)
    return Patch(positions, np.repeat(normals, 3, axis=0), faces, patch.around[patch.faces].reshape(-1))


def _house(b: Bench) -> Parts:
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


def _lantern(b: Bench) -> Parts:
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


def _post(b: Bench) -> Parts:
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


def _potion(b: Bench) -> Parts:
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


def _table(b: Bench) -> Parts:
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


def _chair(b: Bench) -> Parts:
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


def _ship(b: Bench) -> Parts:
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


def _coin(b: Bench) -> Parts:
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


def _mushroom(b: Bench) -> Parts:
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


def _crystal(b: Bench) -> Parts:
    shine = b.paint(glow("7ad6ff"), glow("c58cff"), glow("7ff0b0"))
    parts: Parts = [(_faceted(ball((0, 0.06, 0), (0.46, 0.17, 0.42), sides=9, rings=5)), STONE.darker(0.15))]
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
                _faceted(gem).turned(z=lean_z, x=lean_x).moved(x, 0.08, z),
                shine if tall > 0.6 else shine.lighter(0.25),
            )
        )
    parts += [
        (_faceted(ball((x, 0.05, z), (s, s * 0.7, s), sides=7, rings=5)), STONE)
        for x, z, s in ((0.4, 0.2, 0.1), (-0.38, 0.22, 0.12), (0.2, 0.4, 0.08))
    ]
    return parts


def _pot(b: Bench) -> Parts:
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


MAKERS: dict[str, Callable[[Bench], Parts]] = {
    "sword": _sword,
    "axe": _axe,
    "shield": _shield,
    "barrel": _barrel,
    "crate": _crate,
    "chest": _chest,
    "tree": _tree,
    "rock": _rock,
    "house": _house,
    "lantern": _lantern,
    "post": _post,
    "potion": _potion,
    "table": _table,
    "chair": _chair,
    "ship": _ship,
    "coin": _coin,
    "mushroom": _mushroom,
    "crystal": _crystal,
    "pot": _pot,
}
