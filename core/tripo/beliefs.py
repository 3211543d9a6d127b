"""What we believe of the provider's answers, held against what it really said: each difference is a sentence.

The client takes far more than this without complaint; here is what the documents lead us to expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from core.tripo.answers import status_from
from core.tripo.catalog import RIG_TYPES, Version
from core.tripo.envelope import plain_words
from core.tripo.messages import ProviderStatus
from core.tripo.witness import Seen

_TRACE: Final = "x-tripo-trace-id"
_TOLD_HEADERS: Final = ("retry-after", "x-parallelismlimit-remain")
_TOLD_PREFIX: Final = "x-ratelimit-"

# Tripo docs, task query page (v2); developers.tripo3d.ai, tasks (v3).
_ALWAYS: Final[Mapping[Version, frozenset[str]]] = {
    "v2": frozenset(["task_id", "type", "status", "input", "output", "progress", "create_time"]),
    "v3": frozenset(["task_id", "type", "status", "input", "output", "progress", "created_at"]),
}
_SOMETIMES: Final[Mapping[Version, frozenset[str]]] = {
    "v2": frozenset(
        [
            "consumed_credit",
            "queuing_num",
            "running_left_time",
            "error_code",
            "error_msg",
            "prompt",
            "thumbnail",
            "result",
            "queue_position",
            "estimated_running_time",
        ]
    ),
    "v3": frozenset(["completed_at", "credits_consumed", "error_code", "error_message"]),
}
_CREDITS: Final[Mapping[Version, str]] = {"v2": "consumed_credit", "v3": "credits_consumed"}
_FILES: Final[Mapping[Version, frozenset[str]]] = {
    "v2": frozenset(("pbr_model", "model", "base_model", "rendered_image")),
    "v3": frozenset(("model_url", "rendered_image_url")),
}
_VERDICT: Final = frozenset(("riggable", "rig_type"))
_MANY: Final = ("/tasks/list", "/task/batch")
_RIG_CHECK: Final = "animate_prerigcheck"


def differences(version: Version, seen: Iterable[Seen]) -> list[str]:
    """Say where these answers differ from what we believe; each difference once."""
    found: dict[str, None] = {}
    last_progress: dict[str, int] = {}
    for each in seen:
        for sentence in (*_of_any(version, each), *_of_data(version, each, last_progress)):
            found[plain_words(sentence)] = None
    return list(found)


def headers_told(seen: Iterable[Seen]) -> dict[str, list[str]]:
    """Collect what the answers said about limits and waiting, by header: each value once."""
    told: dict[str, dict[str, None]] = {}
    for each in seen:
        for name, value in each.headers.items():
            if name in _TOLD_HEADERS or name.startswith(_TOLD_PREFIX):
                told.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in sorted(told.items())}


def _of_any(version: Version, seen: Seen) -> Iterator[str]:
    where = _place(seen)
    if not seen.headers.get(_TRACE):
        yield f"{where} came without a trace id."
    if seen.http_status != 200:
        yield f"{where} answered HTTP {seen.http_status} with code {seen.body.get('code')!r}."
        return
    if seen.body.get("code") != 0:
        yield f"{where} answered HTTP 200 with code {seen.body.get('code')!r}."
    if version == "v3" and seen.body.get("status") != "success":
        yield f"{where} does not call itself a success in its envelope."


def _of_data(version: Version, seen: Seen, last_progress: dict[str, int]) -> Iterator[str]:
    if seen.http_status != 200:
        return
    if "balance" in seen.path:
        yield from _of_keys(_place(seen), seen.data, ("balance", "frozen"), ())
    elif "usage" in seen.path:
        yield from _of_keys(_place(seen), seen.data, ("items",), ("total", "limit", "offset"))
    elif seen.path.endswith(_MANY):
        yield from _of_keys(_place(seen), seen.data, ("tasks", "missed"), ())
    elif seen.method == "POST":
        yield from _of_keys(_place(seen), seen.data, ("task_id",), ("type", "status"))
    else:
        yield from _of_task(version, seen.data, last_progress)
    if "task_id" in seen.data and not _is_uuid(seen.data["task_id"]):
        yield f"{_place(seen)} names a task by something that is no UUID."


def _of_task(version: Version, task: Mapping[str, Any], last_progress: dict[str, int]) -> Iterator[str]:
    kind = f"A task of type {task.get('type')}"
    yield from _of_keys(kind, task, sorted(_ALWAYS[version]), _SOMETIMES[version])
    raw_status = task.get("status")
    status = status_from(raw_status) if isinstance(raw_status, str) else ProviderStatus.UNLISTED
    if status in (ProviderStatus.UNLISTED, ProviderStatus.UNKNOWN):
        yield f"{kind} has the status {raw_status!r}, which we do not understand."
    yield from _of_progress(kind, task, last_progress)
    if status is ProviderStatus.SUCCESS:
        if _CREDITS[version] not in task:
            yield f"{kind} does not say what it cost ({_CREDITS[version]})."
        yield from _of_output(version, kind, task)


def _of_progress(kind: str, task: Mapping[str, Any], last_progress: dict[str, int]) -> Iterator[str]:
    progress = task.get("progress")
    if not isinstance(progress, int) or isinstance(progress, bool) or not 0 <= progress <= 100:
        yield f"{kind} has the progress {progress!r}, not a whole number from 0 to 100."
        return
    task_id = str(task.get("task_id"))
    if progress < last_progress.get(task_id, 0):
        yield f"{kind} went back in its progress."
    last_progress[task_id] = progress


def _of_output(version: Version, kind: str, task: Mapping[str, Any]) -> Iterator[str]:
    output = task.get("output")
    if not isinstance(output, dict):
        yield f"{kind} succeeded without an output."
        return
    if task.get("type") == _RIG_CHECK:
        yield from _of_keys(f"{kind}, in its output,", output, sorted(_VERDICT), ())
        rig_type = output.get("rig_type")
        if rig_type is not None and rig_type not in (*RIG_TYPES, "others"):
            yield f"{kind} names the rig type {rig_type!r}, which we do not know."
        return
    known = _FILES[version]
    models = [name for name in known if "model" in name]
    if not any(output.get(name) for name in models):
        yield f"{kind} succeeded without a model under {' or '.join(sorted(models))}."
    yield from _of_keys(f"{kind}, in its output,", output, (), known)


def _of_keys(
    what: str, found: Mapping[str, Any], wanted: Sequence[str], allowed: Iterable[str]
) -> Iterator[str]:
    missing = [name for name in wanted if name not in found]
    extra = sorted(str(name)[:60] for name in found.keys() - set(wanted) - set(allowed))
    if missing:
        yield f"{what} lacks {', '.join(missing)}."
    if extra:
        yield f"{what} has {', '.join(extra)}, which we do not know."


def _place(seen: Seen) -> str:
    """The route, without the id of a task in it."""
    parts = ["{id}" if _is_uuid(part) else part for part in seen.path.split("/")]
    return f"{seen.method} {'/'.join(parts)}"


def _is_uuid(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(UUID(text))
    except ValueError:
        return False
