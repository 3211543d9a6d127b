"""The fields of a create: what each may hold, and which exclude each other; of disputed ranges the wider."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from core.sandbox import catalog
from core.sandbox.orders import Order
from core.sandbox.refusals import Refused

PROMPT_LENGTH = 1024
# Words the sandbox's own content policy knows: refused at create, and found out later.
REFUSED_WORD = "nsfw"
BANNED_WORD = "gore"

Test = Callable[[Any], bool]


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(least: int, most: int) -> Test:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _text(most: int) -> Test:
    return lambda value: isinstance(value, str) and len(value) <= most


def _one_of(*values: str) -> Test:
    return lambda value: isinstance(value, str) and value in values


def is_texts(value: Any) -> TypeGuard[list[str]]:
    """Whether this is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_SEED = _whole(-(2**63), 2**63 - 1)
_FIELDS: dict[str, Test] = {
    "negative_prompt": _text(1024),
    "image_seed": _SEED,
    "model_seed": _SEED,
    "texture_seed": _SEED,
    "texture": _flag,
    "pbr": _flag,
    "texture_quality": _one_of("standard", "detailed", "extreme"),
    "geometry_quality": _one_of("standard", "detailed"),
    "texture_alignment": _one_of("original_image", "geometry"),
    "orientation": _one_of("default", "align_image"),
    "enable_image_autofix": _flag,
    "face_limit": _whole(-1, 2_000_000),
    "quad": _flag,
    "smart_low_poly": _flag,
    "generate_parts": _flag,
    "auto_size": _flag,
    "compress": _one_of("geometry"),
    "export_uv": _flag,
    "out_format": _one_of("glb", "fbx"),
    "bake_animation": _flag,
    "export_with_geometry": _flag,
    "animate_in_place": _flag,
    "part_names": is_texts,
    "prompts": lambda value: isinstance(value, list) and 1 <= len(value) <= 4,
    "format": _one_of(*catalog.CONVERT_FORMATS),
    "completion_mode": _one_of("ai_completion", "quick_cap"),
}


def check_fields(order: Order) -> None:
    """Check each field by itself, and the prompt. Raises Refused."""
    for name, value in order.fields.items():
        test = _FIELDS.get(name)
        if test is not None and not test(value):
            raise Refused("parameter", f"{name} is not valid")
    if order.type in ("text_to_model", "text_to_image"):
        _check_prompt(order.fields.get("prompt"))
    if order.type == "convert_model" and "format" not in order.fields:
        raise Refused("parameter", "format is required")


def _check_prompt(prompt: Any) -> None:
    if not isinstance(prompt, str) or not prompt.strip() or len(prompt) > PROMPT_LENGTH:
        raise Refused("parameter", f"prompt must have 1 to {PROMPT_LENGTH} characters")
    if any(_is_odd(character) for character in prompt):
        raise Refused("characters")
    if REFUSED_WORD in prompt.lower():
        raise Refused("content")


def _is_odd(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "So":
        return ord(character) >= 0x2000
    return category in ("Cc", "Cf", "Cn", "Co", "Cs") and character not in "\t\n\r"


def check_clashes(model: str, fields: Mapping[str, Any]) -> None:
    """Check what a generation's fields may not be together, or with this model. Raises Refused."""
    if model == catalog.P1:
        for name in catalog.NOT_FOR_P1:
            if name in fields:
                raise Refused("field_unsupported", f"{name} is not for {model}")
    if fields.get("geometry_quality") == "detailed" and model not in catalog.H3_MODELS:
        raise Refused("parameter", f"geometry_quality detailed is not for {model}")
    if fields.get("generate_parts"):
        if fields.get("texture", True) or fields.get("pbr", True):
            raise Refused("parameter", "generate_parts needs texture and pbr to be false")
        if fields.get("quad"):
            raise Refused("parameter", "generate_parts and quad exclude each other")
    limit = fields.get("face_limit")
    if limit is not None and limit != -1:
        least, most = _face_range(model, fields)
        if not least <= limit <= most:
            raise Refused("parameter", f"face_limit must be {least} to {most}")


def _face_range(model: str, fields: Mapping[str, Any]) -> tuple[int, int]:
    if fields.get("smart_low_poly"):
        return (500, 10_000) if fields.get("quad") else (500, 20_000)
    if model == catalog.P1:
        return 48, 20_000
    if model == catalog.P2:
        return 48, 25_000 if fields.get("quad") else 50_000
    if model in catalog.H3_MODELS and fields.get("geometry_quality") != "detailed":
        return 1, 1_500_000
    return 1, 2_000_000  # detailed v3.x ends here, v2.5 clamps silently
