"""All tasks as a list: by state, step, error, group of failures or project, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from core.cursors import cursor_at, place_of
from core.failures.groups import tasks_in
from core.lifecycle import TaskKind, TaskStatus
from core.models import Task
from core.pauses import is_paused
from core.plans.pacing import held_plans
from core.queries import task_views
from core.schemas import TaskView, View

MOST_ROWS: Final = 200


class TaskFilter(NamedTuple):
    """Which tasks are wanted; None is all. `error_code` is our word, or the provider's number."""

    status: TaskStatus | None = None
    kind: TaskKind | None = None
    error_code: str | None = None
    fingerprint: str | None = None
    project_id: str | None = None


class TaskPage(View):
    """One page of tasks, and where the next one begins."""

    tasks: tuple[TaskView, ...]
    next_cursor: str | None


def list_tasks(
    session: Session, wanted: TaskFilter, now: datetime, *, limit: int = 50, cursor: str | None = None
) -> TaskPage:
    """List tasks, the newest first, from a cursor on; raises OrderError for a cursor that is not ours."""
    where = _conditions(session, wanted, now)
    if cursor:
        created_at, task_id = place_of(cursor)
        where.append(
            or_(Task.created_at < created_at, and_(Task.created_at == created_at, Task.id < task_id))
        )
    newest_first = select(Task).where(*where).order_by(Task.created_at.desc(), Task.id.desc())
    rows = list(session.scalars(newest_first.limit(limit + 1)))
    page, more = rows[:limit], len(rows) > limit
    return TaskPage(
        tasks=task_views(session, page),
        next_cursor=cursor_at(page[-1].created_at, page[-1].id) if more else None,
    )


def _conditions(session: Session, wanted: TaskFilter, now: datetime) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        where.append(_is_shown_as(session, wanted.status, now))
    if wanted.kind is not None:
        where.append(Task.kind == wanted.kind)
    if wanted.error_code is not None:
        where.append(Task.id.in_(_failed_with(wanted.error_code)))
    if wanted.fingerprint is not None:
        where.append(tasks_in(session, [wanted.fingerprint], now))
    if wanted.project_id is not None:
        where.append(Task.project_id == wanted.project_id)
    return where


def _failed_with(code: str) -> Select[str]:
    """Select what failed with an error: among what has a fingerprint, which is written with it and has an index."""
    is_number = code.isascii() and code.isdigit() and len(code) < 10
    said = Task.provider_error_code == int(code) if is_number else Task.error_code == code
    return select(Task.id).where(Task.fingerprint.is_not(None), said)


def _is_shown_as(session: Session, status: TaskStatus, now: datetime) -> ColumnElement[bool]:
    """Say in SQL of a task whether it is shown with this status (see `Obstacles.shown_status`)."""
    paused = and_(Task.status == TaskStatus.READY, is_paused(held_plans(session, now)))
    if status is TaskStatus.WAITING:
        return or_(Task.status == TaskStatus.WAITING, paused)
    if status in (TaskStatus.QUEUED, TaskStatus.READY, TaskStatus.SUBMITTING):
        shown = [TaskStatus.QUEUED, TaskStatus.READY, TaskStatus.SUBMITTING]
        return and_(Task.status.in_(shown), ~paused)
    return Task.status == status


def page_of_group(
    session: Session,
    fingerprint: str,
    now: datetime,
    *,
    project_id: str | None = None,
    page: int,
    per_page: int,
) -> tuple[TaskView, ...]:
    """List one numbered page (from 1) of the tasks in a group of failures, those that came last first."""
    which = [tasks_in(session, [fingerprint], now)]
    if project_id is not None:
        which.append(Task.project_id == project_id)
    newest_first = select(Task).where(*which).order_by(Task.status_at.desc(), Task.id)
    rows = session.scalars(newest_first.offset((page - 1) * per_page).limit(per_page)).all()
    return task_views(session, rows)
