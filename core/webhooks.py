"""What the provider tells by itself (v3): is it really from Tripo, is it new, which task does it name.

News only makes a task due: what has become of it is asked, as always. The poll stays the truth.
Signature and headers: developers.tripo3d.ai, Webhooks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import tasks
from core.errors import OrderError
from core.inquiries import hear_of
from core.models import WebhookDelivery

OLDEST: Final = timedelta(minutes=5)  # either way: clocks differ
KEPT_FOR: Final = timedelta(days=7)  # a delivery that comes later than that is too old anyway
_PREFIX: Final = "whsec_"
_LONGEST_UNIX_TIME: Final = 12  # digits
_LONGEST_ID: Final = 200


class SignatureError(OrderError):
    """It does not come from Tripo, or not now."""

    code = "bad_signature"


class Heard(StrEnum):
    """What was done about a piece of news."""

    DUE_NOW = "due_now"
    REPEATED = "repeated"
    NO_OPEN_TASK = "no_open_task"
    LOOKED_FOR = "looked_for"  # no row has it: an order whose answer was lost may have become it


def check_signature(secret: str, header: str, body: bytes, now: datetime) -> None:
    """Raise SignatureError unless `header` signs this body with this secret, within five minutes of now."""
    moment, signatures = _parts(header)
    if not any(_signs(key, moment, body, each) for key in _keys(secret) for each in signatures):
        raise SignatureError(
            "The signature of this webhook is not Tripo's.",
            suggestion="Copy the webhook's secret from Tripo's console into TRIPO_WEBHOOK_SECRET, and restart.",
        )
    if abs(now.timestamp() - int(moment)) > OLDEST.total_seconds():
        raise SignatureError(
            "This webhook was signed more than five minutes away from now.",
            suggestion="Check this machine's clock; Tripo sends the news again by itself.",
            code="stale_delivery",
        )


def take(session: Session, delivery_id: str, body: bytes, now: datetime) -> Heard:
    """Make the task due that the news names, once for each delivery."""
    news = _news(body)
    if not _is_new(session, delivery_id or _text(news.get("id")), now):
        return Heard.REPEATED
    task_id = _task_named(news)
    if tasks.make_due(session, task_id, now):
        return Heard.DUE_NOW
    return Heard.LOOKED_FOR if task_id and hear_of(session, task_id, now) else Heard.NO_OPEN_TASK


def _parts(header: str) -> tuple[str, list[str]]:
    """The time as it was signed, and every signature; during a change of secrets there are two."""
    moment, signatures = "", []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            moment = value
        elif name == "v1":
            signatures.append(value)
    is_time = moment.isascii() and moment.isdecimal() and len(moment) <= _LONGEST_UNIX_TIME
    if not is_time or not signatures:
        raise SignatureError(
            "This webhook carries no signature.",
            suggestion="Tripo signs each one in the header Tripo-Webhook-Signature: t=...,v1=...",
        )
    return moment, signatures


def _keys(secret: str) -> tuple[bytes, bytes]:
    """Sources differ on whether the prefix is a part of the key."""
    bare = secret.removeprefix(_PREFIX)
    return f"{_PREFIX}{bare}".encode(), bare.encode()


def _signs(key: bytes, moment: str, body: bytes, signature: str) -> bool:
    right = hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), signature.encode())


def _is_new(session: Session, delivery_id: str, now: datetime) -> bool:
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.received_at < now - KEPT_FOR))
    if not delivery_id:
        return True
    try:
        with session.begin_nested():
            session.add(WebhookDelivery(id=delivery_id[:_LONGEST_ID], received_at=now))
    except IntegrityError:
        return False
    return True


def _news(body: bytes) -> dict[str, Any]:
    try:
        news = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return news if isinstance(news, dict) else {}


def _task_named(news: dict[str, Any]) -> str:
    data = news.get("data")
    named = _text(data.get("task_id")) if isinstance(data, dict) else ""
    task_id, _, event = _text(news.get("id")).partition(":")
    return named or (task_id if event.startswith("task.") else "")


def _text(value: object) -> str:
    """An id as the provider writes them; anything else is none."""
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else ""
