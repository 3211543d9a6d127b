"""The price before the click."""

from __future__ import annotations

from fastapi import APIRouter, Response

from core.estimates import estimate_generation
from dashboard.api.answers import DONE, PROBLEMS, EstimateAnswer, answer, estimate_answer, written
from dashboard.api.bodies import GenerateBody
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/estimate", tags=["generate"], route_class=CheckedRoute)


@router.post("", response_model=EstimateAnswer, responses=PROBLEMS)
def estimate(order: GenerateBody, core: TheCore, _caller: TheCaller) -> Response:
    """Say what this order would cost when all its steps succeed; nothing is ordered, sent or paid.

    The body is that of POST /api/generate-3d, and is refused for the same reasons. What fails is not billed.
    """
    asked = {
        name: value for name, value in order.said().items() if name not in ("name", "category", "priority")
    }
    with core.database.reading() as session:
        steps = estimate_generation(session, version=core.settings.tripo_api_version, **asked)
    return written(answer(DONE, estimate_answer(steps)))
