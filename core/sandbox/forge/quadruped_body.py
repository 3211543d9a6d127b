"""The body that four-legged animals share: skeleton, trunk, legs and head."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.palette import INK, WHITE, Paint, matte
from core.sandbox.forge.quadruped_species import Species
from core.sandbox.forge.sculpture import Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch, ball, tube

BODY = ("Hip", "Spine", "Chest")


TAIL = ("Hip", "Tail1", "Tail2", "Tail3")


PINK = matte("d99a93")


HORN = matte("5a4a40", 0.3)


class Beast:
    """An animal under construction."""

    def __init__(self, species: Species, coat: Paint, second: Paint) -> None:
        self.species = species
        self.coat = coat
        self.second = second
        s = species
        self.back = s.height - s.girth * 0.45
        self.front, self.rear = s.length / 2, -s.length / 2
        self.head_at = np.array([0, self.back + s.neck[1], self.front + s.neck[0]])
        self.leg_x = s.girth * 0.62
        self.sculpture = Sculpture(self._skeleton())

    def _skeleton(self) -> Skeleton:
        s, skeleton = self.species, Skeleton()
        skeleton.add("Hip", None, (0, self.back, self.rear * 0.85))
        skeleton.add("Spine", "Hip", (0, self.back, self.rear * 0.1))
        skeleton.add("Chest", "Spine", (0, self.back, self.front * 0.65))
        skeleton.add("Neck", "Chest", (0, self.back + s.neck[1] * 0.2, self.front + s.neck[0] * 0.15))
        skeleton.add("Head", "Neck", tuple(self.head_at - (0, s.head * 0.2, s.head * 0.6)))
        parent, step = "Hip", s.height * 0.22
        for i in range(3):
            parent = skeleton.add(
                f"Tail{i + 1}", parent, (0, self.back + s.girth * 0.3, self.rear - s.girth * 0.4 - step * i)
            )
        for side, sign in (("L", 1), ("R", -1)):
            self._leg(skeleton, f"{side}_Front", sign * self.leg_x, self.front * 0.72, bend=-0.06)
            self._leg(skeleton, f"{side}_Back", sign * self.leg_x, self.rear * 0.8, bend=0.1)
        return skeleton

    def _leg(self, skeleton: Skeleton, name: str, x: float, z: float, bend: float) -> None:
        h = self.back
        skeleton.add(f"{name}_Upper", "Chest" if "Front" in name else "Hip", (x, h * 0.86, z))
        skeleton.add(f"{name}_Lower", f"{name}_Upper", (x, h * 0.48, z + bend * h))
        skeleton.add(f"{name}_Paw", f"{name}_Lower", (x, h * 0.14, z - 0.02 * h))
        skeleton.touch(f"{name}_Paw", (x, 0, z - 0.05 * h), (x, 0, z + 0.09 * h))

    def on_head(self, patch: Patch, paint: Paint, *, both: bool = False) -> None:
        """Fix a patch that is drawn about the skull's middle, the skull being 1 in radius."""
        size = self.species.head
        placed = patch.scaled(size, size, size).moved(*self.head_at)
        self.sculpture.add(placed, paint, "Head")
        if both:
            self.sculpture.add(placed.mirrored(), paint, "Head")


def add_trunk(b: Beast) -> None:
    """The trunk, its belly and the neck."""
    s, y = b.species, b.back - b.species.girth * 0.28
    line = [
        (0, y + 0.02, b.rear - s.girth * 0.35),
        (0, y, b.rear * 0.7),
        (0, y - s.girth * 0.02, 0),
        (0, y - s.girth * 0.1, b.front * 0.65),
        (0, y + s.girth * 0.1, b.front + s.girth * 0.2),
    ]
    radii = [
        (s.girth * 0.6, s.girth * 0.66),
        (s.girth * 0.92, s.girth),
        (s.girth * 0.88, s.girth * 0.92),
        (s.girth * 0.98, s.girth * 1.12),
        (s.girth * 0.66, s.girth * 0.74),
    ]
    b.sculpture.add(tube(line, radii, sides=16, steps=14, round_ends=(0.8, 0.8)), b.coat, *BODY)
    if "pale_belly" in s.extras:
        belly = [(x, yy - s.girth * 0.2, z * 0.8) for x, yy, z in line[1:]]
        b.sculpture.add(
            tube(belly, [(w * 0.78, d * 0.88) for w, d in radii[1:]], sides=14, steps=9), b.second, *BODY
        )
    foot = np.array([0, b.back - s.girth * 0.15, b.front + s.girth * 0.05])
    top = b.head_at - (0, s.head * 0.25, s.head * 0.35)
    middle = (foot + top) / 2 + (0, -0.04 * s.neck[1], 0.0)
    thick = min(s.girth * 0.72, max(s.head * 1.05, s.girth * 0.55))
    neck = tube(
        [tuple(foot - (0, 0, s.girth * 0.3)), tuple(middle), tuple(top)],
        [thick * 1.1, thick * 0.86, s.head * 0.72],
        sides=14,
        steps=8,
    )
    b.sculpture.add(neck, b.coat, "Chest", "Neck", "Head")


def add_legs(b: Beast) -> None:
    """Four legs with paws or hooves."""
    s, h, x = b.species, b.back, b.leg_x
    sock = INK if s.hooves else (b.coat.darker(0.55) if "socks" in s.extras else b.coat.darker(0.15))
    for place, z, bend, thick in (("Front", b.front * 0.72, -0.06, 1.0), ("Back", b.rear * 0.8, 0.1, 1.22)):
        line = [
            (x * 0.86, h * 0.92, z),
            (x, h * 0.7, z + bend * h * 0.4),
            (x, h * 0.48, z + bend * h),
            (x, h * 0.28, z + bend * h * 0.2),
            (x, h * 0.1, z - 0.02 * h),
        ]
        if place == "Back":
            line[3] = (x, h * 0.3, z - 0.07 * h)
        radii = [s.leg * 1.25 * thick, s.leg * 1.12 * thick, s.leg * 0.82, s.leg * 0.6, s.leg * 0.62]
        names = (
            "Chest" if place == "Front" else "Hip",
            f"L_{place}_Upper",
            f"L_{place}_Lower",
            f"L_{place}_Paw",
        )
        b.sculpture.pair(tube(line, radii, sides=10, steps=13), b.coat, *names)
        if s.hooves:
            hoof = tube(
                [(x, 0.008, z), (x, h * 0.1, z - 0.01 * h)],
                [s.leg * 0.86, s.leg * 0.68],
                sides=10,
                steps=3,
                round_ends=(0.1, 0.3),
            )
            b.sculpture.pair(hoof, sock, f"L_{place}_Paw")
            continue
        paw = ball(
            (x, s.leg * 0.5, z + s.leg * 0.42),
            (s.leg * 0.86, s.leg * 0.52, s.leg * 1.16),
            sides=12,
            rings=7,
            square=2.3,
        )
        b.sculpture.pair(paw, sock, f"L_{place}_Paw")
        for toe in (-0.42, 0, 0.42):
            bead = ball(
                (x + toe * s.leg, s.leg * 0.3, z + s.leg * 1.42),
                (s.leg * 0.24, s.leg * 0.28, s.leg * 0.3),
                sides=7,
                rings=5,
            )
            b.sculpture.pair(bead, sock.darker(0.12), f"L_{place}_Paw")


def add_head(b: Beast) -> None:
    """Skull, muzzle, nose, eyes and mouth."""
    long, thick = b.species.snout
    pale = b.second if "pale_belly" in b.species.extras else b.coat.lighter(0.12)
    b.on_head(ball((0, 0, 0), (1, 0.98, 1.05), sides=16, rings=10), b.coat)
    muzzle = tube(
        [(0, -0.2, 0.5), (0, -0.3, 0.8 + long * 0.5), (0, -0.36, 0.75 + long)],
        [(thick * 1.15, thick * 1.1), (thick, thick * 0.85), (thick * 0.74, thick * 0.62)],
        sides=12,
        steps=7,
        round_ends=(0.6, 0.8),
    )
    b.on_head(muzzle, pale if not b.species.hooves else b.coat.lighter(0.06))
    tip = 0.75 + long + thick * 0.35
    nose = PINK if "pink_nose" in b.species.extras else INK
    if b.species.hooves:
        b.on_head(
            ball((0, -0.38, 0.72 + long), (thick * 0.86, thick * 0.74, thick * 0.55), sides=12, rings=7),
            PINK if "pink_nose" in b.species.extras else b.coat.darker(0.25),
        )
        b.on_head(
            ball((thick * 0.36, -0.28, 0.72 + long + thick * 0.48), (0.09, 0.11, 0.06), sides=7, rings=5),
            INK,
            both=True,
        )
    else:
        b.on_head(ball((0, -0.36 + thick * 0.42, tip - 0.06), (0.2, 0.15, 0.14), sides=10, rings=6), nose)
    b.on_head(ball((0.46, 0.24, 0.84), (0.155, 0.19, 0.1), sides=10, rings=7), INK, both=True)
    b.on_head(ball((0.5, 0.32, 0.925), 0.05, sides=6, rings=4), WHITE, both=True)
    mouth = [
        (-thick * 0.5, -0.42, 0.74 + long * 0.7),
        (0, -0.36 - thick * 0.5, 0.8 + long),
        (thick * 0.5, -0.42, 0.74 + long * 0.7),
    ]
    b.on_head(tube(mouth, [0.03] * 3, sides=5), b.coat.darker(0.6))
