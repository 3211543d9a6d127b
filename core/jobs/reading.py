"""What pages and API read of jobs; no writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.jobs.catalogue import ACTIONS
from core.jobs.views import JobItemPage, JobItemView, JobView, MadeTask
from core.lifecycle import ItemState
from core.models import Asset, Job, JobItem, Task

MOST_ROWS: Final = 200
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for one
_COLUMNS: Final = (
    "number",
    "project",
    "asset",
    "name",
    "task",
    "step",
    "state",
    "result",
    "credits",
    "new tasks",
)


def job_of(session: Session, job_id: str) -> Job:
    """Find a job; raises NotFoundError with help."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFoundError(
            "There is no job with this id.",
            suggestion="GET /api/jobs lists those that there are.",
            code="job_not_found",
            field="jobId",
        )
    return job


def list_jobs(session: Session, now: datetime, limit: int = 50, before: str | None = None) -> list[JobView]:
    """List jobs, the newest first, those before a named one; raises NotFoundError for one that is not there."""
    wanted = select(Job).order_by(Job.created_at.desc(), Job.id.desc())
    if before is not None:
        last = job_of(session, before)
        wanted = wanted.where(
            (Job.created_at < last.created_at) | ((Job.created_at == last.created_at) & (Job.id < last.id))
        )
    return job_views(session, session.scalars(wanted.limit(limit)).all(), now)


def job_views(session: Session, jobs: Sequence[Job], now: datetime) -> list[JobView]:
    """Show jobs, each with how far it is."""
    counted = session.execute(
        select(
            JobItem.job_id, JobItem.state, func.count(), func.sum(JobItem.credits), func.min(JobItem.done_at)
        )
        .where(JobItem.job_id.in_([job.id for job in jobs]))
        .group_by(JobItem.job_id, JobItem.state)
    )
    tallies: dict[str, dict[ItemState, tuple[int, Decimal, datetime | None]]] = {job.id: {} for job in jobs}
    for job_id, state, count, credits, first_at in counted:
        tallies[job_id][state] = (count, Decimal(credits or 0), first_at)
    return [_view(job, tallies[job.id], now) for job in jobs]


def _view(job: Job, tally: dict[ItemState, tuple[int, Decimal, datetime | None]], now: datetime) -> JobView:
    counts = {state: tally.get(state, (0, Decimal(0), None))[0] for state in ItemState}
    begun = [first_at for _, _, first_at in tally.values() if first_at is not None]
    return JobView(
        job_id=job.id,
        action=job.action,
        title=ACTIONS[job.action].title if job.action in ACTIONS else job.action,
        terms=job.terms,
        scope=job.scope,
        state=_state(job, now),
        count=job.items,
        done=counts[ItemState.DONE],
        skipped=counts[ItemState.SKIPPED],
        failed=counts[ItemState.FAILED],
        waiting=counts[ItemState.WAITING],
        credits=job.credits,
        credits_ordered=tally.get(ItemState.DONE, (0, Decimal(0), None))[1],
        left_out=job.left_out,
        seconds_left=_seconds_left(job, counts[ItemState.WAITING], min(begun, default=None), now),
        begin_at=job.begin_at,
        created_by=job.created_by,
        created_at=job.created_at,
        stopped_by=job.stopped_by,
        stopped_at=job.stopped_at,
        finished_at=job.finished_at,
    )


def _state(job: Job, now: datetime) -> str:
    if job.stopped_at is not None:
        return "stopped"
    if job.finished_at is not None:
        return "done"
    return "waiting" if job.begin_at > now else "running"


def _seconds_left(job: Job, waiting: int, begun_at: datetime | None, now: datetime) -> float | None:
    """Foretell from the pace so far; None before there is any, and when nothing is left to do."""
    if not waiting or begun_at is None or job.finished_at is not None or waiting == job.items:
        return None
    return (now - begun_at).total_seconds() / (job.items - waiting) * waiting


def job_items(
    session: Session, job: Job, *, state: ItemState | None = None, after: int = 0, limit: int = 50
) -> JobItemPage:
    """List a job's items by number, of one state or of all, those behind a number."""
    of_job = [JobItem.job_id == job.id, *([JobItem.state == state] if state else [])]
    total = session.scalar(select(func.count()).select_from(JobItem).where(*of_job)) or 0
    rows = session.scalars(
        select(JobItem).where(*of_job, JobItem.number > after).order_by(JobItem.number).limit(limit + 1)
    ).all()
    page, more = rows[:limit], len(rows) > limit
    return JobItemPage(
        items=_item_views(session, page), total=total, next_cursor=str(page[-1].number) if more else None
    )


def page_of_items(session: Session, job: Job, *, page: int, per_page: int) -> JobItemPage:
    """List one numbered page (from 1) of a job's items."""
    of_job = select(JobItem).where(JobItem.job_id == job.id).order_by(JobItem.number)
    rows = session.scalars(of_job.offset((page - 1) * per_page).limit(per_page)).all()
    return JobItemPage(items=_item_views(session, rows), total=job.items, next_cursor=None)


def _item_views(session: Session, items: Sequence[JobItem]) -> tuple[JobItemView, ...]:
    assets = {
        a.id: a for a in session.scalars(select(Asset).where(Asset.id.in_([i.asset_pk for i in items])))
    }
    ids = {task_id for item in items for task_id in [item.task_id, *item.made] if task_id}
    tasks = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(ids)))}
    return tuple(_item_view(item, assets[item.asset_pk], tasks) for item in items)


def _item_view(item: JobItem, asset: Asset, tasks: dict[str, Task]) -> JobItemView:
    task = tasks.get(item.task_id or "")
    return JobItemView(
        number=item.number,
        project_id=asset.project_id,
        asset_id=asset.asset_id,
        name=asset.name,
        task_id=item.task_id,
        kind=task.kind if task else None,
        preset=(task.preset or None) if task else None,
        state=item.state,
        sentence=item.sentence,
        credits=item.credits,
        made=tuple(_made(tasks[task_id]) for task_id in item.made if task_id in tasks),
        done_at=item.done_at,
    )


def _made(task: Task) -> MadeTask:
    return MadeTask(
        task_id=task.id,
        kind=task.kind,
        preset=task.preset or None,
        status=task.status,
        error=task.error_message,
    )


def as_csv(session: Session, job: Job) -> Iterator[str]:
    """Write a job's items as CSV, portion by portion."""
    yield _line(_COLUMNS)
    after: int | None = 0
    while after is not None:
        page = job_items(session, job, after=after, limit=MOST_ROWS)
        yield "".join(_line(_cells(item)) for item in page.items)
        after = int(page.next_cursor) if page.next_cursor else None


def _cells(item: JobItemView) -> tuple[object, ...]:
    step = " ".join(part for part in (item.kind, item.preset) if part)
    return (
        item.number,
        item.project_id,
        item.asset_id,
        item.name,
        item.task_id or "",
        step,
        item.state,
        item.sentence,
        f"{item.credits:f}",
        " ".join(made.task_id for made in item.made),
    )


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
