"""What is said where there is nothing yet."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.plans.templates import EXAMPLE as SAMPLE_ROWS
from core.plans.templates import template
from core.projects import FIRST_PROJECT
from dashboard.components.plan_source import keep_draft
from dashboard.plan_draft import PlanDraft

EXAMPLE: Final = "a low poly knight in T-pose"
SAMPLE_FILE: Final = "sample plan.md"


def explain_first_steps() -> None:
    """Explain an empty product, and offer a sample plan and an example to begin with."""
    with st.container(border=True, horizontal_alignment="center", key="first_steps"):
        st.subheader("Nothing here yet", icon=":material/egg:", width="content", anchor=False)
        st.markdown(
            "Describe a thing in a sentence, or drop in a plan of hundreds. Hatchery has them modelled, rigged and "
            "animated, checks and keeps the files, and says why something failed. You can close the page meanwhile.",
            text_alignment="center",
        )
        st.button("Look at the sample plan", type="primary", icon=":material/list_alt:", key="try_sample")
        st.caption(
            f"{len(SAMPLE_ROWS)} assets. You see what they cost before anything is ordered.",
            text_alignment="center",
        )
        st.button(f"Try “{EXAMPLE}”", icon=":material/lightbulb:", key="try_example")
        st.page_link("app_pages/submit.py", label="Write my own", icon=":material/edit:")
        st.page_link("app_pages/new_plan.py", label="Drop in a plan", icon=":material/upload_file:")
    if st.session_state.get("try_sample"):
        keep_draft(PlanDraft.of(FIRST_PROJECT, SAMPLE_FILE, template("markdown")))
        st.switch_page("app_pages/new_plan.py")
    if st.session_state.get("try_example"):
        st.session_state["asset_prompt"] = EXAMPLE
        st.session_state["asset_rig"] = True
        st.switch_page("app_pages/submit.py")
