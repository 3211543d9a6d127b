"""Places at the provider: how many were in use over time, by what was sampled each minute."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import LaneSample
from core.signals.scope import Scope


class SlotsInUse(NamedTuple):
    """The mean of one bucket: places taken, places there were, and orders that waited for one."""

    at: datetime
    held: float
    places: float
    waiting: float


def slots_over_time(
    session: Session, since: datetime, until: datetime, bucket_seconds: int = 3_600, pool: str | None = None
) -> tuple[SlotsInUse, ...]:
    """Say how many places were in use, in one group of the provider's or in all; unsampled buckets are missing."""
    scope = Scope(since, until, bucket_seconds)
    sampled = select(
        LaneSample.at,
        func.sum(LaneSample.held).label("held"),
        func.sum(LaneSample.places).label("places"),
        func.sum(LaneSample.waiting).label("waiting"),
    ).where(LaneSample.at >= since, LaneSample.at <= until)
    if pool is not None:
        sampled = sampled.where(LaneSample.pool == pool)
    minutes = sampled.group_by(LaneSample.at).subquery()
    bucket = scope.bucket(minutes.c.at).label("bucket")
    means = select(
        bucket, func.avg(minutes.c.held), func.avg(minutes.c.places), func.avg(minutes.c.waiting)
    ).group_by(bucket)
    return tuple(
        SlotsInUse(scope.begin_of(number), float(held), float(places), float(waiting))
        for number, held, places, waiting in session.execute(means.order_by(bucket))
    )
