"""The raw truth about one task: what was sent, what came back, when; and the same as a text for Tripo's support."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import TaskKind, TaskStatus
from core.models import Exchange, ProviderKey, Task
from core.schemas import View
from core.version import VERSION


class ExchangeView(View):
    """One thing that was said: a `create`, the last one that was `refused` for the time being, the provider's last word
    when it was `read`, or a `file` that failed.
    """

    act: str
    at: datetime
    request: dict[str, Any] | None
    http_status: int | None
    answer: dict[str, Any] | None
    trace_id: str | None


class TaskTruth(View):
    """All that is known of one task, without keys and signatures. `for_support` can be sent to Tripo as it is."""

    task_id: str
    tripo_task_id: str | None
    kind: TaskKind
    attempt: int
    status: TaskStatus
    api_version: str | None
    address: str | None
    times: dict[str, datetime]
    exchanges: tuple[ExchangeView, ...]
    for_support: str


def truth_of(session: Session, task: Task) -> TaskTruth:
    """Gather the raw truth about a task."""
    key = session.get(ProviderKey, task.key_id) if task.key_id else None
    kept = session.scalars(
        select(Exchange).where(Exchange.task_id == task.id).order_by(Exchange.at, Exchange.id)
    )
    exchanges = tuple(
        ExchangeView(
            act=each.act,
            at=each.at,
            request=each.request,
            http_status=each.http_status,
            answer=each.answer,
            trace_id=each.trace_id,
        )
        for each in kept
    )
    times = _times(task)
    return TaskTruth(
        task_id=task.id,
        tripo_task_id=task.tripo_task_id,
        kind=task.kind,
        attempt=task.attempt,
        status=task.status,
        api_version=key.version if key else None,
        address=key.base if key else None,
        times=times,
        exchanges=exchanges,
        for_support="\n".join(_for_support(task, key, times, exchanges)),
    )


def _times(task: Task) -> dict[str, datetime]:
    moments = {
        "ordered": task.created_at,
        "sent": task.sent_at,
        "accepted": task.submitted_at,
        "lastAnswered": task.answered_at,
        "providerDone": task.provider_done_at,
        "ended": task.finished_at,
    }
    return {name: moment for name, moment in moments.items() if moment is not None}


def _for_support(
    task: Task, key: ProviderKey | None, times: Mapping[str, datetime], exchanges: tuple[ExchangeView, ...]
) -> Iterator[str]:
    yield f"Tripo task: {task.tripo_task_id or 'none was named'}"
    traces = dict.fromkeys(filter(None, (*(each.trace_id for each in exchanges), task.trace_id)))
    yield f"Trace ids: {', '.join(traces) or 'none'}"
    if key is not None:
        yield f"API: {key.version} at {key.base}"
    yield f"Step: {task.kind}{f' {task.preset}' if task.preset else ''}, our task {task.id}, attempt {task.attempt}"
    for name, moment in times.items():
        yield f"{name}: {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if task.error_message:
        yield f"Error: {task.provider_error_code or task.error_code}: {task.error_message}"
    elif task.waiting_text:
        yield f"State: {task.status}: {task.waiting_text}"
    for each in exchanges:
        yield ""
        yield f"{each.act} at {each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        if each.request is not None:
            yield f"> {each.request.get('method')} {each.request.get('path')} {_json(each.request.get('body'))}"
        answered = f"HTTP {each.http_status}" if each.http_status is not None else "no answer of HTTP"
        yield f"< {answered} {_json(each.answer)}".rstrip()
    yield ""
    yield f"Hatchery {VERSION}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value is not None else ""
