"""What people wear of cloth and leather: belts, skirts, coats, capes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.sandbox.forge.humanoid import ARM, SPINE, Figure
from core.sandbox.forge.palette import (
    BRASS,
    GOLD,
    Paint,
    matte,
)
from core.sandbox.forge.solids import Array, ball, box, lathe, slab, tube


def belt(figure: Figure, paint: Paint, *, buckle: Paint = GOLD) -> None:
    """A belt and its buckle."""
    figure.sculpture.add(figure.around_trunk(0.965, 1.015, 0.02), paint, "Hip", "Waist")
    front = figure.trunk_radii(0.99, 0.026)[1]
    figure.sculpture.add(box((0, 0.99, front), (0.075, 0.062, 0.024), bevel=0.25), buckle, "Hip", "Waist")
    figure.sculpture.add(
        box((0, 0.99, front + 0.008), (0.04, 0.03, 0.02), bevel=0.25), paint.darker(0.3), "Hip", "Waist"
    )


def skirt(
    figure: Figure, paint: Paint, *, hem: float, flare: float, top: float = 1.0, trim: Paint | None = None
) -> None:
    """Cloth from the waist to the height `hem`; below the hips it follows the legs."""
    heights = np.linspace(top, hem, max(5, round((top - hem) / 0.08)))
    spread = flare * ((top - heights) / (top - hem)) ** 1.2
    layer = tube(
        [(0, y, 0) for y in heights],
        [_over_hips(figure, y, 0.024 + extra) for y, extra in zip(heights, spread, strict=True)],
        sides=20,
        steps=len(heights),
        round_ends=(0.1, 0.02),
    )
    figure.sculpture.drape(layer, paint, lambda points: _follow_legs(points, hem))
    if trim:
        band = [hem + 0.055, hem + 0.025, hem - 0.008]
        margins = [0.034 + flare * ((top - y) / (top - hem)) ** 1.2 for y in band]
        radii = [_over_hips(figure, y, margin) for y, margin in zip(band, margins, strict=True)]
        edge = tube([(0, y, 0) for y in band], radii, sides=20, steps=3, round_ends=(0.05, 0.05))
        figure.sculpture.drape(edge, trim, lambda points: _follow_legs(points, hem))


def _over_hips(figure: Figure, y: float, margin: float) -> tuple[float, float]:
    return figure.trunk_radii(max(y, 0.9), margin + (0.012 if y < 0.9 else 0))


def _follow_legs(points: Array, hem: float) -> Mapping[str, Array]:
    """Below the hips each side goes with its own leg, less so in the middle and for long skirts."""
    depth = np.clip((0.9 - points[:, 1]) / 0.3, 0, 1)
    long = float(np.clip((0.75 - hem) / 0.6, 0, 1))
    follow = depth * (0.86 - 0.1 * long)
    left = np.clip(points[:, 0] / 0.18 + 0.5, 0, 1)
    shin = np.clip((0.5 - points[:, 1]) / 0.4, 0, 1) * 0.3
    return {
        "Hip": 1 - follow,
        "L_Thigh": follow * left * (1 - shin),
        "R_Thigh": follow * (1 - left) * (1 - shin),
        "L_Calf": follow * left * shin,
        "R_Calf": follow * (1 - left) * shin,
    }


def tabard(figure: Figure, paint: Paint, emblem: Paint) -> None:
    """Cloth over the armour, front and back, with a sign on the chest."""
    deep = figure.trunk_radii(1.2, 0.0)[1]
    for sign in (1, -1):
        line = [(0, 1.36, 0.105), (0, 1.26, deep + 0.03), (0, 1.1, deep + 0.026), (0, 0.98, deep + 0.03)]
        line += [(0, 0.84, deep + 0.046), (0, 0.66, deep + 0.062)]
        widths = [(0.09, 0.014), (0.11, 0.016), (0.1, 0.016), (0.095, 0.016), (0.11, 0.014), (0.125, 0.012)]
        cloth = tube(line, widths, sides=12, steps=11, square=3.5).scaled(1, 1, sign)
        figure.sculpture.drape(cloth, paint, _hang_from_chest)
        hem = [(0, 0.69, deep + 0.06), (0, 0.645, deep + 0.064)]
        border = tube(hem, [(0.127, 0.017), (0.13, 0.017)], sides=12, square=3.5).scaled(1, 1, sign)
        figure.sculpture.drape(border, emblem, _hang_from_chest)
    for size in ((0.03, 0.15, 0.02), (0.1, 0.03, 0.02)):
        bar = box((0, 1.205, deep + 0.047), size, bevel=0.25)
        figure.sculpture.add(bar, emblem, *SPINE)


def _hang_from_chest(points: Array) -> Mapping[str, Array]:
    y = points[:, 1]
    at = [
        np.clip((top - y) / (top - low), 0, 1)
        for top, low in ((1.3, 1.2), (1.16, 1.06), (1.05, 0.95), (0.9, 0.66))
    ]
    legs = at[3] * 0.8
    left = np.clip(points[:, 0] / 0.2 + 0.5, 0, 1)
    return {
        "Spine02": 1 - at[0],
        "Spine01": at[0] - at[1],
        "Waist": at[1] - at[2],
        "Hip": at[2] - legs,
        "L_Thigh": legs * left,
        "R_Thigh": legs * (1 - left),
    }


def cape(figure: Figure, paint: Paint, *, hem: float = 0.35, lining: Paint | None = None) -> None:
    """A cape from the shoulders; it hangs free behind the legs."""
    back = -figure.trunk_radii(1.3, 0.035)[1]
    line = [
        (0, 1.42, -0.07),
        (0, 1.34, back - 0.01),
        (0, 1.1, back - 0.03),
        (0, 0.75, back - 0.07),
        (0, hem, back - 0.13),
    ]
    radii = [(0.13, 0.02), (0.2, 0.024), (0.2, 0.018), (0.25, 0.016), (0.3, 0.012)]
    chain = ("Spine02", "Spine01", "Waist", "Hip")
    figure.sculpture.add(tube(line, radii, sides=16, steps=11, square=2.6), paint, *chain)
    inside = tube(
        [(x, y, z + 0.014) for x, y, z in line[1:]],
        [(w - 0.012, 0.01) for w, _ in radii[1:]],
        sides=14,
        steps=9,
        square=2.6,
    )
    figure.sculpture.add(inside, lining or paint.darker(0.3), *chain)
    for sign in (1, -1):
        clasp = ball((0.085 * sign, 1.405, 0.06), (0.026, 0.026, 0.016), sides=10, rings=6)
        figure.sculpture.add(clasp, GOLD, "Spine02")


def collar(figure: Figure, paint: Paint) -> None:
    """A fold of cloth about the neck."""
    ring = [(0.07, 1.4), (0.105, 1.4), (0.112, 1.42), (0.1, 1.445), (0.068, 1.45)]
    figure.sculpture.add(lathe(ring, sides=16, hollow=True).scaled(1, 1, 0.92), paint, "Spine02", "Neck")


def scarf(figure: Figure, paint: Paint) -> None:
    """A neckerchief, its ends on the chest."""
    collar(figure, paint)
    front = figure.trunk_radii(1.3, 0.012)[1]
    end = tube(
        [(0, 1.4, 0.095), (0.025, 1.33, front), (0.045, 1.26, front + 0.012)],
        [(0.022, 0.014), (0.03, 0.014), (0.016, 0.008)],
        sides=7,
    )
    figure.sculpture.pair(end, paint, "Spine02")
    figure.sculpture.add(
        ball((0, 1.395, 0.105), (0.028, 0.026, 0.022), sides=10, rings=6), paint.darker(0.1), "Spine02"
    )


def coat(figure: Figure, paint: Paint, trim: Paint) -> None:
    """A long open coat with turned cuffs, epaulettes and buttons."""
    figure.sculpture.add(figure.around_trunk(0.98, 1.41, 0.022), paint, *SPINE)
    skirt(figure, paint, hem=0.58, flare=0.06)
    opening = [(0.0, y, figure.trunk_radii(y, 0.021)[1]) for y in (1.37, 1.3, 1.2, 1.1, 1.02)]
    shirt = tube(opening, [(0.04, 0.01)] * 5, sides=10, steps=9, square=3)
    figure.sculpture.add(shirt, figure.cloth.shirt, *SPINE)
    for y in (1.3, 1.21, 1.12, 1.04):
        depth = figure.trunk_radii(y, 0.026)[1]
        figure.sculpture.pair(
            ball((0.072, y, depth * 0.94), (0.013, 0.013, 0.01), sides=8, rings=5), trim, *SPINE
        )
    figure.sculpture.pair(figure.around_arm(-0.05, 0.36, 0.012), paint, *ARM)
    figure.sculpture.pair(figure.around_arm(0.36, 0.455, 0.016, flare=0.018), trim, *ARM)
    pad = ball((figure.shoulder_x - 0.01, 1.435, 0), (0.085, 0.025, 0.06), sides=14, rings=7)
    figure.sculpture.pair(pad, trim, "L_Clavicle")


def vest(figure: Figure, paint: Paint) -> None:
    """A jerkin over the shirt."""
    figure.sculpture.add(figure.around_trunk(0.99, 1.375, 0.015), paint, *SPINE)
    front = figure.trunk_radii(1.2, 0.015)[1]
    for y in (1.28, 1.2, 1.12, 1.05):
        depth = figure.trunk_radii(y, 0.018)[1]
        lace = tube(
            [(-0.03, y, depth * 0.99), (0, y - 0.014, depth + 0.004), (0.03, y, depth * 0.99)],
            [0.006] * 3,
            sides=5,
        )
        figure.sculpture.add(lace, paint.lighter(0.5), *SPINE)
    seam = tube(
        [(0, 1.34, front - 0.015), (0, 1.2, front + 0.001), (0, 1.02, front - 0.016)],
        [(0.006, 0.005)] * 3,
        sides=5,
    )
    figure.sculpture.add(seam, paint.darker(0.4), *SPINE)


def overalls(figure: Figure, paint: Paint) -> None:
    """A bib and two straps."""
    front = figure.trunk_radii(1.15, 0.01)[1]
    bib = tube(
        [(0, 0.97, front - 0.004), (0, 1.1, front + 0.002), (0, 1.24, front + 0.012)],
        [(0.12, 0.014), (0.11, 0.014), (0.1, 0.012)],
        square=4,
        steps=8,
    )
    figure.sculpture.add(bib, paint, *SPINE)
    figure.sculpture.add(
        box((0, 1.13, front + 0.016), (0.1, 0.075, 0.014), bevel=0.3), paint.darker(0.15), *SPINE
    )
    deep = [figure.trunk_radii(y, 0.012)[1] * 0.9 for y in (1.22, 1.33, 1.2, 1.0)]
    strap = [(0.075, 1.2, deep[0] + 0.012), (0.085, 1.33, deep[1] + 0.01), (0.09, 1.415, 0.0)]
    strap += [(0.085, 1.33, -deep[1] - 0.01), (0.06, 1.18, -deep[2] - 0.012), (0.055, 0.98, -deep[3] - 0.006)]
    figure.sculpture.pair(tube(strap, [(0.02, 0.012)] * 6, sides=8, steps=16), paint.darker(0.08), *SPINE)
    figure.sculpture.pair(
        ball((0.078, 1.225, front + 0.026), (0.014, 0.014, 0.008), sides=8, rings=5), BRASS, *SPINE
    )
    figure.sculpture.add(figure.around_trunk(0.94, 0.995, 0.012), paint, "Hip", "Waist")


def apron(figure: Figure, paint: Paint) -> None:
    """A long apron in front."""
    front = figure.trunk_radii(1.15, 0.012)[1]
    line = [
        (0, 1.28, front + 0.012),
        (0, 1.1, front + 0.004),
        (0, 0.95, front + 0.012),
        (0, 0.6, front + 0.05),
    ]
    cloth = tube(
        line, [(0.1, 0.012), (0.125, 0.012), (0.14, 0.012), (0.15, 0.01)], sides=12, steps=10, square=3.5
    )
    figure.sculpture.drape(cloth, paint, _hang_from_chest)


def bandolier(figure: Figure, paint: Paint) -> None:
    """A strap across the chest."""
    front, back = figure.trunk_radii(1.2, 0.016)[1], -figure.trunk_radii(1.2, 0.016)[1]
    loop = [
        (0.1, 1.4, 0.03),
        (0.1, 1.34, 0.11),
        (0.02, 1.2, front + 0.012),
        (-0.1, 1.05, front - 0.022),
        (-0.15, 1.0, 0.03),
    ]
    behind = [
        (0.1, 1.4, 0.03),
        (0.1, 1.34, -0.1),
        (0.02, 1.2, back - 0.01),
        (-0.1, 1.05, back + 0.022),
        (-0.15, 1.0, 0.03),
    ]
    for line in (loop, behind):
        figure.sculpture.add(tube(line, [(0.024, 0.012)] * 5, sides=7, steps=11), paint, *SPINE)


def fur_mantle(figure: Figure, paint: Paint) -> None:
    """A ruff of fur over the shoulders."""
    for i in range(9):
        angle = 2 * np.pi * (i + 0.5) / 9
        x, z = 0.17 * np.sin(angle), 0.1 * np.cos(angle)
        tuft = ball((x, 1.4 - 0.02 * abs(np.sin(angle)), z), (0.075, 0.055, 0.062), sides=9, rings=6)
        figure.sculpture.add(tuft, paint if i % 2 else paint.darker(0.1), "Spine02")


def rags(figure: Figure, paint: Paint) -> None:
    """Torn cloth at the hem and on one shoulder, and a wound."""
    for i, x in enumerate((-0.12, -0.04, 0.05, 0.13)):
        z = 0.118 * float(np.sqrt(max(1 - (x / 0.17) ** 2, 0.1)))
        for sign in (1, -1):
            strip = slab(
                [(-0.045, 0.02), (0.045, 0.02), (0.02, -0.06 - 0.03 * (i % 2)), (-0.01, -0.03)], 0.014
            )
            figure.sculpture.add(strip.moved(x, 0.95, sign * (z + 0.012)), paint.darker(0.05 * i), "Hip")
    figure.sculpture.add(
        ball((0.07, 1.2, figure.trunk_radii(1.2)[1] - 0.004), (0.05, 0.062, 0.014), sides=10, rings=6),
        matte("7d2f33"),
        *SPINE,
    )
    for y in (1.175, 1.2, 1.225):
        rib = tube([(0.03, y, 0.126), (0.07, y + 0.006, 0.132), (0.105, y, 0.118)], [0.007] * 3, sides=5)
        figure.sculpture.add(rib, matte("e8dfc8"), *SPINE)


def shoulder_bag(figure: Figure, paint: Paint) -> None:
    """A pouch at the hip."""
    wide = figure.trunk_radii(0.93, 0.045)[0]
    figure.sculpture.add(box((-wide, 0.93, 0.02), (0.07, 0.12, 0.12), bevel=0.3), paint, "Hip")
    figure.sculpture.add(
        box((-wide - 0.012, 0.955, 0.02), (0.066, 0.075, 0.13), bevel=0.3), paint.darker(0.15), "Hip"
    )
