"""Projects, and how a caller's ids find a project, an asset or a task; each miss says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.chosen_keys import key_in_use
from core.errors import ConflictError, NotFoundError, OrderError
from core.models import Asset, Project, Task, new_id

LONGEST_ID: Final = 200
FIRST_PROJECT: Final = "first-project"
_ID: Final = re.compile(r"[^\x00-\x1f\x7f/]+")


def add_project(
    session: Session,
    name: str,
    project_id: str | None = None,
    defaults: Mapping[str, Any] | None = None,
    key_id: str | None = None,
) -> Project:
    """Make a project; raises ConflictError when the id is taken, OrderError for a bad name or id.

    With `key_id` its orders use that key; raises NotFoundError or ConflictError for one that cannot be chosen.
    """
    title = _checked_title(name)
    chosen = checked_id(project_id, "projectId") if project_id is not None else new_id()
    if session.get(Project, chosen) is not None:
        raise ConflictError(
            "A project with this id exists already.",
            suggestion="Use it, or choose another id.",
            code="project_exists",
        )
    key = key_in_use(session, key_id) if key_id is not None else None
    project = Project(id=chosen, name=title, defaults=dict(defaults or {}), key_id=key.id if key else None)
    session.add(project)
    session.flush()
    return project


def rename(project: Project, name: str) -> None:
    """Give a project another name; raises OrderError for a bad one."""
    project.name = _checked_title(name)


def choose_key(session: Session, project: Project, key_id: str | None) -> None:
    """Let a project's later orders use a key, None for the shared one; what was ordered keeps its own.

    Raises NotFoundError or ConflictError for a key that cannot be chosen.
    """
    project.key_id = key_in_use(session, key_id).id if key_id is not None else None


def _checked_title(name: str) -> str:
    title = name.strip()
    if not title or len(title) > LONGEST_ID:
        raise OrderError(
            f"A project's name has 1 to {LONGEST_ID} characters.",
            suggestion="Give it a short name.",
            field="name",
        )
    return title


def project_of(session: Session, project_id: str) -> Project:
    """Find a project; raises NotFoundError with help."""
    project = session.get(Project, project_id)
    if project is None:
        raise NotFoundError(
            "There is no project with this id.",
            suggestion="Make it with POST /api/projects, or look at GET /api/projects.",
            code="project_not_found",
            field="projectId",
        )
    return project


def asset_of(session: Session, project_id: str, asset_id: str) -> Asset:
    """Find an asset by its project and its id there; raises NotFoundError with help."""
    project_of(session, project_id)
    asset = session.scalar(select(Asset).filter_by(project_id=project_id, asset_id=asset_id))
    if asset is None:
        raise NotFoundError(
            "This project has no asset with this id.",
            suggestion="Generate it first, or look at GET /api/assets.",
            code="asset_not_found",
            field="assetId",
        )
    return asset


def task_of(session: Session, task_id: str) -> Task:
    """Find a task by our id or the provider's; raises NotFoundError with help."""
    task = session.get(Task, task_id)
    if task is None:
        newest = select(Task).where(Task.tripo_task_id == task_id).order_by(Task.created_at.desc()).limit(1)
        task = session.scalar(newest)
    if task is None:
        raise NotFoundError(
            "There is no task with this id.",
            suggestion="Use the taskId from the answer to your order; GET /api/assets lists all of them.",
            code="task_not_found",
            field="taskId",
        )
    return task


def checked_id(text: str, field: str) -> str:
    """Return a caller's id as it is; raises OrderError when it cannot be one."""
    if not text.strip() or len(text) > LONGEST_ID or _ID.fullmatch(text) is None:
        raise OrderError(
            f"{field} must have 1 to {LONGEST_ID} characters, without a slash or control characters.",
            suggestion="Use letters, digits and hyphens.",
            field=field,
        )
    return text


def ensure_first_project(session: Session) -> None:
    """Make a project to begin with when there is none, so that a newcomer can order at once."""
    if session.scalar(select(Project.id).limit(1)) is None:
        add_project(session, "My first project", FIRST_PROJECT)
