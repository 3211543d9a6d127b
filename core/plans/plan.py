"""A plan as it was read: its assets, and what its author should know of them. Values only."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from pydantic import Field

from core.schemas import View

Format = Literal["markdown", "csv", "tsv", "xlsx", "json", "yaml"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
Tag = Literal["RIG", "STATIC"]
SizeClass = Literal["hero", "prop", "creature", "foliage"]
UNCATEGORIZED: Final = "Uncategorized"


class PlanRow(View):
    """One asset as the plan says it.

    `line` is where a person finds it: the line of a text, the row of a sheet, the number of a JSON item, from 1.
    `key` is its identity, where the format has one and it was given. `animations` are in the stored form
    ("preset:idle"). `options` are the provider's generation options, named as over HTTP (`faceLimit`).
    """

    line: int
    key: str | None = None
    name: str
    category: str = UNCATEGORIZED
    tag: Tag = "STATIC"
    description: str = ""
    animations: tuple[str, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    size_class: SizeClass | None = None
    priority: int = 0
    variants: int = 1
    seed: int | None = None


class PlanNote(View):
    """A warning or an error: where it is, what was read, what would be right. `code` is for programs.

    `column` is a sheet's letter, a table's heading or a field's name.
    """

    line: int | None
    column: str | int | None = None
    message: str
    code: str


class ReadPlan(View):
    """What a reader made of a plan. With errors nothing of it may be applied; warnings are for the author."""

    format: Format
    rows: tuple[PlanRow, ...] = ()
    warnings: tuple[PlanNote, ...] = ()
    errors: tuple[PlanNote, ...] = ()
