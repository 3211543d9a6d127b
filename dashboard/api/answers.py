"""What is answered: the shapes of http answers that are not already a view of `core.schemas`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse

from core import queries
from core.lifecycle import Approval, AssetStatus, TaskKind, TaskStatus
from core.models import Task
from core.plans.progress import PlanView
from core.plans.renewing import OutdatedAsset
from core.plans.style import Style
from core.plans.views import PlanPreview
from core.prices import StepPrice
from core.schemas import AssetRow, Credits, KeyView, PauseView, ProjectView, ReviewView, TaskView, View
from dashboard.api.problems import Problem

ACCEPTED, CREATED, DONE, REFUSED = 202, 201, 200, 422

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"model": Problem, "description": "Why not, and what to do."}
}


class ChainStep(View):
    """One step of an asset's chain, and its newest task."""

    kind: TaskKind
    preset: str | None
    task_id: str | None


class OrderAnswer(View):
    """An order was taken: `status` is the asset's, `taskStatus` the task's; `waitingFor` why it is not moving."""

    task_id: str
    tripo_task_id: str | None
    status: AssetStatus
    task_status: TaskStatus
    waiting_for: str | None
    waiting_for_text: str | None
    asset_id: str
    project_id: str
    chain: tuple[ChainStep, ...]


class AnimationTask(View):
    """One animation that was ordered."""

    preset: str | None
    task_id: str


class AnimateAnswer(View):
    """Animations were ordered, one task each; the fields beside `tasks` are the first one's."""

    task_id: str
    tripo_task_id: str | None
    status: AssetStatus
    task_status: TaskStatus
    waiting_for: str | None
    waiting_for_text: str | None
    asset_id: str
    project_id: str
    tasks: tuple[AnimationTask, ...]


class RefusedAnswer(Problem):
    """The provider refused the order: the task is kept as failed, nothing was billed."""

    task_id: str
    status: TaskStatus
    asset_status: AssetStatus


class CancelAnswer(TaskView):
    """What was ended; `mayStillBeBilled` when the provider had the task already, for it knows no cancel."""

    message: str
    may_still_be_billed: bool
    cancelled_task_ids: tuple[str, ...]


class StepEstimate(View):
    """What one step costs, in the provider's credits."""

    kind: TaskKind
    preset: str | None
    credits: Credits


class EstimateAnswer(View):
    """What an order would cost, as a whole and step by step."""

    credits: Credits
    steps: tuple[StepEstimate, ...]


class UploadAnswer(View):
    """An image was kept; orders name it by `uploadId`."""

    upload_id: str
    sha256: str
    bytes: int
    media_type: str
    width: int
    height: int


class ThumbnailAnswer(View):
    """A picture of a model was kept."""

    artifact_id: str
    url: str


class AssetList(View):
    """One page of assets, and where the next one begins."""

    assets: tuple[AssetRow, ...]
    next_cursor: str | None


class ReviewAnswer(View):
    """What is thought of an asset's present model, and all that was ever said of it."""

    project_id: str
    asset_id: str
    approval: Approval
    reviews: tuple[ReviewView, ...]


class ProjectList(View):
    """All projects."""

    projects: tuple[ProjectView, ...]


class ProjectAnswer(View):
    """A project was made."""

    project_id: str
    name: str


class PauseList(View):
    """The pauses that stand, the one of everything first."""

    pauses: tuple[PauseView, ...]


class KeyList(View):
    """All keys that can be chosen, and those that are over but whose tasks are still followed."""

    keys: tuple[KeyView, ...]


class PlanList(View):
    """Plans, the last applied first."""

    plans: tuple[PlanView, ...]


class RefusedPlan(PlanPreview, Problem):
    """A plan that was not applied: why, beside what was read of it. Nothing was written."""


class StyleAnswer(View):
    """What a project adds to the words of its plans, and the number of this version."""

    version: int
    style: Style


class OutdatedList(View):
    """What was made under an older style, and what renewing all of it costs."""

    assets: tuple[OutdatedAsset, ...]
    credits: Credits


class RenewAnswer(View):
    """Assets are made anew: the ids of all new tasks."""

    task_ids: tuple[str, ...]


class VariantView(View):
    """One of a row's variants."""

    asset_id: str
    variant: int
    seed: int | None
    status: AssetStatus
    picked: bool


class VariantList(View):
    """All variants of a row, by number."""

    variants: tuple[VariantView, ...]


class Alive(View):
    """The server answers."""

    status: str = "ok"


class Answer(NamedTuple):
    """An HTTP status and what goes with it."""

    status: int
    body: dict[str, Any]


def answer(status: int, value: BaseModel) -> Answer:
    """Pair a status with a value, as it will be written."""
    return Answer(status, value.model_dump(mode="json", by_alias=True))


def estimate_answer(steps: Sequence[StepPrice]) -> EstimateAnswer:
    """Describe what the steps of a chain cost."""
    priced = tuple(
        StepEstimate(kind=step.kind, preset=step.preset or None, credits=step.credits) for step in steps
    )
    return EstimateAnswer(credits=sum((step.credits for step in steps), Decimal(0)), steps=priced)


def task_answer(session: Session, ids: Sequence[str], status: int = ACCEPTED) -> Answer:
    """Describe one task as its status route does; 422 when the provider refused it at once."""
    task = session.get_one(Task, ids[0])
    return refusal_of(session, [task]) or answer(status, queries.task_view(session, task))


def generate_answer(session: Session, ids: Sequence[str]) -> Answer:
    """Describe a whole chain that was ordered."""
    task = session.get_one(Task, ids[0])
    return refusal_of(session, [task]) or _order_answer(session, task, task)


def rig_answer(session: Session, ids: Sequence[str]) -> Answer:
    """Describe a rig and the check before it; it is the check's place that the order waits for."""
    check, rig = (session.get_one(Task, task_id) for task_id in ids)
    return refusal_of(session, [check]) or _order_answer(session, rig, check, AssetStatus.RIGGING)


def animate_answer(session: Session, ids: Sequence[str]) -> Answer:
    """Describe animations that were ordered; 422 when the provider refused all of them."""
    tasks = [session.get_one(Task, task_id) for task_id in ids]
    refusal = refusal_of(session, tasks)
    if refusal is not None:
        return refusal
    first = next(task for task in tasks if not _was_refused(task))
    ordered = tuple(AnimationTask(preset=task.preset, task_id=task.id) for task in tasks)
    facts = _facts(session, first, first, AssetStatus.ANIMATING)
    return answer(ACCEPTED, AnimateAnswer(**facts, tasks=ordered))


def _order_answer(session: Session, task: Task, acting: Task, stage: AssetStatus | None = None) -> Answer:
    chain = tuple(
        ChainStep(kind=step.kind, preset=step.preset or None, task_id=step.id)
        for step in queries.chain_of(session, task)
    )
    return answer(ACCEPTED, OrderAnswer(**_facts(session, task, acting, stage), chain=chain))


def _facts(session: Session, task: Task, acting: Task, stage: AssetStatus | None) -> dict[str, Any]:
    """`stage` is what was ordered, said also while its first task still waits for a place."""
    view, waiting = queries.task_view(session, task), queries.task_view(session, acting)
    return {
        "task_id": view.task_id,
        "tripo_task_id": view.tripo_task_id,
        "status": stage or view.asset_status,
        "task_status": view.status,
        "waiting_for": waiting.waiting_for,
        "waiting_for_text": waiting.waiting_text,
        "asset_id": view.asset_id,
        "project_id": view.project_id,
    }


def refusal_of(session: Session, tasks: Sequence[Task]) -> Answer | None:
    """Say 422 when the provider refused each of these tasks when they were sent; None otherwise."""
    if not all(_was_refused(task) for task in tasks):
        return None
    view = queries.task_view(session, tasks[0])
    why = view.error
    assert why is not None  # noqa: S101 - a failed task has one
    refused = RefusedAnswer(
        error=why.message,
        details=why.suggestion,
        code=why.code,
        task_id=view.task_id,
        status=view.status,
        asset_status=view.asset_status,
    )
    return Answer(REFUSED, refused.model_dump(mode="json", by_alias=True, exclude_none=True))


def _was_refused(task: Task) -> bool:
    return task.status is TaskStatus.FAILED and task.tripo_task_id is None


def written(answered: Answer, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Write an answer that nobody keeps."""
    return JSONResponse(answered.body, answered.status, {"Cache-Control": "no-store", **(headers or {})})
