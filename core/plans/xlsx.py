"""Workbooks: looked through before they are opened, then read cell by cell; formulas are never worked out.

A workbook is a ZIP archive of XML. Sizes are bounded before anything is unpacked, and the XML is scanned for what
costs memory (entities, endless rows, deep nesting) before a library builds anything of it.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final
from xml.parsers import expat

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import get_column_letter

from core.errors import PlanRefusedError
from core.plans.limits import (
    CELLS_MOST,
    COLUMNS_MOST,
    DEPTH_MOST,
    FILLED_ROWS_MOST,
    PARTS_MOST,
    SHEET_ROWS_MOST,
    SMALL_PART_BYTES_MOST,
    TEXT_LENGTH_MOST,
    UNPACKED_BYTES_MOST,
    WORKBOOK_BYTES_MOST,
)
from core.plans.notes import Notes
from core.plans.plan import PlanRow
from core.plans.refusals import too_large
from core.plans.tables import Line, headings_width, read_rows

_SHEET_COLUMNS_MOST: Final = 16_384  # Excel's own
_SMALL_PART_ELEMENTS_MOST: Final = 30_000
_LARGE_PARTS: Final = ("worksheet", "sst")  # by their outermost element: a sheet, and the texts of all sheets
_OTHER_KINDS: Final = (
    ("word/", "a Word document"),
    ("ppt/", "a presentation"),
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("content.xml", "an OpenDocument file"),
    ("Index/", "a file of Numbers or Pages"),
)


def read_workbook(content: bytes, notes: Notes) -> list[PlanRow]:
    """Read the first visible sheet that has a plan's headings, or else the first.

    Raises PlanRefusedError for what is no workbook, is damaged, or would cost more than a plan may.
    """
    if len(content) > WORKBOOK_BYTES_MOST:
        raise too_large("The workbook", len(content), WORKBOOK_BYTES_MOST)
    _look_through(content)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the library tells of parts that it leaves out; a plan has none of them
        try:
            return _read(content, notes)
        except PlanRefusedError:
            raise
        except Exception:  # whatever a damaged part makes the library raise: it has no error of its own
            raise _damaged() from None


def _read(content: bytes, notes: Notes) -> list[PlanRow]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            return []
        for sheet in sheets:
            width = headings_width(_lines(sheet, COLUMNS_MOST + 1))
            if width:
                return read_rows(_lines(sheet, width), notes, _letter, is_sheet=True)
        return read_rows(_lines(sheets[0], COLUMNS_MOST), notes, _letter, is_sheet=True)
    finally:
        book.close()


def _lines(sheet: Any, width: int) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a file says of its size may be wrong, or meant to hurt
    rows = sheet.iter_rows(max_row=SHEET_ROWS_MOST, max_col=width)
    for number, cells in enumerate(rows, start=1):
        yield number, _trimmed([None if cell is EMPTY_CELL else _value(cell) for cell in cells])


def _value(cell: Any) -> Any:
    if cell.data_type == "f":  # its text, or an object for one that fills several cells
        return cell.value[:TEXT_LENGTH_MOST] if isinstance(cell.value, str) else "=..."
    # One text may be shared by all cells of the file, so that its length counts as often.
    return cell.value[: TEXT_LENGTH_MOST + 1] if isinstance(cell.value, str) else cell.value


def _trimmed(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _letter(index: int, _heading: str) -> str:
    return get_column_letter(index + 1)


# --- before it is opened -------------------------------------------------------------------------------------


def _look_through(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
            for part in archive.infolist():
                with archive.open(part) as stream:
                    _Scan(part.filename, part.file_size).run(stream)
    except PlanRefusedError:
        raise
    except Exception:  # a broken archive, a password, and each way to compress has errors of its own
        raise _damaged() from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS_MOST or unpacked > UNPACKED_BYTES_MOST:
        raise too_large("Unpacked, the workbook", unpacked, UNPACKED_BYTES_MOST)
    names = [part.filename for part in parts]
    if any(name == "xl/workbook.xml" for name in names):
        return
    for start, kind in _OTHER_KINDS:
        if any(name.startswith(start) for name in names):
            raise PlanRefusedError(
                f"The file is {kind}, not an Excel workbook.",
                suggestion="Save the table as .xlsx or .csv.",
                code="plan_format_unknown",
            )


def _damaged() -> PlanRefusedError:
    return PlanRefusedError(
        "The workbook cannot be opened: it is damaged, protected with a password, or no workbook at all.",
        suggestion="Open it in your spreadsheet program and save it again as .xlsx, without a password.",
        code="plan_damaged",
    )


class _Scan:
    """Looks through one part of a workbook; raises PlanRefusedError for what would cost more than a plan may.

    Pictures and other parts that are not XML end the scan where they stop being XML, as they would end its reading.
    """

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size
        self._depth = self._elements = self._rows = self._cells_in_row = 0
        self._elements_most = _SMALL_PART_ELEMENTS_MOST

    def run(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.ParseFile(stream)
        except expat.ExpatError:
            return

    def _doctype(self, *_: object) -> None:
        raise PlanRefusedError(
            "The workbook defines XML entities, which no spreadsheet program writes.",
            suggestion="Save it again with your spreadsheet program.",
            code="plan_hostile",
        )

    def _start(self, name: str, _attributes: object) -> None:
        tag = name.rpartition(" ")[2]
        if self._depth == 0:
            self._begin(tag)
        self._depth += 1
        self._elements += 1
        self._rows += tag == "row"
        self._cells_in_row = 0 if tag == "row" else self._cells_in_row + (tag == "c")
        if (
            self._elements > self._elements_most
            or self._rows > FILLED_ROWS_MOST
            or self._cells_in_row > _SHEET_COLUMNS_MOST
            or self._depth > 5 * DEPTH_MOST
        ):
            raise PlanRefusedError(
                "The workbook has more rows, columns or parts than a plan can use.",
                suggestion="Copy the columns of the plan into a new workbook.",
                code="plan_too_large",
            )

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _begin(self, tag: str) -> None:
        if tag in _LARGE_PARTS:
            self._elements_most = 2 * CELLS_MOST
        elif self._size > SMALL_PART_BYTES_MOST:
            raise too_large(f"The part {self._name[:80]} of the workbook", self._size, SMALL_PART_BYTES_MOST)
