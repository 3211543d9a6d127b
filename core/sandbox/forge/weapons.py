"""Swords, axes and shields that lie about."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge import carried
from core.sandbox.forge.bench import Bench, Parts
from core.sandbox.forge.palette import (
    DARK_STEEL,
    GOLD,
    STEEL,
    glow,
    matte,
)
from core.sandbox.forge.solids import ball, box, hoop, lathe, slab, tube


def make_sword(b: Bench) -> Parts:
    """A sword with a jewel in its guard."""
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


def make_axe(b: Bench) -> Parts:
    """A bearded axe."""
    parts = [(patch.scaled(1.3, 1.3, 1.3), paint) for patch, paint in carried.axe()]
    return [*parts, (lathe([(0.02, -0.2), (0.036, -0.19), (0.036, -0.15), (0.02, -0.14)]), b.paint(GOLD))]


def make_shield(b: Bench) -> Parts:
    """A round shield with a boss."""
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
