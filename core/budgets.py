"""What a project may spend: a number of credits, against what was billed for it and what is still to come.

An order that it does not cover is refused when it is placed. What was taken all the same (the budget was lowered
since, or two people ordered at one moment) is held where it would be sent: `core.budget_gate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.errors import BudgetError, OrderError
from core.lifecycle import OPEN, UNSENT, Hold, TaskKind
from core.models import Asset, Project, Task
from core.prices import credits_in_words
from core.schemas import Credits, View
from core.task_prices import credits_of_tasks

MOST_CREDITS: Final = Decimal(1_000_000_000)
SMALLEST: Final = Decimal("0.0001")  # what a column of credits can hold
NOT_COMING: Final = (Hold.FAILED_STEP, Hold.GATE)  # a person says first whether these are made


class BudgetStanding(View):
    """How it stands with a project's budget; null: it may spend what there is.

    `spent` is what Tripo billed, `under_way` the price of what was sent and is not billed yet, `ordered` that of what
    waits to be sent. Less than nothing is left when the budget was lowered since.
    """

    project_id: str
    credits: Credits | None
    spent: Credits
    under_way: Credits
    ordered: Credits
    left: Credits | None
    set_by: str | None
    set_at: datetime | None


def standing_of(session: Session, project: Project) -> BudgetStanding:
    """Add up what a project has spent and what it is about to."""
    spent, under_way = spent_on(session, project.id), under_way_for(session, project.id)
    ordered = credits_of_tasks(session, *_ordered(project.id))
    left = None if project.budget is None else project.budget - spent - under_way - ordered
    return BudgetStanding(
        project_id=project.id,
        credits=project.budget,
        spent=spent,
        under_way=under_way,
        ordered=ordered,
        left=left,
        set_by=project.budget_by,
        set_at=project.budget_at,
    )


def set_budget(project: Project, credits: Decimal | None, *, actor: str, now: datetime) -> None:
    """Say what a project may spend in all, None for no limit; raises OrderError for what is no amount.

    What waited for it is sent by the next pass, as far as it reaches.
    """
    if credits is not None and not (credits.is_finite() and 0 <= credits <= MOST_CREDITS):
        raise OrderError(
            "A budget is a number of credits.",
            suggestion=f"Use 0 to {MOST_CREDITS:,f}, or none at all.",
            field="credits",
        )
    project.budget = None if credits is None else credits.quantize(SMALLEST)
    project.budget_by, project.budget_at = actor, now


@contextmanager
def within(session: Session, project_id: str) -> Iterator[None]:
    """Raise BudgetError at the end of the block when what was ordered in it is more than is left.

    Nobody else orders for a project with a budget meanwhile. What costs nothing more is never refused.
    """
    project = _held(session, project_id)
    if project is None or project.budget is None:
        yield
        return
    before = standing_of(session, project).left or Decimal(0)
    yield
    session.flush()
    after = standing_of(session, project).left or Decimal(0)
    _refuse_beyond(project, before - after, before)


def refuse_beyond(session: Session, needed: Mapping[str, Decimal]) -> None:
    """Raise BudgetError when a project's budget does not cover what is about to be ordered for it."""
    for project_id, credits in needed.items():
        project = session.get(Project, project_id)
        if credits > 0 and project is not None and project.budget is not None:
            _refuse_beyond(project, credits, standing_of(session, project).left or Decimal(0))


def what_may_be_ordered(session: Session, project: Project) -> Decimal | None:
    """Say what is left of a project's budget; None when it has none."""
    return None if project.budget is None else standing_of(session, project).left


def spent_on(session: Session, project_id: str) -> Decimal:
    """Say what Tripo has billed for a project."""
    billed = select(func.sum(Task.credits)).where(Task.project_id == project_id, Task.credits.is_not(None))
    return Decimal(session.scalar(billed) or 0)


def under_way_for(session: Session, project_id: str) -> Decimal:
    """Say what Tripo is likely to bill for what was sent to it for a project."""
    was_sent = Task.status.in_(list(OPEN - UNSENT))
    return credits_of_tasks(session, Task.project_id == project_id, was_sent, Task.credits.is_(None))


def what_is_left(project: Project, needed: Decimal, left: Decimal) -> str:
    """Say in a sentence what something needs, and what is left."""
    there = f"{credits_in_words(left)} are" if left > 0 else "nothing is"
    budget = credits_in_words(project.budget or Decimal(0))
    return f"It needs {credits_in_words(needed)}, and {there} left of the budget of {budget}."


def how_to_raise(project: Project) -> str:
    """Say who can change a budget, and where."""
    who = f", as {project.budget_by} did last" if project.budget_by else ""
    return f"A lead can raise the budget of “{project.name}” on its Style page{who}."


def _refuse_beyond(project: Project, needed: Decimal, left: Decimal) -> None:
    if needed > 0 and needed > left:
        raise BudgetError(what_is_left(project, needed, left), suggestion=how_to_raise(project))


def _ordered(project_id: str) -> tuple[ColumnElement[bool], ...]:
    """Name the tasks that are going to be sent without anybody's further word."""
    is_coming = or_(Task.hold.is_(None), Task.hold.not_in(NOT_COMING))
    gated = select(Asset.id).where(Asset.project_id == project_id, Asset.is_gated)
    waits_for_a_pick = and_(Task.kind != TaskKind.GENERATE, Task.asset_pk.in_(gated))
    return Task.project_id == project_id, Task.status.in_(list(UNSENT)), is_coming, ~waits_for_a_pick


def _held(session: Session, project_id: str) -> Project | None:
    """Take a project's row before any of its assets, if it has a budget; orders of others are not kept waiting."""
    has_budget = (Project.id == project_id, Project.budget.is_not(None))
    wanted = select(Project).where(*has_budget).with_for_update(key_share=True)
    return session.scalar(wanted.execution_options(populate_existing=True))
