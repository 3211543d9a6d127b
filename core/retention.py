"""Retention: what nobody looks at any more is pruned by age, a little at a time.

Pruned are the provider's links, histories, deliveries, kept answers to requests, dead tokens, and images that never
became part of an order. Orders, attempts, artifacts, credits and everything else of money stay for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, exists, null, or_, select, update
from sqlalchemy.orm import Session

from core.database import Database
from core.lifecycle import FINAL
from core.models import (
    Artifact,
    Exchange,
    IdempotentRequest,
    Task,
    TaskEvent,
    Upload,
    UploadToken,
    WebhookDelivery,
)
from core.vault import Vault

MOST_AT_ONCE: Final = 500  # rows of a kind in one transaction, so that nobody waits for it


class Retention:
    """Prunes what is older than so many days; 0 keeps everything."""

    def __init__(self, database: Database, vault: Vault, days: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._days = days
        self._now = clock

    def prune(self) -> int:
        """One pass: prune one batch of each kind, and say how many rows that were."""
        if self._days == 0:
            return 0
        before = self._now() - timedelta(days=self._days)
        pruned = 0
        for batch in (_links, _events, _exchanges, _deliveries, _requests, _tokens):
            with self._database.transaction() as session:
                pruned += batch(session, before)
        with self._database.transaction() as session:
            unused = _uploads(session, before)
        remove_unnamed(self._database, self._vault, unused)
        return pruned + len(unused)


def remove_unnamed(database: Database, vault: Vault, hashes: Sequence[str]) -> None:
    """Remove those files that no row names any more; an image that comes in again is stored again."""
    for sha256 in set(hashes):
        with database.reading() as session:
            in_artifacts, in_uploads = (exists().where(each.sha256 == sha256) for each in (Artifact, Upload))
            is_named = session.scalar(select(or_(in_artifacts, in_uploads)))
        if not is_named:
            vault.remove(sha256)


def _is_over(before: datetime) -> tuple[Any, ...]:
    """Say in SQL of a task that it ended long ago and nothing of it is still followed."""
    return Task.status.in_(list(FINAL)), Task.finished_at < before, Task.due_at.is_(None)


def _links(session: Session, before: datetime) -> int:
    some = select(Task.id).where(*_is_over(before), Task.links.is_not(None)).limit(MOST_AT_ONCE)
    ids = session.scalars(some).all()
    session.execute(update(Task.__table__).where(Task.id.in_(ids)).values(links=null()))  # type: ignore[arg-type]
    return len(ids)


def _events(session: Session, before: datetime) -> int:
    some = (
        select(TaskEvent.id)
        .join(Task, Task.id == TaskEvent.task_id)
        .where(*_is_over(before), TaskEvent.at < before)
        .limit(MOST_AT_ONCE)
    )
    return _deleted(session, TaskEvent.id, session.scalars(some).all())


def _exchanges(session: Session, before: datetime) -> int:
    some = (
        select(Exchange.id)
        .join(Task, Task.id == Exchange.task_id)
        .where(*_is_over(before), Exchange.at < before)
        .limit(MOST_AT_ONCE)
    )
    return _deleted(session, Exchange.id, session.scalars(some).all())


def _deliveries(session: Session, before: datetime) -> int:
    some = select(WebhookDelivery.id).where(WebhookDelivery.received_at < before).limit(MOST_AT_ONCE)
    return _deleted(session, WebhookDelivery.id, session.scalars(some).all())


def _requests(session: Session, before: datetime) -> int:
    some = select(IdempotentRequest.key).where(IdempotentRequest.created_at < before).limit(MOST_AT_ONCE)
    return _deleted(session, IdempotentRequest.key, session.scalars(some).all())


def _tokens(session: Session, before: datetime) -> int:
    some = select(UploadToken.token).where(UploadToken.made_at < before).limit(MOST_AT_ONCE)
    return _deleted(session, UploadToken.token, session.scalars(some).all())


def _uploads(session: Session, before: datetime) -> list[str]:
    """Delete images that no order names, and return the hashes of their files."""
    is_ordered = exists().where(Task.order["image"]["uploadId"].as_string() == Upload.id)
    some = select(Upload).where(Upload.created_at < before, ~is_ordered).limit(MOST_AT_ONCE)
    unused = session.scalars(some).all()
    for upload in unused:
        session.delete(upload)
    return [upload.sha256 for upload in unused]


def _deleted(session: Session, column: Any, values: Sequence[object]) -> int:
    session.execute(
        delete(column.class_).where(column.in_(values)).execution_options(synchronize_session=False)
    )
    return len(values)
