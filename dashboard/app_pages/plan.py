"""Plan: one plan, how far it is, what it cost, what failed, and what can be done about it."""

from collections.abc import Hashable

import streamlit as st

from core.errors import NotFoundError
from core.jobs.scope import Scope
from core.plans.progress import PlanProgress
from dashboard import backend, plan_backend
from dashboard.components.bulk_bar import offer_actions, show_asked
from dashboard.components.history import who
from dashboard.components.live import last_known, live
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.plan_controls import offer_cancel, offer_pause, offer_schedule
from dashboard.components.plan_details import offer_files, show_categories, show_failures, show_outlook
from dashboard.components.plan_state import show_bar, show_counts


def read_plan() -> PlanProgress:
    """Read the plan that the address names."""
    return last_known("plan", plan_id, lambda: plan_backend.progress(plan_id))


def drawn_once(plan: PlanProgress) -> Hashable:
    """Say on what the parts of the page depend that are not live."""
    window = tuple(plan.night_window.model_dump().values()) if plan.night_window else ()
    return plan.applied_at, plan.paused_at, plan.priority, plan.not_before, window


@live
def live_progress(drawn: Hashable) -> None:
    """Show how far it is; when the rest of the page is out of date, have it drawn again."""
    plan = read_plan()
    if drawn_once(plan) != drawn:
        st.rerun()
    show_bar(plan)
    show_counts(plan)
    show_outlook(plan)
    show_categories(plan)
    show_failures(plan)


plan_id = st.query_params.get("plan", "")
st.page_link("app_pages/plans.py", label="All plans", icon=":material/arrow_back:")
try:
    plan = read_plan()
except NotFoundError:
    st.title("No such plan")
    st.markdown("The address names a plan that is not here. It may be mistyped, or of another Hatchery.")
    st.stop()

names = {p.project_id: p.name for p in last_known("projects", None, backend.projects)}
st.title(as_markdown(one_line(plan.filename, 120)), anchor=False)
st.caption(
    f"{as_markdown(names.get(plan.project_id, plan.project_id))} · applied {ago_html(plan.applied_at)}"
    f" by {as_markdown(who(plan.applied_by or backend.NOBODY))}",
    unsafe_allow_html=True,
)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    offer_pause(plan)
    offer_schedule(plan)
    offer_cancel(plan)
    offer_files(plan)
    st.page_link(
        "app_pages/new_plan.py",
        label="Edit and apply again",
        icon=":material/edit:",
        query_params={"from": plan.plan_id},
    )
live_progress(drawn_once(plan))
offer_actions(Scope(plan_id=plan.plan_id), ["retry", "approve", "make_static", "change_model"], key="plan")
show_asked()
