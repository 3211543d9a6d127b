"""Plans in rows and columns: a row of headings somewhere near the top, then an asset in each row.

CSV and TSV are read here; a workbook's sheet comes as the same kind of rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, Final, Literal

from core.errors import PlanRefusedError
from core.plans.fields import Value, field_called, is_blank, near_field, row_of
from core.plans.limits import ASSETS_MOST, COLUMNS_MOST
from core.plans.notes import Notes, excerpt
from core.plans.plan import PlanRow
from core.plans.refusals import too_many_assets

HEADER_ROWS: Final = 20  # how far down the headings may stand
_HEAD_LENGTH: Final = 50_000
_GUARD = re.compile(r"'+[=+\-@]")  # a sheet takes the apostrophe for "what follows is text"
_SHEET_ERRORS: Final = frozenset(("#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!", "#NULL!", "#NUM!"))
_DELIMITERS: Final = (",", ";", "\t")

Line = tuple[int, Sequence[Any]]
Place = Callable[[int, str], str]


def read_delimited(text: str, kind: Literal["csv", "tsv"], notes: Notes) -> list[PlanRow]:
    """Read CSV or TSV, whatever its delimiter; raises PlanRefusedError when it cannot be told apart into cells."""
    text, first_line, named = _without_separator_line(text)
    delimiter = named or delimiter_of(text) or ("\t" if kind == "tsv" else ",")
    return read_rows(_delimited(text, delimiter, first_line), notes, lambda _, heading: heading)


def delimiter_of(text: str, fields_least: int = 1) -> str | None:
    """Find the delimiter that makes headings of an early line; None when none makes that many known fields."""
    found = {delimiter: _most_fields(text, delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: found[delimiter])
    return best if found[best] >= fields_least else None


def _most_fields(text: str, delimiter: str) -> int:
    most = 0
    # The cut may go through a quoted cell, which ends the rows and not what was found in them.
    with suppress(PlanRefusedError):
        for _, cells in islice(_delimited(text[:_HEAD_LENGTH], delimiter, 1), HEADER_ROWS):
            most = max(most, _known_fields(cells))
    return most


def read_rows(lines: Iterable[Line], notes: Notes, place: Place, *, is_sheet: bool = False) -> list[PlanRow]:
    """Read numbered rows of cells; `place` names a column by its index and heading.

    What stands behind the last heading is a scribble in a sheet; in a text it is a comma without its quotes.
    Raises PlanRefusedError when no row has headings, or when there are too many assets or columns.
    """
    remaining = iter(lines)
    head = list(islice(remaining, HEADER_ROWS))
    at = next((index for index, (_, cells) in enumerate(head) if _known_fields(cells)), None)
    if at is None:
        if all(is_blank(cell) for _, cells in head for cell in cells):
            return []
        raise _no_headings(head, notes)
    columns = _columns(*head[at], notes, place)
    rows = []
    count = 0
    for line, cells in chain(head[at + 1 :], remaining):
        if all(is_blank(cell) for cell in cells):
            continue
        count += 1
        if count > ASSETS_MOST:
            raise too_many_assets(line)
        row = _row(line, cells[: columns.width] if is_sheet else cells, columns, notes)
        if row is not None:
            rows.append(row)
    return rows


def headings_width(lines: Iterable[Line]) -> int:
    """Say how many cells the row of headings has; 0 when none of the first rows is one."""
    return next((len(cells) for _, cells in islice(lines, HEADER_ROWS) if _known_fields(cells)), 0)


class _Columns:
    """Where each field stands, and how far the headings go."""

    def __init__(self, fields: dict[int, tuple[str, str]], width: int) -> None:
        self.fields = fields  # index -> (field, place)
        self.width = width


def _known_fields(cells: Sequence[Any]) -> int:
    """Count the fields that a row of headings would name; 0 when the name is not among them."""
    fields = {field_called(cell) for cell in cells[:COLUMNS_MOST] if isinstance(cell, str)}
    return len(fields - {None, ""}) if "name" in fields else 0


def _columns(line: int, cells: Sequence[Any], notes: Notes, place: Place) -> _Columns:
    fields: dict[int, tuple[str, str]] = {}
    taken: dict[str, str] = {}
    width = max(index for index, cell in enumerate(cells) if not is_blank(cell)) + 1
    if width > COLUMNS_MOST:
        raise PlanRefusedError(
            f"The row of headings has {width:,} columns; {COLUMNS_MOST} is the most.",
            suggestion="Keep only the columns that belong to the plan.",
            code="plan_too_many_columns",
            line=line,
        )
    for index, cell in enumerate(cells[:width]):
        if is_blank(cell):
            continue
        heading = str(cell).strip()
        field, where = field_called(heading), place(index, heading)
        if field is None:
            hint = near_field(heading, notes)
            notes.warn(line, "column_unknown", f"The column {excerpt(heading)} is not read.{hint}", where)
        elif field in taken:
            raise PlanRefusedError(
                f"The columns {excerpt(taken[field])} and {excerpt(heading)} are both the asset's {field}.",
                suggestion="Keep one of them.",
                code="plan_column_twice",
                line=line,
            )
        elif field:
            fields[index] = (field, where)
            taken[field] = heading
    return _Columns(fields, width)


def _row(line: int, cells: Sequence[Any], columns: _Columns, notes: Notes) -> PlanRow | None:
    extra = next((cell for cell in cells[columns.width :] if not is_blank(cell)), None)
    if extra is not None:
        notes.error(
            line,
            "cell_without_heading",
            f"The row has {excerpt(str(extra))} behind the last heading: a text with a comma in it needs quotes.",
        )
        return None
    values = {
        field: Value(cells[index], place)
        for index, (field, place) in columns.fields.items()
        if index < len(cells)
    }
    faults = [(value.column, _cell_fault(value.given)) for value in values.values()]
    for place, fault in faults:
        if fault is not None:
            notes.error(line, *fault, place)
    if any(fault for _, fault in faults):
        return None
    return row_of({field: _unguarded(value) for field, value in values.items()}, line, notes)


def _cell_fault(cell: Any) -> tuple[str, str] | None:
    """Say what is wrong with a cell before its meaning is looked at: (code, sentence)."""
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if text.startswith("="):
        return (
            "formula",
            f"The cell holds a formula, {excerpt(text)}; formulas are not worked out here, so paste its value.",
        )
    if text in _SHEET_ERRORS:
        return "cell_error", f"The cell holds the error {text}; write the value that belongs there."
    return None


def _unguarded(value: Value) -> Value:
    text = value.given
    return value._replace(given=text[1:]) if isinstance(text, str) and _GUARD.match(text) else value


def _no_headings(head: Sequence[Line], notes: Notes) -> PlanRefusedError:
    line, cells = next((line, cells) for line, cells in head if not all(map(is_blank, cells)))
    shown = [str(cell).strip() for cell in cells if not is_blank(cell)]
    near = next((heading for heading in shown[:COLUMNS_MOST] if notes.nearest(heading, ("Name",))), None)
    hint = f" Did you mean Name where {excerpt(near)} stands?" if near else ""
    return PlanRefusedError(
        f"No row of headings was found: the first row reads {excerpt(', '.join(shown[:9]))},"
        f" and one column must be called Name.{hint}",
        suggestion="Name the columns as in the template: Name, Category, Tag, Description, Animations.",
        code="plan_headings_missing",
        line=line,
    )


# --- text to cells -------------------------------------------------------------------------------------------


def _without_separator_line(text: str) -> tuple[str, int, str | None]:
    """Take off Excel's first line `sep=;`: (the rest, the number of its first line, the delimiter named)."""
    found = re.match(r'\s*"?sep=([,;\t|])"?[ \t]*\n', text, re.IGNORECASE)
    return (text[found.end() :], 1 + found[0].count("\n"), found[1]) if found else (text, 1, None)


def _delimited(text: str, delimiter: str, first_line: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise PlanRefusedError(
                f"The quotes in the row that begins at line {line} do not close where a cell ends.",
                suggestion='Put the whole cell in quotes, and write a quote inside it twice: "a ""big"" door".',
                code="plan_quotes_unclosed",
                line=line,
            ) from None
        if cells is None:
            return
        yield line, cells
        line = first_line + reader.line_num
