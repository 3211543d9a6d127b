"""The raw truth of a task behind one click: request and answer as they went, and a text for Tripo's support."""

from __future__ import annotations

import streamlit as st

from dashboard import failure_backend
from dashboard.components.moments import exact

_ACTS = {
    "create": "The order and its answer",
    "refused": "The order, not taken yet: the last answer",
    "read": "Tripo's last word",
    "file": "Why the file did not come",
}


def offer_raw_truth(task_id: str) -> None:
    """Offer what was said about a task; it is read once somebody asks."""
    asked = st.popover(
        "Raw truth", icon=":material/data_object:", type="tertiary", key=f"raw-{task_id}", on_change="rerun"
    )
    if not asked.open:
        return
    with asked:
        truth = failure_backend.truth(task_id)
        for each in truth.exchanges:
            status = f", HTTP {each.http_status}" if each.http_status is not None else ""
            st.caption(f"**{_ACTS.get(each.act, each.act)}**, {exact(each.at)}{status}")
            st.json({"request": each.request, "answer": each.answer, "traceId": each.trace_id}, expanded=1)
        if not truth.exchanges:
            st.caption("Nothing was kept of this task: it was not sent, or it is from before this was kept.")
        st.caption(
            "**For Tripo's support**: keys and the signatures of links are left out; copy it as it is."
        )
        st.code(truth.for_support, language=None, wrap_lines=True, height=240)
