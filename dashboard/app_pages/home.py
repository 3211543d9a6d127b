"""Home: what moves, what ended, what needs somebody; each number leads to its list."""

import streamlit as st

from dashboard import backend, home_backend, plan_backend
from dashboard.components.first_steps import explain_first_steps
from dashboard.components.home_cards import (
    show_health,
    show_needs,
    show_numbers,
    show_plans,
    show_slots,
    show_wallet,
)
from dashboard.components.last_look import keep_look, last_look
from dashboard.components.live import last_known, live, offer_rest

MOST_PLANS = 3


@live
def live_home() -> None:
    """Show how things stand."""
    overview = last_known("overview", None, home_backend.overview)
    if not overview.has_assets:
        explain_first_steps()
        return
    since = last_look()
    health = backend.health()
    show_numbers(overview, last_known("ended", since, lambda: home_backend.ended(since)))
    show_needs(last_known("needs", None, home_backend.needs))
    wallet, slots = st.columns([1, 2])
    with wallet:
        show_wallet(overview, health)
    with slots:
        show_slots(last_known("slots", None, home_backend.slots))
    plans, total = last_known("home_plans", None, lambda: plan_backend.plans(1, MOST_PLANS))
    names = {p.project_id: p.name for p in last_known("projects", None, backend.projects)}
    show_plans(plans, total, names)
    show_health(health)


with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("Home", anchor=False)
    offer_rest()
keep_look()
live_home()
