"""Helmets, hats and hoods, and the heads that are all helmet.

Drawn about the middle of an ordinary head: 0.28 m wide, 0.33 m high, the face at +Z.
"""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.humanoid import Figure
from core.sandbox.forge.palette import (
    BONE,
    BRASS,
    CYAN_LIGHT,
    DARK_STEEL,
    GOLD,
    INK,
    RED_LIGHT,
    STEEL,
    WHITE,
    Paint,
    matte,
)
from core.sandbox.forge.solids import Patch, ball, box, hoop, lathe, slab, tube

GLASS = matte("2c4a63")


STRAW = matte("d8b765", 0.9)


def great_helm(figure: Figure, plume: Paint) -> None:
    """A knight's closed helmet: slit, breaths, comb and a plume."""
    shell = [(0.12, -0.185), (0.15, -0.165), (0.166, -0.08), (0.172, 0.02), (0.162, 0.1), (0.13, 0.165)]
    figure.on_head(lathe([*shell, (0.08, 0.2), (0.03, 0.214)], sides=16).scaled(1, 1, 1.08), STEEL)
    figure.on_head(tube(_brow_line(0.03), [(0.021, 0.01)] * 7, sides=7, steps=10, square=3), INK)
    for y, thick in ((0.062, 0.013), (-0.002, 0.011)):
        figure.on_head(tube(_brow_line(y, 0.004), [thick] * 7, sides=7, steps=10), GOLD)
    ridge = tube([(0, -0.012, 0.187), (0, -0.09, 0.19), (0, -0.17, 0.165)], [0.014, 0.013, 0.009], sides=7)
    figure.on_head(ridge, GOLD)
    for row, y in enumerate((-0.05, -0.085, -0.12)):
        for column in range(3 - row % 2):
            x = 0.045 + 0.026 * column + 0.013 * (row % 2)
            z = 1.08 * np.sqrt(max(0.167**2 - x**2, 0))
            figure.both_on_head(ball((x, y, z - 0.003), 0.0075, sides=5, rings=4), INK)
    figure.on_head(hoop(0.164, -0.178, thick=0.034, tall=0.038).scaled(1, 1, 1.04), GOLD)
    arch = [(0, 0.16, 0.11), (0, 0.222, 0.04), (0, 0.222, -0.05), (0, 0.15, -0.14), (0, 0.02, -0.188)]
    figure.on_head(tube(arch, [0.012, 0.018, 0.018, 0.016, 0.01], sides=7, steps=9), GOLD)
    _plume(figure, plume)


def _plume(figure: Figure, paint: Paint) -> None:
    sweep = [
        (0, 0.21, -0.01),
        (0, 0.3, -0.03),
        (0, 0.345, -0.12),
        (0, 0.29, -0.24),
        (0, 0.15, -0.3),
        (0, 0.03, -0.29),
    ]
    figure.on_head(tube(sweep, [0.022, 0.042, 0.055, 0.06, 0.045, 0.008], sides=10, steps=11), paint)


def _brow_line(y: float, out: float = 0.0) -> list[tuple[float, float, float]]:
    angles = np.radians(np.linspace(-62, 62, 7))
    return [(float((0.17 + out) * np.sin(a)), y, float((0.17 + out) * 1.085 * np.cos(a))) for a in angles]


def open_helm(
    figure: Figure, *, crest: Paint | None = None, horns: bool = False, paint: Paint = STEEL
) -> None:
    """An open helmet: the face stays free; a crest or horns if wanted."""
    figure.on_head(ball((0, 0.055, -0.022), (0.166, 0.155, 0.168), sides=16), paint)
    figure.on_head(ball((0, -0.05, -0.075), (0.158, 0.12, 0.105), sides=16), paint.darker(0.08))
    figure.on_head(
        _rim(0.166, 0.172).turned(x=-10).moved(y=0.075, z=-0.005), GOLD if crest else paint.darker(0.3)
    )
    figure.on_head(box((0, 0.035, 0.158), (0.026, 0.11, 0.016), bevel=0.3).turned(x=-6), paint)
    if crest:
        fan = [
            (-0.15, 0.13),
            (-0.11, 0.2),
            (-0.02, 0.26),
            (0.08, 0.27),
            (0.16, 0.21),
            (0.19, 0.12),
            (0.13, 0.09),
        ]
        figure.on_head(slab([*fan, (0.0, 0.16)], 0.035).turned(y=90), crest)
    if horns:
        horn = [(0.14, 0.09, 0), (0.215, 0.1, 0.005), (0.25, 0.16, 0.01), (0.245, 0.245, 0.015)]
        figure.both_on_head(tube(horn, [0.042, 0.036, 0.026, 0.004], sides=10, steps=10), BONE)
        figure.both_on_head(ball((0.15, 0.09, 0), (0.022, 0.05, 0.05), sides=10, rings=6), GOLD)


def _rim(across: float, deep: float, thick: float = 0.014) -> Patch:
    profile = [
        (1 - thick * 4, -thick * 0.8),
        (1.05, -thick),
        (1.08, 0),
        (1.05, thick),
        (1 - thick * 4, thick * 0.8),
    ]
    return lathe(profile, sides=16, hollow=True).scaled(across, 1, deep)


def pointed_hat(figure: Figure, paint: Paint, band: Paint) -> None:
    """A wizard's hat with a bent tip and a star."""
    brim = [(0.12, 0.075), (0.27, 0.06), (0.285, 0.068), (0.275, 0.08), (0.17, 0.1)]
    figure.on_head(lathe(brim, sides=16).turned(x=-4), paint)
    cone = [(0, 0.08, -0.005), (0, 0.19, -0.01), (0.005, 0.3, -0.03), (0.02, 0.4, -0.08), (0.05, 0.45, -0.17)]
    figure.on_head(tube(cone, [0.172, 0.125, 0.085, 0.052, 0.008], sides=16, steps=10), paint)
    strap = tube(
        [(0, 0.1, -0.005), (0, 0.14, -0.008)], [0.172, 0.155], sides=16, steps=4, round_ends=(0.05, 0.05)
    )
    figure.on_head(strap, band)
    figure.on_head(slab(_star(0.042), 0.02, dome=0.006).turned(x=-18).moved(0, 0.145, 0.155), GOLD)


def _star(radius: float, points: int = 5) -> list[tuple[float, float]]:
    angles = np.arange(2 * points) * np.pi / points + np.pi / 2
    reach = np.where(np.arange(2 * points) % 2 == 0, radius, radius * 0.45)
    return [(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(reach, angles, strict=True)]


def straw_hat(figure: Figure, band: Paint) -> None:
    """A farmer's hat."""
    brim = [(0.12, 0.07), (0.3, 0.045), (0.318, 0.052), (0.3, 0.066), (0.16, 0.098)]
    figure.on_head(lathe(brim, sides=16), STRAW)
    crown = [(0.16, 0.07), (0.164, 0.14), (0.15, 0.19), (0.1, 0.215), (0.03, 0.22)]
    figure.on_head(lathe(crown, sides=16), STRAW)
    figure.on_head(hoop(0.164, 0.114, thick=0.016, tall=0.044), band)


def sailor_cap(figure: Figure) -> None:
    """A white round cap with a ribbon."""
    figure.on_head(lathe([(0.13, 0.1), (0.158, 0.1), (0.16, 0.15), (0.13, 0.152)], sides=16), matte("2f3f6c"))
    top = [(0.15, 0.145), (0.19, 0.16), (0.2, 0.185), (0.18, 0.205), (0.08, 0.212)]
    figure.on_head(lathe(top, sides=16).turned(z=4), WHITE)
    ribbon = tube(
        [(0.03, 0.12, -0.155), (0.045, 0.03, -0.19), (0.055, -0.05, -0.17)], [(0.018, 0.005)] * 3, sides=7
    )
    figure.both_on_head(ribbon, matte("2f3f6c"))
    figure.on_head(ball((0, 0.213, 0), (0.03, 0.018, 0.03), sides=10, rings=6), matte("b8403a"))


def tricorn(figure: Figure, paint: Paint, trim: Paint) -> None:
    """A captain's three-cornered hat."""
    figure.on_head(lathe([(0.155, 0.08), (0.16, 0.14), (0.14, 0.19), (0.06, 0.205)], sides=16), paint)
    for turn in (0, 120, 240):
        side = [
            (-0.25, 0.06),
            (-0.1, 0.2),
            (0, 0.225),
            (0.1, 0.2),
            (0.25, 0.06),
            (0.12, 0.075),
            (-0.12, 0.075),
        ]
        flap = slab(side, 0.022).turned(x=-14).moved(z=0.145)
        figure.on_head(flap.turned(y=turn + 180), paint.lighter(0.04))
        edge = [(-0.24, 0.066, 0), (-0.1, 0.2, 0), (0, 0.226, 0), (0.1, 0.2, 0), (0.24, 0.066, 0)]
        trimming = tube(edge, [0.009] * 5, sides=6, steps=10).turned(x=-14).moved(z=0.147)
        figure.on_head(trimming.turned(y=turn + 180), trim)


def crown(figure: Figure) -> None:
    """Gold, with points and stones."""
    figure.on_head(hoop(0.155, 0.126, thick=0.02, tall=0.052), GOLD)
    for i in range(8):
        tip = box((0, 0.175, 0.15), (0.05, 0.075, 0.016), bevel=0.2, taper=(0.15, 1)).turned(y=45 * i)
        figure.on_head(tip, GOLD)
        stone = ball((0, 0.126, 0.16), 0.014, sides=7, rings=5).turned(y=45 * i + 22.5)
        figure.on_head(stone, matte("b3313f") if i % 2 else matte("3d6fc0"))


def hood(figure: Figure, paint: Paint) -> None:
    """A hood with a fold around the face, a point at the back and a mask."""
    figure.on_head(ball((0, 0.03, -0.045), (0.168, 0.185, 0.158), sides=16, rings=9), paint)
    figure.on_head(
        tube([(0, 0.1, -0.14), (0, 0.06, -0.24), (0, -0.02, -0.3)], [0.1, 0.06, 0.01], sides=10), paint
    )
    angles = np.radians(np.linspace(-125, 125, 11))
    edge = [(float(0.148 * np.sin(a)), float(0.015 + 0.165 * np.cos(a)), 0.06) for a in angles]
    figure.on_head(tube(edge, [0.02] * 11, sides=7, steps=16), paint.lighter(0.05))
    figure.on_head(ball((0, -0.072, 0.035), (0.125, 0.078, 0.128)), paint.darker(0.25))


def diving_helmet(figure: Figure) -> None:
    """A brass diving helmet with windows."""
    figure.on_head(ball((0, 0.0, 0), (0.225, 0.23, 0.225), sides=16, rings=9), BRASS)
    for turn, size in ((0, 1.0), (78, 0.72), (-78, 0.72)):
        ring = [(0.085, 0.19), (0.118, 0.19), (0.122, 0.222), (0.112, 0.236), (0.092, 0.238), (0.085, 0.225)]
        porthole = lathe(ring, sides=16, hollow=True).turned(x=90)
        glass = ball((0, 0, 0.2), (0.09, 0.09, 0.03), sides=14, rings=8)
        for patch, paint in ((porthole, BRASS.darker(0.18)), (glass, GLASS)):
            figure.on_head(patch.scaled(size, size, 1).moved(z=-0.012 * (1 - size)).turned(y=turn), paint)
        figure.on_head(
            ball((-0.03, 0.035, 0.226), (0.016, 0.026, 0.006), sides=8, rings=5)
            .scaled(size, size, 1)
            .turned(y=turn),
            matte("a9cfe0"),
        )
    valve = lathe([(0.03, 0.2), (0.045, 0.21), (0.045, 0.25), (0.03, 0.262)], sides=12)
    figure.on_head(valve, DARK_STEEL)
    for i in range(12):
        bolt = ball((0, -0.19, 0.185), 0.014, sides=6, rings=4).turned(y=30 * i)
        figure.on_head(bolt, BRASS.darker(0.3))
    figure.on_head(
        lathe([(0.15, -0.215), (0.19, -0.205), (0.19, -0.175), (0.15, -0.165)], sides=16), BRASS.darker(0.12)
    )


def robot_head(figure: Figure, paint: Paint) -> None:
    """A box with lamps for eyes."""
    figure.on_head(box((0, 0.01, 0), (0.31, 0.28, 0.27), bevel=0.14), paint)
    figure.on_head(box((0, 0.025, 0.128), (0.25, 0.12, 0.03), bevel=0.3), INK)
    figure.both_on_head(
        lathe([(0.036, 0.13), (0.036, 0.15), (0.026, 0.156)], sides=14).turned(x=90).moved(0.062, 0.03, 0),
        CYAN_LIGHT,
    )
    for i in range(4):
        figure.on_head(box((-0.045 + 0.03 * i, -0.085, 0.134), (0.016, 0.044, 0.014), bevel=0.25), DARK_STEEL)
    ear = lathe([(0.06, 0.15), (0.06, 0.178), (0.036, 0.195)], sides=14).turned(z=-90)
    figure.both_on_head(ear, DARK_STEEL)
    figure.on_head(tube([(0, 0.14, 0), (0, 0.25, 0)], [0.012, 0.009], sides=7), DARK_STEEL)
    figure.on_head(ball((0, 0.265, 0), 0.03, sides=12, rings=8), RED_LIGHT)
