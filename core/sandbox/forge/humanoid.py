"""The human figure in T-pose: its measures, its skeleton, and the plain clothed body that outfits dress."""

from __future__ import annotations

from dataclasses import dataclass

from core.sandbox.forge.palette import INK, LEATHER, ROSE, WHITE, Paint
from core.sandbox.forge.sculpture import Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch, ball, tube

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
    head: float = 1.0
    shoulders: float = 1.0
    limbs: float = 1.0


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
    return skeleton


class Figure:
    """A person under construction: the sculpture, the measures and the paints that outfits need."""

    def __init__(self, build: Build, cloth: Cloth) -> None:
        self.build = build
        self.cloth = cloth
        self.sculpture = Sculpture(skeleton_of(build))
        self.hand_x = 0.19 * build.shoulders + 0.48
        self.head_size = build.head
        self.head_y = 1.48 + 0.15 * build.head

    def on_head(self, patch: Patch, paint: Paint) -> None:
        """Fix a patch to the head; it is drawn about the head's centre for a head of ordinary size."""
        size = self.head_size
        self.sculpture.add(patch.scaled(size, size, size).moved(y=self.head_y), paint, "Head")

    def both_on_head(self, patch: Patch, paint: Paint) -> None:
        """Fix a patch and its mirror image to the head."""
        self.on_head(patch, paint)
        self.on_head(patch.mirrored(), paint)


def dress_body(figure: Figure) -> None:
    """Torso, sleeves, hands, trouser legs and boots."""
    cloth, build, body = figure.cloth, figure.build, figure.sculpture
    g, w, limb = build.girth, build.shoulders, build.limbs
    body.add(
        tube(
            [(0, 0.93, 0), (0, 1.02, 0), (0, 1.14, 0.005), (0, 1.27, 0.01), (0, 1.37, 0), (0, 1.43, -0.005)],
            [
                (0.155 * g, 0.115 * g),
                (0.15 * g, 0.11 * g),
                (0.165 * g, 0.12 * g),
                (0.185 * w, 0.13 * g),
                (0.15 * w, 0.105),
                (0.075, 0.075),
            ],
            sides=16,
            steps=14,
        ),
        cloth.shirt,
        *SPINE,
    )
    body.add(
        tube(
            [(0, 0.82, 0), (0, 0.88, 0), (0, 0.96, 0)],
            [(0.13 * g, 0.1 * g), (0.172 * g, 0.125 * g), (0.16 * g, 0.118 * g)],
            sides=16,
            steps=7,
        ),
        cloth.trousers,
        "Hip",
    )
    body.add(
        tube([(0, 1.39, 0), (0, 1.52, 0.005)], [0.066, 0.06], sides=12, steps=5), cloth.skin, "Neck", "Head"
    )
    shoulder = 0.19 * w
    body.pair(
        tube(
            [
                (shoulder - 0.07, 1.37, 0),
                (shoulder, 1.37, 0),
                (shoulder + 0.13, 1.37, 0),
                (shoulder + 0.25, 1.37, 0),
                (shoulder + 0.36, 1.37, 0),
                (shoulder + 0.47, 1.37, 0),
            ],
            [0.07 * limb, 0.078 * limb, 0.07 * limb, 0.06 * limb, 0.06 * limb, 0.05 * limb],
            sides=12,
            steps=16,
        ),
        cloth.shirt,
        *ARM,
    )
    body.pair(
        tube(
            [
                (0.098, 0.9, 0),
                (0.1, 0.8, 0.005),
                (0.103, 0.62, 0.008),
                (0.105, 0.48, 0.012),
                (0.108, 0.3, 0),
                (0.11, 0.16, -0.005),
            ],
            [0.09 * limb, 0.098 * limb, 0.086 * limb, 0.074 * limb, 0.07 * limb, 0.06 * limb],
            sides=12,
            steps=18,
        ),
        cloth.trousers,
        *LEG,
    )
    _boots(figure)
    _hands(figure)


def _boots(figure: Figure) -> None:
    paint, body = figure.cloth.boots, figure.sculpture
    body.pair(
        tube(
            [(0.11, 0.1, -0.008), (0.109, 0.2, -0.004), (0.108, 0.31, 0.002)], [0.064, 0.07, 0.082], steps=6
        ),
        paint,
        "L_Calf",
    )
    body.pair(
        tube(
            [(0.112, 0.062, -0.06), (0.113, 0.065, 0.02), (0.117, 0.052, 0.11), (0.119, 0.045, 0.17)],
            [(0.055, 0.06), (0.062, 0.063), (0.066, 0.05), (0.05, 0.04)],
            sides=12,
            steps=9,
            square=2.6,
        ),
        paint,
        "L_Foot",
        "L_Toe",
    )
    body.pair(
        tube(
            [(0.112, 0.014, -0.075), (0.115, 0.014, 0.05), (0.119, 0.014, 0.19)],
            [(0.058, 0.014), (0.068, 0.014), (0.058, 0.014)],
            sides=12,
            steps=6,
            square=3,
        ),
        paint.darker(0.45),
        "L_Foot",
        "L_Toe",
    )


def _hands(figure: Figure) -> None:
    paint, body, x = figure.cloth.hands or figure.cloth.skin, figure.sculpture, figure.hand_x
    body.pair(
        tube(
            [
                (x - 0.03, 1.37, 0),
                (x + 0.03, 1.37, 0.002),
                (x + 0.09, 1.368, 0.004),
                (x + 0.155, 1.362, 0.004),
            ],
            [(0.036, 0.036), (0.05, 0.038), (0.05, 0.033), (0.036, 0.024)],
            sides=12,
            steps=10,
            square=2.5,
        ),
        paint,
        "L_Hand",
    )
    body.pair(
        tube(
            [(x + 0.02, 1.365, 0.03), (x + 0.055, 1.36, 0.07), (x + 0.095, 1.358, 0.082)],
            [0.024, 0.02, 0.016],
            sides=8,
        ),
        paint,
        "L_Hand",
    )


def shape_head(figure: Figure) -> None:
    """A bare head with a friendly face; the centre is between the ears, the face at +Z."""
    cloth = figure.cloth
    figure.on_head(ball((0, 0.01, 0), (0.14, 0.165, 0.148), sides=18, rings=12), cloth.skin)
    figure.on_head(ball((0, -0.075, 0.035), (0.1, 0.085, 0.1), sides=14), cloth.skin)
    figure.both_on_head(
        ball((0.138, -0.01, -0.01), (0.022, 0.042, 0.032), sides=8, rings=6), cloth.skin.darker(0.08)
    )
    figure.on_head(ball((0, -0.03, 0.152), (0.02, 0.028, 0.024), sides=8, rings=6), cloth.skin.darker(0.06))
    figure.both_on_head(ball((0.052, 0.02, 0.13), (0.021, 0.028, 0.012), sides=10, rings=7), INK)
    figure.both_on_head(ball((0.058, 0.03, 0.1405), 0.0065, sides=6, rings=5), WHITE)
    brow = tube(
        [(0.028, 0.068, 0.138), (0.055, 0.076, 0.132), (0.08, 0.068, 0.118)], [0.007, 0.009, 0.006], sides=6
    )
    figure.both_on_head(brow, cloth.hair)
    mouth = tube(
        [(-0.032, -0.085, 0.128), (0, -0.092, 0.137), (0.032, -0.085, 0.128)], [0.005, 0.007, 0.005], sides=6
    )
    figure.on_head(mouth, ROSE.darker(0.3))


def short_hair(figure: Figure) -> None:
    """A cap of hair that ends above the brow."""
    figure.on_head(ball((0, 0.055, -0.025), (0.152, 0.145, 0.15), sides=16, rings=9), figure.cloth.hair)
