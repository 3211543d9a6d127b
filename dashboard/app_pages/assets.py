"""Assets: everything that was ordered, searched, selected, live."""

from math import ceil

import streamlit as st

from core.schemas import AssetPage, AssetRow
from dashboard import backend
from dashboard.components import selection
from dashboard.components.asset_filters import Asked, ask_query, clear_query, keep_address, restore_address
from dashboard.components.asset_list import Shape, show_assets
from dashboard.components.bulk_bar import show_asked
from dashboard.components.first_steps import explain_first_steps
from dashboard.components.live import last_known, live, offer_rest
from dashboard.components.pause_controls import offer_project_pause
from dashboard.components.saved_views import offer_views
from dashboard.components.selection_bar import show_selection_bar

PER_PAGE = 48


@live
def live_list(asked: Asked, shape: Shape, project_names: dict[str, str]) -> None:
    """Show one page of what matches."""
    page = int(st.session_state.get("page") or 1)
    found = last_known("assets", (asked, page), lambda: _read(asked, page))
    bar, place = st.container(), st.container()
    pages = ceil((found.total or 0) / PER_PAGE)
    wanted = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    if wanted != page:
        found = last_known("assets", (asked, wanted), lambda: _read(asked, wanted))
    with place:
        newer = show_page((asked, wanted), found, shape, project_names)
    if found.total:
        with bar:
            show_selection_bar(asked, found, newer)


def show_page(
    question: tuple[Asked, int], found: AssetPage, shape: Shape, project_names: dict[str, str]
) -> int:
    """Show the rows, or words where there are none; return how many newer ones wait while some are selected."""
    rows = {row.asset_pk: row for row in found.assets}
    ids, newer = selection.shown_ids(question, list(rows))
    shown = _rows(ids, rows)
    if shown:
        show_assets(shown, project_names, shape, question[0].query)
    elif question[0].query.terms:
        st.info("No asset matches this search.", icon=":material/filter_alt_off:")
        if st.button("Show all assets", on_click=clear_query):
            st.rerun()  # the search stands outside of the part that is live
    else:
        explain_first_steps()
    return newer


def _rows(ids: tuple[str, ...], fresh: dict[str, AssetRow]) -> tuple[AssetRow, ...]:
    if all(asset_pk in fresh for asset_pk in ids):
        return tuple(fresh[asset_pk] for asset_pk in ids)
    return last_known("assets_by_id", ids, lambda: backend.assets_by_id(ids))


def _read(asked: Asked, page: int) -> AssetPage:
    return backend.assets(asked.query, page=page, per_page=PER_PAGE, sort=asked.sort)


restore_address()
head = st.container(horizontal=True, vertical_alignment="center", gap="medium")
with head:
    st.title("Assets", anchor=False)
    shape: Shape = st.segmented_control(
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
asked = ask_query(projects)
with head:
    offer_views(asked, shape)
    offer_rest()
    for project in projects:
        if project.project_id == asked.query.only("project"):
            offer_project_pause(project)
keep_address()
selection.leave_other(asked.query)
live_list(asked, shape, {p.project_id: p.name for p in projects})
show_asked()
