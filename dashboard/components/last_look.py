"""When somebody last looked at Home from this browser: kept by the browser, in a cookie, and by nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address
from dashboard.components.moments import now

COOKIE: Final = "hatchery_looked"
FIRST_TIME: Final = timedelta(hours=24)  # so far back a browser looks that was never here
_SINCE, _FIRST = "looked_at", "looked_first"
_COOKIE_SAYS: Final = re.compile(r"\d{9,11}")  # seconds since 1970
_KEPT_SECONDS: Final = 365 * 86_400

_mount = st.components.v2.component("hatchery_looked", html=LOADER_HTML, js=LOADER_JS)


def last_look() -> datetime:
    """Say when Home was last open here before this visit; it stays the same while the visit lasts."""
    if _SINCE not in st.session_state:
        st.session_state[_SINCE] = _read(_cookie())
        st.session_state[_FIRST] = not _COOKIE_SAYS.fullmatch(_cookie())
    since: datetime = st.session_state[_SINCE]
    return since


def is_first_look() -> bool:
    """Say whether Home was never open in this browser before this visit."""
    return bool(st.session_state.get(_FIRST))


def look_again() -> None:
    """Count from now on; for a button's `on_click`."""
    st.session_state[_SINCE] = now()
    st.session_state[_FIRST] = False


def keep_look() -> None:
    """Let the browser remember that Home was open now, to the minute."""
    minute = now().replace(second=0, microsecond=0)
    cookie = f"{COOKIE}={int(minute.timestamp())}; Path=/; Max-Age={_KEPT_SECONDS}; SameSite=Lax"
    _mount(key="looked", data={"module": part_address("person/person.js"), "cookie": cookie})


def _cookie() -> str:
    return str(st.context.cookies.get(COOKIE, ""))


def _read(cookie: str) -> datetime:
    if not _COOKIE_SAYS.fullmatch(cookie):
        return now().replace(microsecond=0) - FIRST_TIME
    return datetime.fromtimestamp(int(cookie), UTC)
