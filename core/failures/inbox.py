"""What people say about a group of failures: resolved, ignored for a while, somebody's, and notes; who and when."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import OrderError
from core.failures.states import GroupState
from core.failures.tallies import Tally
from core.models import FailureGroup, FailureNote
from core.version import VERSION

LONGEST_NOTE: Final = 2000
LONGEST_NAME: Final = 80
MOST_MORE: Final = 1_000_000


def state_of(
    said: FailureGroup | None, tally: Tally, now: datetime, version: str = VERSION
) -> tuple[GroupState, bool]:
    """Say how it stands with a group, and whether it has come back after somebody had dealt with it.

    A group of which nothing is left, since each of its tasks was ordered again, is resolved without a word.
    """
    word = said.state if said is not None else GroupState.OPEN
    if said is None or word is GroupState.OPEN:
        return (GroupState.OPEN if tally.left else GroupState.RESOLVED), False
    if word is GroupState.IGNORED:
        is_over = _is_over(said, tally, now, version)
        return (GroupState.OPEN if is_over and tally.left else GroupState.IGNORED), is_over
    came_back = tally.last_at > said.changed_at
    return (GroupState.OPEN if came_back and tally.left else GroupState.RESOLVED), came_back


def _is_over(said: FailureGroup, tally: Tally, now: datetime, version: str) -> bool:
    until_then = said.ignored_until is not None and now >= said.ignored_until
    so_many = said.ignored_for is not None and tally.total - said.count_then >= said.ignored_for
    newer = said.ignored_in is not None and version != said.ignored_in
    return until_then or so_many or newer


def resolve(session: Session, fingerprint: str, tally: Tally, *, actor: str, now: datetime) -> None:
    """Say that a group is dealt with; it opens again by itself when it comes back."""
    _say(session, fingerprint, GroupState.RESOLVED, tally, actor, now)
    note(session, fingerprint, "Resolved.", actor=actor, now=now)


def reopen(session: Session, fingerprint: str, tally: Tally, *, actor: str, now: datetime) -> None:
    """Say that a group is not dealt with after all."""
    _say(session, fingerprint, GroupState.OPEN, tally, actor, now)
    note(session, fingerprint, "Opened again.", actor=actor, now=now)


def ignore(
    session: Session,
    fingerprint: str,
    tally: Tally,
    *,
    until: datetime | None = None,
    for_count: int | None = None,
    until_next_version: bool = False,
    actor: str,
    now: datetime,
) -> None:
    """Leave a group alone: until a time, until so many more have come, until Hatchery is updated, or for ever.

    The first of these that comes opens it again. Raises OrderError for a time that is over, or a count below one.
    """
    if until is not None and until <= now:
        raise OrderError("That time is over.", suggestion="Name one in the future.", field="until")
    if for_count is not None and not 1 <= for_count <= MOST_MORE:
        raise OrderError(
            f"The count is {for_count}.", suggestion=f"Name one from 1 to {MOST_MORE:,}.", field="forCount"
        )
    row = _say(session, fingerprint, GroupState.IGNORED, tally, actor, now)
    row.ignored_until, row.ignored_for = until, for_count
    row.ignored_in = VERSION if until_next_version else None
    note(session, fingerprint, _ignored_in_words(row), actor=actor, now=now)


def assign(
    session: Session, fingerprint: str, tally: Tally, *, to: str | None, actor: str, now: datetime
) -> None:
    """Give a group to somebody, or to nobody; raises OrderError for what is no name."""
    name = " ".join((to or "").split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise OrderError(
            f"A name has at most {LONGEST_NAME} characters.", suggestion="Shorten it.", field="to"
        )
    row = session.get(FailureGroup, fingerprint)
    if row is None:
        row = _say(session, fingerprint, GroupState.OPEN, tally, actor, now)
    row.assigned_to = name or None
    note(session, fingerprint, f"Given to {name}." if name else "Given to nobody.", actor=actor, now=now)


def assignees(session: Session) -> list[str]:
    """Name everybody who takes care of a group."""
    named = select(FailureGroup.assigned_to).where(FailureGroup.assigned_to.is_not(None)).distinct()
    return sorted(name for name in session.scalars(named) if name is not None)


def note(session: Session, fingerprint: str, text: str, *, actor: str, now: datetime) -> None:
    """Keep a note on a group; raises OrderError for an empty or an overlong one."""
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE or "\x00" in words:
        raise OrderError(
            f"A note has 1 to {LONGEST_NOTE} characters.", suggestion="Write a shorter one.", field="text"
        )
    session.add(FailureNote(fingerprint=fingerprint, at=now, author=actor, text=words))
    session.flush()


def notes_on(session: Session, fingerprint: str) -> list[FailureNote]:
    """List what was written about a group, the newest first."""
    kept = select(FailureNote).where(FailureNote.fingerprint == fingerprint)
    return list(session.scalars(kept.order_by(FailureNote.id.desc())))


def _say(
    session: Session, fingerprint: str, state: GroupState, tally: Tally, actor: str, now: datetime
) -> FailureGroup:
    row = session.get(FailureGroup, fingerprint, with_for_update=True)
    if row is None:
        row = FailureGroup(fingerprint=fingerprint)
        session.add(row)
    row.state, row.changed_at, row.changed_by, row.count_then = state, now, actor, tally.total
    row.ignored_until = row.ignored_for = row.ignored_in = None
    session.flush()
    return row


def _ignored_in_words(row: FailureGroup) -> str:
    ends = []
    if row.ignored_until is not None:
        ends.append(f"until {row.ignored_until:%Y-%m-%d %H:%M} UTC")
    if row.ignored_for is not None:
        ends.append(f"until {row.ignored_for:,} more have come")
    if row.ignored_in is not None:
        ends.append("until Hatchery is updated")
    return f"Ignored {' or '.join(ends) if ends else 'for ever'}."
