"""When a plan is sent: paused by hand, not before a moment, in a night window only, sooner or later than others.

Nothing of its tasks is written for a pause: whoever would send looks here first, as for any other pause.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core.errors import OrderError
from core.lifecycle import FINAL
from core.models import Asset, Plan, Task
from core.schemas import Waiting

MOST_PRIORITY: Final = 100
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def pause_plan(plan: Plan, actor: str, now: datetime) -> None:
    """Send nothing more of a plan; one that is paused stays so, by whoever did it first."""
    if plan.paused_at is None:
        plan.paused_at, plan.paused_by = now, actor


def resume_plan(plan: Plan) -> None:
    """Let a plan be sent again."""
    plan.paused_at = plan.paused_by = None


def set_priority(session: Session, plan: Plan, priority: int) -> None:
    """Let a plan go before those of a lower priority, with all that is not sent yet; raises OrderError."""
    if not -MOST_PRIORITY <= priority <= MOST_PRIORITY:
        raise OrderError(
            f"priority is {priority}.",
            suggestion=f"Use a number from {-MOST_PRIORITY} to {MOST_PRIORITY}; 0 is normal.",
            field="priority",
        )
    of_plan = Task.asset_pk.in_(select(Asset.id).where(Asset.plan_id == plan.id))
    session.execute(
        update(Task)
        .where(of_plan, Task.status.not_in(list(FINAL)))
        .values(priority=Task.priority + (priority - plan.priority))
        .execution_options(synchronize_session=False)
    )
    plan.priority = priority


def start_at(plan: Plan, not_before: datetime | None) -> None:
    """Send nothing of a plan before a moment, None for at once; raises OrderError for a time without a zone."""
    if not_before is not None and not_before.tzinfo is None:
        raise OrderError(
            "notBefore says no time zone.",
            suggestion="Write it as 2026-01-31T22:00:00Z.",
            field="notBefore",
        )
    plan.not_before = not_before


def set_window(plan: Plan, opens: str | None, closes: str | None, zone: str = "UTC") -> None:
    """Send a plan only between two times of the day, None for always; raises OrderError for what is no time."""
    if (opens is None) != (closes is None) or (opens is not None and opens == closes):
        raise OrderError(
            "A night window has two times that differ.",
            suggestion="Name both, such as 22:00 and 06:00, or none.",
            field="nightWindow",
        )
    for moment in (opens, closes):
        if moment is not None and _TIME.fullmatch(moment) is None:
            raise OrderError(
                f"{moment[:20]!r} is not a time of the day.",
                suggestion="Write it with hours and minutes, such as 22:00.",
                field="nightWindow",
            )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise OrderError(
            f"There is no time zone called {zone[:60]!r}.",
            suggestion="Use a name such as Europe/Berlin, or UTC.",
            field="nightWindow",
        ) from None
    plan.window_from, plan.window_to, plan.window_zone = opens, closes, zone


# --- what holds ----------------------------------------------------------------------------------------------


def held_for(plan: Plan, now: datetime) -> Waiting | None:
    """Say why nothing of a plan is sent at this moment; None when it is."""
    if plan.paused_at is not None:
        return Waiting(
            word="plan_paused", sentence=f"The plan “{plan.filename}” is paused by {plan.paused_by}."
        )
    if plan.not_before is not None and now < plan.not_before:
        when = f"{plan.not_before:%Y-%m-%d %H:%M} UTC"
        return Waiting(word="plan_scheduled", sentence=f"The plan “{plan.filename}” starts at {when}.")
    if plan.window_from is not None and plan.window_to is not None and not _is_open(plan, now):
        hours = f"from {plan.window_from} to {plan.window_to} ({plan.window_zone})"
        return Waiting(word="plan_window", sentence=f"The plan “{plan.filename}” is sent {hours} only.")
    return None


def held_plans(session: Session, now: datetime) -> Mapping[str, Waiting]:
    """Map the plans of which nothing is sent at this moment to why."""
    may_be_held = or_(
        Plan.paused_at.is_not(None), Plan.not_before.is_not(None), Plan.window_from.is_not(None)
    )
    reasons = ((plan.id, held_for(plan, now)) for plan in session.scalars(select(Plan).where(may_be_held)))
    return {plan_id: why for plan_id, why in reasons if why is not None}


def is_of_plans(plan_ids: Mapping[str, Waiting]) -> ColumnElement[bool]:
    """Say in SQL of a task whether it belongs to one of these plans."""
    return Task.asset_pk.in_(select(Asset.id).where(Asset.plan_id.in_(list(plan_ids))))


def _is_open(plan: Plan, now: datetime) -> bool:
    opens, closes = (time.fromisoformat(text or "00:00") for text in (plan.window_from, plan.window_to))
    clock = now.astimezone(ZoneInfo(plan.window_zone)).time()
    if opens < closes:
        return opens <= clock < closes
    return clock >= opens or clock < closes
