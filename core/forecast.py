"""When to ask again: how likely the end of a task is by now, from its kind's past and what the provider says of it."""

from __future__ import annotations

import logging
import math
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.database import Database
from core.durations import Told
from core.lifecycle import AT_PROVIDER, TaskKind
from core.models import Task
from core.past import Followed, Known, guess_of, kind_of, past_tasks, step_of, what_is_known
from core.tripo import ProviderTask
from core.trust import Trust

log = logging.getLogger("hatchery.forecast")

SHORTEST_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 30.0
SILENT_LONGEST_SECONDS: Final = 120.0

FIRST_ASK_SHARE: Final = 0.05  # nothing is asked before so many tasks of the kind have ended
LEARN_EVERY: Final = timedelta(seconds=30)
COUNT_EVERY: Final = timedelta(seconds=5)

LATE_PROGRESS: Final = 99
EARLY_PROGRESS: Final = 5  # before it the share that is done says too little

# Where one request reads many tasks, they are asked about on common beats. Each is half of the one before, so that
# the beats of a busy minute fall together with those of a quiet one.
BEATS_SECONDS: Final = (1.9, 0.95, 0.475)
REQUESTS_PER_END: Final = 1.9
FEW_SECONDS: Final = 4.0  # when tasks end so seldom that beats would have to be longer, each goes its own way
AT_ONCE: Final = 200  # so many tasks' arrays still fit a processor's cache
SHARED_WORTH: Final = 8.0  # how much less a look costs on the shortest beat, for it shares its request


class NextAsk(NamedTuple):
    """When a task is asked about again, and how long the whole takes, as the provider first let us know."""

    due_at: datetime
    foretold_seconds: float | None


class Forecast:
    """What one process knows of the past of its tasks; it is read again from the rows every half minute.

    `eagerness` is how many requests it is worth to know of an end one second sooner.
    """

    def __init__(
        self,
        database: Database,
        reads_many: Callable[[str], bool],
        clock: Callable[[], datetime],
        eagerness: float,
    ) -> None:
        self._database = database
        self._reads_many = reads_many  # whether one request reads many tasks with this key
        self._now = clock
        self._worth = eagerness
        self._guesses = {kind: guess_of(kind) for kind in TaskKind}
        self._known: Mapping[str, Known] = {}
        self._beats: Mapping[str, float] = {}
        self._learnt_at: datetime | None = None
        self._counted_at: datetime | None = None
        self._learning = threading.Lock()

    def refresh(self) -> None:
        """Learn from the newest ends and count what is under way, unless that was done a moment ago.

        Without its database it goes by what it knew: an answer that costs money waits to be written behind this.
        """
        if not self._learning.acquire(blocking=False):
            return
        try:
            now = self._now()
            if _is_over(self._learnt_at, LEARN_EVERY, now):
                with self._database.reading() as session:
                    self._known = what_is_known(past_tasks(session))
                self._learnt_at = now
            if _is_over(self._counted_at, COUNT_EVERY, now):
                with self._database.reading() as session:
                    self._beats = self._common_beats(session)
                self._counted_at = now
        except OperationalError:
            log.warning("the database did not say how long tasks took; what was known before still counts")
        finally:
            self._learning.release()

    def first_ask_at(self, key_id: str, pace: str) -> datetime:
        """Say when a task that was just created is first asked about: hardly any has ended before."""
        seconds = self._of(kind_of(pace), pace).law.quantile(FIRST_ASK_SHARE)
        wait = min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS)
        return _due_times(self._now(), self._beat(key_id), [wait], jitter=0.1)[0]

    def next_ask(self, task: Followed, answer: ProviderTask) -> NextAsk:
        """Say when to ask again about a task that is queued or running, by this answer."""
        return self.next_asks([(task, answer)])[0]

    def next_asks(self, answered: Sequence[tuple[Followed, ProviderTask]]) -> list[NextAsk]:
        """Say when to ask again about tasks that are queued or running, by what was answered of each.

        What the provider tells of the rest of the work counts as far as it was right before, with tasks of this
        pace and with this task. Tasks of one pace are worked out together: that takes a fraction of the time.
        """
        groups: dict[tuple[TaskKind, str | None, str | None], list[int]] = defaultdict(list)
        for n, (task, _) in enumerate(answered):
            groups[task.kind, task.pace, task.key_id].append(n)
        asks: dict[int, NextAsk] = {}
        for group in groups.values():
            for some in (group[n : n + AT_ONCE] for n in range(0, len(group), AT_ONCE)):
                asks |= zip(some, self._next_of_one_pace([answered[n] for n in some]), strict=True)
        return [asks[n] for n in range(len(answered))]

    def _next_of_one_pace(self, answered: Sequence[tuple[Followed, ProviderTask]]) -> list[NextAsk]:
        """As `next_asks`, of one pace and key."""
        now, (one, _) = self._now(), answered[0]
        known, beat = self._of(one.kind, one.pace), self._beat(one.key_id)
        ages = [(now - (task.submitted_at or task.created_at)).total_seconds() for task, _ in answered]
        told = [_told_seconds(age, *each) for age, each in zip(ages, answered, strict=True)]
        first = [task.foretold_seconds or new for (task, _), new in zip(answered, told, strict=True)]
        worth = self._worth * _shared_worth(beat)
        waits = known.law.waits(np.array(ages), worth, LONGEST_SECONDS, _told(told, first, known.trust))
        waits = waits.clip(SHORTEST_SECONDS, LONGEST_SECONDS)
        due_at = _due_times(now, beat, waits.tolist(), jitter=0.05)
        return [NextAsk(at, seconds) for at, seconds in zip(due_at, first, strict=True)]

    def _beat(self, key_id: str | None) -> float | None:
        return self._beats.get(key_id) if key_id is not None and self._reads_many(key_id) else None

    def _of(self, kind: TaskKind, pace: str | None) -> Known:
        for name in (pace, step_of(pace)) if pace else ():
            if name in self._known:
                return self._known[name]
        return self._guesses[kind]

    def _common_beats(self, session: Session) -> dict[str, float]:
        """Find, for each key with many tasks under way, how often to ask about those that are due."""
        counts = session.execute(
            select(Task.key_id, Task.kind, Task.pace, func.count())
            .where(Task.status.in_(list(AT_PROVIDER)))
            .group_by(Task.key_id, Task.kind, Task.pace)
        )
        ends_per_second: dict[str, float] = defaultdict(float)
        for key_id, kind, pace, count in counts:
            if key_id is not None:
                ends_per_second[key_id] += count / self._of(kind, pace).law.quantile(0.5)
        wanted = {key_id: 1 / (REQUESTS_PER_END * rate) for key_id, rate in ends_per_second.items()}
        return {key_id: _beat_of(seconds) for key_id, seconds in wanted.items() if seconds <= FEW_SECONDS}


def growing_delay_seconds(tries: int, first: float = 1.0, longest: float = 60.0) -> float:
    """Double the delay with each try, with jitter, up to `longest`."""
    return jittered(min(first * 2 ** min(max(tries - 1, 0), 20), longest))


def jittered(seconds: float, share: float = 0.1) -> float:
    """Spread by a share, so that tasks never march in step."""
    return seconds * random.uniform(1 - share, 1 + share)  # noqa: S311 - nothing secret about it


def _told_seconds(age: float, task: Followed, answer: ProviderTask) -> float | None:
    """How long the whole takes, as this answer says; None when it says nothing that makes sense.

    The last second and the last percent mean "late", not "now": then what was said first still stands.
    """
    if answer.progress < task.progress or age <= 0:
        return None
    if answer.seconds_left is not None:
        late, told = answer.seconds_left <= 1, age + answer.seconds_left
    elif answer.progress >= EARLY_PROGRESS:
        late, told = answer.progress >= LATE_PROGRESS, age * 100 / answer.progress
    else:
        return None
    return (task.foretold_seconds or age) if late else told


def _told(
    seconds: Sequence[float | None], first_seconds: Sequence[float | None], trust: Trust
) -> Told | None:
    """What was said of each task now, beside what was said first; None when nothing was said of any."""
    if not any(seconds):
        return None
    now, first = np.array(seconds, dtype=float), np.array(first_seconds, dtype=float)
    return Told(now, np.log(now / first), trust)


def _due_times(now: datetime, beat: float | None, waits: Sequence[float], jitter: float) -> list[datetime]:
    """For each wait the common beat nearest to it; its own time where there are no beats."""
    if beat is None:
        return [now + timedelta(seconds=jittered(wait, jitter)) for wait in waits]
    unix = now.timestamp()
    soonest = math.floor(unix / beat) + 1
    beats = [max(math.floor((unix + wait) / beat + 0.3), soonest) for wait in waits]
    times = {n: datetime.fromtimestamp(n * beat, UTC) for n in set(beats)}
    return [times[n] for n in beats]


def _beat_of(wanted: float) -> float:
    return min((beat for beat in BEATS_SECONDS if beat >= wanted), default=BEATS_SECONDS[0])


def _shared_worth(beat: float | None) -> float:
    """How much less a look costs on this beat; the longer the beat, the surer that somebody looks anyway."""
    return SHARED_WORTH * math.sqrt(beat / BEATS_SECONDS[-1]) if beat else 1.0


def _is_over(since: datetime | None, pause: timedelta, now: datetime) -> bool:
    return since is None or not timedelta() <= now - since < pause
