"""What each task costs in credits (Tripo docs, pricing; 100 credits are 1 USD)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.sandbox.catalog import GENERATION_TYPES, P1, P2

# (text, image or multiview), without texture; a standard texture is 10 more in every family.
_BASE = {"H": (10, 20), P1: (30, 40), P2: (100, 100)}
_TEXTURE = {"standard": 10, "detailed": 20, "extreme": 30}
_ADDITIONS = {"smart_low_poly": 10, "quad": 5, "generate_parts": 20}
_FLAT = {
    "animate_prerigcheck": 0,
    "import_model": 0,
    "animate_rig": 25,
    "mesh_segmentation": 40,
    "highpoly_to_lowpoly": 30,
    "text_to_image": 5,
    "generate_image": 5,
    "generate_multiview_image": 10,
}
_DEARER_CONVERSIONS = (
    "quad",
    "face_limit",
    "flatten_bottom",
    "texture_size",
    "texture_format",
    "pivot_to_center_bottom",
    "scale_factor",
)


def is_textured(fields: Mapping[str, Any]) -> bool:
    """Whether a texture is made and billed: PBR brings one along, whatever `texture` says."""
    return bool(fields.get("texture", True) or fields.get("pbr", True))


def presets_of(fields: Mapping[str, Any]) -> list[str]:
    """The presets of a retarget, each of which is billed."""
    return fields.get("animations") or [fields["animation"]]


def price_of(task_type: str, model: str | None, fields: Mapping[str, Any]) -> int:
    """The credits that a task freezes at create and takes at success."""
    if task_type in GENERATION_TYPES:
        return _generation(task_type, model, fields)
    if task_type == "texture_model":
        return _TEXTURE[fields.get("texture_quality", "standard")]
    if task_type == "animate_retarget":
        return 10 * len(presets_of(fields))
    if task_type == "convert_model":
        return 10 if any(fields.get(name) for name in _DEARER_CONVERSIONS) else 5
    if task_type == "mesh_completion":
        return 30 if fields.get("completion_mode") == "quick_cap" else 50
    if task_type == "edit_multiview_image":
        return 5 * max(1, len(fields.get("prompts") or []))
    return _FLAT[task_type]


def _generation(task_type: str, model: str | None, fields: Mapping[str, Any]) -> int:
    text, image = _BASE.get(model or "", _BASE["H"])
    price = text if task_type == "text_to_model" else image
    if is_textured(fields):
        price += _TEXTURE[fields.get("texture_quality", "standard")]
    if fields.get("geometry_quality") == "detailed":
        price += 20
    return price + sum(credits for name, credits in _ADDITIONS.items() if fields.get(name))
