"""How long steps take, measured on our own past tasks; documented times stand in until there are some."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import TaskKind, TaskStatus
from core.models import Task
from core.past import TYPICAL_SECONDS

NEWEST: Final = 200  # tasks of a kind that are looked at
ENOUGH: Final = 10  # below so many the documented time counts, too
QUEUED_SECONDS: Final = 5.0  # what a task waits at the provider beside its documented time
FETCH_SECONDS: Final = 2.0  # ours, to fetch and check a task's files: until something is measured
PASS_SECONDS: Final = 0.5  # ours, until a pass sees that a place is free


class Pace(NamedTuple):
    """Seconds that steps hold a place of the provider, and until the next step can be sent."""

    seconds: Mapping[TaskKind, float]
    hand_on_seconds: float


def measured_pace(session: Session, provider_speed: float = 1.0) -> Pace:
    """Measure on the newest successes; `provider_speed` is how much faster than documented the provider is."""
    seconds: dict[TaskKind, float] = {}
    handed_on: list[float] = []
    for kind in TaskKind:
        newest = (
            select(Task.sent_at, Task.provider_done_at, Task.finished_at)
            .where(Task.kind == kind, Task.status == TaskStatus.SUCCESS, Task.provider_done_at.is_not(None))
            .order_by(Task.finished_at.desc())
            .limit(NEWEST)
        )
        rows = session.execute(newest).all()
        held = [(done - sent).total_seconds() for sent, done, _ended in rows if sent and done]
        handed_on += [(ended - done).total_seconds() for _sent, done, ended in rows if ended and done]
        documented = (TYPICAL_SECONDS[kind] + QUEUED_SECONDS) / provider_speed
        guesses = [documented] * max(0, ENOUGH - len(held))
        seconds[kind] = statistics.fmean([*held, *guesses]) + PASS_SECONDS
    return Pace(seconds, (statistics.fmean(handed_on) if handed_on else FETCH_SECONDS) + PASS_SECONDS)
