"""A small software camera: paints a model with a depth buffer, a key light, a rim light and a soft shadow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from core.sandbox.forge.atlas import ramp
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.solids import Array, rotation

KEY = np.array([0.45, 0.75, 0.6]) / np.linalg.norm([0.45, 0.75, 0.6])
FILL = np.array([-0.8, 0.25, 0.4]) / np.linalg.norm([-0.8, 0.25, 0.4])
SKY, FLOOR = np.array([0.91, 0.91, 0.92]), np.array([0.80, 0.79, 0.79])


def photograph(
    model: Model,
    size: int,
    *,
    yaw: float = -28.0,
    pitch: float = 12.0,
    positions: Array | None = None,
    normals: Array | None = None,
    frame: tuple[Array, Array] | None = None,
    scale: int = 2,
) -> Image.Image:
    """The model seen from the front and a little above; pass other positions and normals to see it posed.

    `frame` is the corner pair that must fit in (the model's own by default), `scale` the oversampling.
    """
    points = model.positions if positions is None else positions
    facing = model.normals if normals is None else normals
    wide = size * scale
    view = rotation(x=pitch) @ rotation(y=yaw)
    low, high = frame or (points.min(axis=0), points.max(axis=0))
    corners = np.array(
        [[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
    )
    seen = corners @ view.T
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    zoom = 0.84 * wide / max(float(np.ptp(seen[:, :2], axis=0).max()), 1e-6)

    def on_screen(world: Array) -> Array:
        turned = (world @ view.T - middle) * zoom
        depth = 1 - turned[:, 2] / (5.5 * wide)
        return np.column_stack(
            [wide / 2 + turned[:, 0] / depth, wide / 2 - turned[:, 1] / depth, turned[:, 2]]
        )

    canvas = _backdrop(wide)
    floor = np.clip(points - KEY * (points[:, 1] / KEY[1])[:, None], -1e3, 1e3)
    floor[:, 1] = 0
    low_faces = model.triangles[points[model.triangles, 1].max(axis=1) < 0.12 * (high[1] - low[1])]
    _cast_shadow(canvas, on_screen(floor), model.triangles, depth=0.26, softness=2.6)
    _cast_shadow(canvas, on_screen(points * (1, 0, 1)), low_faces, depth=0.3, softness=2.0)
    screen = on_screen(points)
    colours = _lit(model, facing, facing @ view.T)
    _paint(canvas, screen, model.triangles, colours)
    picture = Image.fromarray((np.clip(canvas, 0, 1) * 255 + 0.5).astype(np.uint8))
    return picture.resize((size, size), Image.Resampling.BOX) if scale > 1 else picture


def _lit(model: Model, normals: Array, seen: Array) -> Array:
    """Colours of the vertices: baked paint times key, fill and sky, plus a rim where the surface turns away."""
    colours = np.empty((len(normals), 3))
    for number, paint in enumerate(model.paints):
        chosen = model.paint_of == number
        colours[chosen] = ramp(paint, model.light[chosen])
    glow = np.array([paint.finish == "glow" for paint in model.paints])[model.paint_of]
    shiny = np.array([paint.finish == "metal" for paint in model.paints])[model.paint_of]
    key = np.clip(normals @ KEY, 0, 1)
    light = 0.5 + 0.14 * normals[:, 1] + 0.5 * key + 0.14 * np.clip(normals @ FILL, 0, 1)
    rim = np.clip(1 - seen[:, 2], 0, 1) ** 3 * 0.16
    half = KEY + np.array([0, 0.2, 0.98])
    gleam = np.clip(normals @ (half / np.linalg.norm(half)), 0, 1) ** 24 * np.where(shiny, 0.42, 0.05)
    lit = colours * light[:, None] + (rim + gleam)[:, None] * np.array([1.0, 0.98, 0.93])
    return np.asarray(np.where(glow[:, None], colours * 1.05, lit))


def _paint(
    canvas: npt.NDArray[np.float32], screen: Array, faces: npt.NDArray[np.int64], colours: Array
) -> None:
    """Fill every triangle at once: list the pixels of all bounding boxes, keep those inside, nearest wins."""
    height, width, _ = canvas.shape
    corners = screen[faces].astype(np.float32)
    (ax, ay), (bx, by), (cx, cy) = (corners[:, i, :2].T for i in range(3))
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    low = np.floor(corners[:, :, :2].min(axis=1)).clip(0, [width - 1, height - 1]).astype(np.int32)
    high = np.ceil(corners[:, :, :2].max(axis=1)).clip(0, [width - 1, height - 1]).astype(np.int32)
    spans = high - low + 1
    shown = np.flatnonzero(area < -1e-6)
    counts = spans[shown, 0] * spans[shown, 1]
    owner = np.repeat(shown, counts)
    step = np.arange(len(owner), dtype=np.int32) - np.repeat(np.cumsum(counts) - counts, counts).astype(
        np.int32
    )
    across = spans[owner, 0]
    x, y = low[owner, 0] + step % across, low[owner, 1] + step // across
    dx, dy = (x - ax[owner]).astype(np.float32), (y - ay[owner]).astype(np.float32)
    inverse = 1 / np.where(area == 0, 1, area)
    second = (dx * (cy - ay)[owner] - dy * (cx - ax)[owner]) * inverse[owner]
    third = (dy * (bx - ax)[owner] - dx * (by - ay)[owner]) * inverse[owner]
    inside = np.flatnonzero((second >= 0) & (third >= 0) & (second + third <= 1))
    owner, second, third = owner[inside], second[inside], third[inside]
    pixel = y[inside] * width + x[inside]
    z = corners[:, :, 2]
    depth = z[owner, 0] * (1 - second - third) + z[owner, 1] * second + z[owner, 2] * third
    nearest = np.full(width * height, -np.inf, dtype=np.float32)
    np.maximum.at(nearest, pixel, depth)
    won = np.flatnonzero(depth >= nearest[pixel])
    owner, second, third = owner[won], second[won, None], third[won, None]
    shade = colours.astype(np.float32)[faces[owner]]
    canvas.reshape(-1, 3)[pixel[won]] = (
        shade[:, 0] * (1 - second - third) + shade[:, 1] * second + shade[:, 2] * third
    )


def _backdrop(size: int) -> npt.NDArray[np.float32]:
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    away = np.sqrt((x - 0.5) ** 2 + (y - 0.42) ** 2)[..., None]
    return np.asarray(SKY + (FLOOR - SKY) * np.clip(away * 1.35, 0, 1), dtype=np.float32)


def _cast_shadow(
    canvas: npt.NDArray[np.float32],
    floor: Array,
    faces: npt.NDArray[np.int64],
    *,
    depth: float,
    softness: float,
) -> None:
    size = canvas.shape[0]
    small = 128
    mask = Image.new("L", (small, small), 0)
    draw = ImageDraw.Draw(mask)
    flat = np.round(floor[:, :2] * small / size, 1)
    for triangle in flat[faces].reshape(-1, 6).tolist():
        draw.polygon(triangle, fill=255)
    soft = mask.filter(ImageFilter.GaussianBlur(softness)).resize((size, size), Image.Resampling.BILINEAR)
    canvas *= 1 - depth * (np.asarray(soft, dtype=np.float32) / 255)[..., None]
