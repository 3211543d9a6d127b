"""The door to core for what pages ask and do about jobs; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import streamlit as st

from core.bootstrap import Core
from core.idempotency import AlreadyDoneError, earlier
from core.jobs.reading import job_of, job_views, list_jobs, page_of_items
from core.jobs.scope import Scope
from core.jobs.sources import Sources, sources_of
from core.jobs.views import JobItemPage, JobPreview, JobView
from core.tripo import Version
from dashboard import backend
from dashboard.form_request import form_request

FRESH_SECONDS: Final = backend.FRESH_SECONDS
PREVIEW_FRESH_SECONDS: Final = 15.0  # while somebody reads it; the start is checked anew
MOST_JOBS: Final = 200


# --- reads ---------------------------------------------------------------------------------------------------


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def jobs() -> tuple[JobView, ...]:
    """List the newest jobs, the newest first."""
    with backend.asking() as core, core.database.reading() as session:
        return tuple(list_jobs(session, core.clock(), limit=MOST_JOBS))


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def job(job_id: str) -> JobView:
    """Say how far a job is; raises NotFoundError."""
    with backend.asking() as core, core.database.reading() as session:
        return job_views(session, [job_of(session, job_id)], core.clock())[0]


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def items(job_id: str, page: int, per_page: int) -> JobItemPage:
    """Read one numbered page of what became of a job's items; raises NotFoundError."""
    with backend.reading() as session:
        return page_of_items(session, job_of(session, job_id), page=page, per_page=per_page)


def preview(action: str, scope: Scope, terms: Mapping[str, Any]) -> JobPreview:
    """Say what a job would do and cost; raises HatcheryError when that cannot be said."""
    return _previewed(action, scope.model_dump_json(), json.dumps(terms, sort_keys=True))


@st.cache_data(ttl=PREVIEW_FRESH_SECONDS, max_entries=20, show_spinner=False)
def _previewed(action: str, scope: str, terms: str) -> JobPreview:
    with backend.asking() as core:
        return core.jobs.preview(
            action=action, scope=Scope.model_validate_json(scope), terms=json.loads(terms)
        )


def sources(scope: Scope, most: int) -> Sources:
    """Say what the models of a choice were ordered from, the first `most` of them one by one."""
    return _sources(scope.model_dump_json(), most)


@st.cache_data(ttl=PREVIEW_FRESH_SECONDS, max_entries=20, show_spinner=False)
def _sources(scope: str, most: int) -> Sources:
    with backend.asking() as core, core.database.reading() as session:
        return sources_of(session, Scope.model_validate_json(scope), core.clock(), most)


def spoken_version() -> Version:
    """Say which version of the provider's API is spoken where no key says another."""
    with backend.asking() as core:
        return core.settings.tripo_api_version


# --- actions -------------------------------------------------------------------------------------------------


def start(
    action: str,
    scope: Scope,
    terms: Mapping[str, Any],
    *,
    after_seconds: float,
    fingerprint: str,
    form: str,
    actor: str,
) -> str:
    """Start a job as its preview showed it, and return its id; sent twice, it is one job.

    Raises ConflictError `job_changed` when it would not be the same any more, and HatcheryError when it cannot be.
    """
    said = {"action": action, "terms": terms, "after": after_seconds, "fingerprint": fingerprint}
    request = form_request("page job", form, said)
    with _acting() as core:
        try:
            return core.jobs.start(
                request,
                action=action,
                scope=scope,
                terms=terms,
                after_seconds=after_seconds,
                fingerprint=fingerprint,
                actor=actor,
            )
        except AlreadyDoneError:
            with core.database.reading() as session:
                before = earlier(session, request)
            return before.made[0] if before and before.made else ""


def stop(job_id: str, *, actor: str) -> None:
    """Stop a job: what was not begun stays undone; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.jobs.stop(job_id, actor=actor)


@contextlib.contextmanager
def _acting() -> Iterator[Core]:
    try:
        with backend.acting() as core:
            yield core
    finally:
        for read in (jobs, job, items, _previewed, _sources):
            read.clear()
