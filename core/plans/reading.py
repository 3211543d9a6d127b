"""A plan's file, as somebody sent it, to its assets, with what its author should know."""

from __future__ import annotations

from core.errors import PlanRefusedError
from core.plans.advice import advise
from core.plans.decoding import plain_text
from core.plans.json_plans import read_json
from core.plans.markdown import read_markdown
from core.plans.notes import Notes
from core.plans.plan import Format, PlanNote, PlanRow, ReadPlan
from core.plans.sniffing import (
    checked_format,
    format_of_name,
    format_of_text,
    is_workbook,
    refuse_other_kinds,
    without_fence,
)
from core.plans.tables import read_delimited
from core.plans.xlsx import read_workbook
from core.plans.yaml_plans import read_yaml


def read_plan(content: bytes | str, filename: str = "", format: str | None = None) -> ReadPlan:
    """Read a plan in the named format, or in the one that its content and its file's name show.

    What is wrong with single assets is among the result's errors. Raises PlanRefusedError, with a sentence, for a
    file of which nothing can be taken: no plan, damaged, too large, or made to hurt.
    """
    notes = Notes()
    named = checked_format(format) if format else None
    by_name = format_of_name(filename)
    if not isinstance(content, bytes | str) or not content.strip():
        used, rows = named or by_name or "markdown", []
    elif is_workbook(content) or named == "xlsx":
        used, rows = "xlsx", _read_workbook(content, named, notes)
    else:
        refuse_other_kinds(content)
        text = plain_text(content, notes)
        refuse_other_kinds(text)
        used = named or format_of_text(text, by_name)
        rows = _read_text(text, used, notes)
    if by_name not in (None, used) and not named:
        notes.warn(None, "format_differs", f"The file is named as {by_name}, and was read as {used}.")
    if not rows and not notes.errors:
        notes.warn(None, "plan_empty", "There is no asset in this plan.")
    advise(rows, notes)
    return ReadPlan(
        format=used, rows=tuple(rows), warnings=_in_order(notes.warnings), errors=_in_order(notes.errors)
    )


def _read_workbook(content: bytes | str, named: Format | None, notes: Notes) -> list[PlanRow]:
    if named not in (None, "xlsx") or not is_workbook(content) or isinstance(content, str):
        raise PlanRefusedError(
            f"The file is {'a workbook or another archive' if is_workbook(content) else 'no workbook'},"
            f" and {named} was asked for.",
            suggestion="Leave the format out, or name the one that the file has.",
            code="plan_format_unknown",
        )
    return read_workbook(content, notes)


def _read_text(text: str, used: Format, notes: Notes) -> list[PlanRow]:
    if used == "markdown":
        return read_markdown(text, notes)
    inside = without_fence(text)
    if used == "json":
        return read_json(inside, notes)
    if used == "yaml":
        return read_yaml(inside, notes)
    return read_delimited(inside, "tsv" if used == "tsv" else "csv", notes)


def _in_order(notes: list[PlanNote]) -> tuple[PlanNote, ...]:
    return tuple(sorted(notes, key=lambda note: note.line if note.line is not None else 0))
