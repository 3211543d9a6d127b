"""Ending what of a plan was not sent yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import tasks
from core.lifecycle import UNSENT, TaskKind
from core.models import Asset, Plan, Task

_KINDS = list(TaskKind)


def cancel_unsent(session: Session, plan: Plan, reason: str, actor: str, now: datetime) -> int:
    """Cancel all unsent tasks of a plan's assets, and say how many; what is at the provider goes on."""
    unsent = (
        select(Task)
        .join(Asset, Asset.id == Task.asset_pk)
        .where(Asset.plan_id == plan.id, Task.status.in_(list(UNSENT)))
    )
    ended = 0
    for task in sorted(session.scalars(unsent).all(), key=lambda t: (t.asset_pk, _KINDS.index(t.kind))):
        if task.status in UNSENT:  # else it ended together with one before it, or was sent meanwhile
            ended += len(tasks.cancel(session, task, reason, actor, now))
    return ended
