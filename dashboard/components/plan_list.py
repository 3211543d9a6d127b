"""Plans as cards, each with how far it is and the way to its own page."""

from __future__ import annotations

import streamlit as st

from core.plans.progress import PlanView
from dashboard import plan_backend
from dashboard.components.history import who
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.plan_controls import offer_pause
from dashboard.components.plan_state import PLAN_PAGE, end_in_words, show_bar, show_counts, spend_in_words


def show_plan(plan: PlanView, project_name: str) -> None:
    """Show one plan."""
    with st.container(border=True, key=f"plan-{plan.plan_id}"):
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
        ):
            st.page_link(
                PLAN_PAGE,
                label=f"**{as_markdown(one_line(plan.filename, 80))}**",
                icon=":material/description:",
                query_params={"plan": plan.plan_id},
                width="content",
            )
            offer_pause(plan)
        show_bar(plan)
        show_counts(plan)
        st.caption(" · ".join(_facts(plan, project_name)), unsafe_allow_html=True)


def _facts(plan: PlanView, project_name: str) -> list[str]:
    ahead = plan_backend.outlook(plan.plan_id)
    facts = [
        as_markdown(one_line(project_name, 60)),
        spend_in_words(ahead),
        end_in_words(ahead),
        f"priority {plan.priority}" if plan.priority else "",
        f"applied {ago_html(plan.applied_at)} by {as_markdown(who(plan.applied_by or 'dashboard'))}",
    ]
    return [fact for fact in facts if fact]
