"""Projects: which there are, a new one, a change of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from core import idempotency, queries
from core.chain import checked_presets
from core.idempotency import RequestKey
from core.models import Project
from core.projects import add_project, choose_key, project_of, rename
from core.schemas import ProjectView
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
from dashboard.api.bodies import ProjectBody, ProjectChange, ProjectDefaults
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
            project = add_project(session, body.name, body.project_id, defaults, body.key_id)
            idempotency.note_made(session, key, [project.id])
            return [project.id]

    return carried_out_once(core, caller.key, make, _made)


@router.patch("/{projectId}", response_model=ProjectView, responses=PROBLEMS)
def change_project(
    project_id: Annotated[str, Path(alias="projectId")],
    body: ProjectChange,
    core: TheCore,
    caller: TheCaller,
) -> Response:
    """Change a project's name, its key or its defaults; what was ordered before keeps its key."""
    defaults = _checked_defaults(body.defaults)

    def change(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            project = project_of(session, project_id)
            if body.name is not None:
                rename(project, body.name)
            if "key_id" in body.model_fields_set:
                choose_key(session, project, body.key_id)
            if body.defaults is not None:
                project.defaults = defaults
            idempotency.note_made(session, key, [project.id])
            return [project.id]

    return carried_out_once(core, caller.key, change, _changed)


def _made(session: Session, ids: Sequence[str]) -> Answer:
    project = session.get_one(Project, ids[0])
    return answer(CREATED, ProjectAnswer(project_id=project.id, name=project.name))


def _changed(session: Session, ids: Sequence[str]) -> Answer:
    (project,) = (each for each in queries.list_projects(session) if each.project_id == ids[0])
    return answer(DONE, project)


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
