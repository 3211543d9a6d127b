"""How version 3 words a task's end, its time and its cost: in answers and in webhooks alike."""

from __future__ import annotations

from datetime import UTC, datetime

from core.sandbox.refusals import default_message
from core.sandbox.tasks import Life, Task

_FAILED_AS = {"banned": 2008, "expired": 2018}  # ends that v2 has a status for


def status_of(life: Life) -> str:
    """V3's word for a status: what was banned or expired has failed."""
    return "failed" if life.status in _FAILED_AS else life.status


def failure_of(task: Task, life: Life) -> tuple[int | None, str]:
    """The error code and message of a task that did not succeed."""
    code = _FAILED_AS.get(life.status, task.ending.error_code)
    return code, task.ending.error_message or default_message(code)


def consumed(task: Task, life: Life) -> float:
    """What a task has cost so far."""
    return float(task.price) if life.status == "success" else 0.0


def iso(unix_seconds: float) -> str:
    """ISO 8601 in UTC, as v3 writes times."""
    return datetime.fromtimestamp(unix_seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
