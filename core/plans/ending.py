"""Ending what of a plan was not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import UNSENT
from core.models import Asset, Plan, Task
from core.withdrawals import withdraw

AT_ONCE: Final = 500


def cancel_some(session: Session, plan: Plan, reason: str, actor: str, now: datetime) -> int:
    """Cancel the unsent tasks of some of a plan's assets, and say how many; 0 when there are none left.

    Some at once: a database with one writer must not keep the others waiting for thousands of moves.
    """
    assets = (
        select(Task.asset_pk)
        .join(Asset, Asset.id == Task.asset_pk)
        .where(Asset.plan_id == plan.id, Task.status.in_(list(UNSENT)))
        .distinct()
        .limit(AT_ONCE)
    )
    unsent = select(Task).where(
        Task.asset_pk.in_(list(session.scalars(assets))), Task.status.in_(list(UNSENT))
    )
    return withdraw(session, session.scalars(unsent).all(), reason, actor, now)
