"""Stuck: the provider has told of no progress for three times as long as such a step usually takes in all.

It is shown, and changes nothing: such a task is followed for as long as the provider knows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.lifecycle import AT_PROVIDER, TaskKind
from core.models import Task
from core.past import TYPICAL_SECONDS
from core.schemas import Waiting

WORD: Final = "stuck"
TIMES: Final = 3
SHARE: Final = 0.95
SHORTEST_SECONDS: Final = 120.0  # a queue at the provider may well take so long
OF_THE_LAST: Final = 200
ENOUGH: Final = 20  # past tasks; with fewer the documented time, doubled, counts
LATE_TIMES: Final = 2.0
# That none has ended says nothing new, but completes the columns of an index: SQLite, after ANALYZE, takes every status
# to be as frequent as any other, and would rather read all tasks.
IS_AT_PROVIDER: Final = and_(Task.status.in_(list(AT_PROVIDER)), Task.finished_at.is_(None))


class Usual:
    """How long steps usually take; read from past tasks when it is first asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[TaskKind, float] = {}

    def stuck_after_seconds(self, kind: TaskKind) -> float:
        """Say after how long without progress a task of this kind counts as stuck."""
        if kind not in self._known:
            self._known[kind] = max(TIMES * self._usual_seconds(kind), SHORTEST_SECONDS)
        return self._known[kind]

    def waiting(self, task: Task, now: datetime) -> Waiting | None:
        """Say so when a task at the provider is stuck."""
        silent_seconds = (now - max(task.progressed_at or task.status_at, task.status_at)).total_seconds()
        if silent_seconds < SHORTEST_SECONDS or silent_seconds < self.stuck_after_seconds(task.kind):
            return None
        told = f" {task.waiting_text}" if task.waiting_text else ""
        return Waiting(
            word=WORD,
            sentence=f"No progress for {int(silent_seconds // 60)} minutes, far longer than usual.{told} It is still "
            "asked about; cancel and retry it if you do not want to wait (a retry is paid again).",
        )

    def _usual_seconds(self, kind: TaskKind) -> float:
        past = (
            select(Task.worked_seconds)
            .where(Task.kind == kind, Task.provider_done_at.is_not(None), Task.worked_seconds.is_not(None))
            .order_by(Task.provider_done_at.desc())
            .limit(OF_THE_LAST)
        )
        seconds = sorted(s for s in self._session.scalars(past) if s is not None)
        if len(seconds) < ENOUGH:
            return LATE_TIMES * TYPICAL_SECONDS[kind]
        return seconds[int(SHARE * (len(seconds) - 1))]


def count_stuck(session: Session, now: datetime) -> int:
    """Count the tasks at the provider that are stuck."""
    usual = Usual(session)
    there = session.scalars(
        select(Task).where(
            IS_AT_PROVIDER,
            Task.kind.in_(list(TaskKind)),
            func.coalesce(Task.progressed_at, Task.status_at) < now - timedelta(seconds=SHORTEST_SECONDS),
        )
    )
    return sum(usual.waiting(task, now) is not None for task in there)
