"""Counting failures by group, in the database: how many, since when, in which projects, how they come over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, literal_column, select
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


def tally_failures(
    session: Session, project_id: str | None = None, fingerprint: str | None = None
) -> dict[str, Tally]:
    """Count what failed, or is of unknown outcome, by fingerprint."""
    wanted = _wanted(Task, project_id, fingerprint)
    group = (Task.fingerprint, Task.project_id)
    first_and_last = (func.min(Task.status_at), func.max(Task.status_at))
    totals = select(*group, func.count(), *first_and_last).where(*wanted).group_by(*group)
    earlier = aliased(Task)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    narrowed = [] if is_sqlite else _wanted(earlier, project_id, fingerprint)
    replaced = (
        select(*group, func.count())
        .where(*wanted, Task.id.in_(_replaced(earlier, narrowed)))
        .group_by(*group)
    )
    done = {(name, project): count for name, project, count in session.execute(replaced)}
    parts: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for name, project, count, first, last in session.execute(totals):
        parts[str(name)].append((project, count, count - done.get((name, project), 0), first, last))
    return {name: _summed(each) for name, each in parts.items()}


def _wanted(task: type[Task], project_id: str | None, fingerprint: str | None) -> list[ColumnElement[bool]]:
    """Say which tasks are counted."""
    named = task.fingerprint.is_not(None) if fingerprint is None else task.fingerprint == fingerprint
    return [named] if project_id is None else [named, task.project_id == project_id]


def _replaced(earlier: type[Task], narrowed: Sequence[ColumnElement[bool]]) -> CompoundSelect[str]:
    """Select the tasks whose place a later attempt, or a later generation, has taken.

    What came later has indexes of its own, for there is little of it; they are used where the bound stands in the
    statement, so it is no parameter. On PostgreSQL what came before is narrowed too, or it reads all tasks to join it;
    SQLite would then begin with that, and look up each failure's successors.
    """
    one: ColumnElement[int] = literal_column("1")
    later = aliased(Task)
    same_step = and_(
        earlier.asset_pk == later.asset_pk,
        earlier.chain == later.chain,
        earlier.kind == later.kind,
        earlier.preset == later.preset,
    )
    attempts = (
        select(earlier.id).join(later, and_(same_step, earlier.attempt < later.attempt)).where(*narrowed)
    )
    generations = (
        select(earlier.id)
        .join(Asset, and_(earlier.asset_pk == Asset.id, earlier.chain < Asset.chain))
        .where(*narrowed)
    )
    return attempts.where(later.attempt > one).union(generations.where(Asset.chain > one))


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
