"""A create on its way in: as the wire read it, and once it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.sandbox.catalog import Version
from core.sandbox.tasks import Task


@dataclass
class Order:
    """A create as either version's wire read it.

    `picture`, `pictures` and `source` say what it works on: file objects (with a `file_token`, `url` or
    `object`) and a task's id; `fields` is everything else, `echo` everything as it was sent.
    """

    version: Version
    type: str
    model: str | None
    source: Any
    picture: Any
    pictures: Any
    fields: dict[str, Any]
    echo: dict[str, Any]


@dataclass
class Checked:
    """An order that may be carried out: its model by name, what it works on, what the forge makes of it."""

    model: str | None
    source: Task | None
    subject: str
    seed: int | None
