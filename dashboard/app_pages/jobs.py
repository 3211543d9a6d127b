"""Jobs: what was done to many at once, by whom, and how far it is."""

from math import ceil

import streamlit as st

from core.jobs.views import JobView
from dashboard import job_backend
from dashboard.components.history import who
from dashboard.components.job_words import (
    ACTION_ICONS,
    JOB_LOOKS,
    counted,
    outcome_in_words,
    show_progress,
)
from dashboard.components.live import last_known, live
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_markdown
from dashboard.components.state_badge import badge

PER_PAGE = 10


@live
def live_jobs() -> None:
    """Show one page of the newest jobs."""
    jobs = last_known("jobs", None, job_backend.jobs)
    if not jobs:
        explain_jobs()
        return
    pages = ceil(len(jobs) / PER_PAGE)
    place = st.container()
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    with place:
        for job in jobs[(page - 1) * PER_PAGE : page * PER_PAGE]:
            show_job(job)


def show_job(job: JobView) -> None:
    """Show one job as a card."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                "app_pages/job.py",
                label=f"{job.title}: {counted('item', job.count)}",
                icon=ACTION_ICONS.get(job.action),
                query_params={"job": job.job_id},
            )
            badge(JOB_LOOKS[job.state])
            st.caption(
                f"{ago_html(job.created_at)} by {as_markdown(who(job.created_by))}",
                unsafe_allow_html=True,
                width="content",
            )
        if job.finished_at is None:
            show_progress(job)
        st.caption(as_markdown(outcome_in_words(job)))


def explain_jobs() -> None:
    """Say what a job is, where there is none."""
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader("No job yet", icon=":material/task_alt:", width="content", anchor=False)
        st.markdown(
            "A job does one thing to many: retry all that failed, rig or approve a selection. Select assets on the "
            "page Assets; count and price are shown before anything is done.",
            text_alignment="center",
        )


st.title("Jobs", anchor=False)
live_jobs()
