"""The forge's counter: from a prompt and a seed to the bytes of a file."""

from __future__ import annotations

import io
import zlib
from functools import lru_cache

import numpy as np

from core.sandbox.forge import fbx as fbx_file
from core.sandbox.forge import glb, raster, wardrobe
from core.sandbox.forge.biped_motion import clip_for
from core.sandbox.forge.humanoid import mixamo_name
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.subject import describe


@lru_cache(maxsize=8)
def sculpted(prompt: str, seed: int) -> Model:
    """The model that a prompt and a seed stand for."""
    subject = describe(prompt)
    rng = np.random.default_rng([zlib.crc32(prompt.strip().lower().encode()), seed & 0xFFFFFFFF])

    return wardrobe.sculpt(subject, rng)


def draft(prompt: str, seed: int, *, textured: bool = True) -> bytes:
    """A static GLB of what the prompt asks for; untextured it is plain clay."""
    return glb.static(sculpted(prompt, seed), textured=textured)


def rigged(prompt: str, seed: int, *, rig_type: str | None = None, spec: str = "tripo") -> bytes:  # noqa: ARG001
    """The same mesh on a skeleton; spec `mixamo` changes the joints' names.

    `rig_type` is taken for the shape's own: a skeleton of another kind would not fit.
    """
    return glb.skinned(sculpted(prompt, seed), named=mixamo_name if spec == "mixamo" else str)


def animated(
    prompt: str,
    seed: int,
    preset: str,
    *,
    rig_type: str | None = None,  # noqa: ARG001
    in_place: bool = False,
    with_geometry: bool = True,
) -> bytes:
    """The rigged model with exactly one clip, named after the preset."""
    model = sculpted(prompt, seed)
    clip = clip_for(model.skeleton, preset, in_place=in_place)
    return glb.skinned(model, clip=clip, with_geometry=with_geometry)


def picture(prompt: str, seed: int, *, size: int = 512) -> bytes:
    """A WEBP of the model on a soft neutral ground, `size` pixels square."""
    file = io.BytesIO()
    raster.photograph(sculpted(prompt, seed), size).save(file, "WEBP", quality=88, method=2)
    return file.getvalue()


def fbx(prompt: str, seed: int) -> bytes:  # noqa: ARG001
    """A minimal binary FBX file that names its subject."""
    return fbx_file.written(describe(prompt).title)
