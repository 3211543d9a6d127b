"""What a team wants to know when it comes back: what moves, what ended, what waits for a person, what was spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.asset_query import Query, Term
from core.asset_search import conditions, count_up_to
from core.failures.groups import open_groups
from core.failures.states import Trouble
from core.models import Asset, Task
from core.playlist import is_to_review
from core.schemas import Credits, View
from core.signals.slots import SlotsInUse, slots_over_time

COUNTED: Final = 1_000  # beyond, "1,000+" says enough
SLOTS_OVER: Final = timedelta(hours=6)
SLOTS_BUCKET_SECONDS: Final = 600
SPENT_OVER: Final = timedelta(hours=24)


class Overview(View):
    """How things stand. Counts of assets go up to COUNTED + 1; `spent` is of the last 24 hours."""

    has_assets: bool
    moving: int
    spent: Credits


class Needs(View):
    """What waits for a person, counted as far as the rest.

    `failed_groups`, `held_groups` and `interrupted_groups` are causes: of what ended badly, of what stands still until
    somebody acts (other than say what became of it, which `unknown` counts), and of sends that a crash interrupted.
    """

    unknown: int
    to_review: int
    failed_groups: int
    held_groups: int
    interrupted_groups: int


class Ended(View):
    """What ended since a time, counted as far as the rest."""

    complete: int
    failed: int


def moving() -> Query:
    """Ask for what is on its way."""
    return Query((Term("state", "moving"),))


def unknown() -> Query:
    """Ask for what a person must decide about."""
    return Query((Term("state", "unknown"),))


def ended_since(state: str, when: datetime) -> Query:
    """Ask for what came to this end since a time."""
    return Query((Term("state", state), Term("since", when.isoformat())))


def read_overview(session: Session, now: datetime) -> Overview:
    """Count what moves, and sum what was spent."""
    spent = select(func.sum(Task.credits)).where(Task.finished_at >= now - SPENT_OVER)
    return Overview(
        has_assets=session.scalar(select(Asset.id).limit(1)) is not None,
        moving=_count(session, moving(), now),
        spent=session.scalar(spent) or Decimal(0),
    )


def read_needs(session: Session, now: datetime) -> Needs:
    """Count what waits for a person; that takes a while in a large database, and changes slowly."""
    groups = open_groups(session, now, but=("outcome_unknown",))
    return Needs(
        unknown=_count(session, unknown(), now),
        to_review=count_up_to(session, [is_to_review()], COUNTED + 1),
        failed_groups=groups[Trouble.FAILED][0],
        held_groups=groups[Trouble.NEEDS_PERSON][0],
        interrupted_groups=groups[Trouble.INTERRUPTED][0],
    )


def read_ended(session: Session, since: datetime, now: datetime) -> Ended:
    """Count what ended since a time."""
    return Ended(
        complete=_count(session, ended_since("complete", since), now),
        failed=_count(session, ended_since("failed", since), now),
    )


def read_slots(session: Session, now: datetime) -> tuple[SlotsInUse, ...]:
    """Say how many of the provider's places were in use over the last hours."""
    return slots_over_time(session, now - SLOTS_OVER, now, SLOTS_BUCKET_SECONDS)


def _count(session: Session, query: Query, now: datetime) -> int:
    return count_up_to(session, conditions(session, query, now), COUNTED + 1)
