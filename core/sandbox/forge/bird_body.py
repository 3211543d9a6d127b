"""The measures and the skeleton that birds and dragons share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.sandbox.forge.palette import Paint, matte
from core.sandbox.forge.sculpture import Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Patch

WING = ("Spine", "L_Wing1", "L_Wing2", "L_Wing3")


YELLOW = matte("dea23c")


@dataclass(frozen=True)
class Species:
    """Measures in metres of a bird that stands: body radius and height of its middle, half wing span, head radius."""

    body: float
    middle: float
    span: float
    head: float
    neck: float
    beak: float
    leg: float
    coats: tuple[str, ...]
    chest: str | None = None
    face: str | None = None


SPECIES = {
    "eagle": Species(0.19, 0.46, 0.95, 0.105, 0.15, 0.11, 0.03, ("5c4332", "4a3a30"), face="efe9dc"),
    "owl": Species(
        0.17, 0.38, 0.62, 0.15, 0.1, 0.05, 0.028, ("8a6a4a", "a38a6a", "6f5c4c"), "d9c8a8", "e3d6bf"
    ),
    "chicken": Species(0.17, 0.36, 0.36, 0.085, 0.16, 0.06, 0.022, ("efe9dc", "b5703a", "4a4648")),
    "duck": Species(0.16, 0.26, 0.42, 0.09, 0.17, 0.1, 0.024, ("e9e4d6", "8a7658"), face="4d7d55"),
    "bird": Species(
        0.13, 0.27, 0.45, 0.092, 0.1, 0.055, 0.018, ("5a86b8", "c0584a", "d9a441", "4d4a52"), "efe3cb"
    ),
    "dragon": Species(
        0.34, 0.95, 1.45, 0.2, 0.55, 0.2, 0.09, ("5a8f5c", "a8433f", "3f68ac", "6f5a96", "4a4a55"), "d9c48f"
    ),
}


class Bird:
    """A bird under construction."""

    def __init__(self, species: Species, coat: Paint, chest: Paint, face: Paint) -> None:
        self.species, self.coat, self.chest, self.face = species, coat, chest, face
        s = species
        self.head_at = np.array([0, s.middle + s.body * 0.75 + s.neck, s.body * 0.62 + s.neck * 0.35])
        self.shoulder = np.array([s.body * 0.72, s.middle + s.body * 0.42, s.body * 0.12])
        self.sculpture = Sculpture(self._skeleton())

    def _skeleton(self) -> Skeleton:
        s, skeleton = self.species, Skeleton()
        skeleton.add("Hip", None, (0, s.middle - s.body * 0.25, -s.body * 0.3))
        skeleton.add("Spine", "Hip", (0, s.middle + s.body * 0.15, s.body * 0.15))
        skeleton.add("Neck", "Spine", (0, s.middle + s.body * 0.6, s.body * 0.45))
        skeleton.add("Head", "Neck", tuple(self.head_at - (0, s.head * 0.3, s.head * 0.3)))
        skeleton.add("Tail1", "Hip", (0, s.middle - s.body * 0.4, -s.body * 1.0))
        skeleton.add("Tail2", "Tail1", (0, s.middle - s.body * 0.7, -s.body * 1.9))
        for side, sign in (("L", 1), ("R", -1)):
            x, y, z = self.shoulder
            skeleton.add(f"{side}_Wing1", "Spine", (sign * x, y, z))
            skeleton.add(f"{side}_Wing2", f"{side}_Wing1", (sign * (x + s.span * 0.32), y + s.span * 0.06, z))
            skeleton.add(
                f"{side}_Wing3",
                f"{side}_Wing2",
                (sign * (x + s.span * 0.64), y + s.span * 0.05, z - s.span * 0.02),
            )
        for side, sign in (("L", 1), ("R", -1)):
            x = sign * s.body * 0.48
            skeleton.add(f"{side}_Thigh", "Hip", (x, s.middle - s.body * 0.5, -s.body * 0.1))
            skeleton.add(f"{side}_Shin", f"{side}_Thigh", (x, s.middle * 0.42, s.body * 0.02))
            skeleton.add(f"{side}_Foot", f"{side}_Shin", (x, s.leg * 0.8, -s.body * 0.02))
            skeleton.touch(f"{side}_Foot", (x, 0, -s.leg * 2), (x, 0, s.leg * 3.5))
        return skeleton

    def on_head(self, patch: Patch, paint: Paint, *, both: bool = False) -> None:
        """Fix a patch that is drawn for a head of radius 1."""
        size = self.species.head
        placed = patch.scaled(size, size, size).moved(*self.head_at)
        self.sculpture.add(placed, paint, "Head")
        if both:
            self.sculpture.add(placed.mirrored(), paint, "Head")
