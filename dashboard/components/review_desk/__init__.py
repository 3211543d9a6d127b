"""The review desk: what a reviewer does with the model that is shown, by button or by key."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

KEY, _SEEN = "review_desk", "review_desk_seen"

_mount = st.components.v2.component("hatchery_review_desk", html=LOADER_HTML, js=LOADER_JS)


class Act(NamedTuple):
    """What a reviewer did: `approve`, `reject`, `comment`, `undo`, `next` or `previous`, and about which asset."""

    act: str
    project_id: str
    asset_id: str
    words: str


def review_desk(*, project_id: str, asset_id: str, place: str, next_model: str | None) -> Act | None:
    """Show the buttons with their keys, and return what was done in this run.

    An act names the asset that was on the screen when it was done. `place` says where in the playlist that is;
    `next_model` is the address of the model that comes next, which the browser fetches meanwhile.
    """
    data = {
        "module": part_address("review_desk/review_desk.js"),
        "project": project_id,
        "asset": asset_id,
        "place": place,
        "next": next_model,
    }
    done = _mount(key=KEY, data=data, on_done_change=_rerun).done
    if not done or st.session_state.get(_SEEN) == done["number"]:
        return None
    st.session_state[_SEEN] = done["number"]  # a run that is begun anew must not do it again
    return Act(str(done["act"]), str(done["project"]), str(done["asset"]), str(done.get("words", "")))


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then reads what was done."""
