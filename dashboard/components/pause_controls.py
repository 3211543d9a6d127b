"""Pausing and resuming by hand: everything on the Health page, one project beside its assets."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.schemas import PauseView, ProjectView
from dashboard import backend
from dashboard.components.actions import act
from dashboard.components.history import who
from dashboard.components.moments import ago, exact
from dashboard.components.plain_text import as_markdown

_WHAT_IT_DOES = (
    "Nothing more is sent to the provider. What is there already is followed and fetched, and new orders are taken "
    "and wait."
)


def show_pauses(pauses: Sequence[PauseView]) -> None:
    """Say what is paused, and offer to pause everything or to resume; for the Health page."""
    with st.container(border=True, key="pauses"):
        st.subheader("Pauses", anchor=False)
        if not pauses:
            st.caption("Nothing is paused. A project is paused on the page Assets, once it is chosen there.")
        for pause in pauses:
            _show_pause(pause)
        if not any(pause.project_id is None for pause in pauses):
            _offer_pause(None, "Pause everything")


def offer_project_pause(project: ProjectView) -> None:
    """Offer to pause a project, or to resume it; for the page Assets."""
    if project.paused is not None:
        _offer_resume(project.project_id, "Resume project")
    else:
        _offer_pause(project.project_id, "Pause project")


def _show_pause(pause: PauseView) -> None:
    name = as_markdown(pause.project_name or "Everything")
    by = as_markdown(who(pause.paused_by))
    why = f" {as_markdown(pause.reason)}" if pause.reason else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{name}**, paused {ago(pause.paused_at)} by {by}.{why}",
            help=exact(pause.paused_at),
            width="content",
        )
        _offer_resume(pause.project_id, "Resume" if pause.project_id else "Resume everything")


def _offer_resume(project_id: str | None, label: str) -> None:
    st.button(
        label,
        key=f"resume-{project_id or ''}",
        icon=":material/play_arrow:",
        on_click=act,
        args=(backend.resume, project_id),
        kwargs={"said": "Resumed. Orders are sent again."},
    )


def _offer_pause(project_id: str | None, label: str) -> None:
    field = f"pause-reason-{project_id or ''}"
    with st.popover(label, icon=":material/pause:"):
        st.markdown(_WHAT_IT_DOES)
        st.text_input("Reason, for the others", key=field, max_chars=200)
        st.button(
            "Pause",
            type="primary",
            key=f"pause-{project_id or ''}",
            on_click=_pause,
            args=(project_id, field),
        )


def _pause(project_id: str | None, field: str) -> None:
    reason = str(st.session_state.get(field) or "")
    act(backend.pause, project_id, reason, said="Paused. Nothing more is sent.")
