"""Idempotency-Key: the same key and body give the same answer and no second order.

The key is written in the transaction of what it causes, so that neither can exist without the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import ConflictError
from core.models import IdempotentRequest, utc_now

KEPT_FOR: Final = timedelta(days=30)


class RequestKey(NamedTuple):
    """A caller's key, with what it was sent for."""

    key: str
    route: str
    body_sha256: str


class AlreadyDoneError(ConflictError):
    """This very request has been taken before: answer as then."""

    code = "already_done"


class Earlier(NamedTuple):
    """What came of a request: the status and body of its answer, once there is one, and the rows that it made."""

    answer: tuple[int, dict[str, Any]] | None
    made: tuple[str, ...]


def earlier(session: Session, request: RequestKey) -> Earlier | None:
    """Find what came of this request before; None when it is new.

    Raises ConflictError when the key was used for something else.
    """
    row = session.get(IdempotentRequest, request.key, populate_existing=True)
    if row is None:
        return None
    if (row.route, row.body_sha256) != (request.route, request.body_sha256):
        raise ConflictError(
            "This Idempotency-Key was used for another request.",
            suggestion="Use a new key for a new request.",
            code="idempotency_key_reused",
        )
    kept = row.answer or {}
    answer = (row.answer_code, kept) if row.answer_code is not None else None
    return Earlier(answer, () if answer else tuple(kept.get("made", ())))


def claim(session: Session, request: RequestKey | None) -> None:
    """Write the key into the transaction of its order; raises AlreadyDoneError when it is there already."""
    if request is None:
        return
    session.execute(delete(IdempotentRequest).where(IdempotentRequest.created_at < utc_now() - KEPT_FOR))
    try:
        with session.begin_nested():
            session.add(
                IdempotentRequest(key=request.key, route=request.route, body_sha256=request.body_sha256)
            )
    except IntegrityError:
        raise AlreadyDoneError("This request was taken before.") from None


def note_made(session: Session, request: RequestKey | None, ids: Sequence[str]) -> None:
    """Keep which rows a request made or touched, so that an answer that was never given can still be built."""
    if request is not None:
        session.get_one(IdempotentRequest, request.key).answer = {"made": list(ids)}


def remember_answer(session: Session, request: RequestKey, code: int, body: Mapping[str, Any]) -> None:
    """Keep what was answered, for the next time; the first answer stands."""
    row = session.get(IdempotentRequest, request.key)
    if row is not None and row.answer_code is None:
        row.answer_code, row.answer = code, dict(body)
