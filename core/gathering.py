"""Writing new tasks of many assets together: what would cost statements for each of them waits for the end.

While it lasts, `core.moves` takes no lock of these assets again, recomputes none of their statuses and writes no
line of a history: all of that is done for all of them at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.orm import Session

from core.models import TaskEvent

_NAME: Final = "gathering"


class Gathering:
    """What waits for the end: lines of histories in their order, and assets whose status is to be recomputed."""

    def __init__(self, asset_pks: Collection[str]) -> None:
        self.locked = frozenset(asset_pks)
        self.events: list[dict[str, Any]] = []
        self.changed: dict[str, None] = {}


def gathering_of(session: Session) -> Gathering | None:
    """Return what a session gathers; None when it writes at once, as it does by itself."""
    found: Gathering | None = session.info.get(_NAME)
    return found


@contextmanager
def gathering(session: Session, asset_pks: Collection[str]) -> Iterator[Gathering]:
    """Gather for these assets, which are locked, for as long as the block lasts."""
    session.info[_NAME] = gathered = Gathering(asset_pks)
    try:
        yield gathered
    finally:
        del session.info[_NAME]


def add_event(session: Session, **columns: Any) -> None:
    """Add a line to a history, now or together with the others; all its columns are named."""
    gathered = gathering_of(session)
    if gathered is None:
        session.add(TaskEvent(**columns))
    else:
        gathered.events.append(columns)
