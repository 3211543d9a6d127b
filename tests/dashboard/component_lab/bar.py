"""A skinned bar with as many clips as wanted: the smallest model that shows all the viewer's controls."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pygltflib as gltf

HEIGHT_METRES = 1.8
JOINTS = 4
RINGS = 24
SIDES = 16
KEYFRAMES = 13
STEP = HEIGHT_METRES / (JOINTS - 1)


def bar_glb(clips: Sequence[str] = ()) -> bytes:
    """A standing bar of 1.8 m whose clips bend it to and fro; each clip is a second longer than the last."""
    file = gltf.GLTF2(
        asset=gltf.Asset(), scene=0, scenes=[gltf.Scene(nodes=[0, JOINTS])], buffers=[gltf.Buffer()]
    )
    body = bytearray()
    attributes, indices = _skin(file, body)
    joints = [_joint(at) for at in range(JOINTS)]
    file.nodes = [*joints, gltf.Node(name="bar", mesh=0, skin=0)]
    file.meshes = [gltf.Mesh(primitives=[gltf.Primitive(attributes=attributes, indices=indices, material=0)])]
    colour = gltf.PbrMetallicRoughness(metallicFactor=0.1, roughnessFactor=0.5)
    file.materials = [gltf.Material(pbrMetallicRoughness=colour, doubleSided=True)]
    inverse = [np.eye(4, dtype="<f4") for _ in range(JOINTS)]
    for at, matrix in enumerate(inverse):
        matrix[3, 1] = -STEP * at
    binds = _store(file, body, np.array(inverse).reshape(-1, 16), "MAT4")
    file.skins = [gltf.Skin(joints=list(range(JOINTS)), inverseBindMatrices=binds, skeleton=0)]
    file.animations = [_clip(file, body, name, seconds) for seconds, name in enumerate(clips, start=1)]
    file.buffers[0].byteLength = len(body)
    file.set_binary_blob(bytes(body))
    return b"".join(file.save_to_bytes())


def _joint(at: int) -> gltf.Node:
    children = [at + 1] if at < JOINTS - 1 else []
    return gltf.Node(name=f"joint {at}", translation=[0, STEP if at else 0, 0], children=children)


def _skin(file: gltf.GLTF2, body: bytearray) -> tuple[gltf.Attributes, int]:
    ring, side = (grid.ravel() for grid in np.mgrid[0 : RINGS + 1, 0:SIDES])
    angle = 2 * math.pi * side / SIDES
    normal = np.stack([np.cos(angle), np.zeros_like(angle), np.sin(angle)], 1)
    place = normal * 0.25
    place[:, 1] = HEIGHT_METRES * ring / RINGS
    along = place[:, 1] / STEP
    joint = np.minimum(along.astype(int), JOINTS - 2)
    share = along - joint
    none = np.zeros_like(joint)
    colour = np.stack([0.3 + 0.7 * ring / RINGS, 0.4 + 0.3 * np.sin(angle), 1 - ring / RINGS, none + 1], 1)
    attributes = gltf.Attributes(
        POSITION=_store(file, body, place, "VEC3", bounds=True),
        NORMAL=_store(file, body, normal, "VEC3"),
        COLOR_0=_store(file, body, colour, "VEC4"),
        JOINTS_0=_store(file, body, np.stack([joint, joint + 1, none, none], 1), "VEC4", "<u2"),
        WEIGHTS_0=_store(file, body, np.stack([1 - share, share, none, none], 1), "VEC4"),
    )
    a, b = np.mgrid[0:RINGS, 0:SIDES].reshape(2, -1)
    low, right = a * SIDES + b, a * SIDES + (b + 1) % SIDES
    corners = np.stack([low, low + SIDES, right, right, low + SIDES, right + SIDES], 1)
    return attributes, _store(file, body, corners.ravel(), "SCALAR", "<u2")


def _clip(file: gltf.GLTF2, body: bytearray, name: str, seconds: float) -> gltf.Animation:
    times = _store(file, body, np.linspace(0, seconds, KEYFRAMES), "SCALAR", bounds=True)
    half = 0.175 * np.sin(np.linspace(0, 2 * math.pi, KEYFRAMES))
    still = np.zeros_like(half)
    turns = _store(file, body, np.stack([still, still, np.sin(half), np.cos(half)], 1), "VEC4")
    clip = gltf.Animation(name=name, samplers=[gltf.AnimationSampler(input=times, output=turns)])
    for joint in range(1, JOINTS):
        target = gltf.AnimationChannelTarget(node=joint, path="rotation")
        clip.channels.append(gltf.AnimationChannel(sampler=0, target=target))
    return clip


def _store(
    file: gltf.GLTF2,
    body: bytearray,
    values: np.ndarray,
    kind: str,
    dtype: str = "<f4",
    *,
    bounds: bool = False,
) -> int:
    """Append an array to the binary part; the number of its accessor."""
    values = values.astype(dtype)
    raw = values.tobytes()
    file.bufferViews.append(gltf.BufferView(buffer=0, byteOffset=len(body), byteLength=len(raw)))
    body += raw + bytes(-len(raw) % 4)
    component = gltf.FLOAT if dtype == "<f4" else gltf.UNSIGNED_SHORT
    accessor = gltf.Accessor(
        bufferView=len(file.bufferViews) - 1, componentType=component, count=len(values), type=kind
    )
    if bounds:
        accessor.min, accessor.max = (
            [float(v) for v in np.atleast_1d(edge)] for edge in (values.min(0), values.max(0))
        )
    file.accessors.append(accessor)
    return len(file.accessors) - 1
