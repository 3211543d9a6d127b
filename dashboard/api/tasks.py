"""What a person does about one task: retry it, cancel it, decide its fate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from sqlalchemy.orm import Session

from core import queries
from core.failures.truth import TaskTruth, truth_of
from core.models import Task
from core.projects import task_of
from core.schemas import TaskView
from dashboard.api.answers import (
    DONE,
    PROBLEMS,
    Answer,
    CancelAnswer,
    RefusedAnswer,
    answer,
    task_answer,
    written,
)
from dashboard.api.bodies import CancelBody, ResolveBody, RetryBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/tasks/{taskId}", tags=["tasks"], route_class=CheckedRoute)

TaskId = Annotated[str, Path(alias="taskId", description="Hatchery's id of the task, or the provider's.")]


@router.post(
    "/retry",
    status_code=202,
    response_model=TaskView,
    responses={422: {"model": RefusedAnswer}, **PROBLEMS},
)
def retry(
    task_id: TaskId, core: TheCore, caller: TheCaller, order: Annotated[RetryBody | None, Body()] = None
) -> Response:
    """Order a failed or cancelled step again; answers with the new task, the old one stays."""
    wanted = (order or RetryBody()).model_dump()
    again = partial(core.desk.retry, task_id, actor=caller.actor, **wanted)
    return carried_out_once(core, caller.key, again, task_answer)


@router.post("/cancel", response_model=CancelAnswer, responses=PROBLEMS)
def cancel(
    task_id: TaskId, core: TheCore, caller: TheCaller, order: Annotated[CancelBody | None, Body()] = None
) -> Response:
    """End a task and the chain behind it; one that was sent may still be finished and billed by the provider."""
    reason = order.reason if order else None
    end = partial(core.desk.cancel, task_id, reason=reason, actor=caller.actor)
    return carried_out_once(core, caller.key, end, cancel_answer)


@router.post("/resolve", response_model=TaskView, responses={422: {"model": RefusedAnswer}, **PROBLEMS})
def resolve(task_id: TaskId, order: ResolveBody, core: TheCore, caller: TheCaller) -> Response:
    """Decide what became of an order whose answer was lost; the task's `evidence` tells what was found of it.

    `not_created` ends it and orders the step anew: the answer is the new attempt. `created` follows the named task of
    the provider's, 409 when that belongs to another order, is not known with its key, or asks for something else.
    """
    decide = partial(core.desk.resolve, task_id, actor=caller.actor, **order.model_dump())
    return carried_out_once(core, caller.key, decide, partial(task_answer, status=DONE))


@router.get("/raw", response_model=TaskTruth, responses=PROBLEMS)
def read_raw(task_id: TaskId, core: TheCore) -> Response:
    """Show what was sent to the provider and what came back, word for word but for keys and signatures.

    `forSupport` is the same as a text that can be sent to Tripo's support.
    """
    with core.database.reading() as session:
        return written(answer(DONE, truth_of(session, task_of(session, task_id))))


def cancel_answer(session: Session, ids: Sequence[str]) -> Answer:
    """Describe what was ended, and what the provider may still do about it."""
    task = session.get_one(Task, ids[0])
    was_sent = task.tripo_task_id is not None
    message = (
        "The chain has ended here. The provider has the task and knows no cancel: it may still finish and bill it; "
        "what comes of it is recorded."
        if was_sent
        else "The task has ended. It was never sent, so nothing is billed."
    )
    view = queries.task_view(session, task)
    ended = CancelAnswer(
        **dict(view), message=message, may_still_be_billed=was_sent, cancelled_task_ids=tuple(ids)
    )
    return answer(DONE, ended)
