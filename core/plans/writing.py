"""Plans written out in each format, so that what was edited, exported or begun from a template can be read again.

Markdown has no place for key, options, size class, priority, variants and seed: `left_out` says which would be lost.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from core.plans.plan import UNCATEGORIZED, Format, PlanRow
from core.plans.presets import PLAIN_NAMES, PREFIX

Report = Mapping[str, Any]  # what a program adds to a row, such as its status; readers leave it unread

# Headings of a table and the fields beneath; the widths are those of a sheet's columns, in characters.
COLUMNS: Final[Mapping[str, tuple[str, int]]] = {
    "Key": ("key", 12),
    "Name": ("name", 28),
    "Category": ("category", 20),
    "Tag": ("tag", 9),
    "Description": ("description", 70),
    "Animations": ("animations", 32),
    "Size class": ("sizeClass", 11),
    "Priority": ("priority", 9),
    "Variants": ("variants", 9),
    "Seed": ("seed", 12),
    "Options": ("options", 36),
}
_ONLY_ELSEWHERE: Final = ("key", "options", "sizeClass", "priority", "variants", "seed")
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@]")  # a sheet would work it out, or take the apostrophe off
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def write_plan(rows: Sequence[PlanRow], form: Format, reports: Sequence[Report] = ()) -> bytes:
    """Write the rows in their order; `reports`, if given, add fields of a program's own to each row."""
    added = reports or [{}] * len(rows)
    if len(added) != len(rows):
        raise ValueError("there must be one report for each row")
    pairs = list(zip(rows, added, strict=True))
    if form == "markdown":
        return _markdown(pairs).encode()
    if form == "json":
        return (json.dumps(_document(pairs), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "yaml":
        return _yaml(_document(pairs)).encode()
    if form == "xlsx":
        return _workbook(_table(pairs))
    return _delimited(_table(pairs), "\t" if form == "tsv" else ",")


def annotate_markdown(text: str, rows: Sequence[PlanRow], reports: Sequence[Report]) -> bytes:
    """Copy a Markdown plan as its author wrote it, prose and all, with a report beneath each asset.

    The reports of an earlier copy are replaced. `rows` are what was read from the text, each with its line.
    """
    lines = text.split("\n")
    names = tuple(f"- {name}:" for name in dict.fromkeys(name for report in reports for name in report))
    copy = lines[: rows[0].line - 1] if rows else lines
    ends = [row.line - 1 for row in rows[1:]] + [len(lines)]
    for row, end, report in zip(rows, ends, reports, strict=True):
        bullet, *rest = lines[row.line - 1 : end]
        size = next(
            (n for n, line in enumerate(rest) if not line[:1].isspace() or not line.strip()), len(rest)
        )
        details = [line for line in rest[:size] if not line.strip().startswith(names)]
        copy += [bullet, *details, *_reported(report), *rest[size:]]
    return "\n".join(copy).encode()


def left_out(rows: Sequence[PlanRow], form: Format) -> tuple[str, ...]:
    """Name the fields that these rows have and this format cannot say."""
    if form != "markdown":
        return ()
    said = {field for row in rows for field in _fields(row)}
    return tuple(field for field in _ONLY_ELSEWHERE if field in said)


def _fields(row: PlanRow) -> dict[str, Any]:
    """List what a row says beyond what is so anyway, by the names that files use."""
    said = row.model_dump(mode="json", by_alias=True, exclude={"line"}, exclude_defaults=True)
    key = {} if row.key is None else {"key": row.key}
    return {**key, "name": row.name, "category": row.category, "tag": row.tag, **said}


Pair = tuple[PlanRow, Report]


# --- text ----------------------------------------------------------------------------------------------------


def _markdown(pairs: Sequence[Pair]) -> str:
    lines = ["# Asset plan"]
    category = None
    for row, report in pairs:
        if row.category != category and (category or row.category != UNCATEGORIZED):
            lines += ["", f"## {_one_line(row.category)}"]
        elif category is None:
            lines += [""]
        category = row.category
        lines += _bullet(row, report)
    return "\n".join(lines) + "\n"


def _bullet(row: PlanRow, report: Report) -> Iterator[str]:
    yield f"- [{row.tag}] {_one_line(row.name)}"
    if row.description:
        yield f"  - Description: {_one_line(row.description)}"
    if row.animations:
        yield f"  - Animations: {', '.join(map(_animation, row.animations))}"
    yield from _reported(report)


def _reported(report: Report) -> Iterator[str]:
    for name, value in report.items():
        yield f"  - {name}: {_one_line(value if isinstance(value, str) else json.dumps(value))}"


def _animation(preset: str) -> str:
    name = preset.removeprefix(PREFIX)
    return name if name in PLAIN_NAMES else preset


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text


def _document(pairs: Sequence[Pair]) -> dict[str, Any]:
    return {"assets": [{**_fields(row), **report} for row, report in pairs]}


def _yaml(document: Mapping[str, Any]) -> str:
    return str(yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100))


# --- tables --------------------------------------------------------------------------------------------------


def _table(pairs: Sequence[Pair]) -> Iterator[list[Any]]:
    """Yield the headings, then the cells of each row; numbers stay numbers."""
    added = list(dict.fromkeys(name for _, report in pairs for name in report))
    yield [*COLUMNS, *added]
    for row, report in pairs:
        fields = _fields(row)
        yield [
            *(_cell(fields.get(field)) for field, _ in COLUMNS.values()),
            *(_cell(report.get(n)) for n in added),
        ]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    if isinstance(value, str) and _LIKE_A_FORMULA.match(value):
        return f"'{value}"
    return value


def _delimited(table: Iterator[list[Any]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for another encoding


def _workbook(table: Iterator[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    sheet.freeze_panes = "A2"
    for index, (_, width) in enumerate(COLUMNS.values()):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.append([_heading(sheet, text) for text in next(table)])
    for cells in table:
        sheet.append([_text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _text_cell(sheet: Any, text: str) -> Any:
    """Make a cell that is text whatever it looks like; control characters cannot be in a workbook."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
