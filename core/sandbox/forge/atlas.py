"""The texture: one swatch for each paint, running from its shade down to its light, streaked by its grain."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.sandbox.forge.palette import Paint
from core.sandbox.forge.solids import Array

COLUMNS, ROWS, WIDE, TALL = 8, 4, 32, 64
MARGIN = 2.0
DEEP_SHADE = np.array([0.36, 0.32, 0.46])
"""Shade keeps a little of the sky's violet: a paint multiplied by this is its darkest."""


def texture_points(paint_of: npt.NDArray[np.int64], around: Array, light: Array) -> Array:
    """UV of each vertex as glTF counts it (0 to 1, V down): its swatch, its place around, its light."""
    paint = np.asarray(paint_of) % (COLUMNS * ROWS)
    x = paint % COLUMNS * WIDE + MARGIN + around * (WIDE - 2 * MARGIN)
    y = paint // COLUMNS * TALL + MARGIN + light * (TALL - 2 * MARGIN)
    return np.column_stack([x / (COLUMNS * WIDE), y / (ROWS * TALL)])


def ramp(paint: Paint, light: Array) -> Array:
    """The paint's colour at each amount of light, (n, 3), sRGB 0 to 1."""
    base = np.array(paint.colour)
    if paint.finish == "glow":
        return np.asarray(base * (0.9 + 0.1 * light[:, None]))
    highlight = base + (1 - base) * (0.34 if paint.finish == "metal" else 0.16)
    middle = 0.62
    rise = np.clip(light / middle, 0, 1)[:, None] ** 0.9
    top = np.clip((light - middle) / (1 - middle), 0, 1)[:, None]
    return np.asarray(
        np.clip(base * (DEEP_SHADE + (1 - DEEP_SHADE) * rise) * (1 - top) + highlight * top, 0, 1)
    )


def pixels(paints: Sequence[Paint]) -> npt.NDArray[np.uint8]:
    """The texture's pixels, (256, 256, 3) bytes."""
    sheet = np.full((ROWS * TALL, COLUMNS * WIDE, 3), 0.5)
    light = np.clip((np.arange(TALL) + 0.5 - MARGIN) / (TALL - 2 * MARGIN), 0, 1)
    for number, paint in enumerate(paints[: COLUMNS * ROWS]):
        top, left = number // COLUMNS * TALL, number % COLUMNS * WIDE
        swatch = ramp(paint, light)[:, None, :] * _streaks(paint, number)[None, :, None]
        sheet[top : top + TALL, left : left + WIDE] = swatch
    return np.asarray(np.round(np.clip(sheet, 0, 1) * 255), dtype=np.uint8)


def texture(paints: Sequence[Paint]) -> bytes:
    """The texture as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels(paints)).save(file, "PNG", compress_level=6)
    return file.getvalue()


def _streaks(paint: Paint, number: int) -> Array:
    noise = np.random.default_rng(number).normal(size=WIDE)
    soft = (noise + np.roll(noise, 1) + np.roll(noise, -1)) / 3
    return np.asarray(1 + 0.16 * paint.grain * np.clip(soft, -1.2, 1.2))
