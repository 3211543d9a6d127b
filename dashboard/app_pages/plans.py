"""Plans: what was applied, how far it is, and the way to the next one."""

from math import ceil

import streamlit as st

from core.plans.progress import PlanView
from dashboard import backend, plan_backend
from dashboard.components.live import last_known, live
from dashboard.components.plan_list import show_plan

PER_PAGE = 10


@live
def live_plans() -> None:
    """Show one page of all plans."""
    page = int(st.session_state.get("page") or 1)
    plans, total = _read(page)
    names = {p.project_id: p.name for p in last_known("projects", None, backend.projects)}
    if not total:
        explain_plans()
        return
    pages = ceil(total / PER_PAGE)
    place = st.container()
    wanted = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    if wanted != page:
        plans, _ = _read(wanted)
    with place:
        for plan in plans:
            show_plan(plan, names.get(plan.project_id, plan.project_id))


def _read(page: int) -> tuple[tuple[PlanView, ...], int]:
    return last_known("plans", page, lambda: plan_backend.plans(page, PER_PAGE))


def explain_plans() -> None:
    """Say what a plan is, where there is none."""
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader("No plan yet", icon=":material/list_alt:", width="content", anchor=False)
        st.markdown(
            "A plan is a list of assets in a document. Drop it in, look at what it would make and cost, and apply it. "
            "Change it and apply it again: only the difference is made.",
            text_alignment="center",
        )


with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("Plans", anchor=False)
    st.page_link("app_pages/new_plan.py", label="New plan", icon=":material/add:")
    st.page_link("app_pages/plan_guide.py", label="Writing plans", icon=":material/menu_book:")
    st.page_link("app_pages/style.py", label="Style", icon=":material/palette:")
live_plans()
