"""When a plan will have ended: its chains played through the provider's places. Pure: no database, no clock."""

from __future__ import annotations

import heapq
import math
import random
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

SPREAD: Final = 0.19  # how far the real end may lie from the likely one, as a share of the time that is left
PLAYS_MOST: Final = 25
PIECES_PLAYED: Final = 3_000  # in all plays: chance evens out within a large plan, and a second play is slow
SEED: Final = 1  # the same rows are foretold the same


class Piece(NamedTuple):
    """One task that is to come: the group whose place it takes, and the seconds that may be, each as likely."""

    pool: str
    seconds: Sequence[float]


@dataclass(frozen=True)
class Course:
    """What is left of an asset's chain: steps in order, each of one task or of several at once.

    `has_begun` says that the first step holds a place already. `is_asked_about` marks what the forecast is for.
    """

    steps: tuple[tuple[Piece, ...], ...]
    project_id: str = ""
    priority: int = 0
    has_begun: bool = False
    is_asked_about: bool = True


class Range(NamedTuple):
    """Seconds from now, in whole ones."""

    low: int
    high: int


def range_of(seconds: float) -> Range:
    """Say within which time something likely takes so many seconds."""
    return Range(math.floor(seconds * (1 - SPREAD)), math.ceil(seconds * (1 + SPREAD)))


def seconds_to_the_end(courses: Iterable[Course], places: Mapping[str, int], hand_on_seconds: float) -> float:
    """Play all courses through the places of their groups, in the order in which lanes send them.

    Returns the seconds until the last task that is asked about has ended; 0.0 when there is none. How long each task
    takes is drawn: the end is that of the longest of many chains, and means know nothing of the longest.
    """
    courses = list(courses)
    pieces = sum(len(step) for course in courses for step in course.steps)
    plays = max(1, min(PLAYS_MOST, PIECES_PLAYED // max(pieces, 1)))
    dice = random.Random(SEED)  # noqa: S311 - play, not security
    return statistics.median(_Play(places, hand_on_seconds, dice).run(courses) for _ in range(plays))


class _Waiting(NamedTuple):
    """Lanes send what was ordered earlier first, whenever it became ready."""

    course: int
    step: int
    number: int
    piece: Piece


class _Play:
    """Tasks take places when there are any, and hand on to the next step when they end."""

    def __init__(self, places: Mapping[str, int], hand_on_seconds: float, dice: random.Random) -> None:
        self._free = dict(places)
        self._hand_on_seconds = hand_on_seconds
        self._dice = dice
        self._queues: dict[tuple[str, int, str], list[_Waiting]] = defaultdict(list)
        self._held: dict[tuple[str, str], int] = defaultdict(int)
        self._events: list[tuple[float, int, _Waiting, bool]] = []
        self._count = 0
        self._last = 0.0

    def run(self, courses: Sequence[Course]) -> float:
        self._courses = courses
        self._open = [len(course.steps[0]) if course.steps else 0 for course in self._courses]
        for n, course in enumerate(self._courses):
            for number, piece in enumerate(course.steps[0] if course.steps else ()):
                waiting = _Waiting(n, 0, number, piece)
                if course.has_begun:
                    self._take(waiting, 0.0)
                else:
                    self._wait(waiting)
        for pool in {pool for pool, _priority, _project in self._queues}:
            self._fill(pool, 0.0)
        while self._events:
            at, _, waiting, is_end = heapq.heappop(self._events)
            if is_end:
                self._end(waiting, at)
            else:
                self._wait(waiting)
            self._fill(waiting.piece.pool, at)
        return self._last

    def _end(self, waiting: _Waiting, at: float) -> None:
        course = self._courses[waiting.course]
        self._free[waiting.piece.pool] = self._free.get(waiting.piece.pool, 1) + 1
        self._held[waiting.piece.pool, course.project_id] -= 1
        if course.is_asked_about:
            self._last = max(self._last, at + self._hand_on_seconds)
        self._open[waiting.course] -= 1
        following = waiting.step + 1
        if self._open[waiting.course] == 0 and following < len(course.steps):
            self._open[waiting.course] = len(course.steps[following])
            for number, piece in enumerate(course.steps[following]):
                ready = _Waiting(waiting.course, following, number, piece)
                self._push(at + self._hand_on_seconds, ready, is_end=False)

    def _wait(self, waiting: _Waiting) -> None:
        course = self._courses[waiting.course]
        heapq.heappush(self._queues[waiting.piece.pool, course.priority, course.project_id], waiting)

    def _fill(self, pool: str, at: float) -> None:
        while self._free.setdefault(pool, 1) > 0:
            queue = self._next_queue(pool)
            if queue is None:
                return
            self._take(heapq.heappop(queue), at)

    def _next_queue(self, pool: str) -> list[_Waiting] | None:
        """Choose whose turn it is: the highest priority, then the project that holds fewest places."""
        waiting = [(key, queue) for key, queue in self._queues.items() if queue and key[0] == pool]
        if not waiting:
            return None
        return min(waiting, key=lambda each: (-each[0][1], self._held[pool, each[0][2]]))[1]

    def _take(self, waiting: _Waiting, at: float) -> None:
        self._free[waiting.piece.pool] = self._free.get(waiting.piece.pool, 1) - 1
        self._held[waiting.piece.pool, self._courses[waiting.course].project_id] += 1
        self._push(at + self._dice.choice(waiting.piece.seconds), waiting, is_end=True)

    def _push(self, at: float, waiting: _Waiting, *, is_end: bool) -> None:
        self._count += 1
        heapq.heappush(self._events, (at, self._count, waiting, is_end))
