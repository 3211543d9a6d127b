"""The account behind each key: its balance is read while the key is in use; a stopped key is found to be well again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core import lanes, outages
from core.clients import Clients
from core.crews import Crews, wait_for
from core.database import Database, log_failure
from core.errors import (
    HatcheryError,
    KeyMissingError,
    KeyRefusedError,
    TripoError,
    UnreachableError,
    WalletEmptyError,
)
from core.forecast import growing_delay_seconds
from core.keys import KeyRing
from core.lifecycle import FINAL, Hold, TaskStatus
from core.models import Project, ProviderKey, Task
from core.tripo import Balance
from core.wallet import keep_reading

log = logging.getLogger("hatchery.accounts")

EVERY: Final = timedelta(seconds=60)
EVERY_WHEN_STOPPED: Final = timedelta(seconds=15)


class Accounts:
    """Reads balances, starts stopped queues again, and wipes the secrets of keys that are over."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        clients: Clients,
        crews: Crews,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keys = keys
        self._clients = clients
        self._crews = crews
        self._now = clock

    def check_due(self, patience_seconds: float | None = None) -> int:
        """One pass: read the balance of each key in use; it costs nothing, and shows that a stopped key is well.

        A key that hangs keeps its own place, so that it delays no other key's balance, and is not asked twice.
        """
        full = self._crews.full()
        with self._database.transaction() as session:
            self._wipe_unneeded(session)
            due = [key for key in self._in_use(session) if self._is_due(key) and key.id not in full]
        self._ask_each(due, patience_seconds)
        return len(due)

    def probe_due(self, patience_seconds: float | None = None) -> int:
        """One pass: ask once, at no cost, whether providers that did not answer do so again; say how many were asked.

        Each is asked by one process at a time, with growing pauses.
        """
        with self._database.transaction() as session:
            due = outages.claim_probes(session, self._now())
        self._ask_each(due, patience_seconds)
        return len(due)

    def check(self, key_id: str) -> None:
        """Read the balance of one key now; what came of it stands in its row."""
        with self._database.reading() as session:
            key = session.get_one(ProviderKey, key_id)
        self._ask(key)

    def _in_use(self, session: Session) -> list[ProviderKey]:
        try:
            shared = self._keys.shared(session).id
        except KeyMissingError:
            shared = None
        chosen = or_(
            ProviderKey.id == shared,
            ProviderKey.stopped_word.is_not(None),
            exists().where(Project.key_id == ProviderKey.id),
            has_open_work(),
        )
        return list(session.scalars(select(ProviderKey).where(ProviderKey.retired_at.is_(None), chosen)))

    def _is_due(self, key: ProviderKey) -> bool:
        if key.stopped_word == outages.WORD:
            return False  # probed, with its own pauses
        every = EVERY if key.stopped_word is None and key.reachable else EVERY_WHEN_STOPPED
        return key.balance_at is None or abs(self._now() - key.balance_at) > every

    def _ask_each(self, keys: Sequence[ProviderKey], patience_seconds: float | None) -> None:
        """Ask with all these keys at once, each in a place of its own: one that hangs delays no other."""
        wait_for([self._crews.give(key.id, partial(self._try_to_ask, key)) for key in keys], patience_seconds)

    def _try_to_ask(self, key: ProviderKey) -> None:
        try:
            self._ask(key)
        except Exception as error:  # nobody waits for it: it is asked again when it is due
            log_failure(log, f"the balance of the key {key.id} could not be noted", error)

    def _ask(self, key: ProviderKey) -> None:
        found: Balance | HatcheryError
        asked_at = self._now()
        try:
            found = self._clients.of(key).balance()
        except HatcheryError as error:
            log.warning("the balance could not be read: %s (%s)", error.message, error.code)
            found = error
        with self._database.transaction() as session:
            row = session.get_one(ProviderKey, key.id, with_for_update=True)
            row.checked_at = row.balance_at = self._now()
            is_back = self._note(row, None if isinstance(found, Balance) else found)
            if isinstance(found, Balance):
                self._well(row, found)
                keep_reading(session, row.id, found, asked_at, self._now())
            elif isinstance(found, KeyRefusedError):
                self._refused(session, row, found)
            else:
                row.reachable = False
        if is_back:  # apart from the key's row, which others lock after their tasks
            with self._database.transaction() as session:
                outages.call_back(session, key.id, self._now())

    def _note(self, row: ProviderKey, error: HatcheryError | None) -> bool:
        """Begin, prolong or end an outage, and return whether it ended.

        A balance that cannot be had begins none unless nobody is there: orders may go through all the same.
        """
        now = self._now()
        if row.stopped_word != outages.WORD:
            if error is None or isinstance(error, UnreachableError):
                outages.note(row, error, now)
        elif error is None or (isinstance(error, TripoError) and not outages.is_silence(error)):
            outages.end(row, now)
            return True
        else:
            outages.put_off(row, now)
        return False

    def _refused(self, session: Session, row: ProviderKey, error: KeyRefusedError) -> None:
        row.reachable = True
        pause = timedelta(seconds=growing_delay_seconds(row.stopped_tries + 1, first=15, longest=300))
        lanes.stop_key(session, row.id, error.code, error.message, self._now() + pause, self._now())

    def _well(self, row: ProviderKey, wallet: Balance) -> None:
        """The key works: what stopped for an outage or a refusal may try again, an empty wallet once it is filled."""
        topped_up = row.balance is not None and wallet.balance > row.balance
        row.reachable, row.balance, row.frozen = True, wallet.balance, wallet.frozen
        if row.stopped_word is not None and (row.stopped_word != WalletEmptyError.code or topped_up):
            row.stopped_until = self._now()

    def _wipe_unneeded(self, session: Session) -> None:
        """Forget the secrets of retired keys whose last task has ended."""
        over = select(ProviderKey).where(
            ProviderKey.retired_at.is_not(None), ProviderKey.secret != "", ~has_open_work()
        )
        for key in session.scalars(over):
            key.secret = ""
            self._clients.forget(key)
            log.info("the secret of the retired key %s was wiped", key.id)


@cache  # building it takes longer than asking it
def has_open_work() -> ColumnElement[bool]:
    """Say in SQL of a key whether a task made with it is open, followed or fetched, or a step waits behind one."""
    made, behind = aliased(Task), aliased(Task)
    is_owed = or_(made.status.not_in(list(FINAL)), made.due_at.is_not(None))
    waits = exists().where(
        behind.asset_pk == made.asset_pk,
        behind.chain == made.chain,
        behind.status == TaskStatus.WAITING,
        behind.hold == Hold.EARLIER_STEP,
    )
    return exists().where(made.key_id == ProviderKey.id, or_(is_owed, waits))
