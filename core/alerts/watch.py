"""The watch: looks for what is to be told, and sends what is due. Run by the poller, and by the dashboard in its stead.

A delivery has a thread of its own for each target, a lease and an end: a service that hangs or refuses holds up
nobody. What did not arrive is tried again with growing pauses, for a day. A process that dies between a delivery and
its note sends that message once more: twice told is better than lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.alerts import outbox, rules
from core.alerts.digest import digest
from core.alerts.sending import send
from core.alerts.targets import Targets, target_of
from core.crews import Crews, wait_for
from core.database import Database, log_failure
from core.errors import HatcheryError, NotFoundError
from core.forecast import growing_delay_seconds
from core.models import Alert, AlertTarget

log = logging.getLogger("hatchery.alerts")

LEASE: Final = timedelta(minutes=5)  # far longer than one delivery takes
BETWEEN_MESSAGES: Final = timedelta(minutes=5)
FIRST_PAUSE_SECONDS: Final = 30.0
LONGEST_PAUSE_SECONDS: Final = 1_800.0
TEST_TITLE: Final = "Hatchery: a test"
TEST_TEXT: Final = "Somebody asked for this message. Alerts will arrive here."


class Watch:
    """Finds and tells; `pages` is where the dashboard is."""

    def __init__(
        self,
        database: Database,
        targets: Targets,
        limits: rules.Limits,
        pages: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._targets = targets
        self._limits = limits
        self._pages = pages
        self._crews = Crews("alerts", places=1)
        self._now = clock

    def take_up(self, urls: Sequence[str]) -> None:
        """Keep the addresses that the settings name; one to which nothing can be sent is said in the log."""
        with self._database.transaction() as session:
            faults = self._targets.take_up(session, urls, self._now())
        for fault in faults:
            log.warning(fault)

    def tend(self, patience_seconds: float | None = None, *, polls: bool = True) -> int:
        """One pass: note what is new, send what is due; say how many messages were begun.

        `polls`: this process polls, so that there is a poller. Without patience it waits until all is sent.
        """
        self.look(polls=polls)
        return self.send_due(patience_seconds)

    def look(self, *, polls: bool = True) -> None:
        """Write what there is to tell into the outbox."""
        now = self._now()
        with self._database.reading() as session:
            found = rules.all_there_is_to_tell(session, self._limits, now, polls=polls)
            is_news, has_old = outbox.is_news(session, found, now), outbox.has_old(session, now)
        if not is_news and not has_old:
            return
        try:
            with self._database.transaction() as session:
                outbox.take_in(session, found, now)
                outbox.give_up_old(session, now)
        except IntegrityError:
            log.debug("another process noted the same news")

    def send_due(self, patience_seconds: float | None = None) -> int:
        """Begin what is due, each target in its own thread."""
        with self._database.reading() as session:
            due = outbox.targets_with_mail(session, self._now())
        begun = [
            self._crews.give(target_id, partial(self._try_to_deliver, target_id))
            for target_id in due
            if self._crews.free(target_id)
        ]
        wait_for(begun, patience_seconds)
        return len(begun)

    def test(self, target_id: str) -> None:
        """Send a test message now and note how it went; raises NotFoundError and AlertUndeliveredError."""
        with self._database.reading() as session:
            row = target_of(session, target_id)
        try:
            send(self._targets.address(row), TEST_TITLE, TEST_TEXT)
        except HatcheryError as error:
            self._note(target_id, error, [])
            raise
        self._note(target_id, None, [], is_test=True)

    def close(self) -> None:
        """Let what was begun end."""
        self._crews.close()

    def _try_to_deliver(self, target_id: str) -> None:
        try:
            self._deliver(target_id)
        except Exception as error:  # its lease ends, and it is tried again
            log_failure(log, "an alert could not be sent", error)

    def _deliver(self, target_id: str) -> None:
        now = self._now()
        with self._database.transaction() as session:
            if not _claim(session, target_id, now):
                return
            row = target_of(session, target_id)
            mail = outbox.mail_of(session, target_id, now)
        try:
            if mail:
                send(self._targets.address(row), *digest(mail, self._pages))
        except HatcheryError as error:
            log.warning("alerts to “%s” wait: %s", row.name, error.message)
            self._note(target_id, error, mail)
        else:
            self._note(target_id, None, mail)

    def _note(
        self, target_id: str, error: HatcheryError | None, mail: list[Alert], *, is_test: bool = False
    ) -> None:
        now = self._now()
        with self._database.transaction() as session:
            try:
                row = target_of(session, target_id)
            except NotFoundError:  # removed meanwhile
                return
            row.tried_at, row.lease_until = now, None
            row.fault = error.message if error else None
            if error is not None:
                row.tries += 1
                pause = growing_delay_seconds(row.tries, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
                row.next_try_at = now + timedelta(seconds=pause)
                return
            row.tries, row.delivered_at = 0, now
            row.next_try_at = None if is_test else now + BETWEEN_MESSAGES
            outbox.note_delivered(session, target_id, mail, now)


def _claim(session: Session, target_id: str, now: datetime) -> bool:
    is_free = AlertTarget.lease_until.is_(None) | (AlertTarget.lease_until <= now)
    taken = session.execute(
        update(AlertTarget)
        .where(AlertTarget.id == target_id, AlertTarget.removed_at.is_(None), is_free)
        .values(lease_until=now + LEASE)
        .returning(AlertTarget.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None
