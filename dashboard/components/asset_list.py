"""A page of assets as pictures or as a table; picking one opens its own page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.lifecycle import AssetStatus
from core.schemas import AssetRow
from dashboard.components.gallery import Card, gallery
from dashboard.components.state_badge import ASSETS, MOVING, UNKNOWN

ASSET_PAGE = "app_pages/asset.py"


def open_asset(project_id: str, asset_id: str) -> None:
    """Go to an asset's own page, in the same session."""
    st.switch_page(ASSET_PAGE, query_params={"project": project_id, "asset": asset_id})


def show_pictures(rows: Sequence[AssetRow], project_names: dict[str, str]) -> None:
    """Show the assets as cards."""
    known = {f"{row.project_id}/{row.asset_id}": row for row in rows}
    cards = [_card(key, row, project_names) for key, row in known.items()]
    picked = gallery(cards, key="gallery", label="Assets")
    if picked in known:
        open_asset(known[picked].project_id, known[picked].asset_id)


def show_table(rows: Sequence[AssetRow], project_names: dict[str, str]) -> None:
    """Show the assets as a table.

    Its key holds the ids of the rows: should the list move between a look and a click, nothing is picked
    rather than another asset.
    """
    ids = tuple((row.project_id, row.asset_id) for row in rows)
    picked: Any = st.dataframe(
        [_table_row(row, project_names) for row in rows],
        key=f"table-{hash(ids)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        alt="Assets, the newest first",
        row_height=44,
        height="content",
        column_config={
            "Picture": st.column_config.ImageColumn("", width=56),
            "Name": st.column_config.TextColumn(width=220),
            "State": st.column_config.TextColumn(width=110),
            "Progress": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%d %%", width=120
            ),
            "Waits for": st.column_config.TextColumn(width=320),
            "Ordered": st.column_config.DatetimeColumn(
                format="distance"
            ),  # told by the browser, so no resending
        },
    )
    if picked.selection.rows:
        open_asset(*ids[picked.selection.rows[0]])


def note_of(row: AssetRow) -> str:
    """Say in a line what an asset waits for, or why it failed."""
    if row.status is AssetStatus.FAILED and row.error is not None:
        return row.error.message
    return row.waiting_text or ""


def _progress(row: AssetRow) -> int | None:
    """Say how far an asset is, while it moves."""
    return row.progress if row.status in MOVING and not row.has_unknown else None


def _card(key: str, row: AssetRow, project_names: dict[str, str]) -> Card:
    address = urlencode({"project": row.project_id, "asset": row.asset_id})
    return Card(
        id=key,
        title=row.name,
        subtitle=project_names.get(row.project_id, row.project_id),
        state=row.status,
        state_label=ASSETS[row.status].word,
        progress=_progress(row),
        note=note_of(row),
        picture_url=row.picture_url,
        href=f"asset?{address}",
        tag=row.tag,
        flag=UNKNOWN.word if row.has_unknown else "",
    )


def _table_row(row: AssetRow, project_names: dict[str, str]) -> dict[str, object]:
    state = ASSETS[row.status].word
    return {
        "Picture": row.picture_url or "",
        "Name": row.name,
        "State": f"{state} · {UNKNOWN.word.lower()}" if row.has_unknown else state,
        "Progress": 100 if row.status is AssetStatus.COMPLETE else _progress(row),
        "Ordered": row.created_at,
        "Project": project_names.get(row.project_id, row.project_id),
        "Kind": row.tag,
        "Waits for": note_of(row),
    }
