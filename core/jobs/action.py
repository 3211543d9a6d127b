"""What every action of a job has: what it is about, whether it can be done to one item, at what price, doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from core.asset_chain import AssetChain
from core.errors import ConflictError, KeyMissingError
from core.lifecycle import FINAL, Hold, TaskKind, TaskStatus
from core.models import ProviderKey, Task
from core.tripo import Version


class Terms(BaseModel):
    """What an action is told beside its items; most are told nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Case(NamedTuple):
    """One item: an asset with its chain, and one of its tasks where the action is about tasks."""

    session: Session
    chain: AssetChain
    task: Task | None
    version: Version  # of the API, where no key says another
    has_shared_key: bool


class Doing(NamedTuple):
    """Who has it done, and when."""

    actor: str
    now: datetime


class Done(NamedTuple):
    """What was done, in a sentence, and the ids of the new tasks."""

    sentence: str
    made: Sequence[str] = ()


class Intent(NamedTuple):
    """What is about to be done to one item: its price when all succeeds, and doing it.

    `carry` writes into the transaction in which the intent was made, under the lock of the asset.
    """

    credits: Decimal
    carry: Callable[[Doing], Done]


Intend = Callable[[Case, Any], Intent]
TasksOf = Callable[[AssetChain], list[Task]]


@dataclass(frozen=True)
class Action:
    """One of the closed set of actions.

    `intend` says of one item what would be done to it, writes nothing, and raises HatcheryError, in a sentence for
    people, where it cannot be. With `tasks_of` the action is about tasks, and that names those of an asset that was
    chosen as a whole; without it the action is about assets. `nothing` says why an asset has none.
    """

    name: str
    title: str
    intend: Intend
    terms: type[Terms] = Terms
    tasks_of: TasksOf | None = None
    nothing: str = ""


def task_in(case: Case) -> Task:
    """Return the task that a task's action is about."""
    assert case.task is not None  # noqa: S101 - such an action gets no other case
    return case.task


def refuse_without_a_key(case: Case, key: ProviderKey | None) -> None:
    """Raise KeyMissingError when an order would have no key to be sent with."""
    if key is None and not case.has_shared_key:
        raise KeyMissingError("No Tripo key is set: TRIPO_API_KEY is empty, and no other was chosen.")


def refuse_while_it_moves(chain: AssetChain) -> None:
    """Raise ConflictError when a step of the asset is under way, or its outcome is unknown."""
    for task in chain.newest_attempts():
        if task.status is TaskStatus.UNKNOWN:
            raise ConflictError(
                "The outcome of one of its steps is unknown.",
                suggestion="Decide it on the asset's page first.",
                code="outcome_unknown",
            )
        if task.status not in FINAL and task.hold is not Hold.FAILED_STEP:
            raise ConflictError(
                "It is under way.", suggestion="Wait for its end, or cancel it first.", code="already_open"
            )


def refuse_without_a_model(chain: AssetChain) -> None:
    """Raise ConflictError when the asset has no finished model."""
    if chain.success(TaskKind.GENERATE) is None:
        raise ConflictError(
            "It has no finished model.",
            suggestion="Have its model made first.",
            code="source_not_finished",
        )
