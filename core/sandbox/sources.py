"""What a create works on: tasks of its key, uploads, pictures behind URLs."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from core.sandbox import catalog
from core.sandbox.orders import Order
from core.sandbox.refusals import Refused
from core.sandbox.tasks import Task
from core.sandbox.world import World


def picture_subject(picture: Any, world: World, owner: str) -> str:
    """What a picture may show, guessed from its name. Raises Refused for what is no picture of this key."""
    given = [key for key in ("file_token", "url", "object") if isinstance(picture, dict) and picture.get(key)]
    if len(given) != 1:
        raise Refused("parameter", "one of file_token, url and object is required")
    value = picture[given[0]]
    if given[0] == "file_token":
        return _subject_of(_uploaded_name(value, world, owner))
    if given[0] == "url":
        return _subject_of(_url_path(value))
    if not isinstance(value, dict) or not value.get("bucket") or not value.get("key"):
        raise Refused("parameter", "object needs bucket and key")
    return _subject_of(_uploaded_name(value["key"], world, owner))


def _url_path(url: Any) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return str(parts.path)
    except (ValueError, AttributeError, TypeError):
        pass
    raise Refused("parameter", "the URL is not valid")


def _uploaded_name(token: Any, world: World, owner: str) -> str:
    upload = world.uploads.get(token) if isinstance(token, str) else None
    if upload is None or upload.owner != owner or upload.bytes is None:
        raise Refused("file_not_found")
    return upload.name


def _subject_of(path: str) -> str:
    words = PurePosixPath(path).stem.replace("_", " ").replace("-", " ").strip()
    return words or "object"


def views_subject(views: Any, world: World, owner: str) -> str:
    """The same of four views; the front and one more must be there. Raises Refused."""
    if not isinstance(views, list) or len(views) != 4 or not views[0] or sum(map(bool, views)) < 2:
        raise Refused("parameter", "four views are required, the front and one more not empty")
    subjects = [picture_subject(view, world, owner) if view else "" for view in views]
    return subjects[0]


def finished_task(task_id: Any, world: World, owner: str) -> Task:
    """A task of this key that succeeded. Raises Refused."""
    if not is_uuid(task_id):
        raise Refused("parameter", "a task id is required")
    task = world.find(task_id, owner)
    if world.life(task).status != "success":
        raise Refused("source_unfinished")
    return task


def is_uuid(text: Any) -> bool:
    """Whether this can be a task's id."""
    try:
        uuid.UUID(text)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def task_with_model(order: Order, world: World, owner: str) -> Task:
    """The source of an order that needs a finished model. Raises Refused."""
    if not is_uuid(order.source):
        raise Refused("parameter", "the original task's id is required")
    task = world.find(order.source, owner)
    has_ended_without = world.life(task).status == "success" and task.ending.output != "full"
    if catalog.TASK_TYPES[task.type].makes != "model" or has_ended_without:
        raise Refused("source_without_model" if order.type == "animate_prerigcheck" else "source_type")
    if world.life(task).status != "success":
        raise Refused("source_unfinished")
    return task
