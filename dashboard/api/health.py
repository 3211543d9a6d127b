"""How the product is, and whether the server answers at all."""

from __future__ import annotations

from fastapi import APIRouter, Response

from core.health import DOWN, read_health
from core.schemas import Health
from dashboard.api.answers import DONE, Alive, answer, written
from dashboard.api.requests import CheckedRoute, TheCore

router = APIRouter(prefix="/health", tags=["health"], route_class=CheckedRoute)


@router.get("", response_model=Health, responses={503: {"model": Health}})
def health(core: TheCore) -> Response:
    """Say how database, poller, provider and queue are; 503 only when the database is down."""
    found = read_health(core.database, core.settings)
    return written(answer(503 if found.status == DOWN else DONE, found))


@router.get("/live", response_model=Alive)
async def live() -> Response:
    """Answer without touching anything."""
    return written(answer(DONE, Alive()))
