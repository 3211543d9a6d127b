"""What a person can do: each clip is a table of joint angles over its cycle.

Angles are degrees, from a rest in T-pose: a thigh swings forward, a knee bends back, an arm lowers.
"""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.clip import Clip, combined, curve, frames_of, turn_x, turn_y, turn_z, wave
from core.sandbox.forge.skeleton import Skeleton, carried, posed
from core.sandbox.forge.solids import Array


class Pose:
    """Angles of a body over time; what nobody sets stays at rest, which is: standing, arms at the sides."""

    def __init__(self, seconds: float) -> None:
        self.times, self.phase = frames_of(seconds)
        self.angles: dict[str, Array] = {}
        self.shift = np.zeros((len(self.times), 3))
        self.air = np.zeros(len(self.times))
        self.planted = True
        for side in "LR":
            self.set(f"{side}_down", 76)
            self.set(f"{side}_elbow", 14)

    def set(self, channel: str, values: Array | float) -> None:
        """Set a channel for all frames."""
        self.angles[channel] = np.broadcast_to(np.asarray(values, dtype=float), self.times.shape)

    def get(self, channel: str) -> Array:
        """A channel, zero unless set."""
        return self.angles.get(channel, np.zeros(len(self.times)))

    def turns(self) -> dict[str, Array]:
        """Joint rotations in the order of a product of matrices."""
        get = self.get
        lean, twist, side = get("lean"), get("twist"), get("side")
        turns = {"Hip": combined(turn_y(get("hip_y")), turn_x(get("hip_x")), turn_z(get("hip_z")))}
        for joint, share in (("Waist", 0.3), ("Spine01", 0.35), ("Spine02", 0.35)):
            turns[joint] = combined(turn_y(twist * share), turn_x(lean * share), turn_z(side * share))
        for joint, share in (("Neck", 0.4), ("Head", 0.6)):
            turns[joint] = combined(
                turn_y(get("look") * share), turn_x(get("nod") * share), turn_z(get("tilt") * share)
            )
        for letter, sign in (("L", 1), ("R", -1)):
            turns |= self._limbs(letter, sign)
        return turns

    def _limbs(self, letter: str, sign: int) -> dict[str, Array]:
        def get(name: str) -> Array:
            return self.get(f"{letter}_{name}")

        thigh, knee = get("thigh"), get("knee")
        level = get("pitch") - thigh + knee + self.get("hip_x")
        return {
            f"{letter}_Clavicle": turn_z(sign * get("shrug")),
            f"{letter}_Upperarm": combined(
                turn_y(-sign * get("across")),
                turn_x(-get("swing")),
                turn_z(-sign * get("down")),
                turn_x(get("roll")),
            ),
            f"{letter}_Forearm": turn_y(-sign * get("elbow")),
            f"{letter}_Hand": combined(turn_y(-sign * get("wrist")), turn_z(-sign * get("flick"))),
            f"{letter}_Thigh": combined(
                turn_x(-thigh), turn_z(sign * get("apart")), turn_y(sign * get("outward"))
            ),
            f"{letter}_Calf": turn_x(knee),
            f"{letter}_Foot": combined(turn_x(-level), turn_z(-sign * get("apart"))),
            f"{letter}_Toe": turn_x(-get("toe")),
        }


def walk() -> Pose:
    """A brisk walk, one stride of each foot."""
    pose = Pose(1.0)
    for side, shift in (("L", 0.0), ("R", 0.5)):
        p = pose.phase + shift
        pose.set(
            f"{side}_thigh", curve(p, (0, 28), (0.12, 22), (0.52, -20), (0.62, -14), (0.8, 24), (0.92, 31))
        )
        pose.set(f"{side}_knee", curve(p, (0, 5), (0.13, 17), (0.36, 6), (0.5, 14), (0.71, 62), (0.94, 6)))
        pose.set(f"{side}_pitch", curve(p, (0, 16), (0.1, 0), (0.4, 0), (0.6, -40), (0.75, -22), (0.9, 12)))
        pose.set(f"{side}_swing", wave(p, 4, -30))
        pose.set(f"{side}_elbow", wave(p, 26, -14))
    pose.set("hip_y", wave(pose.phase, 0, -7))
    pose.set("twist", wave(pose.phase, 0, 14))
    pose.set("hip_z", wave(pose.phase, 0, 3, 0.25))
    pose.set("side", wave(pose.phase, 0, -3, 0.25))
    pose.set("lean", 4)
    pose.set("look", wave(pose.phase, 0, -6))
    pose.shift[:, 0] = wave(pose.phase, 0, 0.02, 0.28)
    return pose


def clip_of(pose: Pose, name: str, skeleton: Skeleton, *, in_place: bool) -> Clip:  # noqa: ARG001
    """Ground the pose: its lowest sole touches the floor, and a planted foot does not slide."""
    turns = pose.turns()
    root = pose.shift.copy()
    soles = np.array([[0.0, -0.09, -0.07], [0.0, -0.09, 0.1], [0.0, -0.085, 0.19]])
    standing = posed(skeleton, turns, root)
    touch = np.concatenate(
        [carried(skeleton, standing, f"{s}_Foot", soles + skeleton.head(f"{s}_Foot")) for s in "LR"], axis=1
    )
    root[:, 1] += pose.air - touch[:, :, 1].min(axis=1)
    return Clip(name, pose.times, turns, root)
