"""Samples of what no row remembers: once a minute, places in use; once an hour, what each wallet held.

However many pollers run, one of them samples a minute. What is older than a month is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database import Database
from core.lanes import limit_of
from core.lifecycle import HOLDS_SLOT, TaskStatus
from core.models import KeyHour, Lane, LaneSample, ProviderKey, Task
from core.tripo.catalog import POOL_LIMITS

KEPT_FOR: Final = timedelta(days=31)


class Sampler:
    """Takes the sample of a minute that nobody has taken yet."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._now = clock

    def take(self) -> int:
        """One pass: say how many rows were written; 0 when this minute has its sample already."""
        now = self._now()
        minute = now.replace(second=0, microsecond=0)
        with self._database.reading() as session:
            if session.scalar(select(LaneSample.pool).where(LaneSample.at == minute).limit(1)):
                return 0
            rows = _lanes(session, minute, now)
        try:
            with self._database.transaction() as session:
                session.add_all(rows)
                session.flush()
                _note_keys(session, minute.replace(minute=0))
                if minute.minute == 0:
                    _forget(session, now - KEPT_FOR)
        except IntegrityError:  # another poller was first
            return 0
        return len(rows)


def _lanes(session: Session, minute: datetime, now: datetime) -> list[LaneSample]:
    """Sum the lanes of each group over the keys that hold a place in one, and the shared one."""
    by_lane = select(Task.key_id, Task.pool, func.count()).group_by(Task.key_id, Task.pool)
    held = {
        (key_id, pool): count
        for key_id, pool, count in session.execute(
            by_lane.where(Task.status.in_(HOLDS_SLOT), Task.key_id.is_not(None))
        )
    }
    ready = select(Task.pool, func.count()).where(Task.status == TaskStatus.READY).group_by(Task.pool)
    waiting = dict(session.execute(ready).all())
    shared = and_(ProviderKey.is_shared.is_(True), ProviderKey.retired_at.is_(None))
    busy = [key_id for key_id, _pool in held]
    lanes = {(lane.key_id, lane.pool): lane for lane in session.scalars(select(Lane))}
    places, taken = Counter[str](), Counter[str]()
    for key in session.scalars(select(ProviderKey).where(or_(shared, ProviderKey.id.in_(busy)))):
        for pool in POOL_LIMITS[key.version]:
            places[pool] += limit_of(lanes.get((key.id, pool)), key, pool, now)
            taken[pool] += held.get((key.id, pool), 0)
    return [
        LaneSample(at=minute, pool=pool, held=taken[pool], places=places[pool], waiting=waiting.get(pool, 0))
        for pool in places
    ]


def _note_keys(session: Session, hour: datetime) -> None:
    """Note of each key in use what its wallet held last in this hour, and for how many minutes it stood still."""
    for key in session.scalars(select(ProviderKey).where(ProviderKey.retired_at.is_(None))):
        row = session.get(KeyHour, (hour, key.id)) or KeyHour(at=hour, key_id=key.id, stopped_minutes=0)
        row.balance, row.frozen = key.balance, key.frozen
        if key.stopped_word is not None:
            row.stopped_minutes += 1
            row.stopped_word = key.stopped_word
        session.add(row)


def _forget(session: Session, before: datetime) -> None:
    for row in (LaneSample, KeyHour):
        session.execute(delete(row).where(row.at < before).execution_options(synchronize_session=False))
