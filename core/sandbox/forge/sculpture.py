"""A sculpture grows from painted patches that hang on joints; finished, it is a model of plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.sandbox.forge.ambient import light_at
from core.sandbox.forge.atlas import texture_points
from core.sandbox.forge.palette import Finish, Paint
from core.sandbox.forge.skeleton import Skeleton, along_chain
from core.sandbox.forge.solids import Array, Indices, Patch

Hold = Callable[[Array], Mapping[str, Array]]
FINISHES: tuple[Finish, ...] = ("matte", "metal", "glow")


@dataclass(frozen=True)
class Model:
    """A finished model: one vertex list, the triangles of each finish, and who holds each vertex.

    `weights` are (vertices, 4) bytes that sum to 255, `joints` the joints they belong to.
    """

    name: str
    positions: Array
    normals: Array
    uvs: Array
    faces: Mapping[Finish, Indices]
    paints: tuple[Paint, ...]
    paint_of: npt.NDArray[np.int64]
    light: Array
    joints: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.uint8]
    skeleton: Skeleton

    @property
    def triangles(self) -> Indices:
        """All triangles, whatever their finish."""
        return np.concatenate(list(self.faces.values()))


class Sculpture:
    """What a model is built in: add patches, then finish."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self._patches: list[Patch] = []
        self._paints: list[Paint] = []
        self._holds: list[Array] = []

    def add(self, patch: Patch, paint: Paint, *chain: str, softness: float = 0.4) -> None:
        """Hang a patch on one joint, or on a chain of joints that it bends along with."""
        columns = [self.skeleton.index(name) for name in chain]
        hold = np.zeros((len(patch.positions), len(self.skeleton.names)))
        if len(chain) == 1:
            hold[:, columns[0]] = 1
        else:
            hold[:, columns] = along_chain(self.skeleton, chain, patch.positions, softness)
        self._append(patch, paint, hold)

    def drape(self, patch: Patch, paint: Paint, hold: Hold) -> None:
        """Hang a patch by a rule of its own: `hold` answers joint names with a share for each point."""
        shares = np.zeros((len(patch.positions), len(self.skeleton.names)))
        for name, share in hold(patch.positions).items():
            shares[:, self.skeleton.index(name)] = share
        self._append(patch, paint, shares / shares.sum(axis=1, keepdims=True))

    def pair(self, patch: Patch, paint: Paint, *chain: str, softness: float = 0.4) -> None:
        """Add a patch of the left side (joints `L_...`) and its mirror image on the right."""
        self.add(patch, paint, *chain, softness=softness)
        other = (name.replace("L_", "R_") if name.startswith("L_") else name for name in chain)
        self.add(patch.mirrored(), paint, *other, softness=softness)

    def finished(self, name: str, *, scale: float = 1.0) -> Model:
        """The model: brought to its size, put on the ground, light baked, weights packed."""
        patches = self._patches
        positions = np.concatenate([patch.positions for patch in patches]) * scale
        sunk = np.array([0, positions[:, 1].min(), 0])
        positions -= sunk
        self.skeleton.resize(scale, sunk)
        normals = np.concatenate([patch.normals for patch in patches])
        sizes = [len(patch.positions) for patch in patches]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        shifted = [patch.faces + start for patch, start in zip(patches, starts, strict=True)]
        paints = tuple(dict.fromkeys(self._paints))
        number = {paint: i for i, paint in enumerate(paints)}
        paint_of = np.repeat([number[paint] for paint in self._paints], sizes)
        faces: dict[Finish, Indices] = {}
        for finish in FINISHES:
            chosen = [f for f, paint in zip(shifted, self._paints, strict=True) if paint.finish == finish]
            if chosen:
                faces[finish] = np.concatenate(chosen)
        light = light_at(positions, normals, np.concatenate(shifted))
        around = np.concatenate([patch.around for patch in patches])
        width = max(len(self.skeleton.names), 4)
        joints, weights = _packed(np.concatenate([_widened(hold, width) for hold in self._holds]))
        return Model(
            name=name,
            positions=positions,
            normals=normals,
            uvs=texture_points(paint_of, around, light),
            faces=faces,
            paints=paints,
            paint_of=paint_of,
            light=light,
            joints=joints,
            weights=weights,
            skeleton=self.skeleton,
        )

    def _append(self, patch: Patch, paint: Paint, hold: Array) -> None:
        self._patches.append(patch)
        self._paints.append(paint)
        self._holds.append(hold)


def _widened(hold: Array, width: int) -> Array:
    """Joints may have joined the skeleton after a patch was hung."""
    return np.pad(hold, ((0, 0), (0, width - hold.shape[1])))


def _packed(shares: Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The four strongest joints of each vertex; glTF wants byte weights to sum to exactly 255."""
    joints = np.argsort(-shares, axis=1, kind="stable")[:, :4]
    strongest = np.take_along_axis(shares, joints, axis=1)
    strongest /= strongest.sum(axis=1, keepdims=True)
    weights = np.round(strongest * 255).astype(int)
    weights[:, 0] += 255 - weights.sum(axis=1)
    return np.where(weights > 0, joints, 0).astype(np.uint8), weights.astype(np.uint8)
