"""When to ask again: how soon the provider may be done, from what it last said and how long it has run."""

from __future__ import annotations

import random
from typing import Final

from core.lifecycle import TaskKind

# Typical seconds per step at the provider (Tripo partner nodes' estimates, 2026-09); the first ask comes well before.
TYPICAL_SECONDS: Final = {
    TaskKind.GENERATE: 80.0,
    TaskKind.RIG_CHECK: 5.0,
    TaskKind.RIG: 180.0,
    TaskKind.ANIMATE: 30.0,
}
SHORTEST_SECONDS: Final = 1.15  # with jitter still a second: one request a second for a task, whoever asks
LONGEST_SECONDS: Final = 15.0
SILENT_LONGEST_SECONDS: Final = 120.0


def first_ask_seconds(kind: TaskKind) -> float:
    """Say how long after its create a task is first asked about."""
    return jittered(min(2.0, TYPICAL_SECONDS[kind] / 5))


def next_ask_seconds(age_seconds: float, progress: int, seconds_left: float | None) -> float:
    """Say how long to wait before asking again about a task that is queued or running.

    Half of what is left, by the provider's own word or else by progress and age; never so long that an end is
    missed for more than LONGEST_SECONDS.
    """
    if seconds_left is None and 0 < progress < 99:
        seconds_left = age_seconds * (100 - progress) / progress
    if seconds_left is None:
        seconds_left = age_seconds / (20 if progress >= 99 else 4)  # at 99 it is late, not far
    return jittered(min(max(seconds_left / 2, SHORTEST_SECONDS), LONGEST_SECONDS))


def growing_delay_seconds(tries: int, first: float = 1.0, longest: float = 60.0) -> float:
    """Double the delay with each try, with jitter, up to `longest`."""
    return jittered(min(first * 2 ** min(max(tries - 1, 0), 20), longest))


def jittered(seconds: float) -> float:
    """Spread by a tenth, so that tasks never march in step."""
    return seconds * random.uniform(0.9, 1.1)  # noqa: S311 - nothing secret about it
