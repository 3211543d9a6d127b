"""What follows a finished step: the next one is freed with its source and key, or refused before it costs anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import chain
from core.errors import OrderError
from core.lifecycle import Hold, TaskKind, TaskStatus
from core.models import Asset, Task
from core.moves import Reason, behind, end_badly, move, write


def free_next(session: Session, done: Task, now: datetime) -> None:
    """Let what waited for a finished step be sent, or end it unpaid where it cannot succeed."""
    following = chain.AFTER.get(done.kind)
    waiting = [t for t in behind(session, done) if t.kind is following and t.status is TaskStatus.WAITING]
    is_gated = done.kind is TaskKind.GENERATE and session.get_one(Asset, done.asset_pk).is_gated
    for task in waiting:
        if is_gated:  # its model is one of several: a person picks the best first
            write(session, task, {"hold": Hold.GATE})
            continue
        refusal = _refusal_after(done, task)
        if refusal is not None:
            end_badly(session, task, refusal, now)
            continue
        source_id = done.source_task_id if done.kind is TaskKind.RIG_CHECK else done.id
        changes: dict[str, Any] = {
            "source_task_id": source_id,
            "key_id": done.key_id,
            "hold": None,
            "ready_at": now,
            "due_at": now,
        }
        if done.kind is TaskKind.RIG_CHECK:
            changes["order"] = _rig_order(done, task)
        move(session, task, TaskStatus.READY, now, changes=changes)


def _refusal_after(done: Task, following: Task) -> Reason | None:
    """Say why the step behind a finished one must not be sent, if so: nothing more is paid then."""
    if done.kind is TaskKind.RIG_CHECK and not done.riggable:
        return Reason(
            "not_riggable",
            "The provider's check says that this model cannot be rigged.",
            "Keep it as a static model, or generate it anew as one whole figure in T-pose.",
        )
    if done.kind is TaskKind.RIG_CHECK:
        return _unfit(done, following)
    if done.kind is TaskKind.RIG:
        return _unplayable(done, following.preset)
    return None


def _rig_order(check: Task, rig: Task) -> dict[str, Any]:
    """Complete a rig's order by what its check found; the rig type that a person named stands."""
    return (
        dict(rig.order) if "rigType" in rig.order else {**rig.order, **chain.rig_type_found(check.rig_type)}
    )


def _unfit(check: Task, rig: Task) -> Reason | None:
    try:
        chain.refuse_unfit_rig(_rig_order(check, rig))
    except OrderError as error:
        return Reason(
            error.code, error.message, "Order the rig again without rigModel, so that a version is chosen."
        )
    return None


def _unplayable(rig: Task, preset: str) -> Reason | None:
    rig_type = rig.rig_type or rig.order.get("rigType") or "biped"
    try:
        chain.refuse_unplayable(preset, rig_type, chain.rig_model_of(rig.order, rig_type))
    except OrderError as error:
        return Reason(error.code, error.message, error.suggestion)
    if not chain.can_be_animated(rig.order):
        return Reason(
            "preset_not_playable",
            f"A rig with the {rig.order['spec']} skeleton cannot be animated by the provider.",
            "Rig the model again with the tripo skeleton.",
        )
    return None
