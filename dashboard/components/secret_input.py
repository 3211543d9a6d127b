"""A field for a secret that is empty again as soon as it was sent, also in the browser."""

from __future__ import annotations

import streamlit as st


def ask_secret(label: str, key: str, *, placeholder: str | None = None, help: str | None = None) -> None:
    """Draw the field; what is written in it is had from `take_secret`."""
    st.text_input(
        label, type="password", key=_drawn(key), autocomplete="off", placeholder=placeholder, help=help
    )


def take_secret(key: str) -> str:
    """Return the secret and forget it; for a callback.

    Another field is drawn in its place: a browser keeps showing what was left with the Tab key, although the server
    has emptied the field (seen with Streamlit 1.67).
    """
    state = st.session_state
    secret = str(state.pop(_drawn(key), "") or "")
    state[_turn(key)] = int(state.get(_turn(key), 0)) + 1
    return secret


def _drawn(key: str) -> str:
    turn = st.session_state.get(_turn(key), 0)
    return f"{key}-{turn}" if turn else key


def _turn(key: str) -> str:
    return f"turn of {key}"
