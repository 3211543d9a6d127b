"""Whether the page is seen: a tab that is hidden need not be kept up to date."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

REST_AFTER_SECONDS: Final = 10  # hidden for less, a tab goes on: switching to and fro costs nothing
_HIDDEN: Final = "tab_hidden"

_mount = st.components.v2.component("hatchery_tab", html=LOADER_HTML, js=LOADER_JS)


def watch() -> None:
    """Be told when the tab is hidden, and when it is seen again; once a page, before what is live on it."""
    data = {"module": part_address("tab/tab.js"), "restAfterSeconds": REST_AFTER_SECONDS}
    said: Any = _mount(key="tab", data=data, on_hidden_change=_rerun)
    st.session_state[_HIDDEN] = bool(said.hidden)


def is_hidden() -> bool:
    """Say whether nobody sees the page."""
    return bool(st.session_state.get(_HIDDEN))


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then rests or goes on."""
