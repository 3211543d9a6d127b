"""Small tables to be read, as plain HTML: links and times with a tooltip, which Streamlit's own have not."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from dashboard.components.plain_text import as_html

_CELL = "padding: 0.3rem 0.9rem 0.3rem 0; vertical-align: top; border: 0; text-align: start"
_BROKEN = "; overflow-wrap: anywhere; min-width: 4.5em"  # else it makes the table wider than its page
_TAG = re.compile(r"<[^>]*>")
_ENDLESS_WORD = re.compile(r"\S{20,}")
_ROW = "border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent)"
_TABLE = "width: 100%; border-collapse: collapse; font-size: 0.9rem"


def show_rows(rows: Sequence[Sequence[str]], label: str) -> None:
    """Show rows of cells; each cell is HTML already (see `plain_text.as_html`), `label` names the table."""
    body = "".join(_row(row) for row in rows)
    st.html(f'<table aria-label="{as_html(label)}" style="{_TABLE}"><tbody>{body}</tbody></table>')


def _row(cells: Sequence[str]) -> str:
    return f'<tr style="{_ROW}">{"".join(_cell(cell) for cell in cells)}</tr>'


def _cell(cell: str) -> str:
    style = _CELL + _BROKEN if _ENDLESS_WORD.search(_TAG.sub("", cell)) else _CELL
    return f'<td dir="auto" style="{style}">{cell}</td>'
