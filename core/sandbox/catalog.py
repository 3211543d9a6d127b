"""What the provider offers, as data: task types, model versions, rigs, presets, pools.

Sources: Tripo docs (v2, as of 2026-06-03), v3 docs and the official SDKs (2026-10), Comfy-Org's Tripo nodes
(2026-09). Where they dispute a range, the wider bound stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Version = Literal["v2", "v3"]
SourceNeed = Literal["none", "model", "any_model", "rig", "image"]


@dataclass(frozen=True)
class TaskType:
    """One kind of work: real seconds it takes, its v3 route and pool, and what it works on.

    `source`: "model" a task with a model, "any_model" in v3 also a file, "rig" a rig task, "image" a picture.
    """

    seconds: float
    route: str
    pool: str
    source: SourceNeed = "none"
    makes: Literal["model", "image", "views", "check"] = "model"


# Durations: progress estimates of Comfy-Org's nodes.
TASK_TYPES: dict[str, TaskType] = {
    "text_to_model": TaskType(80, "/generation/text-to-model", "h_series"),
    "image_to_model": TaskType(80, "/generation/image-to-model", "h_series", "image"),
    "multiview_to_model": TaskType(80, "/generation/multiview-to-model", "h_series", "image"),
    "text_to_image": TaskType(20, "/generation/text-to-image", "image", makes="image"),
    "generate_image": TaskType(20, "/generation/image-to-image", "image", "image", makes="image"),
    "generate_multiview_image": TaskType(
        30, "/generation/image-to-multiview", "image", "image", makes="views"
    ),
    "edit_multiview_image": TaskType(30, "/generation/edit-multiview", "image", "image", makes="views"),
    "texture_model": TaskType(80, "/models/texture", "texture", "model"),
    "convert_model": TaskType(30, "/models/convert", "texture", "any_model"),
    "import_model": TaskType(10, "/models/import", "texture", "image"),
    "animate_prerigcheck": TaskType(5, "/animations/rig-check", "animation", "any_model", makes="check"),
    "animate_rig": TaskType(180, "/animations/rig", "animation", "any_model"),
    "animate_retarget": TaskType(30, "/animations/retarget", "animation", "rig"),
    "mesh_segmentation": TaskType(160, "/mesh/segment", "mesh", "any_model"),
    "mesh_completion": TaskType(240, "/mesh/complete", "mesh", "model"),
    "highpoly_to_lowpoly": TaskType(200, "/mesh/decimate", "mesh", "any_model"),
}
P_SERIES_SECONDS = 60.0
GENERATION_TYPES = ("text_to_model", "image_to_model", "multiview_to_model")
RETIRED_TYPES = (
    "refine_model",
    "stylize_model",
    "animate_model",
    "render_image",
    "render_video",
    "classification",
)

# Models for generation.
DEFAULT_V2_MODEL = "v2.5-20250123"
H3_MODELS = ("v3.1-20260211", "v3.0-20250812")
P1 = "P1-20260311"
P2 = "P2-20260801"
MODELS: dict[Version, tuple[str, ...]] = {
    "v2": (*H3_MODELS, DEFAULT_V2_MODEL, P1),
    "v3": (*H3_MODELS, DEFAULT_V2_MODEL, P1, P2),
}
RETIRED_MODELS = ("Turbo-v1.0-20250506", "v2.0-20240919", "v1.4-20240625", "v1.3-20240522")
NOT_FOR_P1 = ("quad", "smart_low_poly", "generate_parts", "geometry_quality", "style")

# Rigs.
RIG_TYPES = ("biped", "quadruped", "hexapod", "octopod", "avian", "serpentine", "aquatic")
RIG_V1 = "v1.0-20240301"
RIG_V25 = "v2.5-20260210"
RIG_MODELS: dict[Version, tuple[str, ...]] = {
    "v2": (RIG_V1, RIG_V25),
    "v3": (RIG_V1, RIG_V25, "v3.0-20260909"),
}
REWRITTEN_RIG_MODELS: dict[Version, dict[str, str]] = {"v2": {"v2.0-20250506": RIG_V25}, "v3": {}}
RIG_SPECS: dict[Version, tuple[str, ...]] = {
    "v2": ("tripo", "mixamo"),
    "v3": ("tripo", "mixamo", "actorcore", "unity", "unreal", "vrm"),
}
SPECS_NOT_FOR_RIG_V1 = ("unity", "unreal", "vrm")

# Other models.
TEXTURE_MODELS: dict[Version, tuple[str, ...]] = {
    "v2": ("v3.0-20250812", "v2.5-20250123"),
    "v3": ("v3.5-20260815", "v3.0-20250812", "v2.5-20250123"),
}
CONVERT_FORMATS = ("GLTF", "USDZ", "FBX", "OBJ", "STL", "3MF")

# Presets.
_BIPED_WORDS = "idle walk run dive climb jump slash shoot hurt fall turn"
GENERIC_PRESETS: dict[str, tuple[str, ...]] = {
    "biped": tuple(f"preset:{word}" for word in _BIPED_WORDS.split()),
    "quadruped": ("preset:quadruped:walk",),
    "hexapod": ("preset:hexapod:walk",),
    "octopod": ("preset:octopod:walk",),
    "serpentine": ("preset:serpentine:march",),
    "aquatic": ("preset:aquatic:march",),
}
_BIPED_LIBRARY = """
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
_BIPED_LIBRARY_V25 = "chop climb dive fall hurt idle jump run shoot slash turn walk"


def presets_for(rig_type: str, rig_model: str) -> frozenset[str]:
    """Every preset that a rig of this type and version can play; none for avian and others."""
    generic = frozenset(GENERIC_PRESETS.get(rig_type, ()))
    if rig_type != "biped":
        return generic
    words = _BIPED_LIBRARY if rig_model == RIG_V1 else _BIPED_LIBRARY_V25
    return generic | {f"preset:biped:{word}" for word in words.split()}


# Pools: how many tasks of an account may be queued or running at once (the limits pages of both versions).
POOL_LIMITS: dict[str, int] = {
    # v2
    "generation": 10,
    "generation_p1": 5,
    "animate_prerigcheck": 10,
    "animate_rig": 10,
    "animate_retarget": 10,
    "generate_multiview_image": 1,
    "edit_multiview_image": 1,
    "other": 10,
    # v3
    "h_series": 10,
    "p_series": 5,
    "image": 1,
    "animation": 10,
    "texture": 5,
    "mesh": 10,
}


def pool_of(version: Version, task_type: str, model: str | None) -> str:
    """The pool a task takes a slot of."""
    is_p_series = (model or "").startswith("P")
    if version == "v3":
        pool = TASK_TYPES[task_type].pool
        return "p_series" if pool == "h_series" and is_p_series else pool
    if task_type in GENERATION_TYPES:
        return "generation_p1" if is_p_series else "generation"
    return task_type if task_type in POOL_LIMITS else "other"


def seconds_of(task_type: str, model: str | None) -> float:
    """How long the real provider takes, as a rule."""
    if task_type in GENERATION_TYPES and (model or "").startswith("P"):
        return P_SERIES_SECONDS
    return TASK_TYPES[task_type].seconds
