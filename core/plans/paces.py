"""How long steps take, measured on our own past tasks; documented times stand in until there are some."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.lifecycle import HOLDS_SLOT, TaskKind, TaskStatus
from core.models import Task
from core.past import TYPICAL_SECONDS

NEWEST: Final = 200  # tasks of a kind that are looked at
ENOUGH: Final = 10  # below so many the documented time counts, too
QUEUED_SECONDS: Final = 5.0  # what a task waits at the provider beside its documented time
GUESSED: Final = (0.8, 0.9, 1.0, 1.1, 1.2)  # of the documented time: how tasks may differ before any was seen
FETCH_SECONDS: Final = 1.0  # ours, to fetch and check a task's files: until something is measured
PASS_SECONDS: Final = 0.5  # ours, until a pass sees that a place is free
FOUND_SECONDS: Final = 0.5  # ours, until a task's end is known: until something is measured


class Pace(NamedTuple):
    """Seconds that steps may hold a place of the provider, each as likely, and until the next step can be sent."""

    seconds: Mapping[TaskKind, Sequence[float]]
    hand_on_seconds: float


def measured_pace(session: Session, provider_speed: float = 1.0) -> Pace:
    """Measure on the newest successes; `provider_speed` is how much faster than documented the provider is."""
    seconds: dict[TaskKind, Sequence[float]] = {}
    handed_on: list[float] = []
    for kind in TaskKind:
        newest = (
            select(Task.sent_at, Task.provider_done_at, Task.finished_at)
            .where(Task.kind == kind, Task.status == TaskStatus.SUCCESS, Task.provider_done_at.is_not(None))
            .order_by(Task.finished_at.desc())
            .limit(NEWEST)
        )
        oldest_open = session.scalar(
            select(func.min(Task.sent_at)).where(Task.kind == kind, Task.status.in_(list(HOLDS_SLOT)))
        )
        rows = session.execute(newest).all()
        held = [
            (done - sent).total_seconds()
            for sent, done, _ended in rows
            if sent
            and done
            and (oldest_open is None or sent <= oldest_open)  # of a burst the short ones end first
        ]
        handed_on += [(ended - done).total_seconds() for _sent, done, ended in rows if ended and done]
        documented = (TYPICAL_SECONDS[kind] + QUEUED_SECONDS) / provider_speed + FOUND_SECONDS
        guesses = [documented * GUESSED[n % len(GUESSED)] for n in range(max(0, ENOUGH - len(held)))]
        seconds[kind] = tuple(sorted(each + PASS_SECONDS for each in [*held, *guesses]))
    return Pace(seconds, (statistics.median(handed_on) if handed_on else FETCH_SECONDS) + PASS_SECONDS)


def still_to_come(seconds: Sequence[float], age_seconds: float) -> Sequence[float]:
    """Say how much longer a task may take that has lasted for so long."""
    longer = [each - age_seconds for each in seconds if each > age_seconds]
    return longer or (seconds[-1] / 20,)
