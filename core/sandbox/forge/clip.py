"""Clips and the curves that they are drawn with: angles over a cycle, turned into joint rotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.sandbox.forge.skeleton import Skeleton, Turns, posed, touch_points
from core.sandbox.forge.solids import Array

FRAMES_PER_SECOND = 24


@dataclass(frozen=True)
class Clip:
    """One named movement: times in seconds, turns per joint (quaternions x, y, z, w), root shift in metres."""

    name: str
    times: Array
    turns: Mapping[str, Array]
    root: Array


def frames_of(seconds: float) -> tuple[Array, Array]:
    """Times of a clip and its phase 0 to 1; the last frame repeats the first so that it loops."""
    count = round(seconds * FRAMES_PER_SECOND) + 1
    phase = np.linspace(0, 1, count)
    return phase * seconds, phase


def curve(phase: Array, *keys: tuple[float, float]) -> Array:
    """A loop through (phase, value) keys that eases at its turning points and never overshoots."""
    at, values = np.array(keys, dtype=float).T
    at, values = np.append(at, at[0] + 1), np.append(values, values[0])
    gaps = np.diff(at)
    slopes = np.diff(values) / gaps
    before, after = np.roll(slopes, 1), slopes
    product = before * after
    tangents = np.where(product > 0, 2 * product / np.where(product > 0, before + after, 1), 0.0)
    tangents = np.append(tangents, tangents[0])
    wrapped = (np.asarray(phase) - at[0]) % 1 + at[0]
    k = np.clip(np.searchsorted(at, wrapped, side="right") - 1, 0, len(gaps) - 1)
    h = gaps[k]
    t = (wrapped - at[k]) / h
    return np.asarray(
        (1 + 2 * t) * (1 - t) ** 2 * values[k]
        + t * (1 - t) ** 2 * h * tangents[k]
        + t**2 * (3 - 2 * t) * values[k + 1]
        + t**2 * (t - 1) * h * tangents[k + 1]
    )


def wave(phase: Array, middle: float, swing: float, shift: float = 0.0, times: int = 1) -> Array:
    """A cosine about `middle`, highest at phase `shift`."""
    return np.asarray(middle + swing * np.cos(2 * np.pi * (times * np.asarray(phase) - shift)))


def turn(axis: Array | tuple[float, float, float], degrees: Array) -> Array:
    """Quaternions (frames, 4) that turn about one axis by so many degrees."""
    unit = np.asarray(axis, dtype=float) / np.linalg.norm(axis)
    half = np.radians(np.atleast_1d(degrees)) / 2
    return np.column_stack([np.sin(half)[:, None] * unit, np.cos(half)])


def turn_x(degrees: Array) -> Array:
    """Turns about X; positive leans forward."""
    return turn((1, 0, 0), degrees)


def turn_y(degrees: Array) -> Array:
    """Turns about Y; positive looks to the model's left."""
    return turn((0, 1, 0), degrees)


def turn_z(degrees: Array) -> Array:
    """Turns about Z; positive tips to the model's right."""
    return turn((0, 0, 1), degrees)


def combined(*turns: Array) -> Array:
    """Turns done one inside the other: the last one first, as in a product of matrices."""
    result = turns[0]
    for other in turns[1:]:
        x1, y1, z1, w1 = result.T
        x2, y2, z2, w2 = other.T
        result = np.column_stack(
            [
                w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
                w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
                w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
                w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
            ]
        )
    return result


def rising_curve(phase: Array, total: float, *keys: tuple[float, float]) -> Array:
    """A curve through the keys that ends `total` higher than it began, as a full turn does."""
    level = curve(phase, *((at, value - total * at) for at, value in keys))
    return np.asarray(level + total * np.asarray(phase))


def grounded(skeleton: Skeleton, turns: Turns, root: Array, air: Array) -> Array:
    """The root's shift that lets the lowest touching point rest on the floor, `air` metres above it."""
    lowest = touch_points(skeleton, posed(skeleton, turns, root))[:, :, 1].min(axis=1)
    shift = root.copy()
    shift[:, 1] += air - lowest
    return shift


def stride(skeleton: Skeleton, turns: Turns, root: Array) -> float:
    """How far forward one cycle carries, so that planted feet do not slide, in metres."""
    points = touch_points(skeleton, posed(skeleton, turns, root))
    heights = points[:-1, :, 1]
    tall = float(np.max(np.stack(skeleton.heads)[:, 1]))
    down = heights < heights.min(axis=1, keepdims=True) + 0.02 * tall
    backward = np.where(down, points[:-1, :, 2] - points[1:, :, 2], -np.inf)
    return float(np.sum(backward.max(axis=1)))
