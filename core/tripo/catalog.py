"""What Tripo offers: models, rigs, animation presets, limits. Data only, each fact with its source and date.

Sources: "docs" = docs.tripo3d.ai (2026-06-03); "v3 docs" = developers.tripo3d.ai (2026-09); "SDK 1.0.0" =
the official Python SDK (2026-10-14); "ComfyUI" = Comfy-Org/ComfyUI, partner nodes for Tripo (2026-09). Where
they dispute a range, the stricter bound stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Version = Literal["v2", "v3"]
OUT_FORMATS = ("glb", "fbx")
RigSpec = Literal["tripo", "mixamo", "actorcore", "unity", "unreal", "vrm"]
OutFormat = Literal["glb", "fbx"]

# Generation models still alive (docs; ComfyUI #15851 measured older ones as retired, 2026-08-24).
DEFAULT_MODEL = "v3.1-20260211"
GENERATION_MODELS: Mapping[Version, tuple[str, ...]] = {
    "v2": ("v3.1-20260211", "v3.0-20250812", "v2.5-20250123", "P1-20260311"),
    "v3": ("v3.1-20260211", "v3.0-20250812", "v2.5-20250123", "P1-20260311", "P2-20260801"),
}
ALL_MODELS = GENERATION_MODELS["v3"]

# Faces a model can be asked for: (fewest, most) (docs; v3 docs for v3.0 and P2; the P1 minimum is China's).
FACE_RANGE: Mapping[str, tuple[int, int]] = {
    "v3.1-20260211": (1, 1_500_000),
    "v3.0-20250812": (1, 1_000_000),
    "v2.5-20250123": (1, 500_000),
    "P1-20260311": (50, 20_000),
    "P2-20260801": (48, 50_000),
}
# What Tripo takes an option for that is left out (docs, text and image to model); the rest has no default.
OPTION_DEFAULTS: Mapping[str, bool | str] = {
    "texture": True,
    "pbr": True,
    "textureQuality": "standard",
    "geometryQuality": "standard",
    "quad": False,
    "smartLowPoly": False,
    "generateParts": False,
    "autoSize": False,
    "exportUv": True,
    "enableImageAutofix": False,
    "textureAlignment": "original_image",
    "orientation": "default",
}
DETAILED_FACES_MOST = 2_000_000
QUAD_FACES_MOST = 150_000
QUAD_FACES_MOST_P2 = 25_000
SMART_LOW_POLY_FACES = (1_000, 20_000)
SMART_LOW_POLY_QUAD_FACES_MOST = 10_000

# Images (docs, image to model; v3 docs for the least size). Pixels: ours, for the memory that a check takes.
IMAGE_KINDS: Mapping[str, str] = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
IMAGE_BYTES_MOST = 20_000_000
IMAGE_SIDE_LEAST = 256
IMAGE_PIXELS_MOST = 50_000_000
IMAGE_URL_LENGTH_MOST = 2_000
# Above this a file goes to a presigned link (SDK 1.0.0). v2's other way needs a client of S3: it has only the direct.
DIRECT_UPLOAD_BYTES_MOST = 50_000_000

PROMPT_LENGTH_MOST = 1024
NEGATIVE_PROMPT_LENGTH_MOST = 255
CREATES_PER_MINUTE_MOST = (
    180  # below the 200 that a third party read off v3's server (2026-07); v2's is unpublished
)
BATCH_MOST = 100  # task ids in one batch read (v3 docs; v2: third-party check of the server, 2026-07)
USAGE_PAGE_MOST = 200  # v3 docs, account usage

# Rigs (docs, rig page 2026-06-03; v3.0 and the last four specs: SDK 1.0.0, v3 only).
RIG_TYPES = ("biped", "quadruped", "hexapod", "octopod", "avian", "serpentine", "aquatic")
DEFAULT_RIG_MODEL = "v1.0-20240301"  # bipeds only
GENERIC_RIG_MODEL = "v2.5-20260210"  # all rig types
NEWEST_RIG_MODEL = "v3.0-20260909"  # v3 only
RIG_MODELS: Mapping[Version, tuple[str, ...]] = {
    "v2": (DEFAULT_RIG_MODEL, GENERIC_RIG_MODEL),
    "v3": (DEFAULT_RIG_MODEL, GENERIC_RIG_MODEL, NEWEST_RIG_MODEL),
}
RIG_SPECS: Mapping[Version, tuple[str, ...]] = {
    "v2": ("tripo", "mixamo"),
    "v3": ("tripo", "mixamo", "actorcore", "unity", "unreal", "vrm"),
}
SPECS_OF_NEWER_RIGS = ("unity", "unreal", "vrm")
ANIMATABLE_SPECS = ("tripo",)  # docs, retarget page; ComfyUI blocks less


def _presets(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(prefix + name for name in names.split())


# The generic presets, equal in all sources; avian has none.
GENERIC_PRESETS: Mapping[str, tuple[str, ...]] = {
    "biped": _presets("preset:", "idle walk run dive climb jump slash shoot hurt fall turn"),
    "quadruped": ("preset:quadruped:walk",),
    "hexapod": ("preset:hexapod:walk",),
    "octopod": ("preset:octopod:walk",),
    "serpentine": ("preset:serpentine:march",),
    "aquatic": ("preset:aquatic:march",),
}

# preset:biped:*, for v1.0 rigs (ComfyUI; v3 docs: "90+"). There is no defeat_01, and press-up has its hyphen.
_BIPED_NAMES = """
afraid agree angry_01 angry_02 angry_03 basketball_shot bow box_01 box_02 box_03 cast_a_spell cheer chop
clap climb complain_01 complain_02 cross_body_crunch crossover_dribble cry dance_01 dance_02 dance_03
dance_04 dance_05 dance_06 defeat_02 defeat_03 depressed dig dive dribble fall fire flee_01 flee_02 flip
fold_arms football_catch football_save football_pass freaky frightened front_kick_01 front_kick_02
frustrated_01 frustrated_02 golf greet_01 greet_02 greet_03 greet_04 heart_pose hit_to_body_01
hit_to_body_02 hit_to_head hit_to_side hit_to_stomach hug hurt idle jump_down jump jump_rope_01 jump_rope_02
laugh_01 laugh_02 lift_heavy look_around make_a_call_01 make_a_call_02 pitch_baseball play_mobile_game
play_video_game press-up run_upstairs run scared_01 scared_02 scratch shoot shovel sing_01 sing_02 sing_03
sing_04 sit slash sob standing_relax surf swagger swim turn victory_celebration volleyball wait walk warm_up
wave_goodbye_01 wave_goodbye_02
"""
BIPED_PRESETS = _presets("preset:biped:", _BIPED_NAMES)
# Of these, what a rig newer than v1.0 plays (docs.comfy.org, retarget node, 2026-09).
BIPED_PRESETS_OF_NEWER_RIGS = _presets(
    "preset:biped:", "chop climb dive fall hurt idle jump run shoot slash turn walk"
)
ALL_PRESETS = tuple(preset for some in GENERIC_PRESETS.values() for preset in some) + BIPED_PRESETS

# Tasks at Tripo at once, queued and running together (docs, rate limits; v3 docs: one animation pool).
POOL_LIMITS: Mapping[Version, Mapping[str, int]] = {
    "v2": {"generation": 10, "generation_p": 5, "rig_check": 10, "rig": 10, "retarget": 10},
    "v3": {"generation": 10, "generation_p": 5, "animation": 10},
}


def default_limit(pool: str, version: Version) -> int:
    """Tasks that this pool takes at once, for an ordinary account. Raises ValueError for an unknown pool."""
    try:
        return POOL_LIMITS[version][pool]
    except KeyError:
        raise ValueError(f"{version} has no pool {pool!r}") from None


def unoffered(name: str, wanted: str, version: Version) -> tuple[str, str] | None:
    """Why this version of the API cannot be asked for it, and what it has, as sentences; None when it can.

    `name` is what is asked for: `model`, `rigModel` or `spec`.
    """
    what, offered = _OFFERS[name]
    if wanted in offered[version]:
        return None
    return (
        f"Version {version[1:]} of Tripo's API has no {what} {wanted}.",
        f"Use one of: {', '.join(offered[version])}.",
    )


_OFFERS: Mapping[str, tuple[str, Mapping[Version, tuple[str, ...]]]] = {
    "model": ("model", GENERATION_MODELS),
    "rigModel": ("rig version", RIG_MODELS),
    "spec": ("set of bone names", RIG_SPECS),
}


def is_low_poly(model: str) -> bool:
    """Whether a generation model is of the P family, which has a pool and limits of its own."""
    return model.startswith("P")


def is_known_preset(preset: str) -> bool:
    """Whether any rig at all can play it."""
    return preset in ALL_PRESETS


def rig_fault(model: str, rig_type: str, spec: str) -> str | None:
    """Why a rig of this version cannot be of this type or have these bone names, as a sentence; None when it can.

    v1.0 knows bipeds and the older sets of bone names only (docs, rig page; SDK 1.0.0 for the specs).
    """
    if model != DEFAULT_RIG_MODEL:
        return None
    if rig_type != "biped":
        return f"Rig version {model} does bipeds only, not {rig_type}."
    if spec in SPECS_OF_NEWER_RIGS:
        return f"The bone names of {spec} need rig version v2.5 or newer, not {model}."
    return None


def presets_for(rig_type: str, rig_model: str) -> tuple[str, ...]:
    """The presets that a rig of this type and version can play; empty when there is none."""
    generic = GENERIC_PRESETS.get(rig_type, ())
    if rig_type != "biped":
        return generic
    return generic + (BIPED_PRESETS if rig_model == DEFAULT_RIG_MODEL else BIPED_PRESETS_OF_NEWER_RIGS)
