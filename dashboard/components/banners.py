"""What every page says at its top: the sandbox, and all that keeps orders from moving."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.health import DOWN
from core.schemas import Health
from dashboard import backend
from dashboard.components.live import every
from dashboard.components.moments import ago, clock, duration, now
from dashboard.components.plain_text import as_markdown
from dashboard.components.troubles import SANDBOX_SENTENCE, Trouble, troubles_of

EVERY_SECONDS: Final = 3
OLD_AFTER_SECONDS: Final = 10
_LAST_GOOD = "banners_last_good"


def show_banners() -> None:
    """Draw `_banners` now and from then on."""
    st.fragment(_banners, run_every=every(EVERY_SECONDS))()


def _banners() -> None:
    """Show the banners, and keep them true while the page stays open."""
    health = _read()
    if health is None:
        return
    if health.provider.sandbox and not health.provider.key_missing:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sandbox_banner"):
            st.badge("Sandbox", icon=":material/science:", color="orange")
            st.caption(SANDBOX_SENTENCE)
    _say_how_old(health)
    for trouble in troubles_of(health, now()):
        _show(trouble)


def show_pulse() -> None:
    """Draw `_pulse` now and from then on."""
    st.fragment(_pulse, run_every=every(EVERY_SECONDS))()


def _pulse() -> None:
    """Say in one line, for the sidebar, whether what is shown is alive, and of when it is."""
    health = _read()
    if health is None or health.status == DOWN:
        st.caption(":material/cloud_off: Not connected")
        return
    last = health.poller.last_seen_at
    word = "No poller" if health.poller.stale else "Live"
    icon = ":material/pause_circle:" if health.poller.stale else ":material/sensors:"
    seen = f"The poller was last seen {ago(last)}." if last else "No poller was seen yet."
    st.caption(f"{icon} {word} · data of {clock(health.as_of)}", help=seen)


def _read() -> Health | None:
    try:
        health = backend.health()
    except backend.DataUnavailableError as error:
        st.error(as_markdown(error.message), icon=":material/database_off:")
        return None
    if health.status != DOWN:
        st.session_state[_LAST_GOOD] = health.as_of
    return health


def _say_how_old(health: Health) -> None:
    shown = st.session_state.get(_LAST_GOOD) if health.status == DOWN else health.as_of
    if shown is None:
        return
    age_seconds = (now() - shown).total_seconds()
    if health.status == DOWN or age_seconds > OLD_AFTER_SECONDS:
        st.warning(f"What you see is {duration(age_seconds)} old.", icon=":material/history:")


def _show(trouble: Trouble) -> None:
    say = st.error if trouble.level == "error" else st.warning
    say(f"{as_markdown(trouble.sentence)} {trouble.cure}", icon=_ICONS[trouble.part])


_ICONS: Final = {
    "database": ":material/database_off:",
    "poller": ":material/pause_circle:",
    "provider": ":material/cloud_off:",
    "vault": ":material/hard_drive:",
    "pause": ":material/pause_circle:",
}
