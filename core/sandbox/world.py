"""The state of the sandbox: tasks, accounts, uploads, the clock. It changes only here."""

from __future__ import annotations

import hashlib
import math
import random
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.sandbox.catalog import POOL_LIMITS, Version, pool_of, seconds_of
from core.sandbox.config import SandboxConfig
from core.sandbox.journal import Journal
from core.sandbox.refusals import Refused
from core.sandbox.tasks import Ending, Life, Task, life_of

_SPREAD = 0.25
_LINGERING_SHARE = 0.3
_SEEDS = 2**31


@dataclass
class Account:
    """One key's wallet and tasks; each key stands for an account of its own.

    What is free to spend is what was put in, less what was spent, less what open tasks hold frozen.
    """

    deposit: int
    spent: int = 0
    open_tasks: dict[str, Task] = field(default_factory=dict)
    task_ids: list[str] = field(default_factory=list)

    @property
    def frozen(self) -> int:
        """Credits that tasks in work hold."""
        return sum(task.price for task in self.open_tasks.values())

    @property
    def balance(self) -> int:
        """Credits that can be spent now."""
        return self.deposit - self.spent - self.frozen


@dataclass(frozen=True)
class Upload:
    """A file that was sent in, or that a presigned link waits for."""

    token: str
    owner: str
    name: str
    format: str
    bytes: int | None = None


@dataclass(frozen=True)
class NewTask:
    """A create that passed every check."""

    version: Version
    type: str
    model: str | None
    source: str | None
    fields: dict[str, Any]
    echo: dict[str, Any]
    subject: str
    seed: int | None
    price: int
    ending: Ending


class World:
    """Everything the sandbox knows. Used from one event loop; `state_file` makes it outlive the process."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.tasks: dict[str, Task] = {}
        self.uploads: dict[str, Upload] = {}
        self.accounts: dict[str, Account] = {}
        self.signing_secret = config.signing_secret or secrets.token_hex(16)
        self._clock_offset = 0.0
        self._stopped_at: float | None = None
        self._credits_set: int | None = None
        self._ended: list[Task] = []
        self._journal = Journal(config.state_file)
        for record in self._journal.read():
            self._recall(record)
        self._journal.begin(self._records())

    # The clock.

    def now(self) -> float:
        """Unix seconds, with what was skipped by `advance`."""
        return (self._stopped_at or time.time()) + self._clock_offset

    def stop_clock(self) -> None:
        """From now on time passes by `advance` alone; a measurement then does not depend on this machine."""
        self._stopped_at = self._stopped_at or time.time()

    def advance(self, seconds: float) -> None:
        """Let this much time pass at once."""
        self._clock_offset += seconds
        self._journal.append({"clock": self._clock_offset})

    # Accounts.

    def account(self, owner: str) -> Account:
        """The account of a key, its ended tasks settled."""
        account = self._account(owner)
        now = self.now()
        for task in [task for task in account.open_tasks.values() if now >= task.ends_at]:
            del account.open_tasks[task.id]
            account.spent += task.price if task.ending.status == "success" else 0
            self._ended.append(task)
        return account

    def settle(self) -> list[Task]:
        """Settle every account; the tasks that have ended since this was last asked."""
        for owner in list(self.accounts):
            self.account(owner)
        ended, self._ended = self._ended, []
        return ended

    def set_balance(self, credits: int, owner: str | None = None) -> None:
        """Set what a key can spend now; without an owner that of every key, also of those yet to come."""
        if owner is None:
            self._credits_set = credits
            self._journal.append({"credits": credits})
        for name in list(self.accounts) if owner is None else [owner]:
            account = self.account(name)
            account.deposit += credits - account.balance
            self._journal.append({"account": name, "deposit": account.deposit})

    # Pools.

    def limit_of(self, pool: str) -> int:
        """How many tasks of this pool may be open at once."""
        return self.config.limits.get(pool, POOL_LIMITS[pool])

    def in_work(self, owner: str) -> Counter[str]:
        """Open tasks by pool."""
        return Counter(task.pool for task in self.account(owner).open_tasks.values())

    def seconds_until_slot(self, owner: str, pool: str) -> int:
        """Whole seconds until the first task of this pool ends."""
        ends = [task.ends_at for task in self.account(owner).open_tasks.values() if task.pool == pool]
        return max(1, math.ceil(min(ends, default=0.0) - self.now()))

    # Tasks.

    def create(self, owner: str, new: NewTask, *, extra_queue_seconds: float = 0.0) -> Task:
        """Make a task and freeze its credits; it is on disk when this returns."""
        chance = random.Random(f"{self.config.seed}/{len(self.tasks)}")  # noqa: S311 - play, not security
        now = self.now()
        wait = self.config.queue_seconds / self.config.speed + extra_queue_seconds
        least, most = self._seconds_of(new.type, new.model)
        works = chance.uniform(least, most) / self.config.speed
        starts_at = now + wait
        task = Task(
            id=str(uuid.uuid4()),
            owner=owner,
            version=new.version,
            type=new.type,
            model=new.model,
            pool=pool_of(new.version, new.type, new.model),
            source=new.source,
            fields=new.fields,
            echo=new.echo,
            subject=new.subject,
            seed=chance.randrange(_SEEDS) if new.seed is None else new.seed % _SEEDS,
            price=new.price,
            created_at=now,
            starts_at=starts_at,
            ends_at=starts_at + works,
            lingers=chance.random() < _LINGERING_SHARE,
            ending=new.ending,
        )
        if self.config.forecast_spread:
            task.foretold_at = starts_at + works * math.exp(chance.gauss(0, self.config.forecast_spread))
            task.lingers = False
        task.silent = chance.random() < self.config.silent_share
        self._keep(task)
        self._journal.append({"task": asdict(task)})
        return task

    def _seconds_of(self, task_type: str, model: str | None) -> tuple[float, float]:
        seconds = seconds_of(task_type, model)
        return self.config.durations.get(task_type, (seconds * (1 - _SPREAD), seconds * (1 + _SPREAD)))

    def end(self, task: Task, ending: Ending) -> None:
        """End a task now."""
        self.account(task.owner)
        task.ending = ending
        task.ends_at = self.now()
        task.starts_at = min(task.starts_at, task.ends_at)
        self._journal.append({"task": asdict(task)})

    def find(self, task_id: Any, owner: str) -> Task:
        """A task of this key. Raises Refused("task_not_found") for anything else."""
        task = self.tasks.get(task_id) if isinstance(task_id, str) else None
        if task is None or task.owner != owner:
            raise Refused("task_not_found")
        return task

    def life(self, task: Task) -> Life:
        """Where a task stands now."""
        return life_of(task, self.now())

    def place_in_queue(self, task: Task) -> int:
        """How many tasks of its account and pool are queued before this one."""
        now = self.now()
        others = self.account(task.owner).open_tasks.values()
        return sum(
            other.pool == task.pool and other.created_at < task.created_at and now < other.starts_at
            for other in others
        )

    # Uploads.

    def upload(self, upload: Upload) -> None:
        """Remember a file that was sent in."""
        self.uploads[upload.token] = upload
        self._journal.append({"upload": asdict(upload)})

    def fill_upload(self, token: str, size: int) -> None:
        """Note that a presigned link was used."""
        self.upload(replace(self.uploads[token], bytes=size))

    # The state file.

    def close(self) -> None:
        """Let go of the state file."""
        self._journal.close()

    def _account(self, owner: str) -> Account:
        if owner not in self.accounts:
            deposit = self.config.credits if self._credits_set is None else self._credits_set
            self.accounts[owner] = Account(deposit)
            self._journal.append({"account": owner, "deposit": deposit})
        return self.accounts[owner]

    def _keep(self, task: Task) -> None:
        account = self._account(task.owner)
        if task.id not in self.tasks:
            account.task_ids.append(task.id)
        self.tasks[task.id] = task
        account.open_tasks[task.id] = task

    def _recall(self, record: dict[str, Any]) -> None:
        match record:
            case {"task": dict(task)}:
                self._keep(Task(**task | {"ending": Ending(**task["ending"])}))
            case {"upload": dict(upload)}:
                self.uploads[upload["token"]] = Upload(**upload)
            case {"account": owner, "deposit": deposit}:
                self._account(owner).deposit = deposit
            case {"credits": credits}:
                self._credits_set = credits
            case {"clock": offset}:
                self._clock_offset = offset
            case {"secret": secret}:
                self.signing_secret = self.config.signing_secret or secret

    def _records(self) -> Iterator[dict[str, Any]]:
        yield {"secret": self.signing_secret}
        yield {"clock": self._clock_offset}
        if self._credits_set is not None:
            yield {"credits": self._credits_set}
        for owner, account in self.accounts.items():
            yield {"account": owner, "deposit": account.deposit}
        for upload in self.uploads.values():
            yield {"upload": asdict(upload)}
        for task in self.tasks.values():
            yield {"task": asdict(task)}


def owner_of(key: str) -> str:
    """The name an account is kept under: a hash, so that no key is ever stored."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
