"""What a project may spend: how it stands, and another limit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field
from sqlalchemy.orm import Session

from core import idempotency
from core.budgets import MOST_CREDITS, BudgetStanding, set_budget, standing_of
from core.idempotency import RequestKey
from core.models import Project
from core.plans.control import locked
from core.projects import project_of
from dashboard.api.answers import DONE, PROBLEMS, Answer, answer, written
from dashboard.api.bodies import Body
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/projects/{projectId}/budget", tags=["projects"], route_class=CheckedRoute)

ProjectId = Annotated[str, Path(alias="projectId")]


class BudgetBody(Body):
    """What a project may spend in all; null for as much as there is."""

    credits: Annotated[float | None, Field(ge=0, le=float(MOST_CREDITS), description="Of the provider.")]


@router.get("", response_model=BudgetStanding, responses=PROBLEMS)
def read_budget(project_id: ProjectId, core: TheCore) -> Response:
    """Say what a project may spend, what it has spent, and what is left once all that is ordered is done."""
    with core.database.reading() as session:
        return written(answer(DONE, standing_of(session, project_of(session, project_id))))


@router.put("", response_model=BudgetStanding, responses=PROBLEMS)
def change_budget(project_id: ProjectId, body: BudgetBody, core: TheCore, caller: TheCaller) -> Response:
    """Limit what a project may spend; what waited for more goes on by itself, orders beyond it are answered 402."""
    credits = None if body.credits is None else Decimal(str(body.credits))

    def change(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            set_budget(locked(session, project_id), credits, actor=caller.actor, now=core.clock())
            idempotency.note_made(session, key, [project_id])
            return [project_id]

    return carried_out_once(core, caller.key, change, _standing)


def _standing(session: Session, ids: Sequence[str]) -> Answer:
    return answer(DONE, standing_of(session, session.get_one(Project, ids[0])))
