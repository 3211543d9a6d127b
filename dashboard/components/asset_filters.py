"""Which assets are listed: asked for at the top of the list, kept in the page's address."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.lifecycle import AssetStatus
from core.schemas import ProjectView
from dashboard.components.state_badge import ASSETS

_KEYS = ("project", "state", "tag", "text")
_ANY = ""


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
    tags = {_ANY: "All kinds", "RIG": "Rigged", "STATIC": "Static"}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        text = st.text_input(
            "Search",
            key="text",
            type="search",
            live=True,
            bind="query-params",
            placeholder="Name or prompt",
            width=230,
            icon=":material/search:",
            label_visibility="collapsed",
        )
        project = _choice("Project", names, "project")
        state = _choice("State", states, "state")
        tag = _choice("Kind", tags, "tag")
    return AssetFilters(
        project_id=project or None,
        status=AssetStatus(state) if state else None,
        tag=tag or None,
        text=(text or "").strip() or None,
    )


def clear_filters() -> None:
    """Show all assets again; for a button's `on_click`."""
    for key in _KEYS:
        st.session_state[key] = _ANY


def _choice(label: str, words: dict[str, str], key: str) -> str:
    return str(
        st.selectbox(
            label,
            list(words),
            format_func=lambda value: words.get(value, value),
            key=key,
            bind="query-params",
            width=150,
            label_visibility="collapsed",
        )
    )
