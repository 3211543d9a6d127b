"""Projects: which there are, and a new one."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from core import idempotency, queries
from core.chain import checked_presets
from core.idempotency import RequestKey
from core.models import Project
from core.projects import add_project
from core.steps import checked_options
from dashboard.api.answers import (
    CREATED,
    DONE,
    PROBLEMS,
    Answer,
    ProjectAnswer,
    ProjectList,
    answer,
    written,
)
from dashboard.api.bodies import ProjectBody, ProjectDefaults
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/projects", tags=["projects"], route_class=CheckedRoute)


@router.get("", response_model=ProjectList, responses=PROBLEMS)
def list_projects(core: TheCore) -> Response:
    """List all projects by name."""
    with core.database.reading() as session:
        return written(answer(DONE, ProjectList(projects=queries.list_projects(session))))


@router.post("", status_code=201, response_model=ProjectAnswer, responses=PROBLEMS)
def make_project(body: ProjectBody, core: TheCore, caller: TheCaller) -> Response:
    """Make a project, if wanted under an id of the caller's own."""
    defaults = _checked_defaults(body.defaults)

    def make(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            project = add_project(session, body.name, body.project_id, defaults)
            idempotency.note_made(session, key, [project.id])
            return [project.id]

    return carried_out_once(core, caller.key, make, _made)


def _made(session: Session, ids: Sequence[str]) -> Answer:
    project = session.get_one(Project, ids[0])
    return answer(CREATED, ProjectAnswer(project_id=project.id, name=project.name))


def _checked_defaults(defaults: ProjectDefaults | None) -> dict[str, object]:
    """Return what was said of the defaults; raises OrderError for what no order could say."""
    if defaults is None:
        return {}
    given = defaults.model_dump(by_alias=True, exclude_none=True)
    if defaults.animations is not None:
        given["animations"] = checked_presets(defaults.animations, field="defaults.animations")
    if defaults.options is not None:
        given["options"] = checked_options(defaults.options)
    return given
