"""Heads: faces, hair and beards, and everything that is worn on a head.

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
    ROSE,
    STEEL,
    WHITE,
    Paint,
    glow,
    matte,
)
from core.sandbox.forge.solids import Patch, ball, box, hoop, lathe, slab, tube

GLASS = matte("2c4a63")
STRAW = matte("d8b765", 0.9)


def face(figure: Figure, *, brows: bool = True, eyes: Paint = INK) -> None:
    """A bare head with a friendly face."""
    skin = figure.cloth.skin
    figure.on_head(ball((0, 0.01, 0), (0.14, 0.165, 0.148), sides=16, rings=9), skin)
    figure.on_head(ball((0, -0.07, 0.035), (0.104, 0.09, 0.1)), skin)
    figure.both_on_head(
        ball((0.138, -0.01, -0.01), (0.022, 0.042, 0.032), sides=7, rings=5), skin.darker(0.08)
    )
    figure.on_head(ball((0, -0.03, 0.152), (0.021, 0.028, 0.026), sides=7, rings=5), skin.darker(0.07))
    figure.both_on_head(ball((0.053, 0.018, 0.129), (0.023, 0.032, 0.014), sides=9, rings=6), eyes)
    figure.both_on_head(ball((0.059, 0.03, 0.1415), 0.0075, sides=5, rings=4), WHITE)
    figure.both_on_head(ball((0.085, -0.045, 0.105), (0.028, 0.02, 0.012), sides=8, rings=5), _blush(skin))
    mouth = [(-0.042, -0.076, 0.128), (0, -0.093, 0.138), (0.042, -0.076, 0.128)]
    figure.on_head(tube(mouth, [0.006, 0.009, 0.006], sides=6), ROSE.darker(0.35))
    if brows:
        brow = [(0.026, 0.068, 0.139), (0.055, 0.078, 0.132), (0.084, 0.068, 0.117)]
        figure.both_on_head(tube(brow, [0.008, 0.01, 0.006], sides=5), figure.cloth.hair)


def _blush(skin: Paint) -> Paint:
    red, green, blue = skin.colour
    return Paint((min(red * 1.01, 1.0), green * 0.92, blue * 0.91))


def short_hair(figure: Figure) -> None:
    """A neat cap of hair with a fringe."""
    hair = figure.cloth.hair
    figure.on_head(ball((0, 0.055, -0.026), (0.152, 0.145, 0.15), sides=16), hair)
    for x, y, turn in ((-0.07, 0.115, 18), (0.005, 0.13, 0), (0.075, 0.115, -18)):
        figure.on_head(
            ball((0, 0, 0), (0.055, 0.036, 0.05), sides=9, rings=6).turned(z=turn).moved(x, y, 0.1), hair
        )


def long_hair(figure: Figure) -> None:
    """Hair that falls over the shoulder blades."""
    short_hair(figure)
    fall = tube(
        [(0, 0.06, -0.1), (0, -0.08, -0.135), (0, -0.22, -0.15), (0, -0.33, -0.14)],
        [(0.13, 0.06), (0.135, 0.05), (0.115, 0.04), (0.06, 0.025)],
        sides=14,
    )
    figure.on_head(fall, figure.cloth.hair)
    lock = tube([(0.13, 0.06, 0.0), (0.15, -0.06, 0.02), (0.135, -0.2, 0.03)], [0.04, 0.034, 0.012], sides=7)
    figure.both_on_head(lock, figure.cloth.hair)


def ponytail(figure: Figure) -> None:
    """Hair tied at the back."""
    short_hair(figure)
    tail = [(0, 0.11, -0.15), (0, 0.13, -0.22), (0, 0.02, -0.28), (0, -0.14, -0.25)]
    figure.on_head(tube(tail, [0.035, 0.055, 0.05, 0.012], sides=10, steps=10), figure.cloth.hair)
    figure.on_head(ball((0, 0.11, -0.165), (0.045, 0.045, 0.02), sides=10, rings=6), figure.cloth.trim)


def pigtails(figure: Figure) -> None:
    """Two bunches with ribbons."""
    short_hair(figure)
    bunch = [(0.14, 0.07, -0.03), (0.2, 0.05, -0.04), (0.215, -0.06, -0.03), (0.19, -0.15, -0.01)]
    figure.both_on_head(tube(bunch, [0.03, 0.05, 0.045, 0.01], sides=7, steps=9), figure.cloth.hair)
    figure.both_on_head(
        ball((0.158, 0.07, -0.03), (0.022, 0.036, 0.036), sides=9, rings=6), figure.cloth.trim
    )


def wild_hair(figure: Figure) -> None:
    """Tufts on end."""
    figure.on_head(ball((0, 0.05, -0.03), (0.148, 0.14, 0.145), sides=14), figure.cloth.hair)
    for x, z, lean in (
        (-0.09, 0.03, 28),
        (-0.03, 0.07, 10),
        (0.05, 0.06, -14),
        (0.1, 0.0, -32),
        (0.0, -0.06, 0),
    ):
        tuft = tube([(0, 0, 0), (0, 0.07, 0.01), (0, 0.12, 0.0)], [0.045, 0.03, 0.004], sides=7)
        figure.on_head(tuft.turned(z=lean, x=-12).moved(x, 0.13, z), figure.cloth.hair)


def beard(figure: Figure, length: float = 0.08) -> None:
    """A full beard; `length` metres below the chin."""
    hair = figure.cloth.hair
    figure.on_head(ball((0, -0.085, 0.042), (0.118, 0.088, 0.1)), hair)
    fall = tube(
        [(0, -0.08, 0.09), (0, -0.14 - length * 0.4, 0.125), (0, -0.15 - length, 0.12)],
        [(0.085, 0.05), (0.065, 0.042), (0.014, 0.012)],
        steps=8,
    )
    figure.on_head(fall, hair)
    wing = [(0.0, -0.062, 0.156), (0.045, -0.072, 0.148), (0.09, -0.095, 0.11)]
    figure.both_on_head(tube(wing, [0.014, 0.02, 0.006], sides=7), hair.lighter(0.06))


def pointed_ears(figure: Figure) -> None:
    """Ears that stand off and end in a tip."""
    ear = tube([(0.125, -0.01, 0), (0.18, 0.03, -0.02), (0.235, 0.08, -0.05)], [0.034, 0.03, 0.004], sides=7)
    figure.both_on_head(ear, figure.cloth.skin.darker(0.06))


def tusks(figure: Figure) -> None:
    """A heavy jaw with two tusks."""
    figure.on_head(ball((0, -0.1, 0.06), (0.118, 0.07, 0.1)), figure.cloth.skin.darker(0.04))
    tusk = tube(
        [(0.05, -0.1, 0.14), (0.056, -0.06, 0.165), (0.058, -0.02, 0.16)], [0.018, 0.014, 0.003], sides=7
    )
    figure.both_on_head(tusk, BONE)


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


def undead_face(figure: Figure) -> None:
    """Mismatched eyes, teeth and a scar."""
    skin = figure.cloth.skin
    face(figure, brows=False, eyes=glow("e9f27a"))
    figure.on_head(ball((-0.053, 0.018, 0.128), (0.036, 0.04, 0.012), sides=9, rings=6), skin.darker(0.45))
    figure.on_head(ball((0.053, 0.018, 0.124), (0.032, 0.04, 0.012), sides=9, rings=6), skin.darker(0.45))
    figure.on_head(ball((-0.053, 0.018, 0.136), (0.014, 0.016, 0.01), sides=7, rings=5), glow("e9f27a"))
    figure.on_head(ball((0, -0.092, 0.126), (0.05, 0.026, 0.016), sides=12, rings=6), INK)
    for i in range(4):
        tooth = box((-0.028 + 0.019 * i, -0.08, 0.14), (0.013, 0.018, 0.01), bevel=0.2)
        figure.on_head(tooth, BONE)
    figure.on_head(
        tube([(-0.07, 0.14, 0.085), (-0.1, 0.08, 0.1), (-0.09, 0.05, 0.108)], [0.007] * 3, sides=5),
        ROSE.darker(0.4),
    )


def eye_patch(figure: Figure) -> None:
    """A dark patch and its strap."""
    figure.on_head(ball((-0.054, 0.02, 0.136), (0.036, 0.034, 0.012), sides=12, rings=6), INK)
    strap = [(-0.145, -0.01, 0.02), (-0.1, 0.01, 0.115), (0.0, 0.08, 0.147), (0.11, 0.11, 0.09)]
    figure.on_head(tube(strap, [0.007] * 4, sides=6, steps=10), INK)
