"""Recognises an order on both sides: the same likeness means the same thing was asked of the provider."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from core.lifecycle import TaskKind
from core.models import Task
from core.sandbox.tasks import Task as TheirTask

_KIND_BY_ROUTE: Final = {
    "rig-check": TaskKind.RIG_CHECK,
    "rig": TaskKind.RIG,
    "retarget": TaskKind.ANIMATE,
}
_KIND_BY_TYPE: Final = {
    "animate_prerigcheck": TaskKind.RIG_CHECK,
    "animate_rig": TaskKind.RIG,
    "animate_retarget": TaskKind.ANIMATE,
}
_PICTURE = re.compile(r"https://pictures\.example/[\w-]+\.png")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PRESET = re.compile(r"preset:[\w:]+")


class Likeness(NamedTuple):
    """The step, what it works on (words, a picture's address, or the provider's id of its source), the preset."""

    kind: TaskKind
    subject: str
    preset: str = ""


def of_row(session: Session, task: Task) -> Likeness:
    """What a row of ours asks for."""
    if task.kind is TaskKind.GENERATE:
        image = task.order.get("image") or {}
        return Likeness(task.kind, task.order.get("prompt") or image["url"])
    source = session.get(Task, task.source_task_id) if task.source_task_id else None
    return Likeness(task.kind, (source.tripo_task_id or "") if source else "", task.preset)


def of_theirs(task: TheirTask) -> Likeness:
    """What a task of the provider was asked for."""
    return _of_body(_KIND_BY_TYPE.get(task.type, TaskKind.GENERATE), task.echo)


def of_request(route: str, body: Mapping[str, Any]) -> Likeness:
    """What a create that left us asks for."""
    kind = _KIND_BY_TYPE.get(str(body.get("type"))) or _KIND_BY_ROUTE.get(route.rsplit("/", 1)[-1])
    return _of_body(kind or TaskKind.GENERATE, body)


def _of_body(kind: TaskKind, body: Mapping[str, Any]) -> Likeness:
    text = json.dumps(dict(body))
    if kind is TaskKind.GENERATE:
        picture = _PICTURE.search(text)
        return Likeness(kind, picture[0] if picture else str(body["prompt"]))
    source, preset = _UUID.search(text), _PRESET.search(text)
    return Likeness(kind, source[0] if source else "", preset[0] if preset else "")
