"""Pausing and resuming by hand: everything, or one project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from sqlalchemy.orm import Session

from core import idempotency, pauses
from core.idempotency import RequestKey
from core.models import utc_now
from dashboard.api.answers import DONE, PROBLEMS, Answer, PauseList, answer, written
from dashboard.api.bodies import PauseBody, ResumeBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import Caller, CheckedRoute, TheCaller, TheCore

router = APIRouter(tags=["pauses"], route_class=CheckedRoute)

ProjectId = Annotated[str, Path(alias="projectId")]
PauseOrder = Annotated[PauseBody | None, Body()]
ResumeOrder = Annotated[ResumeBody | None, Body()]


@router.get("/pauses", response_model=PauseList, responses=PROBLEMS)
def list_pauses(core: TheCore) -> Response:
    """List the pauses that stand."""
    with core.database.reading() as session:
        return written(_standing(session, ()))


@router.post("/pause", response_model=PauseList, responses=PROBLEMS)
def pause_everything(core: TheCore, caller: TheCaller, order: PauseOrder = None) -> Response:
    """Send nothing more to the provider; what was sent is still followed, and orders are taken and wait."""
    return _pause(core, caller, None, order)


@router.post("/resume", response_model=PauseList, responses=PROBLEMS)
def resume_everything(core: TheCore, caller: TheCaller, order: ResumeOrder = None) -> Response:  # noqa: ARG001 - refuses fields
    """End the pause of everything; projects that are paused by themselves stay so."""
    return _resume(core, caller, None)


@router.post("/projects/{projectId}/pause", response_model=PauseList, responses=PROBLEMS)
def pause_project(
    project_id: ProjectId, core: TheCore, caller: TheCaller, order: PauseOrder = None
) -> Response:
    """Send nothing more of a project to the provider."""
    return _pause(core, caller, project_id, order)


@router.post("/projects/{projectId}/resume", response_model=PauseList, responses=PROBLEMS)
def resume_project(
    project_id: ProjectId,
    core: TheCore,
    caller: TheCaller,
    order: ResumeOrder = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """End the pause of a project."""
    return _resume(core, caller, project_id)


def _pause(core: TheCore, caller: Caller, project_id: str | None, order: PauseBody | None) -> Response:
    reason = (order.reason if order else None) or ""

    def carry(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            pauses.pause(session, project_id, actor=caller.actor, reason=reason, now=utc_now())
            return _noted(session, key, project_id)

    return carried_out_once(core, caller.key, carry, _standing)


def _resume(core: TheCore, caller: Caller, project_id: str | None) -> Response:
    def carry(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            pauses.resume(session, project_id, actor=caller.actor, now=utc_now())
            return _noted(session, key, project_id)

    return carried_out_once(core, caller.key, carry, _standing)


def _noted(session: Session, key: RequestKey | None, project_id: str | None) -> list[str]:
    touched = [project_id or "everything"]
    idempotency.note_made(session, key, touched)
    return touched


def _standing(session: Session, _ids: Sequence[str]) -> Answer:
    return answer(DONE, PauseList(pauses=pauses.standing(session)))
