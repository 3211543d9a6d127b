"""A small software camera: paints a model with a depth buffer, a key light, a rim light and a soft shadow."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from core.sandbox.forge.atlas import ramp
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.solids import Array, Indices, rotation

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Canvas = Floats

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
    scale: float = 1.6,
) -> Image.Image:
    """The model seen from the front and a little above; pass other positions and normals to see it posed.

    `frame` is the corner pair that must fit in (the model's own by default), `scale` the oversampling.
    """
    points = model.positions if positions is None else positions
    facing = model.normals if normals is None else normals
    wide = round(size * scale)
    view = rotation(x=pitch) @ rotation(y=yaw)
    low, high = points.min(axis=0), points.max(axis=0)
    seen = (points if frame is None else _corners(*frame)) @ view.T
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
    return picture.resize((size, size), Image.Resampling.BOX)


def _corners(low: Array, high: Array) -> Array:
    return np.array(list(itertools.product(*zip(low, high, strict=True))))


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


def _paint(canvas: Canvas, screen: Array, faces: Indices, colours: Array) -> None:
    """Fill all triangles that face the camera: cut them into rows, spread the rows, let the nearest win."""
    height, width, _ = canvas.shape
    corners = screen[faces]
    (ax, ay), (bx, by), (cx, cy) = (corners[:, i, :2].T for i in range(3))
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    shown = area < -1e-4
    faces, corners, area = faces[shown], corners[shown], area[shown]
    owner, y, start, count = _rows(corners, width, height)
    slope, slope_y, base = _plane(corners, corners[:, :, 2], area)
    step = np.arange(count.sum(), dtype=np.int32) - np.repeat(np.cumsum(count) - count, count).astype(
        np.int32
    )
    pixel = np.repeat(y * width + start, count) + step
    first_depth = (slope[owner] * start + slope_y[owner] * y + base[owner]).astype(np.float32)
    depth = np.repeat(first_depth, count) + np.repeat(slope[owner].astype(np.float32), count) * step
    depth = depth.astype(np.float32)
    nearest = np.full(width * height, -np.inf, dtype=np.float32)
    np.maximum.at(nearest, pixel, depth)
    won = np.flatnonzero(depth >= nearest[pixel])
    owner, pixel = np.repeat(owner, count)[won], pixel[won]
    down, right = np.divmod(pixel, width)
    flat = canvas.reshape(-1, 3)
    for part in range(3):
        slope, slope_y, base = _plane(corners, colours[faces, part], area)
        flat[pixel, part] = slope[owner] * right + slope_y[owner] * down + base[owner]


def _rows(corners: Array, width: int, height: int) -> tuple[Whole, Whole, Whole, Whole]:
    """Every row of pixels that a triangle covers: the triangle, the row, its first pixel, how many."""
    top = np.ceil(corners[:, :, 1].min(axis=1)).clip(0, height).astype(np.int32)
    bottom = np.floor(corners[:, :, 1].max(axis=1)).clip(-1, height - 1).astype(np.int32)
    rows = np.maximum(bottom - top + 1, 0)
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), rows)
    y = (
        np.arange(len(owner), dtype=np.int32)
        - np.repeat(np.cumsum(rows) - rows, rows).astype(np.int32)
        + top[owner]
    )
    first, last = np.zeros(len(owner)), np.full(len(owner), width - 1.0)
    for i in range(3):
        (x0, y0), (x1, y1) = corners[:, i, :2].T, corners[:, (i + 1) % 3, :2].T
        rise = y1 - y0
        level = np.abs(rise) < 1e-6
        lean = np.where(level, 0, x1 - x0) / np.where(level, 1, rise)
        cut = (x0 - lean * y0)[owner] + lean[owner] * y
        upward = np.where(level, 0, np.sign(rise))[owner]
        first = np.where(upward > 0, np.maximum(first, cut), first)
        last = np.where(upward < 0, np.minimum(last, cut), last)
    start = np.ceil(first - 1e-3).astype(np.int32)
    count = np.maximum(np.floor(last + 1e-3).astype(np.int32) - start + 1, 0)
    return owner, y, start, count


def _plane(corners: Array, values: Array, area: Array) -> tuple[Array, Array, Array]:
    """How values at the corners change per pixel across and down, and their level at the picture's corner."""
    (ax, ay), (bx, by), (cx, cy) = (corners[:, i, :2].T for i in range(3))
    one, two = values[:, 1] - values[:, 0], values[:, 2] - values[:, 0]
    slope_x = (one * (cy - ay) - two * (by - ay)) / area
    slope_y = (two * (bx - ax) - one * (cx - ax)) / area
    return slope_x, slope_y, values[:, 0] - slope_x * ax - slope_y * ay


def _backdrop(size: int) -> Floats:
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    away = np.sqrt((x - 0.5) ** 2 + (y - 0.42) ** 2)[..., None]
    return np.asarray(SKY + (FLOOR - SKY) * np.clip(away * 1.35, 0, 1), dtype=np.float32)


def _cast_shadow(
    canvas: Floats,
    floor: Array,
    faces: Indices,
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
