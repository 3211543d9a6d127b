"""The circuit breaker: what does not answer is left alone, tried by one request at a time, and loaded again slowly.

It stands in rows (a provider key's, a `Stop`), so that all pollers see the same. Closed: all goes. Open: nothing is
sent before `stopped_until`; then one probe that costs nothing, and while it fails ever longer pauses. Half open: for
a while after the first answer twice as much goes each second; whatever fails then opens it again, for longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import log2
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from core.clock import CLOCKS_DIFFER
from core.errors import OutcomeUnknownError, ReadFailedError, TripoError, UnreachableError
from core.forecast import growing_delay_seconds
from core.models import ProviderKey, Stoppable, Task

WORD: Final = UnreachableError.code
WEIGHT: Final = 0.2  # of one request in the share of those that failed
FAILING_FROM: Final = 0.5  # reached by four failures in a row
FORGOTTEN: Final = 0.05
FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 60.0
LONGEST_PAUSE_AFTER_LOSS_SECONDS: Final = 600.0  # a lost create is a person's work
PROBE_LEASE: Final = timedelta(seconds=75)  # longer than the client waits for one answer
# What lies further ahead was written by a clock that was wrong.
LONGEST_STOP: Final = timedelta(seconds=2 * LONGEST_PAUSE_AFTER_LOSS_SECONDS)
RAMP: Final = timedelta(seconds=30)
CALLED_BACK_AT_ONCE: Final = 8  # tasks in the first second; twice as many in each that follows


class Circuit(StrEnum):
    """How the way to something is."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


def circuit_of(row: Stoppable, now: datetime) -> Circuit:
    """Say how the way to this is."""
    if row.stopped_word == WORD:
        return Circuit.OPEN
    return Circuit.HALF_OPEN if comes_back(row, now) else Circuit.CLOSED


def comes_back(row: Stoppable, now: datetime) -> bool:
    """Say whether an outage ended so recently that not everything may go at once."""
    return row.stopped_word is None and row.well_at is not None and -CLOCKS_DIFFER < now - row.well_at < RAMP


def allowed_since_well(row: Stoppable, now: datetime) -> int:
    """Say how many may have gone in all since an outage ended: 1 at once, doubled each second."""
    seconds = (now - row.well_at).total_seconds() if row.well_at else RAMP.total_seconds()
    return 1 << int(max(seconds, 0.0))


def may_be_tried(row: Stoppable, now: datetime) -> bool:
    """Say whether what stands still is to be tried again."""
    return row.stopped_until is not None and not now < row.stopped_until <= now + LONGEST_STOP


def its_key_answers() -> ColumnElement[bool]:
    """Say in SQL of a task that there is no outage of its key."""
    return ~exists().where(ProviderKey.id == Task.key_id, ProviderKey.stopped_word == WORD)


# --- what shows it -------------------------------------------------------------------------------------------


def is_silence(error: Exception) -> bool:
    """Say whether an error means that nobody, or only a broken server, was there to answer."""
    if isinstance(error, UnreachableError | OutcomeUnknownError):
        return True
    if not isinstance(error, TripoError):
        return False
    if error.http_status is not None:
        return error.http_status >= 500
    return isinstance(error, ReadFailedError)


def note(row: Stoppable, error: Exception | None, now: datetime, requests: int = 1) -> None:
    """Take the outcome of a request, or of some, into account; it may begin an outage, and never ends one.

    What was on its way when an outage began says nothing new about it.
    """
    if row.stopped_word == WORD:
        return
    if error is None or not is_silence(error):
        left = row.failing * (1 - WEIGHT) ** requests
        row.failing = left if left > FORGOTTEN else 0.0
        return
    row.failing += (1 - row.failing) * WEIGHT
    again = comes_back(row, now)
    if again or isinstance(error, UnreachableError) or row.failing >= FAILING_FROM:
        begin(row, WORD, _sentence(error), now, longest_seconds=_longest_pause_seconds(error))


def begin(
    row: Stoppable, word: str, sentence: str, now: datetime, longest_seconds: float = LONGEST_PAUSE_SECONDS
) -> None:
    """Stop what this row stands for; one that had only just come back stays away for longer."""
    if not comes_back(row, now):
        row.stopped_tries, row.stopped_at = 0, now
    row.stopped_word, row.stopped_text, row.failing = word, sentence, 0.0
    put_off(row, now, longest_seconds)


def put_off(row: Stoppable, now: datetime, longest_seconds: float = LONGEST_PAUSE_SECONDS) -> None:
    """It was tried and is not back: the next try comes after a longer pause."""
    row.stopped_tries += 1
    pause = growing_delay_seconds(row.stopped_tries, FIRST_PAUSE_SECONDS, longest_seconds)
    row.stopped_until = now + timedelta(seconds=pause)


def end(row: Stoppable, now: datetime) -> None:
    """It answers again: from here on it is loaded slowly."""
    row.stopped_word = row.stopped_text = row.stopped_until = None
    row.well_at, row.failing = now, 0.0


# --- probing -------------------------------------------------------------------------------------------------


def claim_probes(session: Session, now: datetime) -> Sequence[ProviderKey]:
    """Take the keys whose outage is due for a probe; nobody else probes them before that is over."""
    is_due = or_(ProviderKey.stopped_until <= now, ProviderKey.stopped_until > now + LONGEST_STOP)
    due = (ProviderKey.stopped_word == WORD, is_due, ProviderKey.secret != "")
    taken = session.scalars(
        update(ProviderKey)
        .where(*due)
        .values(stopped_until=now + PROBE_LEASE)
        .returning(ProviderKey.id)
        .execution_options(synchronize_session=False)
    ).all()
    return session.scalars(select(ProviderKey).where(ProviderKey.id.in_(taken))).all()


def call_back(session: Session, key_id: str, now: datetime) -> None:
    """Make due again what an outage of a key held up, a few at first and twice as many each second."""
    waiting = session.scalars(
        select(Task.id)
        .where(Task.key_id == key_id, Task.tripo_task_id.is_not(None), Task.due_at <= now + RAMP)
        .order_by(Task.due_at, Task.id)
    ).all()
    rows = [
        {"id": task_id, "due_at": now + timedelta(seconds=log2(1 + number / CALLED_BACK_AT_ONCE))}
        for number, task_id in enumerate(waiting)
    ]
    if rows:
        session.execute(update(Task), rows)


def _sentence(error: Exception) -> str:
    if isinstance(error, UnreachableError):
        return error.message
    return "Tripo does not answer, or answers with errors of its own."


def _longest_pause_seconds(error: Exception) -> float:
    lost = isinstance(error, OutcomeUnknownError)
    return LONGEST_PAUSE_AFTER_LOSS_SECONDS if lost else LONGEST_PAUSE_SECONDS
