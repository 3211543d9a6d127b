"""What people wear of metal: plate and mail, diving gear, a robot's panels."""

from __future__ import annotations

from core.sandbox.forge.clothes import skirt
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
from core.sandbox.forge.solids import Patch, ball, box, hoop, lathe, slab, tube


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
