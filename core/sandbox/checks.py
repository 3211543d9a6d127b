"""What a create must fulfil, for every task type, in both versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.sandbox import catalog
from core.sandbox.fields import check_clashes, check_fields, is_texts
from core.sandbox.orders import Checked, Order
from core.sandbox.refusals import Refused
from core.sandbox.sources import finished_task, is_uuid, picture_subject, task_with_model, views_subject
from core.sandbox.world import World


def check(order: Order, world: World, owner: str) -> Checked:
    """Refuse what the provider refuses. Raises Refused; pools and wallet are not looked at here."""
    if "priority" in order.fields:
        raise Refused("priority")
    check_fields(order)
    if order.type in catalog.GENERATION_TYPES:
        return _generation(order, world, owner)
    return _CHECKS[catalog.TASK_TYPES[order.type].source](order, world, owner)


def _generation(order: Order, world: World, owner: str) -> Checked:
    model = order.model
    if model is None:
        if order.version == "v3":
            raise Refused("parameter", "model is required")
        model = catalog.DEFAULT_V2_MODEL
    _check_version(model, catalog.MODELS[order.version])
    check_clashes(model, order.fields)
    seed = order.fields.get("model_seed")
    if order.type == "text_to_model":
        return Checked(model, None, order.fields["prompt"], seed)
    if order.source is not None:
        source = finished_task(order.source, world, owner)
        return Checked(model, source, source.subject, seed)
    if order.type == "image_to_model":
        return Checked(model, None, picture_subject(order.picture, world, owner), seed)
    return Checked(model, None, views_subject(order.pictures, world, owner), seed)


def _check_version(model: Any, alive: tuple[str, ...]) -> None:
    if model in catalog.RETIRED_MODELS:
        raise Refused("version_retired")
    if model not in alive:
        raise Refused("version_unknown", f"{model!r} is none of {', '.join(alive)}")


def _nothing(order: Order, world: World, owner: str) -> Checked:  # noqa: ARG001 - one shape for all
    return Checked(order.model, None, str(order.fields.get("prompt", "")), None)


def _from_picture(order: Order, world: World, owner: str) -> Checked:
    if order.source is not None:
        source = finished_task(order.source, world, owner)
        return Checked(order.model, source, source.subject, source.seed)
    pictures = order.pictures if isinstance(order.pictures, list) else []
    if order.picture is None and not pictures:
        raise Refused("parameter", "a file is required")
    subject = picture_subject(order.picture or pictures[0], world, owner)
    return Checked(order.model, None, str(order.fields.get("prompt") or subject), None)


def _from_model(order: Order, world: World, owner: str) -> Checked:
    if order.type == "texture_model" and order.model is not None:
        _check_version(order.model, catalog.TEXTURE_MODELS[order.version])
    rig_model = _check_rig(order) if order.type == "animate_rig" else order.model
    takes_files = order.version == "v3" and catalog.TASK_TYPES[order.type].source == "any_model"
    if takes_files and order.source is None and order.picture is not None:
        return Checked(rig_model, None, picture_subject(order.picture, world, owner), None)
    source = task_with_model(order, world, owner)
    return Checked(rig_model, source, source.subject, source.seed)


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
    if not is_uuid(order.source):
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
    if not isinstance(presets, list) or not 1 <= len(presets) <= 5 or not is_texts(presets):
        raise Refused("parameter", "animations must be 1 to 5 presets")
    return presets


_CHECKS: dict[str, Callable[[Order, World, str], Checked]] = {
    "none": _nothing,
    "image": _from_picture,
    "model": _from_model,
    "any_model": _from_model,
    "rig": _from_rig,
}
