"""A list of assets as a file: CSV for tables, JSON for programs, written while it is read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from core.schemas import AssetRow

BOM: Final = "\ufeff"  # without it spreadsheets take UTF-8 for something else
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: Final = (
    "projectId",
    "assetId",
    "name",
    "category",
    "tag",
    "status",
    "approval",
    "hasUnknown",
    "progress",
    "waitingFor",
    "error",
    "whatToDo",
    "createdBy",
    "createdAt",
    "updatedAt",
)


def as_csv(rows: Iterable[AssetRow]) -> Iterator[str]:
    """Write the rows as CSV (RFC 4180), a line at a time; no cell can be taken for a formula."""
    yield BOM + _line(COLUMNS)
    for row in rows:
        yield _line(_cells(row))


def as_json(rows: Iterable[AssetRow]) -> Iterator[str]:
    """Write the rows as `{"assets": [...]}`, as the list's own route has them."""
    yield '{"assets":['
    for number, row in enumerate(rows):
        yield ("," if number else "") + json.dumps(
            row.model_dump(mode="json", by_alias=True), ensure_ascii=False
        )
    yield "]}"


def _cells(row: AssetRow) -> tuple[str, ...]:
    return (
        row.project_id,
        row.asset_id,
        row.name,
        row.category,
        row.tag,
        row.status.value,
        row.approval.value,
        "yes" if row.has_unknown else "",
        str(row.progress),
        row.waiting_for or "",
        row.error.message if row.error else "",
        row.error.suggestion if row.error else "",
        row.created_by or "",
        _moment(row.created_at),
        _moment(row.updated_at),
    )


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet works out what begins like a formula; an apostrophe before it makes it text (OWASP)."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
