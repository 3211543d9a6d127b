"""Reads what Tripo says into our values, whatever its shape: odd parts become None, not exceptions.

Both versions' spellings are understood everywhere: each version has been seen to use the other's names.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.tripo.messages import Balance, ProviderStatus, ProviderTask, ReadMany, UploadPlace, UsageRow

# In this order (all clients of the provider agree): the best one first.
MODEL_KEYS_V2 = ("pbr_model", "model", "base_model", "model_url", "model_urls")
MODEL_KEYS_V3 = ("model_url", "pbr_model", "model", "base_model", "model_urls")
_IMAGE_KEYS = ("rendered_image", "rendered_image_url")
_CREDITS_KEYS = ("credits_consumed", "consumed_credit", "credits")
_OF_AN_END = (
    *("output", "result", "error", "error_code", "error_message", "error_msg", "completed_at"),
    *_CREDITS_KEYS,
)
_HISTORY_KEYS = ("items", "usage", "records", "list", "rows", "tasks")

_STATUSES = {status.value: status for status in ProviderStatus} | {"canceled": ProviderStatus.CANCELLED}
_SECONDS_LEFT_MOST = 86_400
_CREDITS_MOST = 10**9
_MILLISECONDS_SINCE = 10**11  # as seconds this is the year 5138


class OddShapeError(ValueError):
    """The answer lacks what makes it an answer; stays inside this package."""


def task_from(
    data: object, model_keys: Sequence[str], asked_id: str | None = None, trace_id: str | None = None
) -> ProviderTask:
    """Read one task; raises OddShapeError without id or status, or when it is another task than asked."""
    if not isinstance(data, dict):
        raise OddShapeError("the task is not an object")
    task_id = _word(data, "task_id") or asked_id
    raw_status = _word(data, "status")
    if task_id is None or raw_status is None:
        raise OddShapeError("the task has no id or no status")
    if asked_id is not None and task_id != asked_id:
        raise OddShapeError("the answer is about another task")
    status = status_from(raw_status)
    task = ProviderTask(
        task_id=task_id,
        type=_word(data, "type") or "",
        status=status,
        raw_status=raw_status,
        progress=_progress(data.get("progress"), status),
        seconds_left=_seconds_left(data.get("running_left_time")),
        queue_position=_whole(data, ("queuing_num", "queue_position"), least=0),
        created_at=_time(data.get("created_at")) or _time(data.get("create_time")),
        trace_id=trace_id,
        input=_part(data, "input"),
    )
    if not status.is_final and not any(map(data.get, _OF_AN_END)):
        return task  # as most answers are: about a task that still runs
    return _ended(task, data, model_keys)


def _ended(task: ProviderTask, data: Mapping[str, Any], model_keys: Sequence[str]) -> ProviderTask:
    """Read what came of a task."""
    output, result, error = _part(data, "output"), _part(data, "result"), _part(data, "error")
    return task._replace(
        model_url=_link(output, model_keys) or _link(result, model_keys),
        image_url=_link(output, _IMAGE_KEYS) or _link(result, _IMAGE_KEYS),
        riggable=output["riggable"] if isinstance(output.get("riggable"), bool) else None,
        rig_type=_word(output, "rig_type", 32) or _word(output, "topology", 32),
        error_code=_whole(data, ("error_code",)) or _whole(error, ("code",)),
        error_message=_text(data, "error_message") or _text(data, "error_msg") or _text(error, "message"),
        credits=_credits(data),
        ended_at=_time(data.get("completed_at")),
        raw=data if task.status.is_final else {},
    )


def status_from(word: str) -> ProviderStatus:
    """The status a word stands for; UNLISTED for one that no documentation has."""
    return _STATUSES.get(word) or _STATUSES.get(word.strip().lower(), ProviderStatus.UNLISTED)


def many_from(
    data: object, model_keys: Sequence[str], asked: Sequence[str], trace_id: str | None = None
) -> ReadMany:
    """Read a batch: an object with `tasks` (by id, or a list) and `missed`, or a bare list of tasks.

    Raises OddShapeError when it is none of these. One unreadable item never costs the others.
    """
    body = {"tasks": data} if isinstance(data, list) else data
    if not isinstance(body, Mapping) or not isinstance(body.get("tasks"), list | Mapping):
        raise OddShapeError("the batch has no tasks")
    readable = _readable(body["tasks"], model_keys, trace_id)
    wanted = frozenset(asked)
    tasks = {task.task_id: task for task in readable if task.task_id in wanted}
    if len(tasks) == len(wanted):
        return ReadMany(tasks)
    mentioned = set(_ids(body["tasks"]))
    said_missed = body.get("missed")
    missed: list[str] = []
    broken: list[str] = []
    for task_id in dict.fromkeys(asked):
        if task_id in tasks:
            continue
        is_missed = task_id in said_missed if isinstance(said_missed, list) else task_id not in mentioned
        (missed if is_missed else broken).append(task_id)
    return ReadMany(tasks=tasks, missed=tuple(missed), broken=tuple(broken))


def _readable(
    items: Mapping[Any, Any] | list[Any], model_keys: Sequence[str], trace_id: str | None
) -> Iterator[ProviderTask]:
    pairs: Iterable[tuple[Any, Any]] = (
        items.items() if isinstance(items, Mapping) else ((None, each) for each in items)
    )
    for task_id, item in pairs:
        try:
            yield task_from(item, model_keys, task_id, trace_id)
        except OddShapeError:
            continue


def _ids(items: Mapping[Any, Any] | list[Any]) -> Iterator[str]:
    if isinstance(items, Mapping):
        yield from items
        return
    for item in items:
        task_id = _word(item, "task_id") if isinstance(item, Mapping) else None
        if task_id is not None:
            yield task_id


def new_id_from(data: object) -> str:
    """The id of a task just created; raises OddShapeError when there is none."""
    task_id = _word(data, "task_id") if isinstance(data, Mapping) else None
    if task_id is None:
        raise OddShapeError("the answer names no task")
    return task_id


def upload_token_from(data: object) -> str:
    """The name of a file just uploaded; raises OddShapeError when there is none."""
    body = data if isinstance(data, Mapping) else {}
    token = _word(body, "file_token", 200) or _word(body, "image_token", 200)
    if token is None:
        raise OddShapeError("the answer names no file")
    return token


def upload_place_from(data: object) -> UploadPlace:
    """Where a file may be PUT (sources call the link by two names); raises OddShapeError without link or token."""
    body = data if isinstance(data, Mapping) else {}
    url = _link(body, ("presigned_url", "upload_url"))
    if url is None:
        raise OddShapeError("the answer names no place")
    return UploadPlace(url=url, token=upload_token_from(body))


def balance_from(data: object) -> Balance:
    """Read the wallet; raises OddShapeError without a balance."""
    body = data if isinstance(data, Mapping) else {}
    balance = _decimal(body.get("balance"))
    if balance is None:
        raise OddShapeError("the answer has no balance")
    return Balance(balance=balance, frozen=_decimal(body.get("frozen")) or Decimal(0))


def usage_from(data: object) -> tuple[UsageRow, ...]:
    """Read a page of the account's history; raises OddShapeError when there is no list of rows."""
    rows = data
    if isinstance(data, Mapping):
        rows = next((data[key] for key in _HISTORY_KEYS if isinstance(data.get(key), list)), None)
    if not isinstance(rows, list):
        raise OddShapeError("the answer has no rows")
    return tuple(row for row in map(_usage_row, rows) if row is not None)


def _usage_row(item: object) -> UsageRow | None:
    if not isinstance(item, Mapping):
        return None
    task_id = _word(item, "task_id") or _word(item, "id")
    if task_id is None:
        return None
    status = _word(item, "status")
    return UsageRow(
        task_id=task_id,
        type=_word(item, "type") or _word(item, "task_type") or "",
        status=status_from(status) if status else None,
        credits=_credits(item),
        created_at=_time(item.get("created_at")) or _time(item.get("create_time")) or _time(item.get("time")),
    )


def _part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _word(data: Mapping[str, Any], key: str, length_most: int = 100) -> str | None:
    """An id or a name; what is too long to be one is none."""
    text = data.get(key)
    if not isinstance(text, str):
        return None
    text = text.strip()
    return text if text and len(text) <= length_most else None


def _link(part: Mapping[str, Any], keys: Iterable[str]) -> str | None:
    for key in keys:
        value = part.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, Mapping):
            value = value.get("url")
        if isinstance(value, str) and value.strip().lower().startswith(("http://", "https://")):
            return value.strip()
    return None


def _decimal(value: object) -> Decimal | None:
    """A number, also when it is written as a text; None for anything else and for senseless sizes."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else str(value))
    except (ArithmeticError, ValueError):
        return None
    return number if number.is_finite() and abs(number) <= _CREDITS_MOST else None


def _credits(data: Mapping[str, Any]) -> Decimal | None:
    for key in _CREDITS_KEYS:
        number = _decimal(data.get(key))
        if number is not None and number >= 0:
            return number
    return None


def _whole(data: Mapping[str, Any], keys: Iterable[str], least: int | None = None) -> int | None:
    for key in keys:
        value = data.get(key)
        number = None if value is None else _decimal(value)
        if number is not None and number == number.to_integral_value() and (least is None or number >= least):
            return int(number)
    return None


def _progress(value: object, status: ProviderStatus) -> int:
    if status is ProviderStatus.SUCCESS:
        return 100
    number = value if type(value) is int else _decimal(value)
    return 0 if number is None else int(max(0, min(100, number)))


def _seconds_left(value: object) -> float | None:
    number = _decimal(value)
    return float(number) if number is not None and 0 <= number <= _SECONDS_LEFT_MOST else None


def _time(value: object) -> datetime | None:
    """Unix seconds (v2) or ISO 8601 (v3); a text without a zone is UTC."""
    if value is None:
        return None
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            seconds = value / 1000 if value > _MILLISECONDS_SINCE else value
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
