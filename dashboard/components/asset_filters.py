"""Which assets are listed: asked for at the top of the list, kept in the page's address."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.lifecycle import AssetStatus
from core.schemas import ProjectView
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.state_badge import ASSETS

_KEYS = ("project", "state", "tag", "text")
_ANY = ""
_LAST = "assets_address"


class AssetFilters(NamedTuple):
    """What a list is narrowed to; None means all."""

    project_id: str | None
    status: AssetStatus | None
    tag: str | None
    text: str | None

    @property
    def narrow(self) -> bool:
        """True when anything is left out."""
        return any(part is not None for part in self)


def ask_filters(projects: tuple[ProjectView, ...]) -> AssetFilters:
    """Show the filters, and return what they say."""
    names = {_ANY: "All projects"} | {p.project_id: p.name for p in projects}
    states = {_ANY: "Any state"} | {status.value: look.word for status, look in ASSETS.items()}
    tags = {_ANY: "All kinds", "RIG": "To be rigged", "STATIC": "Static"}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        text = _text()
        project = _choice("Project", names, "project")
        state = _choice("State", states, "state")
        tag = _choice("Kind", tags, "tag")
    return AssetFilters(
        project_id=project or None,
        status=AssetStatus(state) if state else None,
        tag=tag or None,
        text=text or None,
    )


def restore_address() -> None:
    """Put the list's address back when one comes back from an asset.

    On the way there Streamlit leaves an entry in the browser's history that has this page's path and the asset's
    parameters.
    """
    if "asset" in st.query_params:
        st.query_params.from_dict(last_address())


def keep_address() -> None:
    """Remember the list's address, for the way back."""
    st.session_state[_LAST] = st.query_params.to_dict()


def last_address() -> dict[str, str]:
    """Return the parameters with which the list was last shown."""
    return dict(st.session_state.get(_LAST, {}))


def clear_filters() -> None:
    """Show all assets again; for a button's `on_click`."""
    for key in _KEYS:
        st.session_state[key] = _ANY


def _choice(label: str, words: dict[str, str], key: str) -> str:
    """Ask for one of `words`."""
    take_from_address(key, words)
    chosen = st.selectbox(
        label,
        list(words),
        format_func=lambda value: words.get(value, value),
        key=key,
        width=150,
        label_visibility="collapsed",
    )
    put_in_address(key, chosen)
    return str(chosen)


def _text() -> str:
    take_from_address("text")
    text = st.text_input(
        "Search",
        key="text",
        type="search",
        live=True,
        placeholder="Name or prompt",
        width=230,
        icon=":material/search:",
        label_visibility="collapsed",
    )
    put_in_address("text", text.strip())
    return text.strip()
