"""The passes: send what is ready, ask about what runs, fetch what is done, rescue what was left behind.

The poller runs them on a clock; pages and API use the same code for one task (`send_now`, `ask_now`). Every pass
takes its work by claims, so any number of processes may run them at once.
"""

from __future__ import annotations

import logging
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import heartbeat, lanes, tasks
from core.clients import Clients
from core.database import Database
from core.downloading import Downloader
from core.errors import HatcheryError, KeyMissingError, KeyRefusedError, WalletEmptyError
from core.forecast import growing_delay_seconds
from core.keys import KeyRing
from core.models import ProviderKey, utc_now
from core.polling import Poller
from core.submitting import Submitter
from core.tripo import Balance
from core.vault import Vault

log = logging.getLogger("hatchery.orchestrator")

ACCOUNT_EVERY: Final = timedelta(seconds=60)
ACCOUNT_EVERY_WHEN_STOPPED: Final = timedelta(seconds=15)


class Orchestrator:
    """All that is done about tasks without a person."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        clients: Clients,
        vault: Vault,
        role: str,
        clock: Callable[[], datetime] = utc_now,
        workers: int = 8,
    ) -> None:
        self.owner = f"{role}-{socket.gethostname()[:24]}-{uuid.uuid4().hex[:8]}"
        self._database = database
        self._keys = keys
        self._clients = clients
        self._now = clock
        self._workers = [
            ThreadPoolExecutor(workers, thread_name_prefix=name) for name in ("send", "ask", "fetch")
        ]
        send, ask, fetch = self._workers
        self._submitter = Submitter(database, keys, clients, send, self.owner, clock)
        self._poller = Poller(database, clients, ask, self.owner, clock)
        self._downloader = Downloader(database, clients, vault, fetch, self.owner, clock)
        self.send_ready = self._submitter.send_ready
        self.send_now = self._submitter.send_now
        self.ask_due = self._poller.ask_due
        self.ask_now = self._poller.ask_now
        self.fetch_due = self._downloader.fetch_due

    def rescue(self) -> int:
        """One pass: give up waiting for the answers that a dead process was waiting for."""
        with self._database.transaction() as session:
            alive = [self.owner, *heartbeat.alive(session, self._now())]
            return tasks.rescue(session, self._now()) + tasks.free_leases_of_dead(session, alive, self._now())

    def check_accounts(self) -> int:
        """One pass: read the balance of each key in use; it costs nothing, and shows that a stopped key is well."""
        with self._database.transaction() as session:
            try:
                shared = self._keys.shared(session).id
            except KeyMissingError:
                shared = None
            due = [key for key in session.scalars(select(ProviderKey)) if self._is_due(key, shared)]
        for key in due:
            self._check_account(key)
        return len(due)

    def close(self) -> None:
        """Let running work end, then stop the workers."""
        for workers in self._workers:
            workers.shutdown(wait=True, cancel_futures=True)

    def _is_due(self, key: ProviderKey, shared: str | None) -> bool:
        if key.id != shared and key.stopped_word is None:
            return False
        every = ACCOUNT_EVERY if key.stopped_word is None and key.reachable else ACCOUNT_EVERY_WHEN_STOPPED
        return key.balance_at is None or self._now() - key.balance_at > every

    def _check_account(self, key: ProviderKey) -> None:
        found: Balance | HatcheryError
        try:
            found = self._clients.of(key).balance()
        except HatcheryError as error:
            log.warning("the balance could not be read: %s (%s)", error.message, error.code)
            found = error
        with self._database.transaction() as session:
            row = session.get_one(ProviderKey, key.id, with_for_update=True)
            row.checked_at = row.balance_at = self._now()
            if isinstance(found, Balance):
                self._well(row, found)
            elif isinstance(found, KeyRefusedError):
                self._refused(session, row, found)
            else:
                row.reachable = False

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
