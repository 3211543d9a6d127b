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


class SharedClock:
    """Tells the database's time; it is asked now and then, and carried on in between.

    `read` is that look (see `Database.now`), `steady` seconds that only ever grow. While the database cannot be
    asked, time goes on from what it said last.
    """

    def __init__(self, read: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._steady = steady
        self._lock = threading.Lock()
        self._said: datetime | None = None
        self._looked_at = 0.0

    def __call__(self) -> datetime:
        """The time now, aware and in UTC."""
        with self._lock:
            if self._said is None or self._steady() - self._looked_at >= LOOK_EVERY_SECONDS:
                self._said, self._looked_at = self._look(), self._steady()
            return self._said + timedelta(seconds=self._steady() - self._looked_at)

    def _look(self) -> datetime:
        try:
            return self._read()
        except DBAPIError:
            if self._said is None:
                return utc_now()
            return self._said + timedelta(seconds=self._steady() - self._looked_at)
