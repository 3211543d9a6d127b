"""A task of the sandbox, and its life as a pure function of time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.sandbox.catalog import Version

FINAL_STATUSES = ("success", "failed", "banned", "expired", "cancelled")
_LINGER_AT = 0.8


@dataclass(frozen=True)
class Ending:
    """How a task will end, decided when it is made.

    `word` is shown instead of "running"; `output` is what a success shows: "full", "empty" or "null".
    """

    status: str = "success"
    error_code: int | None = None
    error_message: str | None = None
    output: str = "full"
    word: str | None = None
    riggable: bool | None = None


@dataclass
class Task:
    """One task. Times are unix seconds on the sandbox's clock, `price` is in credits.

    `fields` are the create's own fields without model and source, `echo` all of them as sent; `subject` and
    `seed` are what the forge makes the model of, handed down from the first task of a chain.
    """

    id: str
    owner: str
    version: Version
    type: str
    model: str | None
    pool: str
    source: str | None
    fields: dict[str, Any]
    echo: dict[str, Any]
    subject: str
    seed: int
    price: int
    created_at: float
    starts_at: float
    ends_at: float
    lingers: bool = False
    foretold_at: float | None = None  # the end as it is told while the task runs; None tells the truth
    silent: bool = False  # tells nothing of its end
    ending: Ending = field(default_factory=Ending)

    @property
    def input_hash(self) -> str:
        """The same for two creates of one type that asked for the same."""
        return hash_of(self.echo)


@dataclass(frozen=True)
class Life:
    """Where a task stands at one moment; `seconds_left` while it runs."""

    status: str
    progress: int
    seconds_left: float | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in FINAL_STATUSES


def life_of(task: Task, now: float) -> Life:
    """Where this task stands at this time."""
    if now >= task.ends_at:
        return Life(task.ending.status, 100)
    if now < task.starts_at:
        return Life("queued", 0)
    word = task.ending.word or "running"
    if task.silent:
        return Life(word, 0)
    told_end = task.ends_at if task.foretold_at is None else task.foretold_at
    done = (now - task.starts_at) / (told_end - task.starts_at)
    pace = 1 / _LINGER_AT if task.lingers else 1.0
    return Life(word, min(99, int(100 * done * pace)), told_end - now)


def hash_of(fields: Mapping[str, Any]) -> str:
    """A short hash of a create's body, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]
