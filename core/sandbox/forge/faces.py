"""Faces, hair and beards.

Drawn about the middle of an ordinary head: 0.28 m wide, 0.33 m high, the face at +Z.
"""

from __future__ import annotations

from core.sandbox.forge.humanoid import Figure
from core.sandbox.forge.palette import (
    BONE,
    INK,
    ROSE,
    WHITE,
    Paint,
    glow,
)
from core.sandbox.forge.solids import ball, box, tube


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
