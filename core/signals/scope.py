"""Of what signals are asked: a stretch of time cut into buckets, and perhaps one project or one step alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy.sql import ColumnElement

from core.lifecycle import TaskKind
from core.models import Task
from core.signals.epoch import bucket_of


class Reach(NamedTuple):
    """How far back one looks, and how finely."""

    length: timedelta
    bucket_seconds: int


REACHES: Final[Mapping[str, Reach]] = {
    "24h": Reach(timedelta(days=1), 3_600),
    "7d": Reach(timedelta(days=7), 6 * 3_600),
    "30d": Reach(timedelta(days=30), 24 * 3_600),
}


class Scope(NamedTuple):
    """What is asked about; `since` begins a bucket, `until` is now."""

    since: datetime
    until: datetime
    bucket_seconds: int
    project_id: str | None = None
    kind: TaskKind | None = None

    def bucket(self, at: Any) -> ColumnElement[int]:
        """Number in SQL the bucket of a time."""
        return bucket_of(at, self.bucket_seconds)

    def begin_of(self, bucket: int) -> datetime:
        """Say when a bucket begins."""
        return datetime.fromtimestamp(bucket * self.bucket_seconds, UTC)

    def begins(self) -> tuple[datetime, ...]:
        """List the beginnings of all buckets, empty ones too."""
        first, last = (int(at.timestamp()) // self.bucket_seconds for at in (self.since, self.until))
        return tuple(self.begin_of(bucket) for bucket in range(first, last + 1))

    def tasks(self, at: Any) -> tuple[ColumnElement[bool], ...]:
        """Say in SQL which tasks are meant, by one of their times."""
        wanted: list[ColumnElement[bool]] = [at >= self.since, at <= self.until]
        if self.project_id is not None:
            wanted.append(Task.project_id == self.project_id)
        if self.kind is not None:
            wanted.append(Task.kind == self.kind)
        return tuple(wanted)


def scope_of(
    reach: str, now: datetime, *, project_id: str | None = None, kind: TaskKind | None = None
) -> Scope:
    """Make the scope of a reach (`24h`, `7d` or `30d`) that ends now; its first bucket is a whole one."""
    length, seconds = REACHES[reach]
    since = int((now - length).timestamp()) // seconds * seconds
    return Scope(datetime.fromtimestamp(since, UTC), now, seconds, project_id, kind)
