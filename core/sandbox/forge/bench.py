"""Where things are made: the paints that the prompt names, chance, and cut stone."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.palette import (
    Paint,
    matte,
)
from core.sandbox.forge.solids import Patch
from core.sandbox.forge.subject import Subject

Parts = list[tuple[Patch, Paint]]


GRASS = matte("6a8f4a", 0.3)


class Bench:
    """What a maker of things gets: the paints that the prompt names, and chance."""

    def __init__(self, subject: Subject, rng: np.random.Generator) -> None:
        self.colours, self.rng, self.words = subject.colours, rng, subject.words

    def paint(self, *usual: Paint) -> Paint:
        """The first colour that the prompt names, else one of the usual paints."""
        return self.colours[0] if self.colours else usual[int(self.rng.integers(len(usual)))]

    def second(self, usual: Paint) -> Paint:
        """The second colour that the prompt names, else the usual paint."""
        return self.colours[1] if len(self.colours) > 1 else usual


def faceted(patch: Patch) -> Patch:
    """The same surface with flat faces, as cut stone has."""
    positions = patch.positions[patch.faces].reshape(-1, 3)
    triangles = positions.reshape(-1, 3, 3)
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    faces = np.arange(len(positions)).reshape(-1, 3)
    return Patch(positions, np.repeat(normals, 3, axis=0), faces, patch.around[patch.faces].reshape(-1))
