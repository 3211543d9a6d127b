"""Buttons that change something: what came of it is said in a passing note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import HatcheryError
from dashboard import backend
from dashboard.components import person
from dashboard.components.plain_text import as_markdown


def act(action: Callable[..., object], *args: Any, said: str, **details: Any) -> None:
    """Carry an action out in the name of who is here, and say how it went; for a button's `on_click`."""
    acted(action, *args, said=said, **details)


def acted(action: Callable[..., object], *args: Any, said: str, **details: Any) -> bool:
    """Do as `act` does, and return whether it went well."""
    try:
        action(*args, actor=person.name() or backend.NOBODY, **details)
    except HatcheryError as error:
        text = as_markdown(f"{error.message} {error.suggestion}".strip())
        st.toast(text, icon=":material/error:", duration="long")
        return False
    st.toast(said, icon=":material/check_circle:")
    return True
