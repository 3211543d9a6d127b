"""Which steps an asset takes, and what each asks of the provider. Pure: no database, no clock, no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from core.errors import OrderError
from core.lifecycle import TaskKind
from core.tripo import (
    ANIMATABLE_SPECS,
    DEFAULT_RIG_MODEL,
    GENERIC_RIG_MODEL,
    Generate,
    GenerationOptions,
    ImageRef,
    Request,
    Retarget,
    Rig,
    RigCheck,
    is_known_preset,
    presets_for,
    rig_fault,
)
from core.tripo.catalog import SPECS_OF_NEWER_RIGS

BEFORE: Mapping[TaskKind, TaskKind] = {
    TaskKind.RIG_CHECK: TaskKind.GENERATE,
    TaskKind.RIG: TaskKind.RIG_CHECK,
    TaskKind.ANIMATE: TaskKind.RIG,
}
AFTER: Mapping[TaskKind, TaskKind] = {earlier: later for later, earlier in BEFORE.items()}

# Whose result a step works on. The rig works on the model that was checked, not on the check.
SOURCE: Mapping[TaskKind, TaskKind] = {
    TaskKind.RIG_CHECK: TaskKind.GENERATE,
    TaskKind.RIG: TaskKind.GENERATE,
    TaskKind.ANIMATE: TaskKind.RIG,
}


class Step(NamedTuple):
    """One step of a chain; `preset` only of an animation."""

    kind: TaskKind
    preset: str = ""


def steps_for(*, should_rig: bool, animations: Iterable[str]) -> tuple[Step, ...]:
    """List the steps of an asset in order. Animations without a rig lead to nothing."""
    steps = [Step(TaskKind.GENERATE)]
    if should_rig:
        steps += [Step(TaskKind.RIG_CHECK), Step(TaskKind.RIG)]
        steps += [Step(TaskKind.ANIMATE, preset) for preset in dict.fromkeys(animations)]
    return tuple(steps)


def steps_behind(step: TaskKind) -> tuple[TaskKind, ...]:
    """List the kinds of step that wait, directly or not, for this one."""
    kinds = []
    while step in AFTER:
        step = AFTER[step]
        kinds.append(step)
    return tuple(kinds)


def checked_presets(animations: Iterable[str], field: str = "animations") -> list[str]:
    """Return the presets once each, in order; raises OrderError for one that exists for no rig at all."""
    wanted = list(dict.fromkeys(preset.strip() for preset in animations))
    for preset in wanted:
        if not is_known_preset(preset):
            raise OrderError(
                f"There is no animation called {preset[:80]!r}.",
                suggestion=f"Use one of: {_listed(presets_for('biped', DEFAULT_RIG_MODEL), 11)}.",
                code="preset_unknown",
                field=field,
            )
    return wanted


def refuse_unplayable(preset: str, rig_type: str, rig_model: str, field: str = "animations") -> None:
    """Raise OrderError `preset_not_playable`, with the list of those that this rig can play."""
    playable = presets_for(rig_type, rig_model)
    if preset in playable:
        return
    has = _listed(playable, 16) if playable else "none"
    raise OrderError(
        f"A {rig_type} rig cannot play {preset}.",
        suggestion=f"It can play: {has}.",
        code="preset_not_playable",
        field=field,
    )


def _listed(presets: Sequence[str], most: int) -> str:
    more = f" and {len(presets) - most} more" if len(presets) > most else ""
    return ", ".join(presets[:most]) + more


def rig_model_for(rig_type: str, spec: str = "tripo") -> str:
    """Choose the rig version that can do it: v1.0 knows bipeds and two skeletons only (Tripo docs, rig page)."""
    newer = rig_type != "biped" or spec in SPECS_OF_NEWER_RIGS
    return GENERIC_RIG_MODEL if newer else DEFAULT_RIG_MODEL


def rig_model_of(rig_order: Mapping[str, Any], rig_type: str | None = None) -> str:
    """Name the version of a rig: the ordered one, else the one that can do its type and its bone names."""
    named: str | None = rig_order.get("rigModel")
    known_type = rig_type or rig_order.get("rigType") or "biped"
    return named or rig_model_for(known_type, rig_order.get("spec") or "tripo")


def refuse_unfit_rig(rig_order: Mapping[str, Any], field: str = "rigModel") -> None:
    """Raise OrderError `rig_version_unfit` when the ordered rig version cannot do its rig type or bone names."""
    rig_type, spec = rig_order.get("rigType") or "biped", rig_order.get("spec") or "tripo"
    fault = rig_fault(rig_model_of(rig_order), rig_type, spec)
    if fault is not None:
        raise OrderError(
            fault,
            suggestion=f"Leave rigModel out, or use {GENERIC_RIG_MODEL}.",
            code="rig_version_unfit",
            field=field,
        )


def can_be_animated(rig_order: Mapping[str, Any]) -> bool:
    """Say whether a rig of this order can be retargeted (only spec `tripo` can: Tripo docs, retarget page)."""
    return rig_order.get("spec", "tripo") in ANIMATABLE_SPECS


RIG_ORDER: Final = ("rigType", "rigModel", "spec", "outFormat")  # what may be said of a rig


def rig_type_found(rig_type: str | None) -> dict[str, str]:
    """Say of a rig's order that its type is the check's word, not a person's."""
    return {"rigType": rig_type or "biped", "rigTypeBy": "check"}


def rig_order_again(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person said of a rig, for the rig of another model: a type that the check found is left out."""
    kept = ("rigModel", "spec", "outFormat") if "rigTypeBy" in order else RIG_ORDER
    return {name: order[name] for name in kept if name in order}


def request_for(kind: TaskKind, preset: str, order: Mapping[str, Any], source: str | None) -> Request:
    """Build what is asked of the provider; `source` is the provider's id of the task that this step works on."""
    if kind is TaskKind.GENERATE:
        options = GenerationOptions.model_validate(order.get("options") or {})
        return Generate(prompt=order.get("prompt"), image=_image_of(order), options=options)
    if source is None:
        raise ValueError(f"a {kind} task has no source")
    if kind is TaskKind.RIG_CHECK:
        return RigCheck(source=source)
    if kind is TaskKind.RIG:
        rig_type, spec = order.get("rigType") or "biped", order.get("spec") or "tripo"
        return Rig(
            source=source,
            rig_type=rig_type,
            model=rig_model_of(order),
            spec=spec,
            out_format=order.get("outFormat") or "glb",
        )
    return Retarget(
        source=source,
        preset=preset,
        in_place=bool(order.get("inPlace", False)),
        out_format=order.get("outFormat") or "glb",
    )


def _image_of(order: Mapping[str, Any]) -> ImageRef | None:
    """Name an order's image: a link as it is, an upload by our own id until the order is sent."""
    image = order.get("image")
    return ImageRef(url=image.get("url"), pending=image.get("uploadId")) if image else None
