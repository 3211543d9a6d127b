"""What a create must fulfil, for every task type, in both versions; of disputed ranges the wider."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from core.sandbox import catalog
from core.sandbox.catalog import Version
from core.sandbox.refusals import Refused
from core.sandbox.tasks import Task
from core.sandbox.world import World

PROMPT_LENGTH = 1024
# Words the sandbox's own content policy knows: refused at create, and found out later.
REFUSED_WORD = "nsfw"
BANNED_WORD = "gore"

Test = Callable[[Any], bool]


@dataclass
class Order:
    """A create as either version's wire read it.

    `picture`, `pictures` and `source` say what it works on: file objects (with a `file_token`, `url` or
    `object`) and a task's id; `fields` is everything else.
    """

    version: Version
    type: str
    model: str | None
    source: Any
    picture: Any
    pictures: Any
    fields: dict[str, Any]
    echo: dict[str, Any]


@dataclass
class Checked:
    """An order that may be carried out: its model by name, what it works on, what the forge makes of it."""

    model: str | None
    source: Task | None
    subject: str
    seed: int | None


def check(order: Order, world: World, owner: str) -> Checked:
    """Refuse what the provider refuses. Raises Refused; pools and wallet are not looked at here."""
    if "priority" in order.fields:
        raise Refused("priority")
    _check_fields(order)
    if order.type in catalog.GENERATION_TYPES:
        return _generation(order, world, owner)
    return _CHECKS[catalog.TASK_TYPES[order.type].source](order, world, owner)


# Fields.


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(least: int, most: int) -> Test:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _text(most: int) -> Test:
    return lambda value: isinstance(value, str) and len(value) <= most


def _one_of(*values: str) -> Test:
    return lambda value: isinstance(value, str) and value in values


def _texts(value: Any) -> bool:
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
    "part_names": _texts,
    "prompts": lambda value: isinstance(value, list) and 1 <= len(value) <= 4,
    "format": _one_of(*catalog.CONVERT_FORMATS),
    "completion_mode": _one_of("ai_completion", "quick_cap"),
}


def _check_fields(order: Order) -> None:
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


# Generation.


def _generation(order: Order, world: World, owner: str) -> Checked:
    model = order.model
    if model is None:
        if order.version == "v3":
            raise Refused("parameter", "model is required")
        model = catalog.DEFAULT_V2_MODEL
    _check_version(model, catalog.MODELS[order.version])
    _check_clashes(model, order.fields)
    subject = str(order.fields.get("prompt", ""))
    source = None
    if order.source is not None:
        source = _finished(order.source, world, owner)
        subject = source.subject
    elif order.type == "image_to_model":
        subject = _picture(order.picture, world, owner)
    elif order.type == "multiview_to_model":
        subject = _views(order.pictures, world, owner)
    return Checked(model, source, subject, order.fields.get("model_seed"))


def _check_version(model: Any, alive: tuple[str, ...]) -> None:
    if model in catalog.RETIRED_MODELS:
        raise Refused("version_retired")
    if model not in alive:
        raise Refused("version_unknown", f"{model!r} is none of {', '.join(alive)}")


def _check_clashes(model: str, fields: Mapping[str, Any]) -> None:
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


# What an order works on.


def _picture(picture: Any, world: World, owner: str) -> str:
    """What a picture may show, guessed from its name."""
    given = [key for key in ("file_token", "url", "object") if isinstance(picture, dict) and picture.get(key)]
    if len(given) != 1:
        raise Refused("parameter", "one of file_token, url and object is required")
    value = picture[given[0]]
    if given[0] == "file_token":
        return _subject_of(_uploaded_name(value, world, owner))
    if given[0] == "url":
        if not isinstance(value, str) or not value.startswith(("http://", "https://")):
            raise Refused("parameter", "the URL is not valid")
        return _subject_of(urlsplit(value).path)
    if not isinstance(value, dict) or not value.get("bucket") or not value.get("key"):
        raise Refused("parameter", "object needs bucket and key")
    return _subject_of(str(value["key"]))


def _uploaded_name(token: Any, world: World, owner: str) -> str:
    upload = world.uploads.get(token) if isinstance(token, str) else None
    if upload is None or upload.owner != owner or upload.bytes is None:
        raise Refused("file_not_found")
    return upload.name


def _subject_of(path: str) -> str:
    words = PurePosixPath(path).stem.replace("_", " ").replace("-", " ").strip()
    return words or "object"


def _views(views: Any, world: World, owner: str) -> str:
    if not isinstance(views, list) or len(views) != 4 or not views[0] or sum(map(bool, views)) < 2:
        raise Refused(
            "parameter", "four views are required: front, left, back, right; front and one more not empty"
        )
    subjects = [_picture(view, world, owner) if view else "" for view in views]
    return subjects[0]


def _finished(task_id: Any, world: World, owner: str) -> Task:
    if not _is_uuid(task_id):
        raise Refused("parameter", "a task id is required")
    task = world.find(task_id, owner)
    if world.life(task).status != "success":
        raise Refused("source_unfinished")
    return task


def _is_uuid(text: Any) -> bool:
    try:
        uuid.UUID(text)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _nothing(order: Order, world: World, owner: str) -> Checked:  # noqa: ARG001 - one shape for all
    return Checked(order.model, None, str(order.fields.get("prompt", "")), None)


def _from_picture(order: Order, world: World, owner: str) -> Checked:
    if order.source is not None:
        source = _finished(order.source, world, owner)
        return Checked(order.model, source, source.subject, source.seed)
    pictures = order.pictures if isinstance(order.pictures, list) else []
    if order.picture is None and not pictures:
        raise Refused("parameter", "a file is required")
    subject = _picture(order.picture or pictures[0], world, owner)
    return Checked(order.model, None, str(order.fields.get("prompt") or subject), None)


def _from_model(order: Order, world: World, owner: str) -> Checked:
    if order.type == "texture_model" and order.model is not None:
        _check_version(order.model, catalog.TEXTURE_MODELS[order.version])
    rig_model = _check_rig(order) if order.type == "animate_rig" else order.model
    takes_files = order.version == "v3" and catalog.TASK_TYPES[order.type].source == "any_model"
    if takes_files and order.source is None and order.picture is not None:
        return Checked(rig_model, None, _picture(order.picture, world, owner), None)
    source = _source_with_model(order, world, owner)
    return Checked(rig_model, source, source.subject, source.seed)


def _source_with_model(order: Order, world: World, owner: str) -> Task:
    if not _is_uuid(order.source):
        raise Refused("parameter", "the original task's id is required")
    task = world.find(order.source, owner)
    if catalog.TASK_TYPES[task.type].makes != "model":
        raise Refused("source_without_model" if order.type == "animate_prerigcheck" else "source_type")
    if world.life(task).status != "success":
        raise Refused("source_unfinished")
    return task


# Animation.


def _check_rig(order: Order) -> str:
    rewritten = catalog.REWRITTEN_RIG_MODELS[order.version]
    model = rewritten.get(order.model or "", order.model) or catalog.RIG_V1
    _check_version(model, catalog.RIG_MODELS[order.version])
    rig_type = order.fields.get("rig_type", "biped")
    spec = order.fields.get("spec", "tripo")
    if rig_type not in (*catalog.RIG_TYPES, "others"):
        raise Refused("parameter", "rig_type is not valid")
    if spec not in catalog.RIG_SPECS[order.version]:
        raise Refused("parameter", "spec is not valid")
    if model == catalog.RIG_V1 and (rig_type != "biped" or spec in catalog.SPECS_NOT_FOR_RIG_V1):
        raise Refused("parameter", f"{model} rigs bipeds only, with the specs tripo, mixamo and actorcore")
    return model


def _from_rig(order: Order, world: World, owner: str) -> Checked:
    presets = _presets(order.fields)
    if not _is_uuid(order.source):
        raise Refused("parameter", "the rig task's id is required")
    rig = world.find(order.source, owner)
    if rig.type != "animate_rig":
        raise Refused("source_not_a_rig")
    if world.life(rig).status != "success":
        raise Refused("source_unfinished")
    playable = catalog.presets_for(rig.fields.get("rig_type", "biped"), rig.model or catalog.RIG_V1)
    if rig.model == catalog.RIG_V1 and rig.fields.get("spec") == "mixamo":
        playable = frozenset()
    for preset in presets:
        if preset not in playable:
            raise Refused("parameter", f"this rig cannot play {preset}")
    return Checked(None, rig, rig.subject, rig.seed)


def _presets(fields: Mapping[str, Any]) -> list[str]:
    one, many = fields.get("animation"), fields.get("animations")
    if (one is None) == (many is None):
        raise Refused("parameter", "either animation or animations is required")
    presets = many if one is None else [one]
    if not isinstance(presets, list) or not 1 <= len(presets) <= 5 or not _texts(presets):
        raise Refused("parameter", "animations must be 1 to 5 presets")
    return presets


_CHECKS: dict[str, Callable[[Order, World, str], Checked]] = {
    "none": _nothing,
    "image": _from_picture,
    "model": _from_model,
    "any_model": _from_model,
    "rig": _from_rig,
}
