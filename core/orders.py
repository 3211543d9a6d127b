"""What a person may ask for: a generation with its chain, a rig, animations, a cancel (a retry: `core.retries`).

Everything is checked here, before a row is written and long before anything is paid. Functions write into the
caller's transaction and return the new tasks; sending them is the orchestrator's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import tasks
from core.chain import checked_presets, rig_order_again, steps_for
from core.chosen_keys import chosen_for, refuse_removed, version_of
from core.errors import ConflictError, OrderError
from core.generations import checked_generation
from core.lifecycle import FINAL, UNSENT, Approval, TaskKind, TaskStatus
from core.models import Asset, Task
from core.projects import asset_of, checked_id, project_of
from core.rigs import checked_rig, refuse_unoffered_rig, refuse_unplayable_by
from core.steps import (
    next_attempt,
    ready_task,
    refuse_if_open,
    refuse_unanimatable,
    refuse_unlisted,
    source_of,
    waiting_task,
)
from core.tripo import Version
from core.tripo.catalog import OUT_FORMATS


def order_generation(
    session: Session,
    *,
    project_id: str,
    asset_id: str,
    prompt: str | None = None,
    image: Mapping[str, Any] | None = None,
    version: Version,
    now: datetime,
    name: str | None = None,
    category: str | None = None,
    should_rig: bool = False,
    animations: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    rig: Mapping[str, Any] | None = None,
    key_id: str | None = None,
    priority: int = 0,
    actor: str = "api",
) -> list[Task]:
    """Order an asset's whole chain at once; an asset that exists is made anew, its old attempts stay.

    The whole chain uses the key that is named, else the project's, else the shared one. Raises OrderError for what
    cannot be sent, NotFoundError for the project or the key, ConflictError when a generation of this asset is under
    way or the chosen key was removed.
    """
    key = chosen_for(session, project_of(session, project_id), key_id)
    checked_id(asset_id, "assetId")
    order, rig_order, presets = checked_generation(
        session,
        version=key.version if key else version,
        prompt=prompt,
        image=image,
        should_rig=should_rig,
        animations=animations,
        options=options,
        rig=rig,
    )
    asset = _asset_for(session, project_id, asset_id, now, actor)
    refuse_if_open(session, asset, TaskKind.GENERATE)
    _supersede(session, asset, actor, now)
    asset.chain += 1
    asset.name = (name or "").strip() or asset.name
    asset.category = (category or "").strip() or asset.category
    asset.tag = "RIG" if should_rig else "STATIC"
    asset.prompt, asset.animations, asset.options = order.get("prompt", ""), presets, order["options"]
    asset.description = asset.description or asset.prompt
    asset.approval, asset.approved_at = Approval.PENDING, None
    session.flush()
    first, *later = steps_for(should_rig=should_rig, animations=presets)
    made = partial(waiting_task, asset, asset.chain, priority=priority, now=now)
    rows = [
        ready_task(
            asset,
            asset.chain,
            first.kind,
            order=order,
            source=None,
            version=version,
            key=key,
            priority=priority,
            now=now,
        ),
        *(
            made(step.kind, step.preset, order=rig_order if step.kind is TaskKind.RIG else None)
            for step in later
        ),
    ]
    tasks.add_steps(session, asset, rows, actor, now)
    return rows


class RigOrder(NamedTuple):
    """A rig check and a rig that can be ordered of a finished draft."""

    asset: Asset
    draft: Task
    order: dict[str, str]
    version: Version


def order_rig(
    session: Session,
    *,
    project_id: str,
    asset_id: str,
    version: Version,
    now: datetime,
    priority: int = 0,
    actor: str = "api",
    **wanted: str | None,
) -> list[Task]:
    """Order a rig check and a rig of an asset's finished draft; returns [check, rig].

    `wanted` and what is raised are as in `checked_rig_order`.
    """
    asset, draft, order, version = checked_rig_order(
        session, project_id=project_id, asset_id=asset_id, version=version, **wanted
    )
    chain = draft.chain
    asset.tag = "RIG"
    check = ready_task(
        asset,
        chain,
        TaskKind.RIG_CHECK,
        order={},
        source=draft,
        version=version,
        attempt=next_attempt(session, asset, chain, TaskKind.RIG_CHECK),
        priority=priority,
        now=now,
    )
    attempt = next_attempt(session, asset, chain, TaskKind.RIG)
    rig = waiting_task(asset, chain, TaskKind.RIG, order=order, attempt=attempt, priority=priority, now=now)
    tasks.add_steps(session, asset, [check, rig], actor, now)
    tasks.wake_behind(session, check)
    return [check, rig]


def checked_rig_order(
    session: Session,
    *,
    project_id: str,
    asset_id: str,
    version: Version,
    draft_task_id: str | None = None,
    draft_model_url: str | None = None,
    rig_type: str | None = None,
    rig_model: str | None = None,
    spec: str | None = None,
    out_format: str | None = None,
) -> RigOrder:
    """Say what a rig would be; nothing is written. Without a named draft it is of the asset's newest.

    Without a rig type the check's word is taken, without a rig version the one that can do it. Raises OrderError for
    what cannot be, ConflictError while a rig is under way or when the draft's key was removed.
    """
    asset = asset_of(session, project_id, asset_id)
    wanted = {"rigType": rig_type, "rigModel": rig_model, "spec": spec, "outFormat": out_format}
    order = checked_rig(wanted)
    names = ("draftTaskId", "draftModelUrl")
    draft = source_of(session, asset, TaskKind.GENERATE, draft_task_id, draft_model_url, names)
    refuse_removed(session, draft)
    version = version_of(session, draft, version)
    refuse_unoffered_rig(order, version)
    for kind in (TaskKind.RIG_CHECK, TaskKind.RIG):
        refuse_if_open(session, asset, kind, chain=draft.chain)
    return RigOrder(asset, draft, order, version)


class AnimationOrder(NamedTuple):
    """Animations that can be ordered of a finished rig, one task each."""

    asset: Asset
    rig: Task
    presets: list[str]
    order: dict[str, Any]
    version: Version


def order_animations(
    session: Session,
    *,
    project_id: str,
    asset_id: str,
    animations: Sequence[str],
    version: Version,
    now: datetime,
    priority: int = 0,
    actor: str = "api",
    **wanted: Any,
) -> list[Task]:
    """Order animations of an asset's finished rig, one task each.

    `wanted` and what is raised are as in `checked_animations`.
    """
    asset, rig, presets, order, version = checked_animations(
        session, project_id=project_id, asset_id=asset_id, animations=animations, version=version, **wanted
    )
    rows = [
        ready_task(
            asset,
            rig.chain,
            TaskKind.ANIMATE,
            preset,
            order=order,
            source=rig,
            version=version,
            attempt=next_attempt(session, asset, rig.chain, TaskKind.ANIMATE, preset),
            priority=priority,
            now=now,
        )
        for preset in presets
    ]
    asset.animations = list(dict.fromkeys([*asset.animations, *presets]))
    tasks.add_steps(session, asset, rows, actor, now)
    return rows


def checked_animations(
    session: Session,
    *,
    project_id: str,
    asset_id: str,
    animations: Sequence[str],
    version: Version,
    rig_task_id: str | None = None,
    rigged_model_url: str | None = None,
    in_place: bool | None = None,
    out_format: str | None = None,
) -> AnimationOrder:
    """Say what animations would be; nothing is written. Without a named rig they are of the asset's newest.

    Raises OrderError for what this rig cannot play, ConflictError while one of them is under way or when the rig's
    key was removed.
    """
    asset = asset_of(session, project_id, asset_id)
    field = "animations"
    presets = checked_presets(animations, field=field)
    if not presets:
        raise OrderError(
            "No animation is named.", suggestion="Name at least one, such as preset:walk.", field=field
        )
    refuse_unlisted(out_format, OUT_FORMATS, "outFormat")
    rig = source_of(
        session, asset, TaskKind.RIG, rig_task_id, rigged_model_url, ("rigTaskId", "riggedModelUrl")
    )
    refuse_removed(session, rig)
    version = version_of(session, rig, version)
    refuse_unanimatable(rig, presets, field)
    for preset in presets:
        refuse_if_open(session, asset, TaskKind.ANIMATE, preset, chain=rig.chain)
    wanted = {"inPlace": in_place, "outFormat": out_format}
    order = {name: value for name, value in wanted.items() if value is not None}
    return AnimationOrder(asset, rig, presets, order, version)


def rig_of_before(session: Session, asset: Asset, animations: Sequence[str]) -> dict[str, Any] | None:
    """Return what was said of the newest rig of an asset's chain, for the rig of its next model.

    None where nothing was, or where such a rig could not play the animations that are wanted now.
    """
    rigs = select(Task.order).filter_by(asset_pk=asset.id, chain=asset.chain, kind=TaskKind.RIG)
    said = rig_order_again(session.scalar(rigs.order_by(Task.attempt.desc()).limit(1)) or {})
    try:
        refuse_unplayable_by(said, animations)
    except OrderError:
        return None
    return said or None


def cancel(
    session: Session, task: Task, *, now: datetime, reason: str | None = None, actor: str = "api"
) -> list[Task]:
    """End a task and the chain behind it; raises ConflictError when it has ended or its fate is being decided."""
    refuse_cancel(task)
    return tasks.cancel(session, task, reason or "Cancelled.", actor, now)


def refuse_cancel(task: Task) -> None:
    """Raise ConflictError when a task has ended, or is being sent at this moment."""
    if task.status in FINAL:
        raise ConflictError(
            f"The task has ended already: {task.status}.",
            suggestion="There is nothing to cancel.",
            code="already_final",
        )
    if task.status is TaskStatus.SUBMITTING:
        raise ConflictError(
            "The order is being sent at this moment.",
            suggestion="Try again in a few seconds.",
            code="being_sent",
        )


def _asset_for(session: Session, project_id: str, asset_id: str, now: datetime, actor: str) -> Asset:
    wanted = select(Asset).filter_by(project_id=project_id, asset_id=asset_id).with_for_update()
    asset = session.scalar(wanted)
    if asset is not None:
        return asset
    asset = Asset(project_id=project_id, asset_id=asset_id, name=asset_id, created_by=actor, created_at=now)
    try:
        with session.begin_nested():
            session.add(asset)
    except IntegrityError:  # the same asset was ordered at the same moment
        return session.scalars(wanted).one()
    return asset


def _supersede(session: Session, asset: Asset, actor: str, now: datetime) -> None:
    """End what of the old chain was not sent yet; what was sent goes on and is recorded."""
    unsent = select(Task).where(Task.asset_pk == asset.id, Task.status.in_(list(UNSENT)))
    for task in session.scalars(unsent).all():
        if task.status in UNSENT:
            tasks.cancel(session, task, "Replaced by a new generation of this asset.", actor, now)
