"""The name of a form that was opened. The browser makes it, so that it lives as long as what is typed there.

A server that was restarted knows neither; the tab brings both back.
"""

from __future__ import annotations

import re
from typing import Any, Final

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

_NAME: Final = re.compile(r"[0-9a-f]{32}")

_mount = st.components.v2.component("hatchery_form_name", html=LOADER_HTML, js=LOADER_JS)


def form_name(key: str) -> str:
    """Return the name of the form that this is drawn in; empty until the browser has told it."""
    data = {"module": part_address("form_name/form_name.js")}
    told: Any = _mount(key=key, data=data, on_name_change=_rerun)
    name = told.name
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then knows the name."""
