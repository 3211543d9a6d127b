"""Baked light: how much of the sky a point of the surface sees, from the crowd of surface around it."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.solids import Array, Indices

GRID = 40


def light_at(positions: Array, normals: Array, faces: Indices) -> Array:
    """Light per vertex, 0 (deep shade) to 1 (open sky): darker in creases, underneath and near the ground."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    cell = max(float((high - low).max()), 1e-6) / (GRID - 9)
    origin = (low + high) / 2 - cell * GRID / 2
    corners = positions[faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    crowd = np.zeros(GRID**3)
    for share in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1 / 3, 1 / 3, 1 / 3)):
        where = _cells(np.einsum("fcx,c->fx", corners, np.array(share)), origin, cell)
        crowd += np.bincount(where, area / 4, minlength=GRID**3)
    field = _blurred(crowd.reshape(GRID, GRID, GRID) / cell**2).reshape(-1)
    nearby = field[_cells(positions + normals * 1.6 * cell, origin, cell)]
    farther = field[_cells(positions + normals * 3.2 * cell, origin, cell)]
    fine = np.clip(2.2 * cell / _reach(positions, faces, area), 0.15, 1)
    crevice = np.clip(nearby - 0.22, 0, 1) * 0.75 + np.clip(farther - 0.10, 0, 1) * 0.55
    height = (positions[:, 1] - low[1]) / max(float(high[1] - low[1]), 1e-6)
    light = 0.66 + 0.2 * normals[:, 1] + 0.12 * (height - 0.5) - np.clip(crevice, 0, 0.5) * fine
    return np.asarray(np.clip(light, 0.02, 0.98))


def _reach(positions: Array, faces: Indices, area: Array) -> Array:
    """How far a vertex's shade spreads over its triangles: a coarse face must not go dark from its corners."""
    total = np.bincount(faces.reshape(-1), np.repeat(np.sqrt(area), 3), minlength=len(positions))
    count = np.bincount(faces.reshape(-1), minlength=len(positions))
    return np.asarray(total / np.maximum(count, 1) + 1e-9)


def _cells(points: Array, origin: Array, cell: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    grid = np.clip(((points - origin) / cell).astype(int), 0, GRID - 1)
    return np.asarray((grid[:, 0] * GRID + grid[:, 1]) * GRID + grid[:, 2])


def _blurred(field: Array) -> Array:
    for axis in range(3):
        for _ in range(2):
            field = (np.roll(field, 1, axis) + field + np.roll(field, -1, axis)) / 3
    return field
