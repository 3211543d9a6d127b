"""What people hold or wear at the belt: each thing stands upright on its grip, which is at the origin."""

from __future__ import annotations

from core.sandbox.forge.humanoid import Figure
from core.sandbox.forge.palette import CYAN_LIGHT, DARK_LEATHER, DARK_WOOD, FLAME, GOLD, STEEL, WOOD, Paint
from core.sandbox.forge.solids import Patch, ball, box, lathe, slab, tube

Parts = list[tuple[Patch, Paint]]


def sword() -> Parts:
    """A straight sword, 1 m."""
    blade = [(-0.032, 0.1), (0.032, 0.1), (0.026, 0.72), (0, 0.84), (-0.026, 0.72)]
    return [
        (slab(blade, 0.008, dome=0.011), STEEL),
        (box((0, 0.085, 0), (0.2, 0.034, 0.045), bevel=0.3), GOLD),
        (tube([(0, -0.09, 0), (0, 0.08, 0)], [0.019, 0.021], sides=7), DARK_LEATHER),
        (ball((0, -0.115, 0), 0.032, sides=9, rings=6), GOLD),
    ]


def axe() -> Parts:
    """A bearded axe."""
    head = [(0.0, 0.44), (0.06, 0.45), (0.16, 0.53), (0.185, 0.42), (0.15, 0.3), (0.06, 0.37), (0.0, 0.38)]
    return [
        (tube([(0, -0.15, 0), (0, 0.5, 0)], [0.02, 0.024], sides=7, steps=6), WOOD),
        (slab(head, 0.024, dome=0.006), STEEL),
        (box((0, 0.41, 0), (0.07, 0.1, 0.062), bevel=0.25), STEEL.darker(0.25)),
    ]


def staff() -> Parts:
    """A crooked staff with a crystal."""
    pole = [(0, -0.95, 0), (0.01, -0.4, 0), (-0.012, 0.1, 0), (0, 0.5, 0)]
    hook = [(0, 0.48, 0), (-0.06, 0.58, 0), (-0.045, 0.7, 0), (0.05, 0.73, 0), (0.085, 0.66, 0)]
    return [
        (tube(pole, [0.018, 0.022, 0.024, 0.03], sides=7, steps=9), DARK_WOOD),
        (tube(hook, [0.03, 0.032, 0.028, 0.022, 0.008], sides=7, steps=10), DARK_WOOD),
        (ball((0.012, 0.62, 0), (0.042, 0.055, 0.042), sides=7, rings=5), CYAN_LIGHT),
    ]


def spear() -> Parts:
    """A long spear."""
    point = [(-0.02, 0.78), (0.02, 0.78), (0.048, 0.86), (0, 1.06), (-0.048, 0.86)]
    return [
        (tube([(0, -0.95, 0), (0, 0.8, 0)], [0.019, 0.019], sides=7, steps=6), WOOD),
        (slab(point, 0.008, dome=0.013), STEEL),
        (lathe([(0.022, 0.72), (0.03, 0.74), (0.028, 0.8), (0.018, 0.82)], sides=10), GOLD),
    ]


def pitchfork() -> Parts:
    """Three tines on a pole."""
    parts: Parts = [(tube([(0, -0.95, 0), (0, 0.5, 0)], [0.02, 0.019], sides=7, steps=6), WOOD)]
    parts.append(
        (
            tube([(-0.1, 0.52, 0), (0, 0.48, 0), (0.1, 0.52, 0)], [0.015, 0.02, 0.015], sides=7),
            STEEL.darker(0.3),
        )
    )
    for x in (-0.1, 0, 0.1):
        parts.append(
            (
                tube([(x, 0.5, 0), (x, 0.62, 0.012), (x, 0.78, 0)], [0.014, 0.013, 0.004], sides=7),
                STEEL.darker(0.3),
            )
        )
    return parts


def lantern() -> Parts:
    """A lantern that hangs from its ring."""
    parts: Parts = [
        (lathe([(0.07, -0.3), (0.075, -0.27), (0.055, -0.26)], sides=12), DARK_WOOD),
        (lathe([(0.045, -0.265), (0.05, -0.2), (0.04, -0.13)], sides=12), FLAME),
        (lathe([(0.07, -0.135), (0.06, -0.11), (0.025, -0.07)], sides=12), STEEL.darker(0.4)),
        (
            tube([(-0.03, -0.085, 0), (0, -0.02, 0), (0.03, -0.085, 0)], [0.007] * 3, sides=5),
            STEEL.darker(0.4),
        ),
    ]
    for x, z in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        parts.append(
            (
                tube([(0.043 * x, -0.27, 0.043 * z), (0.04 * x, -0.12, 0.04 * z)], [0.007] * 2, sides=5),
                STEEL.darker(0.4),
            )
        )
    return parts


MADE = {
    "sword": sword,
    "axe": axe,
    "staff": staff,
    "spear": spear,
    "pitchfork": pitchfork,
    "lantern": lantern,
}


def hold(figure: Figure, thing: str) -> None:
    """Put a thing into the right hand.

    In T-pose a held thing points forward; its joint `R_Grip` lets a clip turn it upright.
    """
    skeleton = figure.sculpture.skeleton
    place = (-figure.hand_x - 0.07, 1.35, 0.01)
    skeleton.add("R_Grip", "R_Hand", place)
    for patch, part_paint in MADE[thing]():
        ready = patch if thing == "lantern" else patch.turned(x=90)
        figure.sculpture.add(ready.moved(*place), part_paint, "R_Grip")
    fist = ball((place[0], 1.358, 0.01), (0.058, 0.046, 0.056), sides=9, rings=6)
    figure.sculpture.add(fist, figure.cloth.hands or figure.cloth.skin, "R_Hand")


def wear_shield(figure: Figure, paint: Paint, trim: Paint) -> None:
    """A heater shield on the left forearm; with the arm lowered it covers the side."""
    outline = [
        (-0.19, 0.2),
        (0, 0.235),
        (0.19, 0.2),
        (0.19, 0.02),
        (0.12, -0.18),
        (0, -0.3),
        (-0.12, -0.18),
        (-0.19, 0.02),
    ]
    inner = [(x * 0.82, y * 0.82) for x, y in outline]
    parts = [
        (slab(outline, 0.035, dome=0.02), trim),
        (slab(inner, 0.03, dome=0.022).moved(z=0.014), paint),
        (box((0, 0, 0.04), (0.05, 0.34, 0.03), bevel=0.3), trim),
        (box((0, 0.03, 0.04), (0.24, 0.05, 0.03), bevel=0.3), trim),
    ]
    x = figure.shoulder_x + 0.37
    for patch, part_paint in parts:
        placed = patch.turned(x=-90).turned(y=90).moved(x, 1.37 + 0.09, 0)
        figure.sculpture.add(placed, part_paint, "L_Forearm")


def wear_scabbard(figure: Figure, paint: Paint) -> None:
    """A sheathed sword at the left hip."""
    x = figure.trunk_radii(0.95, 0.05)[0]
    parts: Parts = [
        (box((0, -0.3, 0), (0.05, 0.56, 0.024), bevel=0.3, taper=(1.25, 1.1)), paint),
        (ball((0, -0.585, 0), (0.024, 0.03, 0.02), sides=7, rings=5), GOLD),
        (box((0, 0.0, 0), (0.17, 0.03, 0.04), bevel=0.3), GOLD),
        (tube([(0, 0.01, 0), (0, 0.13, 0)], [0.018, 0.018], sides=7), DARK_LEATHER),
        (ball((0, 0.15, 0), 0.028, sides=9, rings=6), GOLD),
    ]
    for patch, part_paint in parts:
        figure.sculpture.add(patch.turned(y=90).turned(x=-32).moved(x, 0.98, 0.05), part_paint, "Hip")
