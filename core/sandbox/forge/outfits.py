"""What people wear below the neck: belts, coats, capes, armour, a robot's panels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.sandbox.forge.humanoid import ARM, LEG, SPINE, Figure
from core.sandbox.forge.palette import (
    BRASS,
    CYAN_LIGHT,
    DARK_STEEL,
    GOLD,
    INK,
    RED_LIGHT,
    STEEL,
    Paint,
    matte,
)
from core.sandbox.forge.solids import Array, Patch, ball, box, hoop, lathe, slab, tube


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
    follow = depth * (0.86 - 0.3 * long)
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


def plate_armour(figure: Figure, paint: Paint = STEEL, trim: Paint = GOLD) -> None:
    """Breastplate, pauldrons, gauntlets, cops, greaves and plates over the hips."""
    body = figure.sculpture
    body.add(figure.around_trunk(1.02, 1.39, 0.022), paint, *SPINE)
    for i, (low, high) in enumerate(((0.955, 1.03), (0.9, 0.975), (0.845, 0.92))):
        plate = figure.around_trunk(low, high, 0.022 + 0.008 * i, flare=0.016)
        body.add(plate, paint.darker(0.06 * (i + 1)), "Hip", "Waist") if i == 0 else body.add(
            plate, paint.darker(0.06 * (i + 1)), "Hip"
        )
    body.add(
        lathe([(0.075, 1.385), (0.12, 1.385), (0.105, 1.43), (0.08, 1.445)], sides=16).scaled(1, 1, 0.95),
        trim,
        "Spine02",
    )
    _shoulder_plates(figure, paint, trim)
    body.pair(figure.around_arm(0.09, 0.2, 0.008), paint, *ARM)
    body.pair(figure.around_arm(0.285, 0.45, 0.012, flare=0.016), paint, *ARM)
    body.pair(
        ball((figure.shoulder_x + 0.25, 1.37, -0.01), (0.062, 0.074, 0.08), sides=12, rings=8),
        paint.darker(0.12),
        "L_Upperarm",
        "L_Forearm",
    )
    body.pair(figure.around_leg(0.56, 0.8, 0.01), paint, "Hip", "L_Thigh", "L_Calf")
    body.pair(figure.around_leg(0.12, 0.42, 0.017, flare=0.006), paint, "L_Thigh", "L_Calf", "L_Foot")
    body.pair(
        ball((0.106, 0.485, 0.028), (0.082, 0.076, 0.078), sides=12, rings=8),
        paint.darker(0.12),
        "L_Thigh",
        "L_Calf",
    )
    body.pair(ball((0.106, 0.487, 0.1), (0.03, 0.036, 0.02), sides=10, rings=6), trim, "L_Thigh", "L_Calf")


def _shoulder_plates(figure: Figure, paint: Paint, trim: Paint) -> None:
    x, size = figure.shoulder_x, figure.build.limbs
    lower = ball((x + 0.06, 1.372, 0), (0.085 * size, 0.098 * size, 0.1 * size), sides=12, rings=7)
    upper = ball((x + 0.005, 1.395, 0), (0.102 * size, 0.096 * size, 0.115 * size), sides=16, rings=9)
    rim = hoop(0.1, 0, thick=0.032, tall=0.024)
    for patch, tone in ((lower, paint.darker(0.1)), (upper, paint)):
        figure.sculpture.pair(patch, tone, "L_Upperarm")
    edge = rim.scaled(size * 0.86, 1, size).turned(z=-72).moved(x + 0.045, 1.385, 0)
    figure.sculpture.pair(edge, trim, "L_Upperarm")


def leather_armour(figure: Figure, paint: Paint, trim: Paint = DARK_STEEL) -> None:
    """A studded jerkin, shoulder caps, bracers and shin guards."""
    body = figure.sculpture
    body.add(figure.around_trunk(0.99, 1.38, 0.018), paint, *SPINE)
    skirt(figure, paint.darker(0.12), hem=0.72, flare=0.03, trim=trim)
    cap = ball((figure.shoulder_x + 0.015, 1.39, 0), (0.098, 0.09, 0.105), sides=14)
    body.pair(cap, trim, "L_Upperarm")
    body.pair(figure.around_arm(0.3, 0.45, 0.012, flare=0.008), paint, *ARM)
    body.pair(figure.around_leg(0.14, 0.42, 0.014, flare=0.008), trim, "L_Thigh", "L_Calf", "L_Foot")
    for y in (1.3, 1.2, 1.1):
        depth = figure.trunk_radii(y, 0.018)[1]
        body.pair(ball((0.06, y, depth * 0.96), 0.012, sides=6, rings=4), trim, *SPINE)


def mail_shirt(figure: Figure, paint: Paint = DARK_STEEL) -> None:
    """Mail to the elbows and the thighs."""
    figure.sculpture.add(figure.around_trunk(0.98, 1.4, 0.012), paint, *SPINE)
    figure.sculpture.pair(figure.around_arm(-0.05, 0.22, 0.01, flare=0.008), paint, *ARM)
    skirt(figure, paint, hem=0.7, flare=0.02)


def fur_mantle(figure: Figure, paint: Paint) -> None:
    """A ruff of fur over the shoulders."""
    for i in range(9):
        angle = 2 * np.pi * (i + 0.5) / 9
        x, z = 0.17 * np.sin(angle), 0.1 * np.cos(angle)
        tuft = ball((x, 1.4 - 0.02 * abs(np.sin(angle)), z), (0.075, 0.055, 0.062), sides=9, rings=6)
        figure.sculpture.add(tuft, paint if i % 2 else paint.darker(0.1), "Spine02")


def diving_gear(figure: Figure) -> None:
    """A brass collar, weights, air bottles and a lamp."""
    body = figure.sculpture
    bell = [(0.115, 1.46), (0.15, 1.45), (0.21, 1.4), (0.22, 1.345), (0.2, 1.33)]
    body.add(lathe(bell[::-1], sides=16).scaled(1, 1, 0.84), BRASS, "Spine02")
    for i in range(8):
        stud = ball((0, 1.375, 0.213), 0.015, sides=6, rings=4).turned(y=45 * i + 22).scaled(1, 1, 0.84)
        body.add(stud, BRASS.darker(0.3), "Spine02")
    body.pair(
        lathe([(0.03, 0.98), (0.07, 1.0), (0.075, 1.25), (0.05, 1.32), (0.02, 1.34)], sides=14).moved(
            0.08, 0, -0.2
        ),
        matte("c9a23c"),
        "Spine01",
        "Spine02",
    )
    for y in (1.08, 1.22):
        body.add(box((0, y, -0.2), (0.33, 0.026, 0.164), bevel=0.3), INK, "Spine01", "Spine02")
    body.add(figure.around_trunk(0.955, 1.01, 0.022), INK, "Hip", "Waist")
    for x in (-0.1, 0, 0.1):
        depth = figure.trunk_radii(0.98, 0.03)[1] * (1 - 1.1 * x * x / 0.05)
        body.add(box((x, 0.98, max(depth, 0.09)), (0.07, 0.07, 0.045), bevel=0.2), DARK_STEEL, "Hip", "Waist")
    body.pair(figure.around_arm(0.41, 0.46, 0.014), BRASS.darker(0.1), *ARM)
    body.pair(figure.around_leg(0.17, 0.22, 0.02), BRASS.darker(0.1), "L_Calf", "L_Foot")


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


def robot_body(figure: Figure, paint: Paint, accent: Paint) -> None:
    """Boxes on joints in place of cloth."""
    body, x = figure.sculpture, figure.shoulder_x
    body.add(box((0, 1.255, 0), (0.4, 0.3, 0.27), bevel=0.14, taper=(1.12, 1.05)), paint, "Spine02")
    body.add(box((0, 1.28, 0.133), (0.2, 0.13, 0.03), bevel=0.25), accent, "Spine02")
    for i, lamp in enumerate((RED_LIGHT, CYAN_LIGHT, matte("e6bf4f"))):
        body.add(
            ball((-0.055 + 0.055 * i, 1.28, 0.147), (0.018, 0.018, 0.012), sides=10, rings=6), lamp, "Spine02"
        )
    for i in range(3):
        ring = [(0.07, -0.02), (0.105, -0.012), (0.105, 0.012), (0.07, 0.02)]
        body.add(
            lathe(ring, sides=14).moved(y=1.085 - 0.036 * i), DARK_STEEL, ("Spine01", "Waist", "Waist")[i]
        )
    body.add(box((0, 0.92, 0), (0.31, 0.17, 0.23), bevel=0.2), paint.darker(0.1), "Hip")
    body.add(tube([(0, 1.4, 0), (0, 1.5, 0)], [0.05, 0.05], sides=12), DARK_STEEL, "Neck")
    body.pair(ball((x + 0.005, 1.37, 0), 0.088, sides=14), accent, "L_Upperarm")
    body.pair(tube([(x, 1.37, 0), (x + 0.25, 1.37, 0)], [0.045, 0.045], steps=8), DARK_STEEL, *ARM[1:3])
    body.pair(box((x + 0.13, 1.37, 0), (0.13, 0.11, 0.11), bevel=0.2), paint, "L_Upperarm")
    body.pair(ball((x + 0.25, 1.37, 0), 0.058, sides=12), accent, "L_Forearm")
    body.pair(box((x + 0.37, 1.37, 0), (0.18, 0.13, 0.13), bevel=0.2), paint, "L_Forearm")
    body.pair(box((x + 0.53, 1.37, 0), (0.1, 0.1, 0.13), bevel=0.25), DARK_STEEL, "L_Hand")
    for z in (-0.042, 0, 0.042):
        body.pair(box((x + 0.615, 1.368, z), (0.085, 0.036, 0.034), bevel=0.25), paint.darker(0.15), "L_Hand")
    body.pair(box((x + 0.55, 1.36, 0.085), (0.05, 0.036, 0.05), bevel=0.25), paint.darker(0.15), "L_Hand")
    body.pair(
        tube([(0.1, 0.88, 0), (0.106, 0.48, 0), (0.11, 0.1, 0)], [0.05, 0.05, 0.045], steps=10),
        DARK_STEEL,
        *LEG,
    )
    body.pair(ball((0.1, 0.88, 0), 0.078, sides=12), accent, "L_Thigh")
    body.pair(box((0.102, 0.69, 0), (0.145, 0.24, 0.15), bevel=0.2), paint, "L_Thigh")
    body.pair(ball((0.106, 0.485, 0.012), 0.064, sides=12), accent, "L_Calf")
    body.pair(box((0.108, 0.275, 0), (0.15, 0.28, 0.155), bevel=0.2, taper=(0.85, 0.85)), paint, "L_Calf")
    body.pair(
        box((0.113, 0.06, 0.04), (0.15, 0.12, 0.28), bevel=0.25, taper=(0.9, 0.8)),
        paint.darker(0.2),
        "L_Foot",
    )


def flippers(figure: Figure, paint: Paint) -> None:
    """A diver's fins instead of boots."""
    blade = [
        (-0.055, -0.06),
        (0.055, -0.06),
        (0.07, 0.1),
        (0.115, 0.3),
        (0.06, 0.33),
        (-0.06, 0.33),
        (-0.1, 0.3),
        (-0.065, 0.1),
    ]
    fin: Patch = slab(blade, 0.035, dome=0.008).turned(x=90).moved(0.118, 0.02, 0)
    figure.sculpture.pair(fin, paint, "L_Foot", "L_Toe")


def shoulder_bag(figure: Figure, paint: Paint) -> None:
    """A pouch at the hip."""
    wide = figure.trunk_radii(0.93, 0.045)[0]
    figure.sculpture.add(box((-wide, 0.93, 0.02), (0.07, 0.12, 0.12), bevel=0.3), paint, "Hip")
    figure.sculpture.add(
        box((-wide - 0.012, 0.955, 0.02), (0.066, 0.075, 0.13), bevel=0.3), paint.darker(0.15), "Hip"
    )
