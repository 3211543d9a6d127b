"""New plan: drop one in, look at what it does and costs, edit it, apply it."""

import streamlit as st

from core.errors import HatcheryError
from dashboard import backend
from dashboard.components.live import last_known
from dashboard.components.plain_text import as_markdown
from dashboard.components.plan_apply import apply_if_asked, offer_apply, previewed
from dashboard.components.plan_preview import offer_remakes, offer_renames, show_problems, show_totals
from dashboard.components.plan_source import (
    ask_project,
    ask_source,
    draft_at_hand,
    open_applied,
    show_draft,
)
from dashboard.components.plan_table import show_rows

st.page_link("app_pages/plans.py", label="All plans", icon=":material/arrow_back:")
st.title("New plan", anchor=False)
open_applied()
ask_project(last_known("projects", None, backend.projects))
draft = draft_at_hand()
if draft is None:
    ask_source()
    st.page_link(
        "app_pages/plan_guide.py",
        label="How plans are written, and templates",
        icon=":material/menu_book:",
    )
    st.stop()
try:
    preview = previewed(draft)
except backend.DataUnavailableError:
    raise
except HatcheryError as error:
    show_draft(draft, 0)
    st.error(as_markdown(f"{error.message} {error.suggestion}".strip()), icon=":material/error:")
    st.stop()
apply_if_asked(draft, preview)
show_draft(draft, sum(row.line is not None for row in preview.assets))
show_problems(preview)
show_totals(preview)
offer_renames(draft, preview)
offer_remakes(draft, preview)
above_the_rows = st.container()
show_rows(draft, preview)
if draft.can_be_edited and draft.format == "markdown":
    st.caption(
        "Edited here, the plan is written anew: free text between its assets is not kept in the download."
    )
with above_the_rows:
    offer_apply(draft, preview)
