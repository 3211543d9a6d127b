"""The lists that people gave a name: to open, to save, to rename and to delete."""

from __future__ import annotations

import streamlit as st

from core.schemas import SavedViewView
from dashboard import backend
from dashboard.components.actions import act, acted
from dashboard.components.asset_filters import Asked
from dashboard.components.history import who
from dashboard.components.live import last_known
from dashboard.components.plain_text import as_markdown, one_line

ASSETS_PAGE = "app_pages/assets.py"
_NAME = "view-name"


def offer_views(asked: Asked, shape: str) -> None:
    """Show the saved views behind a button, and offer to save what is listed now."""
    with st.popover("Views", icon=":material/bookmark:"):
        views = last_known("saved_views", None, backend.saved_views)
        if not views:
            st.caption("No view is saved yet. A view is a search with its order, which everybody can open.")
        for view in views:
            _show(view)
        st.text_input("Save this list as", key=_NAME, max_chars=80, placeholder="For example Failed tonight")
        st.button(
            "Save view", key="view-save", icon=":material/bookmark_add:", on_click=_save, args=(asked, shape)
        )


def _show(view: SavedViewView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            ASSETS_PAGE,
            label=as_markdown(one_line(view.name, 60)),
            icon=":material/bookmark:",
            query_params=_address(view),
            help=as_markdown(f"{view.query or 'All assets'} · by {who(view.created_by or backend.NOBODY)}"),
            width="stretch",
        )
        with st.popover("", icon=":material/more_vert:", type="tertiary", help="Rename or delete"):
            field = f"view-rename-{view.view_id}"
            st.text_input("New name", value=view.name, key=field, max_chars=80)
            st.button("Rename", key=f"{field}-do", on_click=_rename, args=(view.view_id, field))
            st.button(
                "Delete",
                key=f"view-delete-{view.view_id}",
                icon=":material/delete:",
                on_click=act,
                args=(backend.delete_view, view.view_id),
                kwargs={"said": "The view is deleted. Its assets are untouched."},
            )


def _address(view: SavedViewView) -> dict[str, str]:
    said = {"q": view.query, "sort": view.sort, "view": view.shape}
    return {name: value for name, value in said.items() if value}


def _save(asked: Asked, shape: str) -> None:
    name = str(st.session_state.get(_NAME) or "")
    if acted(backend.save_view, name, str(asked.query), asked.sort, shape, said="The view is saved."):
        st.session_state[_NAME] = ""


def _rename(view_id: str, field: str) -> None:
    act(backend.rename_view, view_id, str(st.session_state.get(field) or ""), said="The view has a new name.")
