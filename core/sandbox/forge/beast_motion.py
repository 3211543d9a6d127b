"""How everything that is not a person moves: four, six and eight legs, waves, wings, and the hop of a thing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.sandbox.forge.clip import (
    Clip,
    combined,
    curve,
    frames_of,
    grounded,
    stride,
    turn,
    turn_x,
    turn_y,
    turn_z,
    wave,
)
from core.sandbox.forge.serpents import SEGMENTS, rest_yaw
from core.sandbox.forge.skeleton import Skeleton, posed
from core.sandbox.forge.solids import Array
from core.sandbox.forge.subject import Family

Moved = tuple[Array, dict[str, Array], Array, Array]
"""Times, turns per joint, the root's shift in place, and the shift that travelling adds."""


def clip_for(skeleton: Skeleton, family: Family, preset: str, *, in_place: bool) -> Clip:
    """The family's one movement under the preset's name."""
    times, turns, root, travel = MOVES[family](skeleton)
    known = {joint: values for joint, values in turns.items() if skeleton.has(joint)}
    return Clip(preset, times, known, root if in_place else root + travel)


def _forward(distance: float, phase: Array) -> Array:
    return np.outer(phase, (0.0, 0.0, distance))


def _walk_on_four(skeleton: Skeleton) -> Moved:
    times, p = frames_of(1.2)
    turns: dict[str, Array] = {}
    for leg, shift in (("L_Back", 0.0), ("L_Front", 0.25), ("R_Back", 0.5), ("R_Front", 0.75)):
        q = p + shift
        back = "Back" in leg
        upper = curve(q, (0, 23), (0.3, 2), (0.62, -24), (0.74, -12), (0.92, 26))
        lower = curve(q, (0, 2), (0.14, 8), (0.5, 2), (0.62, 12), (0.78, 62), (0.95, 6))
        if back:
            lower = lower * 0.8
        pitch = curve(q, (0, 4), (0.1, 0), (0.48, 0), (0.64, 16), (0.8, 34), (0.94, 0))
        turns[f"{leg}_Upper"] = turn_x(-upper)
        turns[f"{leg}_Lower"] = turn_x(lower)
        turns[f"{leg}_Paw"] = turn_x(upper - lower + pitch)
    turns["Hip"] = combined(turn_z(wave(p, 0, 3.0, 0.1)), turn_y(wave(p, 0, 3, 0.05)))
    turns["Spine"] = combined(turn_z(wave(p, 0, -2.5, 0.12)), turn_y(wave(p, 0, -3.5, 0.05)))
    turns["Chest"] = combined(turn_z(wave(p, 0, -2.0, 0.3)), turn_x(wave(p, 0, 1.6, 0.1, times=2)))
    turns["Neck"] = turn_x(wave(p, 1, 4.0, 0.2, times=2))
    turns["Head"] = combined(turn_x(wave(p, 0, -3.5, 0.25, times=2)), turn_y(wave(p, 0, 3, 0.1)))
    for i in range(3):
        turns[f"Tail{i + 1}"] = combined(
            turn_y(wave(p, 0, 9, 0.12 * i)), turn_x(wave(p, 0, 3, 0.1 * i, times=2))
        )
    root = np.zeros((len(p), 3))
    distance = stride(skeleton, turns, root)
    return times, turns, grounded(skeleton, turns, root, np.zeros(len(p))), _forward(distance, p)


def _crawl(skeleton: Skeleton) -> Moved:
    times, p = frames_of(0.9)
    turns: dict[str, Array] = {}
    legs = [name for name in skeleton.names if name.endswith("_Hip") and "_Leg" in name]
    for name in legs:
        number, left = int(name[5]), name.startswith("L")
        q = p + (0.0 if (number + left) % 2 else 0.5) + 0.03 * number
        root, knee = skeleton.head(name), skeleton.head(name.replace("_Hip", "_Knee"))
        out = (knee - root) * (1, 0, 1)
        lift_axis = np.cross(out, (0, 1, 0))
        side = 1 if left else -1
        swing = curve(q, (0, 15), (0.5, -15), (0.75, 0), (0.9, 13))
        lift = np.maximum(curve(q, (0, 0), (0.5, 0), (0.75, 24), (0.98, 0)), 0)
        turns[name] = combined(turn_y(-side * swing), turn(lift_axis, lift))
        turns[name.replace("_Hip", "_Knee")] = turn(lift_axis, -0.75 * lift)
        turns[name.replace("_Hip", "_Tip")] = turn(lift_axis, -0.3 * lift)
    turns["Body"] = combined(turn_z(wave(p, 0, 1.8, 0.1)), turn_y(wave(p, 0, 2, 0.3)))
    turns["Head"] = turn_x(wave(p, 0, 4, 0.2, times=2))
    turns["Abdomen"] = combined(turn_x(wave(p, 2, 4, 0.1, times=2)), turn_y(wave(p, 0, -4, 0.3)))
    root_shift = np.zeros((len(p), 3))
    distance = stride(skeleton, turns, root_shift)
    return times, turns, grounded(skeleton, turns, root_shift, np.zeros(len(p))), _forward(distance, p)


def _slither(skeleton: Skeleton) -> Moved:
    times, p = frames_of(1.6)
    turns: dict[str, Array] = {}
    before = np.zeros(len(p))
    for i in range(SEGMENTS):
        reach = 30 + 14 * min(i / 4, 1)
        bend = reach * np.sin(2 * np.pi * (i / 9 - p)) - rest_yaw(i)
        turns[f"Body{i + 1:02}"] = turn_y(bend - before)
        before = bend
    yaw = 30 * np.sin(2 * np.pi * -p)
    turns["Neck"] = combined(turn_y(-yaw * 0.6), turn_x(wave(p, 2, 4, 0.1, times=2)))
    turns["Head"] = combined(turn_y(-yaw * 0.4), turn_x(wave(p, -2, 4, 0.3, times=2)))
    root = np.zeros((len(p), 3))
    places = posed(skeleton, turns, root).places[:, :SEGMENTS]
    root[:, 0] = skeleton.head("Body01")[0] - places[:, :, 0].mean(axis=1)
    root[:, 0] -= root[:, 0].mean()
    return times, turns, root, _forward(0.42 * float(np.ptp(np.stack(skeleton.heads)[:, 2])), p)


def _swim(skeleton: Skeleton) -> Moved:
    long = float(np.ptp(np.stack(skeleton.heads)[:, 2])) / 0.7
    whale = long > 2.2
    times, p = frames_of(2.0 if whale else 1.2)
    bend = turn_x if whale else turn_y
    turns: dict[str, Array] = {"Head": bend(wave(p, 0, -4, 0.0)), "Body": bend(wave(p, 0, 4, 0.08))}
    for i, reach in enumerate((6, 11, 15, 19), start=1):
        turns[f"Tail{i}"] = bend(wave(p, 0, reach, 0.08 + 0.11 * i))
    for side, sign in (("L", 1), ("R", -1)):
        turns[f"{side}_Fin"] = combined(
            turn_z(sign * wave(p, -4, 14, 0.2)), turn_y(sign * wave(p, 4, 7, 0.45))
        )
    root = np.zeros((len(p), 3))
    root[:, 1] = wave(p, 0.012 * long, 0.012 * long, 0.2)
    return times, turns, root, _forward(0.75 * long, p)


def _flap(skeleton: Skeleton) -> Moved:
    times, p = frames_of(1.0)
    turns: dict[str, Array] = {}
    for side, sign in (("L", 1), ("R", -1)):
        for i, reach in enumerate((30, 16, 20), start=1):
            turns[f"{side}_Wing{i}"] = turn_z(sign * wave(p, 6 if i == 1 else 0, reach, 0.1 * i))
        turns[f"{side}_Thigh"] = turn_x(wave(p, 18, 6, 0.2))
        turns[f"{side}_Shin"] = turn_x(wave(p, 14, 8, 0.3))
    turns["Spine"] = turn_x(wave(p, 0, 4, 0.4))
    turns["Neck"] = turn_x(wave(p, 0, -5, 0.45))
    turns["Tail1"] = turn_x(wave(p, 0, 8, 0.6))
    turns["Tail2"] = turn_x(wave(p, 0, 8, 0.7))
    root = np.zeros((len(p), 3))
    tall = float(skeleton.head("Spine")[1])
    root[:, 1] = wave(p, 0.55, 0.22, 0.42) * tall
    return times, turns, root, _forward(1.1 * tall, p)


def _hop(skeleton: Skeleton) -> Moved:
    times, p = frames_of(1.0)
    tall = float(skeleton.head("Top")[1] - skeleton.head("Root")[1]) / 0.7
    tip = curve(p, (0, 0), (0.2, 9), (0.4, -7), (0.62, -3), (0.76, 8), (0.95, 0))
    turns = {"Root": turn_x(tip * 0.4), "Middle": turn_x(tip * 0.7), "Top": turn_x(tip)}
    turns["Root"] = combined(turns["Root"], turn_z(wave(p, 0, 2.5)))
    flight = np.clip((p - 0.24) / 0.48, 0, 1)
    root = np.zeros((len(p), 3))
    return (
        times,
        turns,
        grounded(skeleton, turns, root, tall * flight * (1 - flight)),
        _forward(0.5 * tall, p),
    )


MOVES: dict[Family, Callable[[Skeleton], Moved]] = {
    "quadruped": _walk_on_four,
    "hexapod": _crawl,
    "octopod": _crawl,
    "serpentine": _slither,
    "aquatic": _swim,
    "avian": _flap,
    "prop": _hop,
}
