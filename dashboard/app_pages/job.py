"""Job: one action over many, how far it is, and what it did to each."""

from math import ceil

import streamlit as st

from core.errors import NotFoundError
from core.jobs.views import JobView
from dashboard import backend, job_backend
from dashboard.components.actions import act
from dashboard.components.history import who
from dashboard.components.job_words import (
    JOB_LOOKS,
    outcome_in_words,
    show_items,
    show_progress,
    terms_in_words,
)
from dashboard.components.live import last_known, live
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_markdown
from dashboard.components.state_badge import badge

PER_PAGE = 50


def read_job() -> JobView:
    """Read the job that the address names."""
    return last_known("job", job_id, lambda: job_backend.job(job_id))


@st.dialog("Stop the job?", icon=":material/stop_circle:")
def ask_to_stop() -> None:
    """Ask once more; what is done stays done."""
    st.markdown("What it has done stays done and goes on by itself. What is not begun stays undone.")
    st.button("Stop it", type="primary", key="job_stop_now", on_click=_stop)


def _stop() -> None:
    act(job_backend.stop, job_id, said="Stopped. What was not begun stays undone.")


@live
def live_job() -> None:
    """Show how far the job is, and what it did."""
    job = read_job()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(JOB_LOOKS[job.state])
        st.markdown(as_markdown(outcome_in_words(job)), width="content")
    show_progress(job)
    if job.stopped_by is not None:
        st.caption(f"Stopped by {as_markdown(who(job.stopped_by))}. What was not begun stays undone.")
    for sentence, count in job.left_out.items():
        st.caption(f"{count:,} left out from the beginning: {as_markdown(sentence)}")
    pages = ceil(job.count / PER_PAGE)
    place = st.container()
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with place:
        found = last_known("job_items", (job_id, page), lambda: job_backend.items(job_id, page, PER_PAGE))
        show_items(found.items)


job_id = st.query_params.get("job", "")
st.page_link("app_pages/jobs.py", label="All jobs", icon=":material/arrow_back:")
try:
    job = read_job()
except NotFoundError:
    st.title("No such job")
    st.markdown("The address names a job that is not here. It may be mistyped, or of another Hatchery.")
    st.stop()

st.title(as_markdown(job.title), anchor=False)
told = terms_in_words(job.terms)
st.caption(
    f"started {ago_html(job.created_at)} by {as_markdown(who(job.created_by or backend.NOBODY))}"
    + (f" · {as_markdown(told)}" if told else ""),
    unsafe_allow_html=True,
)
with st.container(horizontal=True, gap="small"):
    if cause := job.scope.get("fingerprint"):
        st.page_link(
            "app_pages/failure.py",
            label="The cause that it is about",
            icon=":material/arrow_forward:",
            query_params={"fingerprint": str(cause)},
            width="content",
        )
    if job.finished_at is None and st.button("Stop", icon=":material/stop_circle:", key="job_stop"):
        ask_to_stop()
    st.link_button("CSV", f"/api/jobs/{job_id}/items.csv", icon=":material/download:", type="tertiary")
live_job()
