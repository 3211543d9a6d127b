"""The door to core for what pages ask and do about budgets; a part of `dashboard.backend`."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core import budgets
from core.budgets import BudgetStanding
from core.plans.control import locked
from core.projects import project_of
from dashboard import backend, failure_backend


@st.cache_data(ttl=backend.FRESH_SECONDS, max_entries=50, show_spinner=False)
def budget(project_id: str) -> BudgetStanding:
    """Say how it stands with a project's budget; raises NotFoundError."""
    with backend.reading() as session:
        return budgets.standing_of(session, project_of(session, project_id))


def set_budget(project_id: str, credits: Decimal | None, *, actor: str) -> None:
    """Limit what a project may spend, None for no limit; raises HatcheryError when that cannot be."""
    try:
        with backend.acting() as core, core.database.transaction() as session:
            budgets.set_budget(locked(session, project_id), credits, actor=actor, now=core.clock())
    finally:
        budget.clear()
        failure_backend.group.clear()
