"""Ending many orders that were never sent, in a few statements: a plan that is cancelled, or asks for less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.chain import steps_behind
from core.lifecycle import UNSENT, TaskKind
from core.models import Task
from core.moves import AT_ONCE, cancel_unsent, lock_assets, refresh_assets

_TASKS: Final = Task.metadata.tables[Task.__tablename__]


def withdraw(session: Session, asked: Collection[Task], reason: str, actor: str, now: datetime) -> int:
    """Cancel these tasks and what waits behind them, as far as none was sent; say how many.

    It is `tasks.cancel` for thousands. What the session holds of the assets stays as it was.
    """
    session.flush()
    ids = {task.id for task in asked}
    asset_pks = sorted({task.asset_pk for task in asked})
    ended = 0
    for start in range(0, len(asset_pks), AT_ONCE):
        some = asset_pks[start : start + AT_ONCE]
        lock_assets(session, some)
        ended += cancel_unsent(session, _chosen(session, some, ids), reason, actor, now)
        refresh_assets(session, some, now)
    return ended


def _chosen(session: Session, asset_pks: Sequence[str], ids: Collection[str]) -> list[Row[Any]]:
    """Read the unsent tasks that were asked for, and those that wait behind one of them."""
    columns = (_TASKS.c[name] for name in ("id", "asset_pk", "chain", "kind", "status"))
    unsent = select(*columns).where(_TASKS.c.asset_pk.in_(asset_pks), _TASKS.c.status.in_(list(UNSENT)))
    rows = session.connection().execute(unsent).all()
    behind: dict[tuple[str, int], set[TaskKind]] = defaultdict(set)
    for row in rows:
        if row.id in ids:
            behind[row.asset_pk, row.chain].update(steps_behind(row.kind))
    return [row for row in rows if row.id in ids or row.kind in behind[row.asset_pk, row.chain]]
