"""Assets: everything that was ordered, live."""

from collections.abc import Sequence
from math import ceil

import streamlit as st

from core.schemas import AssetPage, AssetRow
from dashboard import backend
from dashboard.components.asset_filters import (
    AssetFilters,
    ask_filters,
    clear_filters,
    keep_address,
    restore_address,
)
from dashboard.components.asset_list import show_pictures, show_table
from dashboard.components.first_steps import explain_first_steps
from dashboard.components.live import last_known, live
from dashboard.components.pause_controls import offer_project_pause

PER_PAGE = 48


@live
def live_list(filters: AssetFilters, view: str, project_names: dict[str, str]) -> None:
    """Show one page of what matches."""
    page = int(st.session_state.get("page") or 1)
    found = last_known("assets", (filters, page), lambda: _read(filters, page))
    total = found.total or 0
    place = st.container()
    wanted = st.pagination(ceil(total / PER_PAGE), key="page", bind="query-params") if total > PER_PAGE else 1
    if wanted != page:
        found = last_known("assets", (filters, wanted), lambda: _read(filters, wanted))
    if total:
        st.caption("1 asset" if total == 1 else f"{total:,} assets")
    with place:
        show_assets(found.assets, filters, view, project_names)


def show_assets(
    rows: Sequence[AssetRow], filters: AssetFilters, view: str, project_names: dict[str, str]
) -> None:
    """Show the rows, or words where there are none."""
    if rows and view == "Table":
        show_table(rows, project_names)
    elif rows:
        show_pictures(rows, project_names)
    elif filters.narrow:
        st.info("No asset matches these filters.", icon=":material/filter_alt_off:")
        st.button("Show all assets", on_click=clear_filters)
    else:
        explain_first_steps()


def _read(filters: AssetFilters, page: int) -> AssetPage:
    return backend.assets(page=page, per_page=PER_PAGE, **filters._asdict())


restore_address()
head = st.container(horizontal=True, vertical_alignment="center", gap="medium")
with head:
    st.title("Assets", anchor=False)
    view = st.segmented_control(
        "View",
        ["Pictures", "Table"],
        default="Pictures",
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    st.page_link("app_pages/submit.py", label="New asset", icon=":material/add:")
projects = last_known("projects", None, backend.projects)
filters = ask_filters(projects)
with head:
    for project in projects:
        if project.project_id == filters.project_id:
            offer_project_pause(project)
keep_address()
live_list(filters, view or "Pictures", {p.project_id: p.name for p in projects})
