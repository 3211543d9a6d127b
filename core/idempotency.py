"""Idempotency-Key: the same key and body give the same answer and no second order.

The key is written in the transaction of what it causes, so that neither can exist without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """What was answered to a request; both parts are None while, or when, nothing was."""

    code: int | None
    body: dict[str, Any] | None


def earlier(session: Session, request: RequestKey) -> Earlier | None:
    """Find what was answered to this request before; None when it is new.

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
    return Earlier(row.answer_code, row.answer)


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


def remember_answer(session: Session, request: RequestKey, code: int, body: Mapping[str, Any]) -> None:
    """Keep what was answered, for the next time."""
    row = session.get(IdempotentRequest, request.key)
    if row is not None:
        row.answer_code, row.answer = code, dict(body)
