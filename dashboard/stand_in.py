"""While no poller is alive, the dashboard sees to the alerts: a poller cannot tell of its own death."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import SQLAlchemyError

from core import heartbeat
from core.bootstrap import Core

log = logging.getLogger("hatchery.alerts")

EVERY_SECONDS: Final = 15.0


class StandIn:
    """A thread of its own that looks every few seconds; for a `with` block."""

    def __init__(self, core: Callable[[], Core], every_seconds: float = EVERY_SECONDS) -> None:
        self._core = core
        self._every_seconds = every_seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more."""
        self._is_over.set()

    def _run(self) -> None:
        while not self._is_over.wait(self._every_seconds):
            try:
                self._look(self._core())
            except SQLAlchemyError:
                log.debug("the database does not answer")
            except Exception:  # it looks again
                log.exception("the alerts could not be looked after")

    def _look(self, core: Core) -> None:
        with core.database.reading() as session:
            last = heartbeat.last_of(session, "poller")
        silent_after = timedelta(seconds=core.settings.stale_after_seconds)
        if last is None or core.clock() - last > silent_after:
            core.watch.tend(0.0, polls=False)
