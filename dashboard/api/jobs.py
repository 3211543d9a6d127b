"""Jobs: one action over many tasks or assets, with its count and price first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from sqlalchemy.orm import Session
from starlette.responses import PlainTextResponse

from core.bootstrap import Core
from core.idempotency import RequestKey
from core.jobs.reading import MOST_ROWS, as_csv, job_items, job_of, job_views, list_jobs
from core.jobs.views import JobItemPage, JobPreview, JobView
from core.lifecycle import ItemState
from core.schemas import View
from dashboard.api.answers import ACCEPTED, DONE, PROBLEMS, Answer, answer, written
from dashboard.api.bodies import EmptyBody
from dashboard.api.job_bodies import JobBody, JobPreviewBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=CheckedRoute)

JobId = Annotated[str, Path(alias="jobId")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]


class JobList(View):
    """One page of jobs, and where the next one begins."""

    jobs: tuple[JobView, ...]
    next_cursor: str | None


class JobAnswer(JobView):
    """A job with the first of its items."""

    items: JobItemPage


@router.post("/preview", response_model=JobPreview, responses=PROBLEMS)
def preview_job(order: JobPreviewBody, core: TheCore, _caller: TheCaller) -> Response:
    """Say what a job would do and cost, and what of the choice it would leave out; nothing is written."""
    shown = core.jobs.preview(action=order.action, scope=order.scope.scope(), terms=order.terms)
    return written(answer(DONE, shown))


@router.post("", status_code=202, response_model=JobView, responses=PROBLEMS)
def start_job(order: JobBody, core: TheCore, caller: TheCaller) -> Response:
    """Start a job over what is chosen now, or over exactly what the preview with this `fingerprint` showed.

    409 `job_changed` when that is not the same any more, `job_under_way` when just this was started already,
    `nothing_to_do` when all is left out.
    """

    def carry(request: RequestKey | None) -> Sequence[str]:
        return [
            core.jobs.start(
                request,
                action=order.action,
                scope=order.scope.scope(),
                terms=order.terms,
                after_seconds=order.after_seconds,
                fingerprint=order.fingerprint,
                actor=caller.actor,
            )
        ]

    return carried_out_once(core, caller.key, carry, partial(_job_answer, core, ACCEPTED))


@router.get("", response_model=JobList, responses=PROBLEMS)
def read_jobs(
    core: TheCore,
    limit: Limit = 50,
    cursor: Annotated[
        str | None, Query(max_length=100, description="`nextCursor` of the page before.")
    ] = None,
) -> Response:
    """List jobs, the newest first."""
    with core.database.reading() as session:
        found = list_jobs(session, core.clock(), limit + 1, cursor or None)
    page = found[:limit]
    next_cursor = page[-1].job_id if len(found) > limit else None
    return written(answer(DONE, JobList(jobs=tuple(page), next_cursor=next_cursor)))


@router.get("/{jobId}", response_model=JobAnswer, responses=PROBLEMS)
def read_job(
    job_id: JobId,
    core: TheCore,
    state: Annotated[ItemState | None, Query(description="Only items of this state.")] = None,
    limit: Limit = 50,
    cursor: Annotated[int, Query(ge=0, description="`nextCursor` of the page before.")] = 0,
) -> Response:
    """Say how far a job is, and what became of its items, page by page."""
    with core.database.reading() as session:
        job = job_of(session, job_id)
        (view,) = job_views(session, [job], core.clock())
        items = job_items(session, job, state=state, after=cursor, limit=limit)
    return written(answer(DONE, JobAnswer(**dict(view), items=items)))


@router.get("/{jobId}/items.csv", response_class=PlainTextResponse, responses=PROBLEMS)
def export_items(job_id: JobId, core: TheCore) -> Response:
    """Write what became of each item as CSV."""
    with core.database.reading() as session:
        text = "".join(as_csv(session, job_of(session, job_id)))
    headers = {
        "Content-Disposition": f'attachment; filename="job-{job_id[:8]}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/{jobId}/stop", response_model=JobView, responses=PROBLEMS)
def stop_job(
    job_id: JobId,
    core: TheCore,
    caller: TheCaller,
    order: Annotated[EmptyBody | None, Body()] = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Stop a job: what was not begun stays undone."""
    end = partial(core.jobs.stop, job_id, actor=caller.actor)
    return carried_out_once(core, caller.key, end, partial(_job_answer, core, DONE))


def _job_answer(core: Core, status: int, session: Session, ids: Sequence[str]) -> Answer:
    return answer(status, job_views(session, [job_of(session, ids[0])], core.clock())[0])
