"""One time for all processes of one database, whatever their own clocks say.

Leases and due times are compared by whoever reads them. On PostgreSQL the server's time counts; on SQLite the
processes share a machine. Between two looks at it a process goes by its own steady clock, which no adjustment moves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError

from core.models import utc_now

LOOK_EVERY_SECONDS: Final = 30.0
# Clocks that are right differ by less: what is later than this was written by one that was wrong.
CLOCKS_DIFFER: Final = timedelta(minutes=1)


class SharedClock:
    """Tells the database's time; it is asked now and then, and carried on in between.

    `read` is that look (see `Database.now`), `steady` seconds that only ever grow. While the database cannot be
    asked, time goes on from what it said last.
    """

    def __init__(self, read: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._steady = steady
        self._looking = threading.Lock()
        # what the database said, and when by the steady clock
        self._said: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        """The time now, aware and in UTC.

        Only the very first look is waited for: whoever asks may hold rows that others need to end their own work.
        """
        said = self._said or self._first_said()
        if self._steady() - said[1] >= LOOK_EVERY_SECONDS and self._looking.acquire(blocking=False):
            try:
                said = self._said = self._look(), self._steady()
            finally:
                self._looking.release()
        return self._carried_on(said)

    def _first_said(self) -> tuple[datetime, float]:
        with self._looking:
            if self._said is None:
                self._said = self._look(), self._steady()
            return self._said

    def _look(self) -> datetime:
        try:
            return self._read()
        except DBAPIError:
            return utc_now() if self._said is None else self._carried_on(self._said)

    def _carried_on(self, said: tuple[datetime, float]) -> datetime:
        at, looked_at = said
        return at + timedelta(seconds=self._steady() - looked_at)
