"""Counts a text area's characters while they are typed, which Streamlit does only where it also cuts the text."""

from __future__ import annotations

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

_mount = st.components.v2.component("hatchery_prompt_counter", html=LOADER_HTML, js=LOADER_JS)


def prompt_counter(text: str, *, of: str, most: int, key: str) -> None:
    """Say how many of `most` characters are used in the text area whose key is `of`; `text` is its value now."""
    data = {
        "module": part_address("prompt_counter/prompt_counter.js"),
        "text": text,
        "area": of,
        "most": most,
    }
    _mount(key=key, data=data)
