"""The attempts at one step side by side: what each was told, with which version, how long it took, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task
from core.prices import credits_in_words


class Attempt(NamedTuple):
    """One attempt; `facts` are what it was told and what came of it, by name, as words."""

    task_id: str
    number: int
    status: TaskStatus
    seconds: float | None  # from the provider's yes to its end
    facts: Mapping[str, str]


def attempts_of(session: Session, task: Task) -> tuple[Attempt, ...]:
    """List all attempts at the step of a task, in order."""
    rows = session.execute(
        select(Task, ProviderKey)
        .outerjoin(ProviderKey, ProviderKey.id == Task.key_id)
        .where(
            Task.asset_pk == task.asset_pk,
            Task.chain == task.chain,
            Task.kind == task.kind,
            Task.preset == task.preset,
        )
        .order_by(Task.attempt)
    )
    return tuple(_attempt(row, key) for row, key in rows)


def changed_facts(attempts: tuple[Attempt, ...]) -> tuple[str, ...]:
    """Name the facts in which the attempts differ, in the order in which they first appear."""
    names = dict.fromkeys(name for attempt in attempts for name in attempt.facts)
    return tuple(name for name in names if len({attempt.facts.get(name, "") for attempt in attempts}) > 1)


def _attempt(task: Task, key: ProviderKey | None) -> Attempt:
    ended = task.finished_at or task.provider_done_at
    seconds = (ended - task.submitted_at).total_seconds() if ended and task.submitted_at else None
    facts = _told(task.order)
    if key is not None:
        facts |= {"API version": key.version, "Key": f"{key.name} (…{key.last_four})"}
    if task.error_message:
        facts["Error"] = task.error_message
    if task.provider_error_code is not None:
        facts["Tripo's code"] = str(task.provider_error_code)
    if task.credits is not None:
        facts["Cost"] = credits_in_words(task.credits)
    return Attempt(task.id, task.attempt, task.status, seconds, facts)


def _told(order: Mapping[str, Any]) -> dict[str, str]:
    """Write what was ordered as words by name; options stand beside the rest."""
    told: dict[str, str] = {}
    for name, value in order.items():
        if isinstance(value, Mapping):
            told |= {_title(inner): _word(each) for inner, each in value.items()}
        elif value is not None:
            told[_title(name)] = _word(value)
    return told


def _title(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words[:1].upper() + words[1:]


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
