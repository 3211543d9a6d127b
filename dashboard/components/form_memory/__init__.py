"""What a tab remembers of a form that was opened there: its name, and the image that was sent in with it.

The browser makes the name, so that it lives as long as what is typed there. A server that was restarted knows neither;
the tab brings both back.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

_NAME: Final = re.compile(r"[0-9a-f]{32}")
_UPLOAD: Final = re.compile(r"[0-9a-f-]{36}")

_mount = st.components.v2.component("hatchery_form_memory", html=LOADER_HTML, js=LOADER_JS)


class FormMemory(NamedTuple):
    """What the tab tells; each is empty while it has told none."""

    name: str
    upload_id: str


def form_memory(key: str, upload_id: str | None) -> FormMemory:
    """Have the tab remember this upload for the form that this is drawn in, and return what it told.

    An empty `upload_id` makes it forget, None leaves what it has.
    """
    data = {"module": part_address("form_memory/form_memory.js"), "upload": upload_id}
    told: Any = _mount(key=key, data=data, on_name_change=_rerun, on_upload_change=_rerun)
    return FormMemory(_fit(told.name, _NAME), _fit(told.upload, _UPLOAD))


def _fit(said: object, form: re.Pattern[str]) -> str:
    return said if isinstance(said, str) and form.fullmatch(said) else ""


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then knows what was told."""
