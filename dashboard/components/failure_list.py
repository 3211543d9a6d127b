"""Groups of failures as cards, each with its cause, its numbers and the cure to try first."""

from __future__ import annotations

import streamlit as st

from core.failures.states import GroupState
from core.failures.views import GroupView
from core.jobs.scope import Scope
from dashboard.components.bulk_bar import offer_actions
from dashboard.components.failure_words import (
    CAME_BACK,
    NEW,
    STATES,
    TROUBLES,
    facts_html,
    step_word,
    trend_html,
)
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.state_badge import badge

FAILURE_PAGE = "app_pages/failure.py"


def show_group(group: GroupView, project_id: str | None) -> None:
    """Show one group; its cure is for the one project, None for all."""
    with st.container(border=True, key=f"group-{group.fingerprint}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                FAILURE_PAGE,
                label=f"**{as_markdown(group.title)}** · {step_word(group.step)}",
                icon=TROUBLES[group.trouble].icon,
                query_params={"fingerprint": group.fingerprint}
                | ({"project": project_id} if project_id else {}),
                width="content",
            )
            show_badges(group)
            st.html(trend_html(group.trend), width="content")
        told = group.their_words or group.message
        if told:
            st.markdown(as_markdown(one_line(told, 200)))
        st.caption(facts_html(group), unsafe_allow_html=True)
        if group.state is GroupState.OPEN:
            offer_cure(group, project_id)


def show_badges(group: GroupView) -> None:
    """Show what sort of trouble it is and how it stands with it."""
    badge(TROUBLES[group.trouble])
    if group.state is not GroupState.OPEN:
        badge(STATES[group.state])
    if group.new:
        badge(NEW)
    if group.came_back:
        badge(CAME_BACK)


def offer_cure(group: GroupView, project_id: str | None) -> None:
    """Offer the cure to try first, or say it where a person does it elsewhere."""
    first = group.cures[0]
    if first.action is not None and group.left:
        scope = Scope(fingerprint=group.fingerprint, project_id=project_id)
        offer_actions(scope, [first.action], key=f"cure-{group.fingerprint}")
    else:
        st.markdown(f":material/healing: {first.words}")
