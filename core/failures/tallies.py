"""Counting failures by group, in the database: how many, since when, in which projects, how they come over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from core.failures.held import HeldGroup
from core.models import Asset, Task
from core.signals.epoch import bucket_of

TREND_HOURS: Final = 24
HOUR_SECONDS: Final = 3600
SAMPLES: Final = 3


class Tally(NamedTuple):
    """The numbers of one group. `left` are those that nobody has dealt with by another attempt."""

    total: int
    left: int
    first_at: datetime
    last_at: datetime
    projects: Mapping[str, int]


def is_left() -> ColumnElement[bool]:
    """Say in SQL of a task, joined with its asset, that no later attempt or generation has taken its place."""
    later = aliased(Task)
    followed = (
        select(later.id)
        .where(
            later.asset_pk == Task.asset_pk,
            later.chain == Task.chain,
            later.kind == Task.kind,
            later.preset == Task.preset,
            later.attempt > Task.attempt,
        )
        .exists()
    )
    return and_(Asset.chain == Task.chain, ~followed)


def tally_failures(
    session: Session, project_id: str | None = None, fingerprint: str | None = None
) -> dict[str, Tally]:
    """Count what failed, or is of unknown outcome, by fingerprint."""
    wanted: list[ColumnElement[bool]] = [Task.fingerprint.is_not(None)]
    if fingerprint is not None:
        wanted = [Task.fingerprint == fingerprint]
    if project_id is not None:
        wanted.append(Task.project_id == project_id)
    rows = session.execute(
        select(
            Task.fingerprint,
            Task.project_id,
            func.count(),
            func.sum(case((is_left(), 1), else_=0)),
            func.min(Task.status_at),
            func.max(Task.status_at),
        )
        .join(Asset, Asset.id == Task.asset_pk)
        .where(*wanted)
        .group_by(Task.fingerprint, Task.project_id)
    )
    parts: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for name, *numbers in rows:
        parts[str(name)].append(numbers)
    return {name: _summed(each) for name, each in parts.items()}


def tally_held(session: Session, group: HeldGroup, project_id: str | None = None) -> Tally | None:
    """Count the tasks that stand still for one cause; None when there are none."""
    wanted = [group.which] if project_id is None else [group.which, Task.project_id == project_id]
    numbers = (
        Task.project_id,
        func.count(),
        func.count(),
        func.min(group.since),
        func.max(group.since),
    )
    rows = session.execute(select(*numbers).where(*wanted).group_by(Task.project_id)).all()
    return _summed(rows) if rows else None


def _summed(rows: Iterable[Sequence[Any]]) -> Tally:
    """Add the numbers of a group's projects up."""
    projects, counts, left, first, last = zip(*rows, strict=True)
    by_project = dict(zip(projects, counts, strict=True))
    return Tally(sum(counts), int(sum(left)), min(first), max(last), by_project)


def trends(session: Session, fingerprints: Sequence[str], now: datetime) -> dict[str, tuple[int, ...]]:
    """Count the failures of these groups in each of the last 24 hours, the present one last."""
    this_hour = int(now.timestamp()) // HOUR_SECONDS
    first_hour = this_hour - TREND_HOURS + 1
    hour = bucket_of(Task.status_at, HOUR_SECONDS)
    rows = session.execute(
        select(Task.fingerprint, hour, func.count())
        .where(
            Task.fingerprint.in_(fingerprints),
            Task.status_at >= datetime.fromtimestamp(first_hour * HOUR_SECONDS, UTC),
        )
        .group_by(Task.fingerprint, hour)
    )
    counts = {name: [0] * TREND_HOURS for name in fingerprints}
    for name, number, count in rows:
        if first_hour <= number <= this_hour:
            counts[str(name)][number - first_hour] += count
    return {name: tuple(each) for name, each in counts.items()}


def samples(session: Session, which: ColumnElement[bool]) -> list[Task]:
    """Read the newest tasks of a group."""
    return list(session.scalars(select(Task).where(which).order_by(Task.status_at.desc()).limit(SAMPLES)))
