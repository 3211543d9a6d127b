"""Which passes the poller runs, and how often."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from core import heartbeat
from core.bootstrap import Core
from core.database import NO_ANSWER, why_absent
from core.models import utc_now
from core.polling import AHEAD

log = logging.getLogger("hatchery.poller")

logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick skipped while its pass runs is no news

HEARTBEAT_SECONDS = 2.0
FOLLOWED_BY = {
    "ask": ("fetch", "send"),
    "fetch": ("send",),
    "probe": ("send", "ask", "fetch"),
    "jobs": ("ask", "fetch"),
}
RESCUE_SECONDS = 10.0
PROBE_SECONDS = 1.0
ACCOUNTS_SECONDS = 5.0
JOBS_SECONDS = 1.0
RETENTION_SECONDS = 300.0
INQUIRIES_SECONDS = 5.0
SAMPLES_SECONDS = 20.0  # of each minute one is kept
ALERTS_SECONDS = 15.0
SHORTEST_SLEEP_SECONDS = (
    2 * AHEAD.total_seconds()
)  # each pass has statements of its own, however little is due
PATIENCE_SECONDS = 0.5  # how long a pass waits for slow answers; they are written all the same


class Schedule:
    """APScheduler's clock over the orchestrator's passes; the truth is in our rows, so a restart needs no memory."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._started_at = core.clock()
        self._ended: dict[str, str] = {}
        # one thread for each pass: a slow download must not hold up a send
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(12)})
        passes = core.orchestrator
        tick = core.settings.poll_seconds
        self._every("send", tick, partial(passes.send_ready, PATIENCE_SECONDS))
        self._every("ask", tick, self._ask)
        self._every("fetch", tick, partial(passes.fetch_due, PATIENCE_SECONDS))
        self._every("rescue", RESCUE_SECONDS, passes.rescue)
        self._every("probe", PROBE_SECONDS, partial(passes.probe_due, PATIENCE_SECONDS))
        self._every("accounts", ACCOUNTS_SECONDS, partial(passes.check_accounts, PATIENCE_SECONDS))
        self._every("jobs", JOBS_SECONDS, core.jobs.carry_due)
        self._every("inquiries", INQUIRIES_SECONDS, passes.look_for_lost)
        self._every("retention", RETENTION_SECONDS, core.retention.prune)
        self._every("samples", SAMPLES_SECONDS, core.sampler.take)
        self._every("alerts", ALERTS_SECONDS, partial(core.watch.tend, PATIENCE_SECONDS))
        self._every("heartbeat", HEARTBEAT_SECONDS, self._beat)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let the running passes end, then stop; the heartbeat goes with them."""
        self._scheduler.shutdown(wait=True)
        with self._core.database.transaction() as session:
            heartbeat.stop(session, self._core.orchestrator.owner)

    def _every(self, name: str, seconds: float, run: Callable[[], object]) -> None:
        self._scheduler.add_job(
            self._pass,
            "interval",
            args=[name, run],
            seconds=seconds,
            id=name,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def _pass(self, name: str, run: Callable[[], object]) -> None:
        """Run one pass; whatever goes wrong in it, the next tick runs again."""
        try:
            handled = run()
        except NO_ANSWER as error:
            log.warning("the %s pass: the database does not answer (%s)", name, why_absent(error))
            return
        except Exception:  # whatever it was, the other passes and the next tick go on
            log.exception("the %s pass went wrong; the next tick tries again", name)
            return
        self._ended[name] = utc_now().isoformat()
        if handled:
            self._wake(FOLLOWED_BY.get(name, ()))

    def _ask(self) -> int:
        """Ask about what is due, and come back when the next task is due rather than a tick later."""
        passes = self._core.orchestrator
        asked = passes.ask_due(PATIENCE_SECONDS)
        now = datetime.now(UTC)
        seconds = sleep_seconds(self._core.settings.poll_seconds, passes.next_ask_at(), now)
        if seconds < self._core.settings.poll_seconds:
            self._run_at("ask", now + timedelta(seconds=seconds))
        return asked

    def _wake(self, names: tuple[str, ...]) -> None:
        """Let what may have become due run now: a freed place is money's worth of waiting."""
        for name in names:
            self._run_at(name, datetime.now(UTC))

    def _run_at(self, name: str, at: datetime) -> None:
        with contextlib.suppress(JobLookupError):  # at the end of the process
            self._scheduler.modify_job(name, next_run_time=at)

    def _beat(self) -> None:
        with self._core.database.transaction() as session:
            passes: dict[str, Any] = dict(self._ended)
            name = self._core.orchestrator.owner
            heartbeat.beat(session, name, "poller", self._started_at, passes, self._core.clock())


def sleep_seconds(tick_seconds: float, due_at: datetime | None, now: datetime) -> float:
    """Say how long to sleep until the next pass: a tick, or less when something is due sooner."""
    if due_at is None:
        return tick_seconds
    return min(max((due_at - now).total_seconds(), SHORTEST_SLEEP_SECONDS), tick_seconds)
