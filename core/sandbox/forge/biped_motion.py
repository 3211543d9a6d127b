"""A person's clips: a movement fitted to a skeleton, grounded and carried forward."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.biped_moves import pose_for
from core.sandbox.forge.clip import (
    Clip,
    grounded,
    stride,
)
from core.sandbox.forge.skeleton import Skeleton


def clip_for(skeleton: Skeleton, preset: str, *, in_place: bool) -> Clip:
    """The preset's movement on this person: grounded, and carried forward unless it is to stay in place."""
    pose = pose_for(preset)
    long_thing = skeleton.has("R_Grip") and pose.arms_swing_free
    if long_thing:
        pose.hold_upright()
    turns = {joint: values for joint, values in pose.turns().items() if skeleton.has(joint)}
    height = float(skeleton.head("Hip")[1]) / 0.92
    root = pose.shift * height
    air = pose.air * height
    if pose.stays_on_ground:
        root = grounded(skeleton, turns, root, air)
    travel = np.zeros_like(root)
    if pose.walks:
        travel[:, 2] = stride(skeleton, turns, root) * pose.phase
    elif "travel" in pose.angles:
        travel[:, 2] = pose.get("travel") * height
    elif not pose.stays_on_ground:
        travel[:, 1] = 0.62 * height * pose.phase
    return Clip(preset, pose.times, turns, root if in_place else root + travel)
