"""Who is here: a name that a person gives once. The browser keeps it in a cookie; nobody checks it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address
from dashboard.components.plain_text import as_markdown, one_line

COOKIE: Final = "hatchery_person"
LONGEST_NAME: Final = 80
_KEPT, _CHANGED = "person", "person_changed"

_mount = st.components.v2.component("hatchery_person", html=LOADER_HTML, js=LOADER_JS)


def name() -> str:
    """Return the name of who is here; empty when none was given."""
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = _cleaned(unquote(st.context.cookies.get(COOKIE, "")))
    return str(st.session_state[_KEPT])


def ask() -> None:
    """Offer to give a name, or to change it."""
    known = name()
    label = as_markdown(one_line(known, 24)) if known else "Who are you?"
    with st.popover(label, icon=":material/person:", type="tertiary", width="stretch"):
        st.text_input(
            "Your name",
            value=known,
            max_chars=LONGEST_NAME,
            key="person_name",
            placeholder="For example Ada",
            on_change=_take,
        )
        st.caption("It is shown beside what you order. There is no sign-in yet, so nobody verifies it.")
    if st.session_state.get(_CHANGED):
        cookie = {"module": part_address("person/person.js"), "cookie": _cookie(known)}
        _mount(key="person_cookie", data=cookie)


def _take() -> None:
    st.session_state[_KEPT] = _cleaned(st.session_state["person_name"])
    st.session_state[_CHANGED] = True


def _cleaned(text: str) -> str:
    return one_line("".join(c for c in text if c.isprintable()), LONGEST_NAME)


def _cookie(known: str) -> str:
    age_seconds = 365 * 86_400 if known else 0
    return f"{COOKIE}={quote(known, safe='')}; Path=/; Max-Age={age_seconds}; SameSite=Lax"
