"""What a person can do: each movement is a table of joint angles over its cycle."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.biped_pose import Pose
from core.sandbox.forge.clip import (
    curve,
    rising_curve,
    wave,
)


def idle() -> Pose:
    """Breathing, with a slow shift of weight."""
    pose = Pose(2.5)
    p = pose.phase
    pose.set("lean", wave(p, 1.5, 1.5))
    pose.set("nod", wave(p, -1, 2, 0.1))
    pose.set("look", wave(p, 0, 7, 0.3))
    pose.set("hip_z", wave(p, 0, 1.5, 0.25))
    pose.set("side", wave(p, 0, -1.5, 0.25))
    pose.shift[:, 0] = wave(p, 0, 0.012, 0.25)
    for side in "LR":
        pose.set(f"{side}_shrug", wave(p, 1.5, 1.8, 0.08))
        pose.set(f"{side}_down", wave(p, 74, 1.5, 0.1))
        pose.set(f"{side}_elbow", wave(p, 16, 2.5, 0.15))
        pose.set(f"{side}_swing", wave(p, 2, 1.5))
        pose.set(f"{side}_apart", 3)
        pose.set(f"{side}_thigh", wave(p, 2.5, 1.0))
        pose.set(f"{side}_knee", wave(p, 5, 2.0))
    pose.arms_swing_free = True
    return pose


def walk() -> Pose:
    """A brisk walk, one step of each foot."""
    pose = Pose(1.0)
    for side, shift in (("L", 0.0), ("R", 0.5)):
        p = pose.phase + shift
        pose.set(
            f"{side}_thigh", curve(p, (0, 28), (0.12, 23), (0.52, -20), (0.62, -14), (0.8, 25), (0.92, 31))
        )
        pose.set(f"{side}_knee", curve(p, (0, 5), (0.13, 17), (0.36, 6), (0.5, 14), (0.71, 62), (0.94, 6)))
        pose.set(f"{side}_pitch", curve(p, (0, 16), (0.1, 0), (0.4, 0), (0.6, -40), (0.75, -22), (0.9, 12)))
        pose.set(f"{side}_swing", wave(p, 4, -30))
        pose.set(f"{side}_elbow", wave(p, 26, -14))
    p = pose.phase
    pose.set("hip_y", wave(p, 0, -7))
    pose.set("twist", wave(p, 0, 14))
    pose.set("hip_z", wave(p, 0, 3, 0.25))
    pose.set("side", wave(p, 0, -3, 0.25))
    pose.set("lean", 4)
    pose.set("look", wave(p, 0, -6))
    pose.shift[:, 0] = wave(p, 0, 0.02, 0.28)
    pose.walks = pose.arms_swing_free = True
    return pose


def run() -> Pose:
    """A run: leaning, elbows bent, both feet off the ground between steps."""
    pose = Pose(0.8)
    for side, shift in (("L", 0.0), ("R", 0.5)):
        p = pose.phase + shift
        pose.set(
            f"{side}_thigh", curve(p, (0, 34), (0.12, 24), (0.38, -30), (0.5, -22), (0.78, 58), (0.9, 50))
        )
        pose.set(
            f"{side}_knee", curve(p, (0, 18), (0.12, 38), (0.34, 14), (0.56, 96), (0.68, 102), (0.9, 36))
        )
        pose.set(f"{side}_pitch", curve(p, (0, 6), (0.1, 0), (0.24, -6), (0.4, -58), (0.6, -80), (0.8, -20)))
        pose.set(f"{side}_swing", wave(p, 4, -48))
        pose.set(f"{side}_elbow", wave(p, 88, -16))
        pose.set(f"{side}_down", 70)
    p = pose.phase
    pose.set("hip_x", 8)
    pose.set("lean", 12)
    pose.set("nod", -12)
    pose.set("hip_y", wave(p, 0, -10))
    pose.set("twist", wave(p, 0, 22))
    pose.set("look", wave(p, 0, -8))
    pose.air = np.maximum(wave(p, 0.0, 0.09, -0.1, times=2), 0)
    pose.walks = True
    return pose


def jump() -> Pose:
    """Crouch, leap, land, straighten."""
    pose = Pose(1.5)
    pose.both("thigh", (0, 2), (0.2, 62), (0.34, -8), (0.52, 34), (0.66, 10), (0.76, 56), (0.95, 2))
    pose.both("knee", (0, 4), (0.2, 96), (0.34, 4), (0.52, 66), (0.66, 14), (0.76, 88), (0.95, 4))
    pose.both("pitch", (0, 0), (0.24, 0), (0.34, -45), (0.52, -38), (0.66, -14), (0.7, 0), (0.95, 0))
    pose.both("swing", (0, 0), (0.18, -50), (0.36, 150), (0.55, 120), (0.76, 20), (0.95, 0))
    pose.both("down", (0, 76), (0.36, 60), (0.55, 40), (0.76, 62), (0.95, 76))
    pose.both("elbow", (0, 14), (0.2, 30), (0.38, 20), (0.76, 40), (0.95, 14))
    pose.draw("lean", (0, 0), (0.2, 34), (0.34, -8), (0.55, 6), (0.76, 30), (0.95, 0))
    pose.draw("nod", (0, 0), (0.2, -22), (0.34, -14), (0.55, 4), (0.76, -16), (0.95, 0))
    flight = np.clip((pose.phase - 0.31) / 0.38, 0, 1)
    pose.air = 4 * 0.55 * flight * (1 - flight)
    return pose


def slash() -> Pose:
    """Wind up over the right shoulder, cut down to the left, recover."""
    pose = Pose(1.2)
    pose.draw("R_swing", (0, 20), (0.28, 172), (0.36, 170), (0.52, 34), (0.64, 14), (0.95, 20))
    pose.draw("R_down", (0, 70), (0.3, 66), (0.52, 82), (0.95, 70))
    pose.draw("R_across", (0, 0), (0.3, -12), (0.54, 42), (0.66, 46), (0.95, 0))
    pose.draw("R_elbow", (0, 40), (0.3, 88), (0.38, 70), (0.5, 12), (0.64, 20), (0.95, 40))
    pose.draw("R_grip", (0, 0), (0.3, 20), (0.5, -60), (0.66, -50), (0.95, 0))
    pose.draw("L_swing", (0, 8), (0.3, 42), (0.54, -42), (0.95, 8))
    pose.draw("L_elbow", (0, 40), (0.3, 62), (0.54, 36), (0.95, 40))
    pose.draw("twist", (0, -8), (0.3, -38), (0.54, 36), (0.66, 38), (0.95, -8))
    pose.draw("hip_y", (0, -5), (0.3, -16), (0.54, 14), (0.95, -5))
    pose.draw("lean", (0, 4), (0.3, -8), (0.54, 24), (0.66, 22), (0.95, 4))
    pose.draw("look", (0, 8), (0.3, 30), (0.54, -24), (0.95, 8))
    pose.draw("L_thigh", (0, 8), (0.28, 6), (0.42, 40), (0.52, 32), (0.7, 30), (0.95, 8))
    pose.draw("L_knee", (0, 12), (0.28, 14), (0.4, 46), (0.52, 32), (0.95, 12))
    pose.draw("R_thigh", (0, 0), (0.3, -4), (0.54, -22), (0.7, -20), (0.95, 0))
    pose.draw("R_knee", (0, 12), (0.3, 22), (0.54, 10), (0.95, 12))
    pose.draw("R_pitch", (0, 0), (0.36, 0), (0.54, -22), (0.7, -20), (0.95, 0))
    pose.shift[:, 2] = curve(pose.phase, (0, 0), (0.25, -0.05), (0.54, 0.22), (0.68, 0.22), (0.95, 0))
    return pose


def shoot() -> Pose:
    """Raise a bow, draw to the cheek, loose, lower."""
    pose = Pose(2.0)
    pose.draw("twist", (0, 0), (0.25, -58), (0.78, -58), (0.96, 0))
    pose.draw("hip_y", (0, 0), (0.25, -22), (0.78, -22), (0.96, 0))
    pose.draw("look", (0, 0), (0.25, 74), (0.78, 74), (0.96, 0))
    pose.draw("L_down", (0, 76), (0.25, 2), (0.6, 0), (0.64, -4), (0.78, 2), (0.96, 76))
    pose.draw("L_across", (0, 0), (0.25, 10), (0.78, 10), (0.96, 0))
    pose.draw("L_elbow", (0, 14), (0.25, 5), (0.78, 5), (0.96, 14))
    pose.draw("R_down", (0, 76), (0.25, 14), (0.5, -4), (0.66, 2), (0.78, 20), (0.96, 76))
    pose.draw("R_across", (0, 0), (0.25, 74), (0.5, 8), (0.6, 6), (0.64, -26), (0.78, -10), (0.96, 0))
    pose.draw("R_elbow", (0, 14), (0.25, 74), (0.5, 142), (0.6, 144), (0.65, 100), (0.78, 70), (0.96, 14))
    pose.draw("lean", (0, 0), (0.3, -2), (0.6, -3), (0.65, 3), (0.96, 0))
    pose.both("apart", (0, 3), (0.25, 14), (0.78, 14), (0.96, 3))
    pose.both("knee", (0, 4), (0.25, 14), (0.78, 14), (0.96, 4))
    pose.both("thigh", (0, 2), (0.25, 7), (0.78, 7), (0.96, 2))
    return pose


def hurt() -> Pose:
    """A blow to the body: recoil, double up, recover."""
    pose = Pose(1.0)
    pose.draw("lean", (0, 3), (0.14, -20), (0.4, 34), (0.6, 28), (0.95, 3))
    pose.draw("twist", (0, 0), (0.14, 26), (0.4, -12), (0.95, 0))
    pose.draw("side", (0, 0), (0.14, -10), (0.4, 6), (0.95, 0))
    pose.draw("nod", (0, 0), (0.12, -26), (0.36, 26), (0.95, 0))
    pose.draw("tilt", (0, 0), (0.14, 16), (0.4, -6), (0.95, 0))
    pose.draw("L_swing", (0, 0), (0.14, 44), (0.4, 34), (0.6, 34), (0.95, 0))
    pose.draw("R_swing", (0, 0), (0.14, 24), (0.4, 38), (0.6, 36), (0.95, 0))
    pose.both("down", (0, 76), (0.14, 42), (0.42, 70), (0.95, 76))
    pose.both("elbow", (0, 14), (0.14, 60), (0.42, 104), (0.6, 100), (0.95, 14))
    pose.draw("L_thigh", (0, 2), (0.14, 4), (0.42, 42), (0.6, 38), (0.95, 2))
    pose.draw("R_thigh", (0, 2), (0.14, -18), (0.42, 16), (0.6, 14), (0.95, 2))
    pose.draw("L_knee", (0, 5), (0.14, 12), (0.42, 58), (0.6, 54), (0.95, 5))
    pose.draw("R_knee", (0, 5), (0.14, 24), (0.42, 52), (0.6, 48), (0.95, 5))
    pose.shift[:, 2] = curve(pose.phase, (0, 0), (0.18, -0.12), (0.5, -0.1), (0.95, 0))
    return pose


def fall() -> Pose:
    """Knocked over backwards, flat on the ground, up again."""
    pose = Pose(2.5)
    pose.draw(
        "hip_x", (0, 0), (0.08, -6), (0.24, -52), (0.34, -90), (0.6, -90), (0.74, -46), (0.86, -6), (0.97, 0)
    )
    pose.draw("lean", (0, 0), (0.1, -14), (0.22, 18), (0.34, 2), (0.58, 0), (0.7, 52), (0.86, 34), (0.97, 0))
    pose.draw("nod", (0, 0), (0.1, -18), (0.24, 36), (0.36, -6), (0.6, 0), (0.72, 20), (0.97, 0))
    pose.both(
        "thigh", (0, 2), (0.1, 8), (0.24, 72), (0.36, 14), (0.58, 6), (0.74, 108), (0.86, 78), (0.97, 2)
    )
    pose.both(
        "knee", (0, 4), (0.1, 16), (0.24, 74), (0.36, 22), (0.58, 10), (0.74, 128), (0.86, 104), (0.97, 4)
    )
    pose.both("pitch", (0, 0), (0.12, 8), (0.24, 24), (0.34, 80), (0.58, 82), (0.74, 6), (0.84, 0), (0.97, 0))
    pose.both("swing", (0, 0), (0.12, 70), (0.26, 84), (0.36, 10), (0.58, 6), (0.72, 30), (0.97, 0))
    pose.both("down", (0, 76), (0.12, 46), (0.26, 30), (0.38, 34), (0.58, 36), (0.76, 66), (0.97, 76))
    pose.both("elbow", (0, 14), (0.14, 40), (0.38, 12), (0.6, 10), (0.76, 40), (0.97, 14))
    pose.both("apart", (0, 3), (0.38, 12), (0.6, 12), (0.8, 4), (0.97, 3))
    pose.shift[:, 2] = curve(
        pose.phase, (0, 0), (0.12, -0.1), (0.34, -0.62), (0.6, -0.62), (0.86, -0.08), (0.97, 0)
    )
    return pose


def climb() -> Pose:
    """Hand over hand up a wall."""
    pose = Pose(1.4)
    for side, shift in (("L", 0.0), ("R", 0.5)):
        p = pose.phase + shift
        pose.set(f"{side}_swing", curve(p, (0, 168), (0.1, 168), (0.55, 98), (0.7, 96), (0.9, 158)))
        pose.set(f"{side}_down", curve(p, (0, 80), (0.55, 66), (0.9, 80)))
        pose.set(f"{side}_elbow", curve(p, (0, 14), (0.1, 16), (0.55, 104), (0.72, 98), (0.92, 30)))
        pose.set(f"{side}_thigh", curve(p, (0, 20), (0.1, 16), (0.4, 86), (0.52, 88), (0.95, 22)))
        pose.set(f"{side}_knee", curve(p, (0, 26), (0.1, 24), (0.36, 112), (0.52, 98), (0.95, 30)))
        pose.set(f"{side}_pitch", curve(p, (0, -14), (0.3, -30), (0.52, 4), (0.95, -10)))
        pose.set(f"{side}_apart", 12)
    p = pose.phase
    pose.set("lean", 6)
    pose.set("nod", -20)
    pose.set("side", wave(p, 0, 7, 0.05))
    pose.set("hip_z", wave(p, 0, -6, 0.05))
    pose.set("twist", wave(p, 0, -8))
    pose.shift[:, 0] = wave(p, 0, 0.03, 0.1)
    pose.stays_on_ground = False
    return pose


def dive() -> Pose:
    """A running dive: leap, reach, roll over the shoulders, back on the feet."""
    pose = Pose(1.7)
    p = pose.phase
    pose.set(
        "hip_x",
        rising_curve(
            p,
            360,
            (0, 0),
            (0.16, 14),
            (0.34, 74),
            (0.48, 128),
            (0.6, 205),
            (0.72, 290),
            (0.82, 345),
            (0.92, 360),
        ),
    )
    pose.both(
        "thigh", (0, 2), (0.16, 58), (0.28, -14), (0.42, -6), (0.56, 92), (0.7, 124), (0.82, 108), (0.97, 2)
    )
    pose.both(
        "knee", (0, 4), (0.16, 88), (0.28, 4), (0.42, 12), (0.56, 104), (0.7, 132), (0.82, 112), (0.97, 4)
    )
    pose.both("foot", (0, 0), (0.2, 0), (0.3, -48), (0.46, -40), (0.6, 0), (0.97, 0))
    pose.both("swing", (0, 0), (0.16, -46), (0.32, 170), (0.5, 168), (0.62, 92), (0.78, 60), (0.97, 0))
    pose.both("down", (0, 76), (0.32, 82), (0.5, 80), (0.97, 76))
    pose.both("elbow", (0, 14), (0.16, 20), (0.32, 8), (0.5, 40), (0.64, 90), (0.97, 14))
    pose.draw("lean", (0, 0), (0.16, 26), (0.32, -8), (0.5, 34), (0.66, 54), (0.8, 34), (0.97, 0))
    pose.draw("nod", (0, 0), (0.16, -20), (0.32, -24), (0.46, 30), (0.66, 44), (0.97, 0))
    flight = np.clip((p - 0.2) / 0.27, 0, 1)
    pose.air = 4 * 0.34 * flight * (1 - flight)
    pose.set("travel", rising_curve(p, 1.9, (0, 0), (0.16, 0.04), (0.47, 1.05), (0.72, 1.62), (0.9, 1.9)))
    return pose


def turn() -> Pose:
    """Two half turns to the left, with steps."""
    pose = Pose(2.4)
    p = pose.phase
    pose.set(
        "hip_y", rising_curve(p, 360, (0, 0), (0.08, 4), (0.4, 180), (0.5, 180), (0.58, 184), (0.9, 360))
    )
    pose.set(
        "look", curve(p, (0, 0), (0.1, 38), (0.3, 16), (0.42, 0), (0.5, 0), (0.6, 38), (0.8, 16), (0.92, 0))
    )
    pose.set(
        "twist",
        curve(p, (0, 0), (0.1, 16), (0.34, -6), (0.46, 0), (0.5, 0), (0.6, 16), (0.84, -6), (0.96, 0)),
    )
    pose.set("side", curve(p, (0, 0), (0.2, 5), (0.44, 0), (0.5, 0), (0.7, 5), (0.94, 0)))
    for side, shift in (("L", 0.0), ("R", 0.11)):
        lift = (
            (0.06 + shift, 4.0),
            (0.14 + shift, 34.0),
            (0.22 + shift, 4.0),
            (0.28 + shift, 24.0),
            (0.34 + shift, 4.0),
        )
        keys = [*lift, *((at + 0.5, value) for at, value in lift)]
        pose.draw(f"{side}_thigh", *keys)
        pose.draw(f"{side}_knee", *((at, 1.7 * value) for at, value in keys))
        pose.set(f"{side}_swing", wave(p, 0, 12 if side == "L" else -12, 0.2, times=2))
        pose.set(f"{side}_elbow", 24)
    return pose


def dance() -> Pose:
    """Bounce, sway and throw the arms up."""
    pose = Pose(1.6)
    p = pose.phase
    for side, shift, sign in (("L", 0.0, 1), ("R", 0.5, -1)):
        q = p + shift
        pose.set(f"{side}_swing", curve(q, (0, 150), (0.25, 120), (0.5, 30), (0.75, 110)))
        pose.set(f"{side}_down", curve(q, (0, 40), (0.5, 64)))
        pose.set(f"{side}_elbow", wave(q, 60, -24, times=2))
        pose.set(f"{side}_thigh", np.maximum(wave(q, 14, 22), 8))
        pose.set(f"{side}_knee", np.maximum(wave(q, 26, 40), 14))
        pose.set(f"{side}_apart", 8)
        pose.set("hip_z", wave(p, 0, 9, 0.1) * 1.0)
        pose.shift[:, 0] += sign * wave(q, 0, 0.03, 0.1)
    pose.set("side", wave(p, 0, -10, 0.1))
    pose.set("twist", wave(p, 0, 18))
    pose.set("nod", wave(p, 0, 8, times=2))
    return pose


def greet() -> Pose:
    """A friendly wave of the right hand: what any other gesture looks like here."""
    pose = Pose(2.2)
    pose.draw("R_down", (0, 74), (0.22, -24), (0.78, -24), (0.97, 74))
    pose.draw("R_across", (0, 0), (0.22, 14), (0.78, 14), (0.97, 0))
    pose.draw("R_roll", (0, 0), (0.22, -78), (0.78, -78), (0.97, 0))
    pose.draw(
        "R_elbow", (0, 14), (0.22, 62), (0.34, 30), (0.45, 66), (0.56, 30), (0.67, 66), (0.78, 46), (0.97, 14)
    )
    pose.draw("look", (0, 0), (0.22, -10), (0.78, -10), (0.97, 0))
    pose.draw("tilt", (0, 0), (0.22, 7), (0.78, 7), (0.97, 0))
    pose.draw("side", (0, 0), (0.22, -5), (0.78, -5), (0.97, 0))
    pose.set("L_down", wave(pose.phase, 75, 1.5))
    pose.both("knee", (0, 4), (0.5, 7))
    pose.both("thigh", (0, 2), (0.5, 3.5))
    return pose


MOVES = {
    "walk": (walk, "swagger"),
    "run": (run, "flee dribble surf"),
    "jump": (jump, "flip volleyball basketball football_save"),
    "dive": (dive, "swim press"),
    "climb": (climb, "lift"),
    "slash": (slash, "chop box golf pitch kick pass dig shovel crunch cast"),
    "shoot": (shoot, "bow fire"),
    "hurt": (hurt, "hit afraid scared frightened sob cry complain"),
    "fall": (fall, "defeat sit"),
    "turn": (turn, "look_around"),
    "dance": (dance, "cheer clap celebration freaky warm sing laugh"),
    "idle": (idle, "wait standing fold depressed phone video"),
}


def pose_for(preset: str) -> Pose:
    """The movement that a preset's name comes nearest to; a wave of the hand if it names none."""
    name = preset.rsplit(":", 1)[-1]
    if name in MOVES:
        return MOVES[name][0]()
    for move, (drawn, others) in MOVES.items():
        if move in name or any(word in name for word in others.split()):
            return drawn()
    return greet()
