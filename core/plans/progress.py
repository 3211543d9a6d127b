"""How far a plan is: its assets by status and category, what it cost, what failed, when it will have ended."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.lifecycle import AssetStatus, TaskKind, TaskStatus
from core.models import Asset, Plan, Project, ProviderKey, Task
from core.plans.forecasting import range_of, seconds_to_the_end
from core.plans.paces import Pace
from core.plans.pacing import held_for
from core.plans.workload import Workload
from core.queries import error_of
from core.schemas import Credits, ErrorView, View
from core.tripo import Version

MOST_FAILURES = 200


class PlanForecast(View):
    """When the last task of a plan will likely have ended, in seconds from `as_of`."""

    seconds_low: int
    seconds_high: int
    as_of: datetime


class PlanFailure(View):
    """A step that ended badly and was not made good since."""

    asset_id: str
    name: str
    task_id: str
    kind: TaskKind
    preset: str | None
    error: ErrorView


class NightWindow(View):
    """The hours of the day in which a plan is sent; from 22:00 to 06:00 goes over midnight."""

    opens: str
    closes: str
    zone: str


class PlanView(View):
    """A plan as lists show it. `waiting_for` says why nothing of it is sent, `counts` its assets by status."""

    plan_id: str
    project_id: str
    filename: str
    format: str
    priority: int
    paused_at: datetime | None
    paused_by: str | None
    not_before: datetime | None
    night_window: NightWindow | None
    waiting_for: str | None
    waiting_text: str | None
    applied_by: str | None
    applied_at: datetime
    created_by: str | None
    created_at: datetime
    assets: int
    removed: int
    counts: dict[str, int]


class PlanProgress(PlanView):
    """All there is to know of how far a plan is. `categories` are counts by status, by category."""

    categories: dict[str, dict[str, int]]
    task_counts: dict[str, int]
    changed: int
    awaiting_pick: int
    credits_spent: Credits
    credits_to_come: Credits
    failures: tuple[PlanFailure, ...]
    forecast: PlanForecast | None


def plan_of(session: Session, plan_id: str) -> Plan:
    """Find a plan; raises NotFoundError with help."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFoundError(
            "There is no plan with this id.",
            suggestion="GET /api/plans lists those that there are; POST /api/plans applies one.",
            code="plan_not_found",
            field="planId",
        )
    return plan


def list_plans(
    session: Session,
    project_id: str | None,
    now: datetime,
    *,
    plan_id: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[PlanView, ...]:
    """List all plans, or those of a project, or a part of these, the last applied first."""
    wanted = select(Plan).order_by(Plan.applied_at.desc(), Plan.id).limit(limit).offset(offset)
    if project_id is not None:
        wanted = wanted.where(Plan.project_id == project_id)
    if plan_id is not None:
        wanted = wanted.where(Plan.id == plan_id)
    plans = session.scalars(wanted).all()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    live = select(Asset.plan_id, Asset.status, func.count()).where(
        Asset.plan_id.in_([plan.id for plan in plans]), Asset.removed_at.is_(None)
    )
    for plan_id, status, count in session.execute(live.group_by(Asset.plan_id, Asset.status)):
        counts[plan_id or ""][status.value] = count
    gone = select(Asset.plan_id, func.count()).where(
        Asset.plan_id.in_([plan.id for plan in plans]), Asset.removed_at.is_not(None)
    )
    removed = dict(session.execute(gone.group_by(Asset.plan_id)).all())
    return tuple(_view(plan, counts[plan.id], removed.get(plan.id, 0), now) for plan in plans)


def plan_progress(
    session: Session, plan: Plan, *, key: ProviderKey | None, version: Version, pace: Pace, now: datetime
) -> PlanProgress:
    """Say how far a plan is; `pace` is how long steps take."""
    (view,) = list_plans(session, None, now, plan_id=plan.id)
    live = and_(Asset.plan_id == plan.id, Asset.removed_at.is_(None))
    categories: dict[str, dict[str, int]] = defaultdict(dict)
    by_category = select(Asset.category, Asset.status, func.count()).where(live)
    for category, status, count in session.execute(by_category.group_by(Asset.category, Asset.status)):
        categories[category][status.value] = count
    of_plan = Task.asset_pk.in_(select(Asset.id).where(Asset.plan_id == plan.id))
    by_status = select(Task.status, func.count()).where(of_plan).group_by(Task.status)
    spent = session.scalar(select(func.sum(Task.credits)).where(of_plan)) or Decimal(0)
    workload = Workload(session, key, session.get_one(Project, plan.project_id), version, pace)
    return PlanProgress(
        **dict(view),
        categories={name: categories[name] for name in sorted(categories)},
        task_counts={status.value: count for status, count in session.execute(by_status)},
        changed=_changed(session, plan),
        awaiting_pick=_awaiting_pick(session, plan),
        credits_spent=spent,
        credits_to_come=workload.waiting_credits(of_plan),
        failures=_failures(session, plan),
        forecast=_forecast(workload, plan, pace, now),
    )


def _view(plan: Plan, counts: dict[str, int], removed: int, now: datetime) -> PlanView:
    held = held_for(plan, now)
    window = None
    if plan.window_from is not None and plan.window_to is not None:
        window = NightWindow(opens=plan.window_from, closes=plan.window_to, zone=plan.window_zone)
    return PlanView(
        plan_id=plan.id,
        project_id=plan.project_id,
        filename=plan.filename,
        format=plan.format,
        priority=plan.priority,
        paused_at=plan.paused_at,
        paused_by=plan.paused_by,
        not_before=plan.not_before,
        night_window=window,
        waiting_for=held.word if held else None,
        waiting_text=held.sentence if held else None,
        applied_by=plan.applied_by,
        applied_at=plan.applied_at,
        created_by=plan.created_by,
        created_at=plan.created_at,
        assets=sum(counts.values()),
        removed=removed,
        counts={status.value: counts.get(status.value, 0) for status in AssetStatus},
    )


def _changed(session: Session, plan: Plan) -> int:
    """Count the assets whose words changed since their model was ordered."""
    briefs = select(Asset.brief, Asset.made_from).where(
        Asset.plan_id == plan.id, Asset.removed_at.is_(None), Asset.updated_at > Asset.created_at
    )
    return sum(brief != made_from for brief, made_from in session.execute(briefs))


def _awaiting_pick(session: Session, plan: Plan) -> int:
    """Count the rows whose variants wait for a person's pick."""
    groups = select(Asset.variant_group, func.max(Asset.picked_at)).where(
        Asset.plan_id == plan.id, Asset.removed_at.is_(None), Asset.is_gated.is_(True)
    )
    return sum(picked is None for _group, picked in session.execute(groups.group_by(Asset.variant_group)))


def _failures(session: Session, plan: Plan) -> tuple[PlanFailure, ...]:
    newest = (
        select(Task.asset_pk, Task.chain, Task.kind, Task.preset, func.max(Task.attempt).label("attempt"))
        .join(Asset, and_(Asset.id == Task.asset_pk, Asset.chain == Task.chain))
        .where(Asset.plan_id == plan.id, Asset.removed_at.is_(None))
        .group_by(Task.asset_pk, Task.chain, Task.kind, Task.preset)
        .subquery()
    )
    failed = (
        select(Task, Asset)
        .join(Asset, Asset.id == Task.asset_pk)
        .join(
            newest,
            and_(
                newest.c.asset_pk == Task.asset_pk,
                newest.c.chain == Task.chain,
                newest.c.kind == Task.kind,
                newest.c.preset == Task.preset,
                newest.c.attempt == Task.attempt,
            ),
        )
        .where(Task.status == TaskStatus.FAILED)
        .order_by(Asset.plan_order, Task.created_at)
        .limit(MOST_FAILURES)
    )
    return tuple(
        PlanFailure(
            asset_id=asset.asset_id,
            name=asset.name,
            task_id=task.id,
            kind=task.kind,
            preset=task.preset or None,
            error=error,
        )
        for task, asset in session.execute(failed)
        if (error := error_of(task)) is not None
    )


def _forecast(workload: Workload, plan: Plan, pace: Pace, now: datetime) -> PlanForecast | None:
    """Foretell the plan's end among all that is open with its key; None when nothing of it will move by itself."""
    if held_for(plan, now) is not None:
        return None
    courses = workload.open_courses(now, Asset.plan_id == plan.id)
    if not any(course.is_asked_about for course in courses):
        return None
    seconds = range_of(seconds_to_the_end(courses, workload.places(now), pace.hand_on_seconds))
    return PlanForecast(seconds_low=seconds.low, seconds_high=seconds.high, as_of=now)
