"""The four routes of generation: order a model, ask how it is, rig it, animate it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from core import queries
from core.errors import OrderError, TaskGoneError
from core.lifecycle import FINAL
from core.projects import task_of
from core.schemas import TaskView
from dashboard.api.answers import (
    DONE,
    PROBLEMS,
    AnimateAnswer,
    OrderAnswer,
    RefusedAnswer,
    animate_answer,
    answer,
    generate_answer,
    rig_answer,
    written,
)
from dashboard.api.bodies import AnimateBody, GenerateBody, RigBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/generate-3d", tags=["generate"], route_class=CheckedRoute)

GONE_CURE = "It is too old, or was made with another key. What is stored stays; retry makes it again."
ANSWERS = {422: {"model": RefusedAnswer}, **PROBLEMS}


@router.post("", status_code=202, response_model=OrderAnswer, responses=ANSWERS)
def generate(order: GenerateBody, core: TheCore, caller: TheCaller) -> Response:
    """Order a model and, with `shouldRig`, its rig check, its rig and one task for each animation."""
    place = partial(core.desk.generate, actor=caller.actor, **order.said())
    return carried_out_once(core, caller.key, place, generate_answer)


@router.get("/{taskId}/status", response_model=TaskView, responses=PROBLEMS)
def status(
    task_id: Annotated[
        str, Path(alias="taskId", description="Hatchery's id of the task, or the provider's.")
    ],
    core: TheCore,
    refresh: Annotated[bool, Query(description="Ask the provider first; its 429 is passed on.")] = False,
) -> Response:
    """Say how a task is, from the database; with `refresh` after asking the provider."""
    if refresh:
        with core.database.reading() as session:
            known_id = task_of(session, task_id).id
        core.orchestrator.ask_now(known_id)
    with core.database.reading() as session:
        task = task_of(session, task_id)
        if refresh and task.gone_answers and task.status not in FINAL:
            raise TaskGoneError("Tripo does not know this task.", suggestion=GONE_CURE)
        return written(answer(DONE, queries.task_view(session, task)))


@router.post("/rig", status_code=202, response_model=OrderAnswer, responses=ANSWERS)
def rig(order: RigBody, core: TheCore, caller: TheCaller) -> Response:
    """Order a rig check and a rig of an asset's finished model."""
    place = partial(core.desk.rig, actor=caller.actor, **order.model_dump())
    return carried_out_once(core, caller.key, place, rig_answer)


@router.post("/animate", status_code=202, response_model=AnimateAnswer, responses=ANSWERS)
def animate(order: AnimateBody, core: TheCore, caller: TheCaller) -> Response:
    """Order animations of an asset's finished rig, one task each."""
    presets = order.presets()
    rest = order.model_dump(exclude={"animations", "animation_preset"})
    place = partial(core.desk.animate, actor=caller.actor, animations=presets, **rest)
    try:
        return carried_out_once(core, caller.key, place, animate_answer)
    except OrderError as error:
        if error.field == "animations" and order.animation_preset is not None:
            error.field = "animationPreset"  # by the name under which it was sent
        raise
