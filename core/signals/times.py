"""How long steps take at the provider, and how long orders wait for a place there: the middle one and the slow ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Float, case, cast, func, or_, select
from sqlalchemy.orm import Session

from core.lifecycle import TaskKind, TaskStatus
from core.models import Task
from core.signals.epoch import seconds_between
from core.signals.scope import Scope


class Times(NamedTuple):
    """What half of the steps of one kind, and what all but one in twenty, took at most; in one bucket."""

    at: datetime
    kind: TaskKind
    tasks: int
    p50_seconds: float
    p95_seconds: float


def working_times(session: Session, scope: Scope) -> tuple[Times, ...]:
    """Say how long the provider worked on what succeeded, by the bucket in which it ended."""
    worked = case((Task.status == TaskStatus.SUCCESS, Task.worked_seconds))
    return _times(session, scope, Task.finished_at, worked)


def queue_times(session: Session, scope: Scope) -> tuple[Times, ...]:
    """Say how long orders waited from when they might be sent until the provider took them, pauses included."""
    return _times(session, scope, Task.submitted_at, seconds_between(Task.ready_at, Task.submitted_at))


def _times(session: Session, scope: Scope, at: Any, seconds: Any) -> tuple[Times, ...]:
    """Rank in the database: of n values in order, the p-th hundredth is that of rank p * n / 100, rounded up."""
    bucket = scope.bucket(at)
    numbered = (
        select(bucket.label("bucket"), Task.kind.label("kind"), cast(seconds, Float).label("seconds"))
        .where(*scope.tasks(at), seconds.is_not(None))
        .subquery()
    )
    group = (numbered.c.bucket, numbered.c.kind)
    ranked = select(
        *group,
        numbered.c.seconds,
        func.row_number().over(partition_by=group, order_by=numbered.c.seconds).label("rank"),
        func.count().over(partition_by=group).label("n"),
    ).subquery()
    n = ranked.c.n
    chosen = select(ranked).where(
        or_(ranked.c.rank == (n * 50 + 99) // 100, ranked.c.rank == (n * 95 + 99) // 100)
    )
    found: dict[tuple[int, TaskKind], list[float]] = {}
    counts: dict[tuple[int, TaskKind], int] = {}
    for row in session.execute(chosen.order_by(ranked.c.bucket, ranked.c.kind, ranked.c.rank)):
        found.setdefault((row.bucket, row.kind), []).append(max(row.seconds, 0.0))
        counts[row.bucket, row.kind] = row.n
    return tuple(
        Times(scope.begin_of(number), kind, counts[number, kind], seconds[0], seconds[-1])
        for (number, kind), seconds in found.items()
    )
