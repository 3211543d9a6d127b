"""Keeping what was said to the provider and back about each task, so that nobody has to guess later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from core.models import Exchange
from core.tripo import ProviderTask, without_secrets

_EXCHANGES: Final = cast(Table, Exchange.__table__)
CREATE, REFUSED, READ, FILE = "create", "refused", "read", "file"


def keep_exchange(
    session: Session, task_id: str, act: str, said: Mapping[str, Any] | None, now: datetime
) -> None:
    """Keep one exchange as the client wrote it down; nothing when it did not."""
    if said:
        session.add(Exchange(task_id=task_id, act=act, at=now, **said))


def keep_refusal(session: Session, task_id: str, said: Mapping[str, Any] | None, now: datetime) -> None:
    """Keep why an order was not taken yet: the last time only, however often it is tried."""
    if said:
        last = update(Exchange).where(Exchange.task_id == task_id, Exchange.act == REFUSED)
        kept = session.execute(last.values(at=now, **said).returning(Exchange.id))
        if kept.first() is None:
            keep_exchange(session, task_id, REFUSED, said, now)


def keep_ends(session: Session, answers: Iterable[tuple[str, ProviderTask]], now: datetime) -> None:
    """Keep the provider's last word about each task, as it came, without the signatures of its links."""
    said = [
        {
            "task_id": task_id,
            "act": READ,
            "at": now,
            "answer": without_secrets(answer.raw),
            "trace_id": answer.trace_id,
            "http_status": 200,
        }
        for task_id, answer in answers
        if answer.raw
    ]
    if said:
        session.connection().execute(insert(_EXCHANGES), said)


def keep_lost_file(session: Session, task_id: str, code: str, message: str, now: datetime) -> None:
    """Keep why a file could not be fetched in the end."""
    told = {"code": code, "message": without_secrets(message)}
    session.add(Exchange(task_id=task_id, act=FILE, at=now, answer=told))
