"""Plans: preview and apply one, see how far it is, hold, hasten or end it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Path, Query, Request, Response
from sqlalchemy.orm import Session

from core.bootstrap import Core
from core.errors import OrderError, PlanRefusedError
from core.idempotency import RequestKey
from core.plans.desk import Outcome, PlanInvalidError
from core.plans.plan import PlanNote
from core.plans.progress import PlanProgress
from core.plans.views import PlanEstimate, PlanPreview
from dashboard.api import plan_files
from dashboard.api.answers import (
    CREATED,
    DONE,
    PROBLEMS,
    REFUSED,
    Answer,
    PlanList,
    RefusedPlan,
    answer,
    written,
)
from dashboard.api.bodies import CancelBody, EmptyBody, PlanBody, PlanChange
from dashboard.api.once import Describe, carried_out_once
from dashboard.api.plan_requests import AS_A_FORM, PlanRoute
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter()
sending = APIRouter(prefix="/plans", tags=["plans"], route_class=PlanRoute)
rest = APIRouter(prefix="/plans", tags=["plans"], route_class=CheckedRoute)

PlanId = Annotated[str, Path(alias="planId")]
APPLIED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": PlanPreview},
    422: {"model": RefusedPlan},
    **PROBLEMS,
}


@sending.post("", status_code=201, response_model=PlanPreview, responses=APPLIED, openapi_extra=AS_A_FORM)
def apply_plan(order: PlanBody, request: Request, core: TheCore, caller: TheCaller) -> Response:
    """Apply a plan to a project, or with `dryRun` say what that would do and cost.

    All of it is written, or nothing: 201; 200 for a plan that was applied before and has nothing to do; 422 with the
    same body for one with errors. Models whose words changed are made anew only if `remake` says so.
    """
    content: bytes | str | None = getattr(request.state, "plan_file", order.text)
    if content is None:
        raise OrderError(
            "text is missing.", suggestion="Add it to the body.", code="missing_field", field="text"
        )
    asked: dict[str, Any] = {
        "project_id": order.project_id,
        "filename": order.filename,
        "content": content,
        "format": order.format,
        "renames": {each.line: each.asset_id for each in order.renames},
        "remake": order.remake,
    }
    try:
        if order.dry_run:
            return written(answer(DONE, core.plans.preview(**asked)))
        return _applied_once(core, caller.key, asked, order.revision, caller.actor)
    except PlanInvalidError as error:
        return written(_refused(error, error.preview))
    except PlanRefusedError as error:
        return written(_refused(error, _nothing_read(order, error)))


@rest.get("", response_model=PlanList, responses=PROBLEMS)
def list_plans(core: TheCore, project_id: Annotated[str | None, Query(alias="projectId")] = None) -> Response:
    """List all plans, or those of a project, the last applied first."""
    return written(answer(DONE, PlanList(plans=core.plans.plans(project_id))))


@rest.get("/{planId}", response_model=PlanProgress, responses=PROBLEMS)
def read_plan(plan_id: PlanId, core: TheCore) -> Response:
    """Say how far a plan is: its assets by status, what it cost, its open failures, its likely end."""
    return written(answer(DONE, core.plans.progress(plan_id)))


@rest.patch("/{planId}", response_model=PlanProgress, responses=PROBLEMS)
def change_plan(plan_id: PlanId, order: PlanChange, core: TheCore, caller: TheCaller) -> Response:
    """Change a plan's priority, its start or its night window; what is left out stays."""
    changes: dict[str, Any] = {}
    if order.priority is not None:
        changes["priority"] = order.priority
    if "not_before" in order.model_fields_set:
        changes["not_before"] = order.not_before
    if "night_window" in order.model_fields_set:
        window = order.night_window
        changes["window"] = (window.opens, window.closes, window.zone) if window else None
    return _done(core, caller.key, partial(core.plans.reschedule, plan_id, **changes))


@rest.post("/{planId}/pause", response_model=PlanProgress, responses=PROBLEMS)
def pause_plan(
    plan_id: PlanId,
    core: TheCore,
    caller: TheCaller,
    order: Annotated[EmptyBody | None, Body()] = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Send nothing more of a plan; what was sent is followed and fetched as ever."""
    return _done(core, caller.key, partial(core.plans.pause, plan_id, actor=caller.actor))


@rest.post("/{planId}/resume", response_model=PlanProgress, responses=PROBLEMS)
def resume_plan(
    plan_id: PlanId,
    core: TheCore,
    caller: TheCaller,
    order: Annotated[EmptyBody | None, Body()] = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Let a paused plan be sent again."""
    return _done(core, caller.key, partial(core.plans.resume, plan_id))


@rest.post("/{planId}/cancel", response_model=PlanProgress, responses=PROBLEMS)
def cancel_plan(
    plan_id: PlanId, core: TheCore, caller: TheCaller, order: Annotated[CancelBody | None, Body()] = None
) -> Response:
    """End all of a plan that was not sent; what is at the provider goes on and is kept."""
    reason = order.reason if order else None
    return _done(core, caller.key, partial(core.plans.cancel, plan_id, reason=reason, actor=caller.actor))


router.include_router(sending)
router.include_router(plan_files.router)  # first: /plans/schema is no plan's id
router.include_router(rest)


def _applied_once(
    core: Core, key: RequestKey | None, asked: dict[str, Any], revision: int | None, actor: str
) -> Response:
    outcomes: list[Outcome] = []

    def carry(request: RequestKey | None) -> list[str]:
        outcomes.append(core.plans.apply(request, **asked, revision=revision, actor=actor))
        return [outcomes[0].preview.plan_id or ""]

    def describe(_session: Session, _ids: Sequence[str]) -> Answer:
        if not outcomes:  # whoever applied it never answered: say how it stands now
            return answer(DONE, core.plans.preview(**{**asked, "renames": {}, "remake": False}))
        return answer(CREATED if outcomes[0].is_new else DONE, outcomes[0].preview)

    return carried_out_once(core, key, carry, describe)


def _done(core: Core, key: RequestKey | None, carry: Callable[[RequestKey | None], list[str]]) -> Response:
    describe: Describe = lambda _session, ids: answer(DONE, core.plans.progress(ids[0]))  # noqa: E731
    return carried_out_once(core, key, carry, describe)


def _refused(error: PlanInvalidError | PlanRefusedError, preview: PlanPreview) -> Answer:
    refused = RefusedPlan(**dict(preview), error=error.message, details=error.suggestion, code=error.code)
    return answer(REFUSED, refused)


def _nothing_read(order: PlanBody, error: PlanRefusedError) -> PlanPreview:
    """Show a file that could not be read: no assets, and the one error."""
    nothing = PlanEstimate(tasks=0, credits=0, balance=None, waiting_credits=0, seconds_low=0, seconds_high=0)
    return PlanPreview(
        plan_id=None,
        project_id=order.project_id,
        filename=order.filename,
        format=order.format or "",
        revision=0,
        assets=(),
        renames=(),
        warnings=(),
        errors=(PlanNote(line=error.line, message=error.message, code=error.code),),
        counts={},
        estimate=nothing,
    )
