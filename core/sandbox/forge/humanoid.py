"""The human figure in T-pose: its measures, its skeleton, and the plain clothed body that outfits dress."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.sandbox.forge.palette import LEATHER, Paint
from core.sandbox.forge.sculpture import Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch, tube

SPINE = ("Hip", "Waist", "Spine01", "Spine02", "Neck")
ARM = ("L_Clavicle", "L_Upperarm", "L_Forearm", "L_Hand")
LEG = ("Hip", "L_Thigh", "L_Calf", "L_Foot")

MIXAMO_NAMES = {
    "Hip": "Hips",
    "Waist": "Spine",
    "Spine01": "Spine1",
    "Spine02": "Spine2",
    "Neck": "Neck",
    "Head": "Head",
    "Clavicle": "Shoulder",
    "Upperarm": "Arm",
    "Forearm": "ForeArm",
    "Hand": "Hand",
    "Thigh": "UpLeg",
    "Calf": "Leg",
    "Foot": "Foot",
    "Toe": "ToeBase",
}


def mixamo_name(joint: str) -> str:
    """The joint's name in Mixamo's scheme, as in `mixamorig:LeftArm`."""
    side, _, bone = joint.rpartition("_")
    sides = {"L": "Left", "R": "Right"}
    return f"mixamorig:{sides.get(side, '')}{MIXAMO_NAMES.get(bone, bone)}"


@dataclass(frozen=True)
class Build:
    """How somebody is built: height in metres, the rest as shares of an ordinary adult."""

    height: float = 1.8
    girth: float = 1.0
    head: float = 1.32
    shoulders: float = 1.0
    limbs: float = 1.06


@dataclass(frozen=True)
class Cloth:
    """The paints of a body: an outfit may cover any of them."""

    skin: Paint
    hair: Paint
    shirt: Paint
    trousers: Paint
    boots: Paint = LEATHER
    hands: Paint | None = None
    trim: Paint = LEATHER


def skeleton_of(build: Build) -> Skeleton:
    """The twenty-two joints of a person in T-pose; Y is measured from the soles."""
    skeleton = Skeleton()
    wide = build.shoulders
    skeleton.add("Hip", None, (0, 0.92, 0))
    skeleton.add("Waist", "Hip", (0, 1.0, 0))
    skeleton.add("Spine01", "Waist", (0, 1.11, 0))
    skeleton.add("Spine02", "Spine01", (0, 1.25, 0))
    skeleton.add("Neck", "Spine02", (0, 1.42, 0))
    skeleton.add("Head", "Neck", (0, 1.48, 0))
    for side, sign in (("L", 1), ("R", -1)):
        skeleton.add(f"{side}_Clavicle", "Spine02", (0.05 * sign, 1.37, 0))
        skeleton.add(f"{side}_Upperarm", f"{side}_Clavicle", (0.19 * sign * wide, 1.37, 0))
        skeleton.add(f"{side}_Forearm", f"{side}_Upperarm", (sign * (0.19 * wide + 0.25), 1.37, 0))
        skeleton.add(f"{side}_Hand", f"{side}_Forearm", (sign * (0.19 * wide + 0.48), 1.37, 0))
    for side, sign in (("L", 1), ("R", -1)):
        skeleton.add(f"{side}_Thigh", "Hip", (0.1 * sign, 0.88, 0))
        skeleton.add(f"{side}_Calf", f"{side}_Thigh", (0.105 * sign, 0.48, 0.005))
        skeleton.add(f"{side}_Foot", f"{side}_Calf", (0.11 * sign, 0.09, -0.01))
        skeleton.add(f"{side}_Toe", f"{side}_Foot", (0.115 * sign, 0.04, 0.11))
        skeleton.touch(f"{side}_Foot", (0.11 * sign, 0, -0.07), (0.11 * sign, 0, 0.1), (0.11 * sign, 0, 0.19))
        skeleton.touch(f"{side}_Calf", (0.105 * sign, 0.48, 0.09))
        skeleton.touch(f"{side}_Hand", (0.8 * sign, 1.34, 0), (0.8 * sign, 1.37, 0.05))
    skeleton.touch("Hip", (0, 0.9, -0.14), (0.1, 0.88, -0.13), (-0.1, 0.88, -0.13), (0, 0.95, 0.12))
    skeleton.touch("Spine02", (0, 1.3, -0.14), (0, 1.3, 0.14))
    skeleton.touch("Head", (0, 1.66, -0.2), (0, 1.8, -0.05), (0, 1.66, 0.2))
    return skeleton


TORSO = np.array(
    [
        (0.82, 0.130, 0.100),
        (0.88, 0.168, 0.122),
        (0.95, 0.156, 0.116),
        (1.03, 0.146, 0.108),
        (1.14, 0.160, 0.117),
        (1.26, 0.178, 0.128),
        (1.35, 0.158, 0.112),
        (1.42, 0.085, 0.080),
    ]
)
"""The trunk from the crotch to the neck: height, half width, half depth in metres."""
SLEEVE = np.array([(-0.06, 0.072), (0.02, 0.08), (0.12, 0.072), (0.25, 0.06), (0.36, 0.062), (0.47, 0.05)])
"""The arm from the shoulder out: distance from the shoulder, radius."""
LEG_SHAPE = np.array(
    [(0.9, 0.092), (0.8, 0.1), (0.62, 0.088), (0.48, 0.076), (0.36, 0.076), (0.24, 0.066), (0.12, 0.058)]
)
"""The leg from the hip down: height, radius."""


class Figure:
    """A person under construction: the sculpture, and the measures and paints that outfits need."""

    def __init__(self, build: Build, cloth: Cloth, words: frozenset[str] = frozenset()) -> None:
        self.build, self.cloth, self.words = build, cloth, words
        self.sculpture = Sculpture(skeleton_of(build))
        self.shoulder_x = 0.19 * build.shoulders
        self.hand_x = self.shoulder_x + 0.48
        self.head_y = 1.47 + 0.155 * build.head

    def on_head(self, patch: Patch, paint: Paint) -> None:
        """Fix a patch to the head; it is drawn about the centre of a head of ordinary size."""
        size = self.build.head
        self.sculpture.add(patch.scaled(size, size, size).moved(y=self.head_y), paint, "Head")

    def both_on_head(self, patch: Patch, paint: Paint) -> None:
        """Fix a patch and its mirror image to the head."""
        self.on_head(patch, paint)
        self.on_head(patch.mirrored(), paint)

    def trunk_radii(self, y: float, margin: float = 0.0) -> tuple[float, float]:
        """Half width and half depth of the trunk at a height."""
        broad = 1 + (self.build.shoulders - 1) * float(np.clip((y - 1.0) / 0.25, 0, 1))
        across = float(np.interp(y, TORSO[:, 0], TORSO[:, 1])) * self.build.girth * broad
        return across + margin, float(np.interp(y, TORSO[:, 0], TORSO[:, 2])) * self.build.girth + margin

    def around_trunk(self, low: float, high: float, margin: float, *, flare: float = 0.0) -> Patch:
        """A layer of cloth or plate around the trunk, `margin` metres off it, `flare` wider at the bottom."""
        heights = np.linspace(low, high, max(3, round((high - low) / 0.055)))
        spread = flare * (high - heights) / (high - low)
        radii = [self.trunk_radii(y, margin + extra) for y, extra in zip(heights, spread, strict=True)]
        points = [(0.0, y, 0.006 * np.sin((y - 0.9) * 5)) for y in heights]
        return tube(points, radii, sides=14, steps=len(heights), round_ends=(0, 0))

    def around_arm(self, start: float, end: float, margin: float, *, flare: float = 0.0) -> Patch:
        """A layer around the left arm between two distances from the shoulder; `flare` widens the far end."""
        along = np.linspace(start, end, max(3, round((end - start) / 0.05)))
        spread = np.linspace(0, flare, len(along))
        radii = np.interp(along, SLEEVE[:, 0], SLEEVE[:, 1]) * self.build.limbs + margin + spread
        points = [(self.shoulder_x + x, 1.37, 0.0) for x in along]
        return tube(points, radii.tolist(), sides=10, steps=len(along), round_ends=(0, 0))

    def around_leg(self, low: float, high: float, margin: float, *, flare: float = 0.0) -> Patch:
        """A layer around the left leg between two heights; `flare` widens the upper end."""
        heights = np.linspace(low, high, max(3, round((high - low) / 0.06)))
        spread = np.linspace(0, flare, len(heights))
        radii = (
            np.interp(heights, LEG_SHAPE[::-1, 0], LEG_SHAPE[::-1, 1]) * self.build.limbs + margin + spread
        )
        points = [(0.1 + 0.012 * (0.9 - y), y, 0.012 - 0.06 * (y - 0.48) ** 2) for y in heights]
        return tube(points, radii.tolist(), sides=10, steps=len(heights), round_ends=(0, 0))


def dress_body(figure: Figure) -> None:
    """Torso, sleeves, hands, trouser legs and boots."""
    cloth, body = figure.cloth, figure.sculpture
    body.add(figure.around_trunk(0.94, 1.42, 0.0), cloth.shirt, *SPINE)
    body.add(figure.around_trunk(0.83, 0.97, 0.004), cloth.trousers, "Hip")
    neck = tube([(0, 1.38, 0), (0, 1.52, 0.005)], [0.064, 0.058], sides=12, steps=5)
    body.add(neck, cloth.skin, "Neck", "Head")
    body.pair(figure.around_arm(-0.06, 0.47, 0.0), cloth.shirt, *ARM)
    body.pair(figure.around_leg(0.12, 0.9, 0.0), cloth.trousers, *LEG)
    _boots(figure)
    _hands(figure)


def _boots(figure: Figure) -> None:
    paint, body = figure.cloth.boots, figure.sculpture
    body.pair(figure.around_leg(0.09, 0.31, 0.011, flare=0.008), paint, "L_Thigh", "L_Calf", "L_Foot")
    body.pair(
        tube(
            [(0.112, 0.07, -0.055), (0.113, 0.074, 0.02), (0.117, 0.06, 0.11), (0.119, 0.05, 0.165)],
            [(0.058, 0.062), (0.066, 0.066), (0.07, 0.052), (0.055, 0.04)],
            sides=10,
            steps=6,
            square=2.5,
        ),
        paint,
        "L_Foot",
        "L_Toe",
    )
    sole = tube(
        [(0.112, 0.013, -0.07), (0.115, 0.013, 0.05), (0.119, 0.013, 0.165)],
        [(0.058, 0.013), (0.069, 0.013), (0.058, 0.013)],
        sides=10,
        steps=4,
        square=2.6,
        round_ends=(1, 1),
    )
    body.pair(sole, paint.darker(0.4), "L_Foot", "L_Toe")


def _hands(figure: Figure) -> None:
    paint, body, x = figure.cloth.hands or figure.cloth.skin, figure.sculpture, figure.hand_x
    palm = tube(
        [(x - 0.03, 1.37, 0), (x + 0.03, 1.37, 0.002), (x + 0.09, 1.368, 0.004), (x + 0.15, 1.36, 0.004)],
        [(0.037, 0.037), (0.054, 0.042), (0.054, 0.037), (0.038, 0.026)],
        sides=10,
        steps=7,
        square=2.5,
    )
    body.pair(palm, paint, "L_Hand")
    thumb = [(x + 0.02, 1.365, 0.03), (x + 0.055, 1.36, 0.072), (x + 0.095, 1.358, 0.086)]
    body.pair(tube(thumb, [0.026, 0.022, 0.017], sides=8), paint, "L_Hand")
