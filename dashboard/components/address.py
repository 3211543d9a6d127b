"""What is chosen on a page stands in its address, so that every view can be shared, reloaded and come back to.

Streamlit's own binding writes a choice's label into the address; labels change, and two projects may share one.
"""

from __future__ import annotations

from collections.abc import Container

import streamlit as st


def take_from_address(key: str, allowed: Container[str] | None = None) -> None:
    """Before a widget is drawn: set it to what the address says, when the page is new or the address was changed."""
    asked = st.query_params.get(key, "")
    if key not in st.session_state or asked != st.session_state.get(_written(key), ""):
        st.session_state[key] = asked if allowed is None or asked in allowed else ""


def put_in_address(key: str, value: str) -> None:
    """After a widget was drawn: write what it says into the address; what is empty is left out."""
    if value:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
    st.session_state[_written(key)] = value


def _written(key: str) -> str:
    return f"{key} in the address"
