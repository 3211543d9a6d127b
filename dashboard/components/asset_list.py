"""A page of assets as pictures or as a table; picking one opens its own page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from core.asset_query import Query
from core.lifecycle import AssetStatus
from core.schemas import AssetRow
from dashboard.components import selection
from dashboard.components.gallery import Card, Selected, gallery
from dashboard.components.history import who
from dashboard.components.plain_text import one_line
from dashboard.components.state_badge import ASSETS, MOVING, UNKNOWN

ASSET_PAGE = "app_pages/asset.py"
LONGEST_TEXT = 240  # of a name or a note: what a card has room for

Shape = Literal["Pictures", "Table"]


def open_asset(project_id: str, asset_id: str) -> None:
    """Go to an asset's own page, in the same session."""
    st.switch_page(ASSET_PAGE, query_params={"project": project_id, "asset": asset_id})


def show_assets(rows: Sequence[AssetRow], project_names: dict[str, str], shape: Shape, query: Query) -> None:
    """Show assets that match, each with a box to select it; what is selected is in `selection.scope()`."""
    scope = selection.scope()
    touched = gallery(
        [_card(row, project_names) for row in rows],
        key="gallery",
        label="Assets",
        shape="table" if shape == "Table" else "pictures",
        selection=Selected(
            selection.version(), scope.asset_pks, None if scope.query is None else str(scope.query)
        ),
    )
    selection.take(touched.selected, query)
    if touched.picked:
        project_id, _, asset_id = touched.picked.partition("/")
        open_asset(project_id, asset_id)


def note_of(row: AssetRow) -> str:
    """Say in a line what an asset waits for, or why it failed."""
    if row.status is AssetStatus.FAILED and row.error is not None:
        return row.error.message
    return row.waiting_text or ""


def _progress(row: AssetRow) -> int | None:
    """Say how far an asset is, while it moves."""
    return row.progress if row.status in MOVING and not row.has_unknown else None


def _card(row: AssetRow, project_names: dict[str, str]) -> Card:
    address = urlencode({"project": row.project_id, "asset": row.asset_id})
    by = f" · {who(row.created_by)}" if row.created_by else ""
    return Card(
        id=f"{row.project_id}/{row.asset_id}",
        selects=row.asset_pk,
        title=one_line(row.name, LONGEST_TEXT),
        subtitle=one_line(project_names.get(row.project_id, row.project_id), LONGEST_TEXT),
        state=row.status,
        state_label=ASSETS[row.status].word,
        progress=_progress(row),
        note=one_line(note_of(row), LONGEST_TEXT),
        picture_url=row.picture_url,
        href=f"asset?{address}",
        tag=row.tag,
        flag=UNKNOWN.word if row.has_unknown else "",
        facts=one_line(f"{row.category}{by}", LONGEST_TEXT),
        at=row.created_at.isoformat(timespec="seconds"),
    )
