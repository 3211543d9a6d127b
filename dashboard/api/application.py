"""Builds the API: its routes by subject, its one way to say no, its description of itself."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.routing import APIRoute

from core.bootstrap import Core
from dashboard.api import (
    alerts,
    archives,
    artifacts,
    assets,
    budgets,
    estimates,
    failures,
    health,
    jobs,
    keys,
    orders,
    pauses,
    plans,
    problems,
    projects,
    reviews,
    styles,
    task_list,
    tasks,
    thumbnails,
    uploads,
    webhooks,
)

DESCRIPTION = """Orders and reads 3D models.

Errors are `{error, details, code, field?}`. Each POST takes an `Idempotency-Key`: the same key and body give the same
answer and no second order. `taskId` is Hatchery's, `tripoTaskId` the provider's; paths take either. Times are UTC."""


def create_api(core: Callable[[], Core]) -> FastAPI:
    """Build the API over the core that `core` returns; nothing is opened before the first request."""
    api = FastAPI(
        title="Hatchery",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name_of,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    api.state.core = core
    for subject in (
        orders,
        estimates,
        uploads,
        tasks,
        task_list,
        failures,
        jobs,
        projects,
        budgets,
        plans,
        styles,
        pauses,
        assets,
        reviews,
        artifacts,
        archives,
        thumbnails,
        keys,
        alerts,
        health,
        webhooks,
    ):
        api.include_router(subject.router, prefix="/api")
    problems.answer_every_failure(api)
    return api


def _name_of(route: APIRoute) -> str:
    return route.name
