"""A person's pose over time, as named angles, and the joint rotations it comes to.

Angles are degrees, from a rest in T-pose: a thigh swings forward, a knee bends back, an arm lowers.
"""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.clip import (
    combined,
    curve,
    frames_of,
    turn_x,
    turn_y,
    turn_z,
)
from core.sandbox.forge.solids import Array

Key = tuple[float, float]


class Pose:
    """Angles of a body over time; what nobody sets stays at rest, which is: standing, arms at the sides."""

    def __init__(self, seconds: float) -> None:
        self.times, self.phase = frames_of(seconds)
        self.angles: dict[str, Array] = {}
        self.shift = np.zeros((len(self.times), 3))
        self.air = np.zeros(len(self.times))
        self.walks = False
        self.stays_on_ground = True
        self.arms_swing_free = False
        for side in "LR":
            self.set(f"{side}_down", 76)
            self.set(f"{side}_elbow", 14)

    def set(self, channel: str, values: Array | float) -> None:
        """Set a channel for all frames."""
        self.angles[channel] = np.broadcast_to(np.asarray(values, dtype=float), self.times.shape)

    def both(self, channel: str, *keys: Key) -> None:
        """Draw a channel of both sides through keys."""
        for side in "LR":
            self.draw(f"{side}_{channel}", *keys)

    def draw(self, channel: str, *keys: Key) -> None:
        """Draw a channel through (phase, value) keys."""
        self.set(channel, curve(self.phase, *keys))

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
        turns["R_Grip"] = turn_y(get("R_grip"))
        return turns

    def hold_upright(self) -> None:
        """Carry a long thing in the right hand: the elbow bends, and the grip keeps the thing upright."""
        self.set("R_elbow", np.maximum(self.get("R_elbow") * 0.35 + 42, 30))
        self.set("R_swing", self.get("R_swing") * 0.3)
        self.set("R_down", self.get("R_down") - 18)
        self.set("R_grip", 90 - self.get("R_elbow") - self.get("R_swing"))

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
