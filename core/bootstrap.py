"""Settings in, connected objects out: the one place that builds them. Nothing is opened by an import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.alerts.rules import Limits
from core.alerts.targets import Targets
from core.alerts.watch import Watch
from core.automatic_retries import RetryRule
from core.clients import Clients
from core.clock import SharedClock
from core.crews import Crews
from core.database import Database
from core.failures.desk import FailureDesk
from core.jobs.desk import JobDesk
from core.key_desk import KeyDesk
from core.keys import KeyRing
from core.orchestrator import Orchestrator
from core.order_desk import OrderDesk
from core.plans.desk import PlanDesk
from core.retention import Retention
from core.sealing import Seal
from core.settings import Settings
from core.signals.sampling import Sampler
from core.vault import Vault


@dataclass(frozen=True)
class Core:
    """The product without a front end."""

    settings: Settings
    clock: Callable[[], datetime]  # the time by which claims are made
    database: Database
    keys: KeyRing
    vault: Vault
    clients: Clients
    orchestrator: Orchestrator
    desk: OrderDesk
    key_desk: KeyDesk
    plans: PlanDesk
    jobs: JobDesk
    senders: Crews
    retention: Retention
    sampler: Sampler
    targets: Targets
    watch: Watch
    failures: FailureDesk

    def close(self) -> None:
        """Stop the workers, give connections back."""
        self.watch.close()
        self.senders.close()
        self.orchestrator.close()
        self.clients.close()
        self.database.close()


def connect(settings: Settings, role: str, clock: Callable[[], datetime] | None = None) -> Core:
    """Build everything for one process; `role` names it in claims and heartbeats.

    Its clock is the database's unless another is given.

    Raises SettingsError when the settings cannot work.
    """
    database = Database(settings.sqlalchemy_url)
    clock = clock or SharedClock(database.now)
    keys = KeyRing(settings)
    vault = Vault(settings.vault_url)
    clients = Clients(keys, settings.file_hosts, batch_reads=settings.tripo_batch_reads == "auto")
    rule = RetryRule(settings.automatic_retries, settings.automatic_retry_seconds)
    eagerness = settings.poll_eagerness
    orchestrator = Orchestrator(database, keys, clients, vault, role, eagerness, rule, clock)
    senders = Crews("desk", places=8)
    desk = OrderDesk(settings, database, keys, orchestrator, senders, clock)
    key_desk = KeyDesk(settings, database, keys, orchestrator, clock)
    plans = PlanDesk(settings, database, keys, clock)
    jobs = JobDesk(settings.tripo_api_version, database, keys, clock)
    targets = Targets(Seal(settings.secret()))
    limits = Limits(settings.alert_failure_rate, settings.alert_wallet_credits)
    watch = Watch(database, targets, limits, settings.pages_url, clock)
    retention = Retention(database, vault, settings.retention_days, clock)
    return Core(
        settings,
        clock,
        database,
        keys,
        vault,
        clients,
        orchestrator,
        desk,
        key_desk,
        plans,
        jobs,
        senders,
        retention,
        Sampler(database, clock),
        targets,
        watch,
        FailureDesk(database, clock),
    )
