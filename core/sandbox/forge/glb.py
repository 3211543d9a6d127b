"""Writes models as binary glTF 2.0: static, skinned, or skinned with one clip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pygltflib as gltf

from core.sandbox.forge.atlas import texture
from core.sandbox.forge.clip import Clip
from core.sandbox.forge.palette import Finish
from core.sandbox.forge.sculpture import Model

COMPONENTS = {np.dtype(t): code for t, code in (("f4", 5126), ("u1", 5121), ("u2", 5123), ("u4", 5125))}
SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
SURFACES: dict[Finish, tuple[float, float]] = {
    "matte": (0.0, 0.86),
    "metal": (0.35, 0.42),
    "glow": (0.0, 0.6),
}
"""Metallic and roughness; metal stays half matte so that it shows in viewers without an environment."""
CLAY = [0.72, 0.70, 0.68, 1.0]


class Writer:
    """A glTF document in the making, with its one binary buffer."""

    def __init__(self) -> None:
        self.document = gltf.GLTF2(
            asset=gltf.Asset(version="2.0", generator="Hatchery sandbox forge"), scene=0, scenes=[]
        )
        self._blob = bytearray()

    def view(self, data: bytes, target: int | None = None) -> int:
        """Append bytes, aligned to four; answers the buffer view."""
        self._blob += b"\0" * (-len(self._blob) % 4)
        self.document.bufferViews.append(
            gltf.BufferView(buffer=0, byteOffset=len(self._blob), byteLength=len(data), target=target)
        )
        self._blob += data
        return len(self.document.bufferViews) - 1

    def accessor(
        self,
        values: npt.NDArray[Any],
        *,
        target: int | None = None,
        bounded: bool = False,
        normalised: bool = False,
    ) -> int:
        """Append an array, one row an element; `bounded` adds its least and greatest values."""
        rows = values.reshape(len(values), -1)
        self.document.accessors.append(
            gltf.Accessor(
                bufferView=self.view(rows.tobytes(), target),
                byteOffset=0,
                componentType=COMPONENTS[rows.dtype],
                normalized=normalised,
                count=len(rows),
                type=SHAPES[rows.shape[1]],
                min=rows.min(axis=0).tolist() if bounded else None,
                max=rows.max(axis=0).tolist() if bounded else None,
            )
        )
        return len(self.document.accessors) - 1

    def bytes(self) -> bytes:
        """The finished GLB."""
        self.document.buffers = [gltf.Buffer(byteLength=len(self._blob))]
        self.document.set_binary_blob(bytes(self._blob))
        return b"".join(self.document.save_to_bytes())


def static(model: Model, *, textured: bool = True) -> bytes:
    """The model without a skeleton: a named node over a named mesh."""
    writer = Writer()
    mesh = _mesh(writer, model, textured=textured, skinned=False)
    writer.document.nodes = [
        gltf.Node(name=model.name, children=[1]),
        gltf.Node(name=f"{model.name}_body", mesh=mesh),
    ]
    writer.document.scenes = [gltf.Scene(name=model.name, nodes=[0])]
    return writer.bytes()


def skinned(
    model: Model,
    *,
    clip: Clip | None = None,
    named: Callable[[str], str] = str,
    with_geometry: bool = True,
) -> bytes:
    """The model hung on its skeleton, with at most one clip; `named` gives joints their final names."""
    writer = Writer()
    first = _skeleton_nodes(writer, model, named, first=1)
    if with_geometry:
        mesh = _mesh(writer, model, textured=True, skinned=True)
        writer.document.nodes.append(
            gltf.Node(name=f"{model.name}_body", mesh=mesh, skin=_skin(writer, model, first))
        )
    roots = [0, len(writer.document.nodes) - 1] if with_geometry else [0]
    writer.document.scenes = [gltf.Scene(name=model.name, nodes=roots)]
    if clip:
        _animation(writer, model, clip, first)
    return writer.bytes()


def _mesh(writer: Writer, model: Model, *, textured: bool, skinned: bool) -> int:
    attributes = gltf.Attributes(
        POSITION=writer.accessor(model.positions.astype("f4"), target=34962, bounded=True),
        NORMAL=writer.accessor(_unit(model.normals.astype("f4")), target=34962),
    )
    if textured:
        attributes.TEXCOORD_0 = writer.accessor(model.uvs.astype("f4"), target=34962)
    if skinned:
        attributes.JOINTS_0 = writer.accessor(model.joints, target=34962)
        attributes.WEIGHTS_0 = writer.accessor(model.weights, target=34962, normalised=True)
    width = "u2" if len(model.positions) < 65535 else "u4"
    primitives: list[gltf.Primitive] = []
    for finish, faces in model.faces.items():
        indices = writer.accessor(faces.reshape(-1).astype(width), target=34963)
        primitives.append(
            gltf.Primitive(attributes=attributes, indices=indices, material=len(primitives), mode=4)
        )
        writer.document.materials.append(_material(finish, textured=textured))
    if textured:
        image = writer.view(texture(model.paints))
        writer.document.images = [
            gltf.Image(name=f"{model.name}_colours", mimeType="image/png", bufferView=image)
        ]
        writer.document.samplers = [gltf.Sampler(magFilter=9729, minFilter=9729, wrapS=33071, wrapT=33071)]
        writer.document.textures = [gltf.Texture(source=0, sampler=0)]
    writer.document.meshes = [gltf.Mesh(name=f"{model.name}_mesh", primitives=primitives)]
    return 0


def _material(finish: Finish, *, textured: bool) -> gltf.Material:
    metallic, roughness = SURFACES[finish]
    surface = gltf.PbrMetallicRoughness(
        metallicFactor=metallic, roughnessFactor=roughness, baseColorFactor=CLAY
    )
    material = gltf.Material(name=finish, pbrMetallicRoughness=surface, alphaCutoff=None)
    if textured:
        surface.baseColorFactor, surface.baseColorTexture = None, gltf.TextureInfo(index=0)
        if finish == "glow":
            material.emissiveTexture, material.emissiveFactor = gltf.TextureInfo(index=0), [0.9, 0.9, 0.9]
    return material


def _skeleton_nodes(writer: Writer, model: Model, named: Callable[[str], str], first: int) -> int:
    skeleton = model.skeleton
    writer.document.nodes = [gltf.Node(name="Armature", children=[first])]
    for joint, name in enumerate(skeleton.names):
        children = [first + i for i, parent in enumerate(skeleton.parents) if parent == joint]
        offset = skeleton.offset(joint).astype("f4").tolist()
        writer.document.nodes.append(gltf.Node(name=named(name), translation=offset, children=children))
    return first


def _skin(writer: Writer, model: Model, first: int) -> int:
    heads = np.stack(model.skeleton.heads)
    inverse = np.tile(np.eye(4), (len(heads), 1, 1))
    inverse[:, 3, :3] = -heads  # column major: the shift stands in the last four numbers
    writer.document.skins = [
        gltf.Skin(
            name=f"{model.name}_skin",
            inverseBindMatrices=writer.accessor(inverse.astype("f4")),
            skeleton=first,
            joints=list(range(first, first + len(heads))),
        )
    ]
    return 0


def _animation(writer: Writer, model: Model, clip: Clip, first: int) -> None:
    animation = gltf.Animation(name=clip.name, samplers=[], channels=[])
    times = writer.accessor(clip.times.astype("f4"), bounded=True)

    def channel(joint: int, path: str, values: npt.NDArray[Any]) -> None:
        sampler = gltf.AnimationSampler(input=times, output=writer.accessor(values), interpolation="LINEAR")
        target = gltf.AnimationChannelTarget(node=first + joint, path=path)
        animation.channels.append(gltf.AnimationChannel(sampler=len(animation.samplers), target=target))
        animation.samplers.append(sampler)

    for name, turns in clip.turns.items():
        channel(model.skeleton.index(name), "rotation", _unit(turns.astype("f4")))
    channel(0, "translation", (model.skeleton.heads[0] + clip.root).astype("f4"))
    writer.document.animations = [animation]


def _unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
