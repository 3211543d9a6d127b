"""Picking the best of a row's variants: it goes on to its rig, the others stay as alternates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import tasks
from core.chain import Step, steps_for
from core.errors import ConflictError
from core.lifecycle import UNSENT, Hold, TaskKind
from core.models import Asset, Plan, Task
from core.moves import lock_asset, refresh_asset
from core.plans.chains import Chain
from core.plans.known import tasks_of
from core.tripo import Version

NOT_PICKED = "Another variant was picked."


def variants_of(session: Session, asset: Asset) -> list[Asset]:
    """List the variants of an asset's row, itself among them, by number; those that left the plan are not."""
    if asset.variant_group is None:
        return [asset]
    group = select(Asset).where(Asset.variant_group == asset.variant_group, Asset.removed_at.is_(None))
    return list(session.scalars(group.order_by(Asset.variant)))


def pick(session: Session, asset: Asset, *, version: Version, actor: str, now: datetime) -> list[Asset]:
    """Choose the best of a row's variants, also in place of an earlier choice; returns all of them.

    Where the project gates them, its rig and animations are sent now, and those of the others that were not sent
    are cancelled. Raises ConflictError for an asset that has no alternates.
    """
    variants = variants_of(session, asset)
    if len(variants) < 2:
        raise ConflictError(
            "This asset has no alternates to be picked among.",
            suggestion="Give its row in the plan more than one variant.",
            code="no_variants",
        )
    if asset.picked_at is not None and not asset.is_gated:
        return variants
    was_gated = any(each.is_gated for each in variants)
    for each in sorted(variants, key=lambda a: a.id):
        lock_asset(session, each.id)
    for each in variants:
        each.picked_at = now if each is asset else None
        each.is_gated = was_gated and each is not asset
    session.flush()
    if was_gated:
        for each in variants:
            if each is not asset:
                _end_rig(session, each, actor, now)
        let_go(session, asset, version=version, actor=actor, now=now)
    return variants


def let_go(session: Session, asset: Asset, *, version: Version, actor: str, now: datetime) -> None:
    """Send an asset's rig and animations that waited for the pick, and order again those that were cancelled."""
    asset.is_gated = False
    session.flush()
    chain = Chain(asset, tasks_of(session, [asset])[asset.id])
    check = chain.newest.get(Step(TaskKind.RIG_CHECK))
    made = chain.done.get(Step(TaskKind.GENERATE))
    if check is not None and check.hold is Hold.GATE and made is not None:
        tasks.go_on_after(session, made, now)
    wanted = steps_for(should_rig=asset.tag == "RIG", animations=asset.animations)
    missing = chain.missing([step for step in wanted if step.kind is not TaskKind.GENERATE], again=True)
    plan = session.get(Plan, asset.plan_id) if asset.plan_id else None
    priority = asset.priority + (plan.priority if plan is not None else 0)
    again = chain.new_tasks(missing, version=version, priority=priority, now=now)
    if again:
        tasks.add_steps(session, asset, again, actor, now)
    refresh_asset(session, asset.id, now)


def _end_rig(session: Session, asset: Asset, actor: str, now: datetime) -> None:
    unsent = select(Task).where(
        Task.asset_pk == asset.id,
        Task.chain == asset.chain,
        Task.kind == TaskKind.RIG_CHECK,
        Task.status.in_(list(UNSENT)),
    )
    for task in session.scalars(unsent).all():
        tasks.cancel(session, task, NOT_PICKED, actor, now)
