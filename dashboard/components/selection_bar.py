"""What can be done with a list and with what is selected in it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.jobs.scope import Scope
from core.schemas import AssetPage
from dashboard.components import selection
from dashboard.components.asset_filters import Asked, file_address
from dashboard.components.bulk_bar import offer_actions
from dashboard.components.counts import in_all

ACTIONS: Final = (
    "retry",
    "rig",
    "animate",
    "approve",
    "reject",
    "cancel",
    "set_category",
    "make_static",
    "change_prompt",
    "change_image",
    "change_options",
    "make_again",
    "add_pose",
    "lower_faces",
    "change_model",
    "rig_otherwise",
    "fetch",
    "follow",
    "cancel_and_retry",
    "not_created",
)


def show_selection_bar(asked: Asked, found: AssetPage, newer: int) -> None:
    """Say how much is listed and selected, and offer what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="selection_bar"):
        st.caption(_listed(found), width="content")
        chosen = selection.scope()
        if not chosen.is_empty:
            st.markdown(f"**{_selected(chosen, found)}**", width="content")
            st.button("Clear", key="selection-clear", type="tertiary", on_click=selection.clear)
        if newer:
            st.button(
                f"{newer} newer",
                key="selection-thaw",
                icon=":material/arrow_upward:",
                on_click=selection.thaw,
            )
        if chosen.query is None:
            st.button(
                f"Select all {in_all(found)} that match",
                key="selection-all",
                type="tertiary",
                on_click=selection.select_all,
                args=(asked.query,),
            )
        for ending in ("csv", "json"):
            st.link_button(
                ending.upper(),
                file_address(asked, ending),
                icon=":material/download:",
                type="tertiary",
                help="All that match, as a file.",
            )
    if not chosen.is_empty:
        offer_actions(_job_scope(chosen), ACTIONS, key="assets")


def _job_scope(chosen: selection.Scope) -> Scope:
    if chosen.query is not None:
        return Scope(query=str(chosen.query))
    return Scope(asset_pks=chosen.asset_pks)


def _listed(found: AssetPage) -> str:
    return "1 asset" if found.total == 1 else f"{in_all(found)} assets"


def _selected(chosen: selection.Scope, found: AssetPage) -> str:
    return (
        f"All {in_all(found)} that match selected"
        if chosen.query is not None
        else f"{len(chosen.asset_pks):,} selected"
    )
