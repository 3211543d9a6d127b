"""Colours of the forge: paints, the names people give colours, and the picks that suit each other."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace
from typing import Literal

Finish = Literal["matte", "metal", "glow"]
Colour = tuple[float, float, float]


def colour(hexadecimal: str) -> Colour:
    """A colour from its six hexadecimal digits, sRGB, each part 0 to 1."""
    red, green, blue = (int(hexadecimal[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


@dataclass(frozen=True)
class Paint:
    """One colour on a model: its finish decides the material, its grain how streaky it looks (0 to 1)."""

    colour: Colour
    finish: Finish = "matte"
    grain: float = 0.0

    def darker(self, amount: float = 0.25) -> Paint:
        """The same paint with `amount` of its light taken away."""
        red, green, blue = (part * (1 - amount) for part in self.colour)
        return replace(self, colour=(red, green, blue))

    def lighter(self, amount: float = 0.25) -> Paint:
        """The same paint with `amount` of white stirred in."""
        red, green, blue = (part + (1 - part) * amount for part in self.colour)
        return replace(self, colour=(red, green, blue))

    def shifted(self, hue: float, value: float = 0.0) -> Paint:
        """A near relative: hue turned by a share of the circle, brightness changed by `value`."""
        h, s, v = colorsys.rgb_to_hsv(*self.colour)
        return replace(self, colour=colorsys.hsv_to_rgb((h + hue) % 1, s, min(max(v + value, 0), 1)))


def matte(hexadecimal: str, grain: float = 0.0) -> Paint:
    """Cloth, skin, wood, stone: everything that does not shine."""
    return Paint(colour(hexadecimal), "matte", grain)


def metal(hexadecimal: str) -> Paint:
    """Steel, brass, gold."""
    return Paint(colour(hexadecimal), "metal", 0.15)


def glow(hexadecimal: str) -> Paint:
    """Light of its own: flames, lamps, a robot's eyes."""
    return Paint(colour(hexadecimal), "glow")


STEEL = metal("b4bcc8")
DARK_STEEL = metal("6d7684")
GOLD = metal("e2b04a")
BRASS = metal("c69a4c")
COPPER = metal("c07a52")
SILVER = metal("d3d8e0")
LEATHER = matte("7a5138", 0.3)
DARK_LEATHER = matte("4a3428", 0.3)
WOOD = matte("a06f43", 0.8)
DARK_WOOD = matte("6b4830", 0.8)
PALE_WOOD = matte("c99f68", 0.8)
STONE = matte("8d8f94", 0.35)
ROPE = matte("c8ab7a", 0.6)
BONE = matte("e8dfc8", 0.1)
INK = matte("26232b")
WHITE = matte("f1eee6")
ROSE = matte("c9655f")
FLAME = glow("ffc25a")
CYAN_LIGHT = glow("6fe8ff")
RED_LIGHT = glow("ff5a4a")

NAMED: dict[str, Paint] = {
    "red": matte("b8403a"),
    "crimson": matte("98283a"),
    "scarlet": matte("c93a32"),
    "orange": matte("d9823b"),
    "yellow": matte("e6bf4f"),
    "green": matte("5a8f4e"),
    "emerald": matte("2f8f69"),
    "lime": matte("98bf4a"),
    "olive": matte("7d7f45"),
    "teal": matte("3a8a8c"),
    "turquoise": matte("48b0a8"),
    "cyan": matte("5ab6c9"),
    "blue": matte("3f68ac"),
    "navy": matte("2f3f6c"),
    "azure": matte("5a97d3"),
    "purple": matte("75509c"),
    "violet": matte("8a5fb5"),
    "pink": matte("dc8aa5"),
    "magenta": matte("b8488c"),
    "brown": matte("7e573b", 0.2),
    "tan": matte("c5a078"),
    "beige": matte("d9c8a8"),
    "black": matte("33323b"),
    "white": matte("ebe7dd"),
    "grey": matte("8b8d94"),
    "gray": matte("8b8d94"),
    "gold": GOLD,
    "golden": GOLD,
    "silver": SILVER,
    "brass": BRASS,
    "bronze": metal("a87a48"),
    "copper": COPPER,
    "iron": DARK_STEEL,
    "steel": STEEL,
}

CLOTH = [matte(code, 0.15) for code in ("3f68ac", "a8433f", "4f8058", "7a5a9e", "c08a3e", "3a7f86", "8c5a44")]
TROUSERS = [matte(code, 0.15) for code in ("4b4f60", "5d4a3e", "3f4a58", "6a5f4c", "474152")]
SKIN = [matte(code) for code in ("f2c7a3", "e5b189", "c98f68", "a06d4b", "7d5238")]
HAIR = [matte(code, 0.5) for code in ("3a2a22", "6b4426", "a5703a", "d8b268", "2a2730", "9a4a2c", "b9b4ae")]
FUR = [matte(code, 0.45) for code in ("8f7a64", "a9825a", "6d6a70", "7b5a42", "c9a878", "4d4a52")]
