"""Version 3's webhooks: who is told, what the news says, how it is signed (developers.tripo3d.ai, Webhooks).

In Tripo's console a webhook belongs to an account; here it hears of all. What a `task.failed` says of its reason
differs by source, so it says both. Links are left out: a reader asks for the task anyway.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.sandbox.tasks import Life, Task
from core.sandbox.v3_words import consumed, failure_of, iso, status_of

COMPLETED, FAILED, LOW = "task.completed", "task.failed", "balance.low"


@dataclass(frozen=True)
class Hook:
    """Who is told of what happens from `since` on (unix seconds on the sandbox's clock)."""

    url: str
    secret: str
    since: float
    id: str = field(default_factory=lambda: f"wh_{uuid.uuid4().hex}")


@dataclass(frozen=True)
class News:
    """One event; `about` is the task's or the account's id, `at` unix seconds on the sandbox's clock."""

    event: str
    about: str
    at: float
    data: dict[str, Any]
    task_type: str | None = None

    @property
    def body(self) -> bytes:
        """What is posted."""
        news = {
            "id": f"{self.about}:{self.event}",
            "type": self.event,
            "created_at": iso(self.at),
            "data": self.data,
        }
        return json.dumps(news).encode()


def news_of_end(task: Task, life: Life) -> News:
    """A task has ended: well, or in any other way."""
    data: dict[str, Any] = {"task_id": task.id, "type": task.type, "status": status_of(life)}
    if life.status == "success":
        data["credits_consumed"] = consumed(task, life)
        return News(COMPLETED, task.id, task.ends_at, data, task.type)
    code, message = failure_of(task, life)
    data |= {
        "error": {"code": "task_failed", "message": message},
        "error_code": code,
        "error_message": message,
    }
    return News(FAILED, task.id, task.ends_at, data, task.type)


def news_of_low_balance(owner: str, balance: int, threshold: int, at: float) -> News:
    """A wallet has fallen below the threshold."""
    return News(LOW, owner, at, {"balance": float(balance), "threshold": float(threshold)})


def signature(secret: str, unix_seconds: int, body: bytes) -> str:
    """The signature header: HMAC-SHA256 of time and raw body, under the secret as it was given."""
    signed = hmac.new(secret.encode(), f"{unix_seconds}.".encode() + body, hashlib.sha256)
    return f"t={unix_seconds},v1={signed.hexdigest()}"


def checked_url(url: object) -> str:
    """The address as given; raises ValueError unless it is plain HTTP to this machine."""
    text = url.strip() if isinstance(url, str) else ""
    parts = urlsplit(text)
    if parts.scheme != "http" or not _is_loopback(parts.hostname or "") or parts.port == 0:
        raise ValueError("the sandbox tells its news only to http://127.0.0.1 or another loopback address")
    return text


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
