"""The passes: send what is ready, ask about what runs, fetch what is done, rescue what was left behind.

The poller runs them on a clock; pages and API use the same code for one task (`send_now`, `ask_now`). Every pass
takes its work by claims, so any number of processes may run them at once.
"""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

from core import heartbeat, lanes, tasks
from core.accounts import Accounts
from core.automatic_retries import AutomaticRetries, RetryRule
from core.clients import Clients
from core.courier import Courier
from core.crews import Crews
from core.database import Database
from core.downloading import Downloader
from core.forecast import Forecast
from core.inquiries import Inquirer
from core.keys import KeyRing
from core.models import utc_now
from core.polling import Poller
from core.submitting import Submitter
from core.vault import Vault

PLACES: Final = {"send": 16, "ask": 16, "fetch": 8, "probe": 1}  # at one time, for each key


class Orchestrator:
    """All that is done about tasks without a person."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        clients: Clients,
        vault: Vault,
        role: str,
        eagerness: float,
        retry_rule: RetryRule,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.owner = f"{role}-{socket.gethostname()[:24]}-{uuid.uuid4().hex[:8]}"
        self._database = database
        self._now = clock
        self._crews = send, ask, fetch, probe = [Crews(name, places) for name, places in PLACES.items()]
        courier = Courier(database, vault, clock)
        self.forecast = forecast = Forecast(database, clients.reads_many, clock, eagerness)
        self._submitter = Submitter(database, keys, clients, courier, forecast, send, self.owner, clock)
        retries = AutomaticRetries(retry_rule, clock)
        self._poller = Poller(database, clients, forecast, ask, self.owner, retries, clock)
        self._downloader = Downloader(database, clients, vault, fetch, self.owner, clock)
        self._accounts = Accounts(database, keys, clients, probe, clock)
        self._inquirer = Inquirer(database, clients, self._accounts, clock)
        self.send_ready = self._submitter.send_ready
        self.send_now = self._submitter.send_now
        self.ask_due = self._poller.ask_due
        self.ask_now = self._poller.ask_now
        self.next_ask_at = self._poller.next_due_at
        self.fetch_due = self._downloader.fetch_due
        self.check_accounts = self._accounts.check_due
        self.check_account = self._accounts.check
        self.look_for_lost = self._inquirer.look_due
        self.look_up = self._inquirer.look_up

    def probe_due(self, patience_seconds: float | None = None) -> int:
        """One pass: see whether what stood still is well again, the vault and providers that did not answer."""
        return self._downloader.try_vault() + self._accounts.probe_due(patience_seconds)

    def rescue(self) -> int:
        """One pass: give up waiting for the answers of dead processes, and for what a wrong clock has written."""
        with self._database.transaction() as session:
            alive = [self.owner, *heartbeat.alive(session, self._now())]
            lanes.forget_the_future(session, self._now())
            return tasks.rescue(session, self._now()) + tasks.free_leases_of_dead(session, alive, self._now())

    def close(self) -> None:
        """Let running work end, then stop the workers."""
        for crews in self._crews:
            crews.close()
