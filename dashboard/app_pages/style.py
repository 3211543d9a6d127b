"""Style: what a project adds to each description of its plans, what was made before that, and its budget."""

import streamlit as st

from dashboard import backend, plan_backend
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.budget_form import ask_budget
from dashboard.components.live import last_known
from dashboard.components.outdated_assets import offer_renewal
from dashboard.components.style_form import ask_style

st.page_link("app_pages/plans.py", label="All plans", icon=":material/arrow_back:")
st.title("Style", anchor=False)
st.markdown(
    "Words and options that a project adds to each asset of its plans. Each change is a new version; models that are "
    "there stay as they are until somebody renews them."
)
names = {p.project_id: p.name for p in last_known("projects", None, backend.projects)}
if not names:
    st.info("There is no project yet.")
    st.stop()
take_from_address("project", names)
if st.session_state.get("project") not in names:
    st.session_state["project"] = next(iter(names))
project_id = st.selectbox(
    "Project", list(names), format_func=lambda value: names.get(value, value), key="project", width=320
)
put_in_address("project", project_id)
current = plan_backend.style(project_id)
st.caption(f"Version {current.version}" if current.version else "No style yet")
ask_style(project_id, current)
offer_renewal(project_id, plan_backend.outdated(project_id))
ask_budget(project_id)
