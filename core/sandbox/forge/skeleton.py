"""Skeletons: named joints at rest, how they carry points along, and which joint holds what.

Every joint rests unturned, so its inverse bind matrix is a plain shift and a turn is about the world's axes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.sandbox.forge.solids import Array, Point

Turns = Mapping[str, Array]


@dataclass
class Skeleton:
    """Joints in the order they were added, parents before children."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    heads: list[Array] = field(default_factory=list)
    touching: list[tuple[str, Array]] = field(default_factory=list)

    def add(self, name: str, parent: str | None, head: Point) -> str:
        """Add a joint at a place in the world; answers its name."""
        self.names.append(name)
        self.parents.append(-1 if parent is None else self.names.index(parent))
        self.heads.append(np.asarray(head, dtype=float))
        return name

    def touch(self, joint: str, *points: Point) -> None:
        """Name points fixed to a joint (at rest, in the world) that the ground stops: soles, knees, a back."""
        self.touching += [(joint, np.asarray(point, dtype=float)) for point in points]

    def resize(self, scale: float, sunk: Array) -> None:
        """Scale the rest about the origin, then lower it by `sunk`."""
        self.heads = [head * scale - sunk for head in self.heads]
        self.touching = [(joint, point * scale - sunk) for joint, point in self.touching]

    def index(self, name: str) -> int:
        """The joint's place in the list."""
        return self.names.index(name)

    def head(self, name: str) -> Array:
        """Where the joint rests, in metres."""
        return self.heads[self.index(name)]

    def has(self, name: str) -> bool:
        """True if there is such a joint."""
        return name in self.names

    def offset(self, joint: int) -> Array:
        """The joint's rest position as seen from its parent."""
        parent = self.parents[joint]
        return self.heads[joint] if parent < 0 else self.heads[joint] - self.heads[parent]


@dataclass(frozen=True)
class Posed:
    """A skeleton in motion: turns (frames, joints, 3, 3) and places (frames, joints, 3)."""

    turns: Array
    places: Array


def posed(skeleton: Skeleton, turns: Turns, root: Array) -> Posed:
    """Carry turns (quaternions x, y, z, w per frame) and the root's shift per frame through the skeleton."""
    frames = len(root)
    matrices = np.empty((frames, len(skeleton.names), 3, 3))
    places = np.empty((frames, len(skeleton.names), 3))
    for joint, name in enumerate(skeleton.names):
        local = _matrices(turns[name]) if name in turns else np.broadcast_to(np.eye(3), (frames, 3, 3))
        parent = skeleton.parents[joint]
        if parent < 0:
            matrices[:, joint], places[:, joint] = local, skeleton.heads[joint] + root
            continue
        matrices[:, joint] = matrices[:, parent] @ local
        places[:, joint] = places[:, parent] + matrices[:, parent] @ skeleton.offset(joint)
    return Posed(matrices, places)


def carried(skeleton: Skeleton, pose: Posed, joint: str, points: Array) -> Array:
    """Where points that are fixed to a joint are in every frame: (frames, points, 3)."""
    index = skeleton.index(joint)
    local = points - skeleton.heads[index]
    return np.asarray(np.einsum("fij,pj->fpi", pose.turns[:, index], local) + pose.places[:, index, None])


def touch_points(skeleton: Skeleton, pose: Posed) -> Array:
    """Where the touching points are in every frame: (frames, points, 3)."""
    return np.concatenate(
        [carried(skeleton, pose, joint, point[None]) for joint, point in skeleton.touching], axis=1
    )


def along_chain(skeleton: Skeleton, chain: Sequence[str], points: Array, softness: float = 0.4) -> Array:
    """Weights (points, chain) that pass smoothly from joint to joint down a chain; each row sums to 1."""
    heads = np.stack([skeleton.head(name) for name in chain])
    bones = np.diff(heads, axis=0)
    lengths = np.linalg.norm(bones, axis=1)
    reach = np.full(len(points), -np.inf)
    nearest = np.full(len(points), np.inf)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    for i, (bone, length) in enumerate(zip(bones, lengths, strict=True)):
        along = (points - heads[i]) @ bone / length
        low = -np.inf if i == 0 else 0.0
        high = np.inf if i == len(bones) - 1 else length
        held = np.clip(along, low, high)
        distance = np.linalg.norm(points - heads[i] - held[:, None] * bone / length, axis=1)
        closer = distance < nearest - 1e-9
        nearest, reach = np.where(closer, distance, nearest), np.where(closer, starts[i] + held, reach)
    reached = np.ones((len(points), len(chain) + 1))
    reached[:, -1] = 0
    for i in range(1, len(chain)):
        following = lengths[i] if i < len(lengths) else lengths[i - 1]
        half = softness * min(lengths[i - 1], following)
        share = np.clip((reach - starts[i]) / (2 * half) + 0.5, 0, 1)
        reached[:, i] = share * share * (3 - 2 * share)
    return np.asarray(reached[:, :-1] - reached[:, 1:])


def _matrices(quaternions: Array) -> Array:
    x, y, z, w = quaternions.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)
