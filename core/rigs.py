"""What a rig may be and what it can play: version, type, bone names, format; checked before anything is paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.chain import can_be_animated, refuse_unfit_rig, refuse_unplayable, rig_model_of
from core.errors import OrderError
from core.steps import refuse_unlisted
from core.tripo import RIG_TYPES, Version, presets_for, rig_fault
from core.tripo.catalog import OUT_FORMATS, RIG_MODELS, RIG_SPECS, unoffered

_LISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "rigType": RIG_TYPES,
    "rigModel": RIG_MODELS["v3"],
    "spec": RIG_SPECS["v3"],
    "outFormat": OUT_FORMATS,
}


def checked_rig(given: Mapping[str, Any], within: str = "") -> dict[str, str]:
    """Return what is said of a rig as it will be stored; raises OrderError naming the bad field.

    `within` is what stands before a field's name.
    """
    order: dict[str, str] = {name: value for name, value in given.items() if value is not None}
    for name, words in _LISTED.items():
        refuse_unlisted(order.get(name), words, within + name)
    refuse_unfit_rig(order, within + "rigModel")
    return order


def refuse_unoffered_rig(order: Mapping[str, str], version: Version, within: str = "") -> None:
    """Raise OrderError `version_unknown` for what this version of the API does not have."""
    for name in ("rigModel", "spec"):
        fault = unoffered(name, order[name], version) if name in order else None
        if fault is not None:
            sentence, cure = fault
            raise OrderError(sentence, suggestion=cure, code="version_unknown", field=within + name)


def playable_presets(rig_order: Mapping[str, Any]) -> tuple[str, ...]:
    """List what a rig of this order can play.

    While its type is left to the rig check, that is what any type can play that its version can do.
    """
    if not can_be_animated(rig_order):
        return ()
    found: list[str] = []
    for rig_type in [rig_order["rigType"]] if rig_order.get("rigType") else RIG_TYPES:
        model = rig_model_of(rig_order, rig_type)
        if rig_fault(model, rig_type, rig_order.get("spec") or "tripo") is None:
            found += presets_for(rig_type, model)
    return tuple(dict.fromkeys(found))


def refuse_unplayable_by(
    rig_order: Mapping[str, Any], presets: Iterable[str], field: str = "animations"
) -> None:
    """Raise OrderError `preset_not_playable` when no rig of this order could play one of these presets."""
    playable = playable_presets(rig_order)
    for preset in presets:
        if preset in playable:
            continue
        if not can_be_animated(rig_order):
            raise OrderError(
                f"A rig with the bone names of {rig_order['spec']} cannot be animated by the provider.",
                suggestion="Use spec tripo, or leave the animations out.",
                code="preset_not_playable",
                field=field,
            )
        rig_type = rig_order.get("rigType") or "biped"
        refuse_unplayable(preset, rig_type, rig_model_of(rig_order, rig_type), field)
