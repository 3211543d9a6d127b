"""Closed surfaces to build from: tubes, balls, boxes, lathed and cut shapes, each with soft normals.

Lengths are metres, angles degrees, Y is up and +Z is where a model looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Point = Sequence[float] | Array

IN_BOX_ORDER = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)


@dataclass(frozen=True)
class Patch:
    """One closed surface: points, their normals, triangles, and how far around each point lies (0 to 1)."""

    positions: Array
    normals: Array
    faces: Indices
    around: Array

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Patch:
        """The surface somewhere else."""
        return replace(self, positions=self.positions + np.array([x, y, z]))

    def turned(self, x: float = 0.0, y: float = 0.0, z: float = 0.0, about: Point = (0, 0, 0)) -> Patch:
        """The surface turned about X, then Y, then Z through the point `about`."""
        matrix = rotation(x, y, z)
        centre = np.asarray(about, dtype=float)
        return replace(
            self,
            positions=(self.positions - centre) @ matrix.T + centre,
            normals=self.normals @ matrix.T,
        )

    def scaled(self, x: float, y: float, z: float, about: Point = (0, 0, 0)) -> Patch:
        """The surface stretched along the axes from the point `about`; a negative factor mirrors."""
        factors, centre = np.array([x, y, z]), np.asarray(about, dtype=float)
        normals = self.normals / factors
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        faces = self.faces[:, ::-1] if x * y * z < 0 else self.faces
        return Patch((self.positions - centre) * factors + centre, normals, faces, self.around)

    def mirrored(self) -> Patch:
        """The same surface on the other side of the body."""
        return self.scaled(-1, 1, 1)


def beside(point: Point, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Array:
    """A point so far from another."""
    return np.asarray(np.asarray(point, dtype=float) + np.array([x, y, z]))


def rotation(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Array:
    """The matrix that turns about X, then Y, then Z by so many degrees."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(np.radians([x, y, z])), np.sin(np.radians([x, y, z]))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x)


def closed(positions: Array, faces: Indices, around: Array, normals: Array | None = None) -> Patch:
    """A patch from points and triangles: turned right side out, with area-weighted normals unless given."""
    corners = positions[faces]
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    centred = corners[:, 0] - positions.mean(axis=0)
    if np.einsum("ij,ij->", centred, crosses) < 0:  # the enclosed volume
        faces, crosses = faces[:, ::-1], -crosses
    if normals is None:
        normals = np.zeros_like(positions)
        for corner in range(3):
            np.add.at(normals, faces[:, corner], crosses)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return Patch(positions, normals, faces, around)


def skin_over(rings: Array, *, hollow: bool = False) -> Patch:
    """The closed surface over a stack of rings, shape (rings, sides, 3).

    Both ends are drawn shut; a hollow one joins its last ring to its first instead, as a hoop does.
    """
    count, sides, _ = rings.shape
    if hollow:
        return _hoop(rings)
    index = np.arange(count * sides).reshape(count, sides)
    here, right = index[:-1], np.roll(index, -1, axis=1)[:-1]
    above, above_right = index[1:], np.roll(index, -1, axis=1)[1:]
    walls = np.concatenate(
        [
            np.stack([here, right, above_right], axis=-1).reshape(-1, 3),
            np.stack([here, above_right, above], axis=-1).reshape(-1, 3),
        ]
    )
    first, last = count * sides, count * sides + 1
    turn = np.roll(np.arange(sides), -1)
    bottom = np.stack([np.full(sides, first), index[0][turn], index[0]], axis=-1)
    top = np.stack([np.full(sides, last), index[-1], index[-1][turn]], axis=-1)
    positions = np.concatenate([rings.reshape(-1, 3), [rings[0].mean(axis=0), rings[-1].mean(axis=0)]])
    angle = np.arange(sides) / sides
    around = np.append(np.tile(1 - np.abs(2 * angle - 1), count), [0.5, 0.5])
    return closed(positions, np.concatenate([walls, bottom, top]), around)


def _hoop(rings: Array) -> Patch:
    count, sides, _ = rings.shape
    index = np.arange(count * sides).reshape(count, sides)
    right, above = np.roll(index, -1, axis=1), np.roll(index, -1, axis=0)
    across = np.roll(right, -1, axis=0)
    faces = np.stack([index, right, across, index, across, above], axis=-1).reshape(-1, 3)
    angle = np.arange(sides) / sides
    return closed(rings.reshape(-1, 3), faces, np.tile(1 - np.abs(2 * angle - 1), count))


def circle(sides: int, square: float = 2.0) -> Array:
    """Points on a unit circle, (sides, 2); `square` above 2 bulges it towards a box with round corners."""
    angle = (np.arange(sides) + 0.5) * 2 * np.pi / sides
    points = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return np.asarray(np.sign(points) * np.abs(points) ** (2 / square))


def smooth_line(points: Array, steps: int) -> Array:
    """`steps` values on a Catmull-Rom curve through the rows of `points`, evenly spread by index."""
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    where = np.linspace(0, len(points) - 1, steps)
    knot = np.minimum(where.astype(int), len(points) - 2)
    t = (where - knot)[:, None]
    a, b, c, d = (padded[knot + i] for i in range(4))
    return np.asarray(
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    )


def tube(
    points: Sequence[Point],
    radii: Sequence[float | tuple[float, float]],
    *,
    sides: int = 10,
    steps: int | None = None,
    round_ends: tuple[float, float] = (0.6, 0.6),
    square: float = 2.0,
) -> Patch:
    """A limb along a smooth curve; a radius may be a pair (across, deep), ends bulge from 0 (flat) to 1."""
    path = np.asarray(points, dtype=float)
    widths = np.array([(r, r) if isinstance(r, int | float) else r for r in radii], dtype=float)
    line = smooth_line(np.hstack([path, widths]), steps or 2 * len(path) + 1)
    path, widths = line[:, :3], np.maximum(line[:, 3:], 1e-3)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    overall = path[-1] - path[0]
    reference = (
        np.array([0.0, 0, 1]) if abs(overall[0]) > 0.8 * np.linalg.norm(overall) else np.array([1.0, 0, 0])
    )
    across = reference - along * (along @ reference)[:, None]
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    deep = np.cross(along, across)
    outline = circle(sides, square)

    def ring(i: int, size: float = 1.0, shift: float = 0.0) -> Array:
        centre = path[i] + along[i] * shift
        offsets = outline[:, :1] * across[i] * widths[i, 0] + outline[:, 1:] * deep[i] * widths[i, 1]
        return np.asarray(centre + size * offsets)

    rings = [ring(i) for i in range(len(path))]
    for end, bulge in ((0, round_ends[0]), (-1, round_ends[1])):
        if not bulge:
            continue
        cap = [
            ring(end, np.cos(angle), (1 if end else -1) * bulge * widths[end].min() * np.sin(angle))
            for angle in np.radians([38, 70])
        ]
        rings = rings + cap if end else [*reversed(cap), *rings]
    return skin_over(np.stack(rings))


def ball(
    centre: Point,
    radii: float | Point,
    *,
    sides: int = 12,
    rings: int = 7,
    square: float = 2.0,
) -> Patch:
    """An ellipsoid about `centre`; `square` above 2 makes it a pillow."""
    size = np.broadcast_to(np.asarray(radii, dtype=float), 3)
    tilt = (np.arange(rings) + 0.5) * np.pi / rings - np.pi / 2
    height, breadth = np.sin(tilt), np.cos(tilt)
    if square != 2.0:
        height = np.sign(height) * np.abs(height) ** (2 / square)
        breadth = breadth ** (2 / square)
    flat = circle(sides, square)
    stack = np.stack(
        [
            breadth[:, None] * flat[None, :, 0] * size[0],
            np.broadcast_to(height[:, None] * size[1], (rings, sides)),
            breadth[:, None] * flat[None, :, 1] * size[2],
        ],
        axis=-1,
    )
    return skin_over(stack).moved(*np.asarray(centre, dtype=float))


def lathe(
    profile: Sequence[tuple[float, float]], *, sides: int = 14, square: float = 2.0, hollow: bool = False
) -> Patch:
    """A turned shape: (radius, height) pairs from the bottom up, about the Y axis; a hollow one is a hoop."""
    flat = circle(sides, square)
    radius, height = np.maximum(np.array(profile, dtype=float), (1e-3, -np.inf)).T
    stack = np.stack(
        [
            radius[:, None] * flat[None, :, 0],
            np.broadcast_to(height[:, None], (len(profile), sides)),
            radius[:, None] * flat[None, :, 1],
        ],
        axis=-1,
    )
    return skin_over(stack, hollow=hollow)


def hoop(radius: float, y: float, *, thick: float, tall: float, sides: int = 16) -> Patch:
    """A band about the Y axis, half as thick and half as tall as said on each side of its middle."""
    inner, outer, half = radius - thick / 2, radius + thick / 2, tall / 2
    soft = min(thick, tall) * 0.25
    profile = [
        (inner, y - half),
        (outer - soft, y - half),
        (outer, y - half + soft),
        (outer, y + half - soft),
    ]
    return lathe([*profile, (outer - soft, y + half), (inner, y + half)], sides=sides, hollow=True)


def box(centre: Point, size: Point, *, bevel: float = 0.15, taper: tuple[float, float] = (1.0, 1.0)) -> Patch:
    """A box with soft edges: `bevel` is a share of the shortest side, `taper` narrows the top in X and Z."""
    half = np.asarray(size, dtype=float) / 2
    cut = bevel * 2 * half.min()
    corners = np.repeat(IN_BOX_ORDER * half, 3, axis=0)
    signs = np.repeat(IN_BOX_ORDER, 3, axis=0)
    facing = np.tile(np.eye(3), (8, 1))
    positions = corners - signs * cut * (1 - facing)
    normals = signs * facing
    upper = positions[:, 1] > 0
    positions[upper] *= (taper[0], 1, taper[1])
    faces = []
    for axis in range(3):
        one, two = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1, 1):
            ring = [
                _corner(axis, sign, one, a, two, b) * 3 + axis
                for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
            ]
            faces += _quad(ring if sign > 0 else ring[::-1])
            for other in (-1, 1):
                low, high = _corner(axis, sign, one, other, two, -1), _corner(axis, sign, one, other, two, 1)
                edge = [low * 3 + axis, high * 3 + axis, high * 3 + one, low * 3 + one]
                faces += _quad(edge if sign * other < 0 else edge[::-1])
    for corner, sign3 in enumerate(IN_BOX_ORDER):
        tip = [corner * 3, corner * 3 + 1, corner * 3 + 2]
        faces.append(tip if sign3.prod() > 0 else tip[::-1])
    around = np.where(facing[:, 0] > 0, (signs[:, 2] + 1) / 2, (signs[:, 0] + 1) / 2) * 0.9 + 0.05
    return closed(positions, np.array(faces), around, normals).moved(*np.asarray(centre, dtype=float))


def _corner(axis: int, sign: int, one: int, a: int, two: int, b: int) -> int:
    weight = (4, 2, 1)
    return sum(weight[i] for i, s in ((axis, sign), (one, a), (two, b)) if s > 0)


def _quad(ring: Sequence[int]) -> list[list[int]]:
    return [[ring[0], ring[1], ring[2]], [ring[0], ring[2], ring[3]]]


def slab(
    outline: Sequence[tuple[float, float]], thickness: float, *, dome: float = 0.0, bevel: float = 0.3
) -> Patch:
    """A shape cut from a board in the XY plane, soft at the rim; `dome` raises the middle of both faces."""
    rim = np.asarray(outline, dtype=float)
    centre = rim.mean(axis=0)
    inset = centre + (rim - centre) * (
        1 - min(bevel * thickness / max(np.ptp(rim, axis=0).min(), 1e-6) * 2, 0.5)
    )
    count, half = len(rim), thickness / 2

    def level(points: Array, z: float) -> Array:
        return np.column_stack([points, np.full(len(points), z)])

    edge = half * (1 - bevel)
    stack = np.stack([level(inset, -half), level(rim, -edge), level(rim, edge), level(inset, half)])
    patch = skin_over(stack)
    positions = patch.positions.copy()
    positions[-2:, :2], positions[-2:, 2] = centre, (-half - dome, half + dome)
    normals_of_faces = closed(positions, patch.faces, patch.around)
    if dome:
        return normals_of_faces
    normals = normals_of_faces.normals.copy()
    normals[:count], normals[-count - 2 : -2] = (0, 0, -1), (0, 0, 1)
    return replace(normals_of_faces, normals=normals)
