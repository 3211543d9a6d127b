"""Pauses by hand: while one stands, nothing of its project (or nothing at all) is sent to the provider.

What was sent before is followed and fetched as ever. A paused order keeps its status and holds no place; whoever
would send it looks here first, so one row stops every poller and page at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from core.models import Pause, Project, Task
from core.plans.pacing import held_plans, is_of_plans
from core.projects import project_of
from core.schemas import PauseView, Waiting

WORD = "paused"


def pause(session: Session, project_id: str | None, *, actor: str, reason: str = "", now: datetime) -> None:
    """Send nothing more of a project, None for everything; a pause that stands already is left as it is.

    Raises NotFoundError for a project that is not there.
    """
    _check_project(session, project_id)
    if session.scalar(select(Pause.id).where(_stands(project_id)).limit(1)) is None:
        session.add(Pause(project_id=project_id, paused_by=actor, reason=reason.strip(), paused_at=now))
        session.flush()


def resume(session: Session, project_id: str | None, *, actor: str, now: datetime) -> None:
    """End the pause of a project, None for the one of everything; the other kind stays.

    Raises NotFoundError for a project that is not there.
    """
    _check_project(session, project_id)
    session.execute(update(Pause).where(_stands(project_id)).values(resumed_by=actor, resumed_at=now))


def is_paused(held: Mapping[str, Waiting]) -> ColumnElement[bool]:
    """Say in SQL of a task whether it is held by a pause, or belongs to a plan that is `held` at this moment."""
    own = or_(Pause.project_id.is_(None), Pause.project_id == Task.project_id)
    by_hand = exists().where(Pause.resumed_at.is_(None), own)
    return or_(by_hand, is_of_plans(held)) if held else by_hand


def holds(session: Session, task: Task, now: datetime) -> bool:
    """Say whether a pause holds this task now."""
    held = is_paused(held_plans(session, now))
    return session.scalar(select(Task.id).where(Task.id == task.id, held)) is not None


def standing(session: Session) -> tuple[PauseView, ...]:
    """List the pauses that stand, the one of everything first."""
    rows = session.execute(
        select(Pause, Project.name)
        .outerjoin(Project, Project.id == Pause.project_id)
        .where(Pause.resumed_at.is_(None))
        .order_by(Pause.project_id.is_not(None), Pause.paused_at)
    )
    return tuple(
        PauseView(
            project_id=row.project_id,
            project_name=name,
            paused_by=row.paused_by,
            paused_at=row.paused_at,
            reason=row.reason,
        )
        for row, name in rows
    )


def waiting_by_project(pauses: Sequence[PauseView]) -> Mapping[str | None, Waiting]:
    """Map projects to what their orders wait for; None stands for all projects."""
    return {
        each.project_id: Waiting(word=WORD, sentence=_sentence(each))
        for each in sorted(pauses, key=lambda pause: pause.project_id is None)
    }


def _sentence(pause: PauseView) -> str:
    what = "Everything" if pause.project_id is None else "This project"
    why = f" ({pause.reason})" if pause.reason else ""
    return f"{what} is paused by {pause.paused_by}{why}. It is sent after a person resumes."


def _stands(project_id: str | None) -> ColumnElement[bool]:
    scope = Pause.project_id.is_(None) if project_id is None else Pause.project_id == project_id
    return scope & Pause.resumed_at.is_(None)


def _check_project(session: Session, project_id: str | None) -> None:
    if project_id is not None:
        project_of(session, project_id)
