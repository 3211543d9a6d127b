"""What a person decides about an order whose answer was lost: it was not created, or it became this task.

The decision ends the search for a person; the order itself goes on as a new attempt, or as the named task.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core import tasks
from core.errors import ConflictError, OrderError
from core.evidence import Sighting
from core.lifecycle import TaskStatus
from core.lost_orders import being_sent, owned, request_of
from core.models import Asset, Inquiry, Task
from core.retries import retry
from core.tripo import ProviderTask, Version

CHECK_THE_ID = "Check the id in Tripo's console; the candidates that were found are shown with the order."


def refuse_known(task: Task) -> None:
    """Raise ConflictError when the outcome of this order is known."""
    if task.status is not TaskStatus.UNKNOWN:
        raise ConflictError(
            f"The outcome of this order is known: {task.status}.",
            suggestion="Nothing to decide.",
            code="not_unknown",
        )


def checked_name(tripo_task_id: str | None) -> str:
    """Return the provider's id that a person named; raises OrderError without one."""
    named = (tripo_task_id or "").strip()
    if not named:
        raise OrderError(
            "The provider's task id is missing.",
            suggestion="Copy it from the provider's console.",
            field="tripoTaskId",
        )
    return named


def refuse_taken(session: Session, task: Task, named: str) -> None:
    """Raise ConflictError `id_taken` when another row has this id of the provider's."""
    if task.key_id is not None and owned(session, task.key_id, [named]):
        raise ConflictError(
            "Another task of ours has this provider id already.", suggestion=CHECK_THE_ID, code="id_taken"
        )


def refuse_unfit(seen: Sighting) -> None:
    """Raise ConflictError `id_mismatch` when the provider shows that this task cannot be the order."""
    differs = seen.likeness.differs
    if differs:
        names = " and ".join(name.replace("_", " ") for name in differs)
        raise ConflictError(
            f"Tripo's task {seen.theirs.task_id} is not this order: its {names} differ{'s' * (len(differs) == 1)}.",
            suggestion=CHECK_THE_ID,
            code="id_mismatch",
        )


def not_created(
    session: Session, task: Task, *, version: Version, reason: str, now: datetime, actor: str = "api"
) -> list[Task]:
    """End an order by a person's word that it was never made, and order its step anew as another attempt.

    What belongs to an earlier generation is only ended. Raises ConflictError when the outcome is known, and as a
    retry does.
    """
    refuse_known(task)
    asset = session.get_one(Asset, task.asset_pk)
    message = f"Decided by a person: it was not created. {reason}".strip()
    tasks.give_up_lost(session, task, message, actor, now)
    if task.chain != asset.chain:
        return [task]
    return [retry(session, task, version=version, now=now, reason=reason, actor=actor)]


def created(
    session: Session, task: Task, theirs: ProviderTask, *, reason: str, now: datetime, actor: str = "api"
) -> None:
    """Follow the task of the provider's that a person says an order became.

    Raises ConflictError when the outcome is known by now, when another row has the task, or may be about to.
    """
    refuse_known(task)
    assert task.key_id is not None  # noqa: S101 - it was sent
    if request_of(session, task) in being_sent(session, task.key_id, now):
        raise ConflictError(
            "An order that asks for the same is being sent at this moment, and the id may be its own.",
            suggestion="Try again in a few seconds.",
            code="being_sent",
        )
    refuse_taken(session, task, theirs.task_id)
    message = f"Decided by a person: it was created, as {theirs.task_id}. {reason}".strip()
    tasks.follow_found(session, task, theirs.task_id, message, actor, now)
    session.get_one(Inquiry, task.id).due_at = None
