"""The forge's counter: from a prompt and a seed to the bytes of a file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from core.sandbox.forge import (
    beast_motion,
    biped_motion,
    birds,
    crawlers,
    fbx_file,
    glb,
    props,
    quadrupeds,
    raster,
    serpents,
    swimmers,
    wardrobe,
)
from core.sandbox.forge.humanoid import mixamo_name
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.subject import Family, Subject, describe

FRONT_VIEW, SIDE_VIEW = -28.0, -56.0
"""Degrees that the camera stands to the side; long animals are seen more from their flank."""

MAKERS: dict[Family, Callable[[Subject, np.random.Generator], Model]] = {
    "biped": wardrobe.sculpt,
    "quadruped": quadrupeds.sculpt,
    "avian": birds.sculpt,
    "hexapod": crawlers.sculpt,
    "octopod": crawlers.sculpt,
    "serpentine": serpents.sculpt,
    "aquatic": swimmers.sculpt,
    "prop": props.sculpt,
}


@lru_cache(maxsize=32)
def sculpted(prompt: str, seed: int) -> Model:
    """The model that a prompt and a seed stand for."""
    subject = describe(prompt)
    rng = np.random.default_rng([zlib.crc32(prompt.strip().lower().encode()), seed & 0xFFFFFFFF])

    return MAKERS[subject.family](subject, rng)


def forget() -> None:
    """Drop the models kept from earlier calls."""
    sculpted.cache_clear()


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
    family = describe(prompt).family
    if family == "biped":
        clip = biped_motion.clip_for(model.skeleton, preset, in_place=in_place)
    else:
        clip = beast_motion.clip_for(model.skeleton, family, preset, in_place=in_place)
    return glb.skinned(model, clip=clip, with_geometry=with_geometry)


def picture(prompt: str, seed: int, *, size: int = 512) -> bytes:
    """A WEBP of the model on a soft neutral ground, `size` pixels square."""
    file = io.BytesIO()
    model = sculpted(prompt, seed)
    across, _, deep = np.ptp(model.positions, axis=0)
    yaw = SIDE_VIEW if deep > 1.35 * across else FRONT_VIEW
    raster.photograph(model, size, yaw=yaw).save(file, "WEBP", quality=88, method=2)
    return file.getvalue()


def fbx(prompt: str, seed: int) -> bytes:  # noqa: ARG001
    """A minimal binary FBX file that names its subject."""
    return fbx_file.written(describe(prompt).title)
