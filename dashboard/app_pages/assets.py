"""Assets: everything that was ordered, live."""

from math import ceil

import streamlit as st

from core.schemas import AssetPage
from dashboard import backend
from dashboard.components.asset_filters import AssetFilters, ask_filters, clear_filters
from dashboard.components.asset_list import show_pictures, show_table
from dashboard.components.first_steps import explain_first_steps
from dashboard.components.live import last_known, live

PER_PAGE = 48


@live
def live_list(filters: AssetFilters, view: str, project_names: dict[str, str]) -> None:
    """Show one page of what matches."""
    page = int(st.session_state.get("page") or 1)
    found = last_known("assets", (filters, page), lambda: _read(filters, page))
    total = found.total or 0
    if not total and not filters.narrow:
        explain_first_steps()
    elif not total:
        st.info("No asset matches these filters.", icon=":material/filter_alt_off:")
        st.button("Show all assets", on_click=clear_filters)
    elif view == "Table":
        show_table(found.assets, project_names)
    else:
        show_pictures(found.assets, project_names)
    if total > PER_PAGE:
        st.pagination(ceil(total / PER_PAGE), key="page", bind="query-params")
    if total:
        st.caption("1 asset" if total == 1 else f"{total} assets")


def _read(filters: AssetFilters, page: int) -> AssetPage:
    return backend.assets(page=page, per_page=PER_PAGE, **filters._asdict())


with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
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
live_list(filters, view or "Pictures", {p.project_id: p.name for p in projects})
