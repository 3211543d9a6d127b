"""A project's budget: what of it is spent and under way, what is left, and another limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import streamlit as st

from core.budgets import MOST_CREDITS, BudgetStanding
from core.prices import credits_in_words
from dashboard import budget_backend
from dashboard.components.actions import act
from dashboard.components.history import who
from dashboard.components.moments import ago
from dashboard.components.plain_text import as_markdown

_CREDITS: Final = "budget_credits"
_OF: Final = "budget_of"


def ask_budget(project_id: str) -> None:
    """Show how it stands with a project's budget, and take another one."""
    standing = budget_backend.budget(project_id)
    st.subheader("Budget", anchor=False)
    st.markdown(_in_words(standing))
    if standing.set_by is not None and standing.set_at is not None:
        st.caption(f"Set by {as_markdown(who(standing.set_by))}, {ago(standing.set_at)}")
    _take(standing)
    with st.form("budget", border=False):
        st.number_input(
            "Credits that the project may spend in all",
            min_value=0.0,
            max_value=float(MOST_CREDITS),
            step=100.0,
            format="%.6g",
            key=_CREDITS,
            placeholder="No limit",
            width=320,
        )
        st.form_submit_button(
            "Save the budget", icon=":material/savings:", on_click=_save, args=(project_id,)
        )


def _take(standing: BudgetStanding) -> None:
    """Fill the form with what is kept, when it is of another project or was changed."""
    state, kept = st.session_state, (standing.project_id, standing.set_at)
    if state.get(_OF) != kept or _CREDITS not in state:
        state[_OF] = kept
        state[_CREDITS] = None if standing.credits is None else float(standing.credits)


def _save(project_id: str) -> None:
    wanted = st.session_state.get(_CREDITS)
    credits = None if wanted is None else Decimal(str(wanted))
    act(
        budget_backend.set_budget,
        project_id,
        credits,
        said="Saved. What waited goes on as far as it reaches.",
    )


def _in_words(standing: BudgetStanding) -> str:
    spent = f"{credits_in_words(standing.spent)} spent"
    coming = f"{credits_in_words(standing.under_way + standing.ordered)} under way or ordered"
    if standing.credits is None or standing.left is None:
        return f"No limit is set. {spent}, {coming}."
    left = f"**{credits_in_words(standing.left)} left**"
    if standing.left < 0:
        left = f"**{credits_in_words(-standing.left)} too few**: what it does not cover waits"
    return f"Of {credits_in_words(standing.credits)}: {spent}, {coming}, {left}."
