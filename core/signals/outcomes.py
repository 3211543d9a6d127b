"""How steps ended over time: well or badly, and of what."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.lifecycle import TaskKind, TaskStatus
from core.models import KeyHour, Task
from core.signals.scope import Scope

JUDGED: Final = (TaskStatus.SUCCESS, TaskStatus.FAILED)  # what a person cancelled is neither
MOST_CAUSES: Final = 7
OTHER: Final = "other"


class Outcomes(NamedTuple):
    """The steps of one kind that ended in one bucket."""

    at: datetime
    kind: TaskKind
    succeeded: int
    failed: int


class Failures(NamedTuple):
    """The steps that failed in one bucket of one cause; `code` is our stable word for it."""

    at: datetime
    code: str
    tasks: int


class ProviderErrors(NamedTuple):
    """The steps that the provider ended badly in one bucket; `number` is its own, None where it gave none."""

    at: datetime
    number: int | None
    code: str
    tasks: int


class Standstill(NamedTuple):
    """For how many minutes of one hour the keys stood still, added up; `word` is why."""

    at: datetime
    word: str
    minutes: int


def outcomes_over_time(session: Session, scope: Scope) -> tuple[Outcomes, ...]:
    """Count what ended, by bucket and step; buckets without any are missing."""
    bucket = scope.bucket(Task.finished_at).label("bucket")
    counts = (
        select(bucket, Task.kind, Task.status, func.count())
        .where(*scope.tasks(Task.finished_at))  # by time alone: SQLite would rather search by status
        .group_by(bucket, Task.kind, Task.status)
    )
    found: dict[tuple[int, TaskKind], dict[TaskStatus, int]] = {}
    for number, kind, status, count in session.execute(counts.order_by(bucket)):
        if status in JUDGED:
            found.setdefault((number, kind), {})[status] = count
    return tuple(
        Outcomes(
            scope.begin_of(number),
            kind,
            ended.get(TaskStatus.SUCCESS, 0),
            ended.get(TaskStatus.FAILED, 0),
        )
        for (number, kind), ended in found.items()
    )


def failures_over_time(session: Session, scope: Scope) -> tuple[Failures, ...]:
    """Count what failed, by bucket and cause; the rare causes are added up as `other`."""
    bucket = scope.bucket(Task.finished_at).label("bucket")
    code = func.coalesce(Task.error_code, OTHER).label("code")
    counts = (
        select(bucket, Task.status, code, func.count())
        .where(*scope.tasks(Task.finished_at))
        .group_by(bucket, Task.status, code)
    )
    rows = [
        (number, word, count)
        for number, status, word, count in session.execute(counts.order_by(bucket))
        if status is TaskStatus.FAILED
    ]
    totals: dict[str, int] = {}
    for _number, word, count in rows:
        totals[word] = totals.get(word, 0) + count
    shown = sorted(totals, key=lambda word: (-totals[word], word))[:MOST_CAUSES]
    found: dict[tuple[int, str], int] = {}
    for number, word, count in rows:
        key = (number, word if word in shown else OTHER)
        found[key] = found.get(key, 0) + count
    return tuple(Failures(scope.begin_of(number), word, count) for (number, word), count in found.items())


def provider_errors_over_time(session: Session, scope: Scope) -> tuple[ProviderErrors, ...]:
    """Count what the provider itself refused or ended badly, by bucket and its number for it."""
    bucket = scope.bucket(Task.finished_at).label("bucket")
    it_said = Task.fingerprint.like("%.v_.%")  # by a version of its API, and not by us
    what = (bucket, it_said, Task.provider_error_code, Task.error_code)
    counts = select(*what, func.count()).where(*scope.tasks(Task.finished_at)).group_by(*what)
    return tuple(
        ProviderErrors(scope.begin_of(number), provider_code, code or OTHER, count)
        for number, is_theirs, provider_code, code, count in session.execute(counts.order_by(bucket))
        if is_theirs
    )


def standstills(session: Session, scope: Scope) -> tuple[Standstill, ...]:
    """Say in which hours keys stood still: the provider silent, a key refused, a wallet empty."""
    hours = (
        select(KeyHour.at, KeyHour.stopped_word, func.sum(KeyHour.stopped_minutes))
        .where(KeyHour.at >= scope.since, KeyHour.at <= scope.until, KeyHour.stopped_minutes > 0)
        .group_by(KeyHour.at, KeyHour.stopped_word)
        .order_by(KeyHour.at)
    )
    return tuple(Standstill(at, word or "", int(minutes)) for at, word, minutes in session.execute(hours))
