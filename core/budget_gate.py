"""The budget where orders are sent: what it does not cover is held, and goes on by itself when it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from core import tasks
from core.budgets import how_to_raise, spent_on, under_way_for, what_is_left
from core.lifecycle import TaskStatus
from core.models import Project, Task
from core.prices import credits_of_step
from core.task_prices import credits_of_tasks

LET_GO_AT_ONCE: Final = 200  # looked at by one pass, for each project
IS_HELD: Final = Task.hold == literal_column("'budget'")  # no parameter, so that the index on it is used


class BudgetGate:
    """What budgets still let be sent, for one transaction that claims orders; made before it locks any asset.

    No other process sends for a project with a budget meanwhile, so two cannot spend the same credits.
    """

    def __init__(self, session: Session, project_id: str | None = None) -> None:
        self._session = session
        limited = select(Project).where(Project.budget.is_not(None)).order_by(Project.id)
        if project_id is not None:
            limited = limited.where(Project.id == project_id)
        held = limited.with_for_update(key_share=True).execution_options(populate_existing=True)
        self._projects: Mapping[str, Project] = {each.id: each for each in session.scalars(held)}
        self._left: dict[str, Decimal] = {}

    def lets(self, task: Task, credits: Decimal, now: datetime) -> bool:
        """Say whether an order may be sent as far as its budget goes; one that may not is held from here on."""
        project = self._projects.get(task.project_id)
        if project is None or not credits:
            return True
        left = self._left_of(project)
        if credits > left:
            sentence = f"{what_is_left(project, credits, left)} {how_to_raise(project)}"
            tasks.hold_for_budget(self._session, task, sentence, now)
            return False
        self._left[project.id] = left - credits
        return True

    def let_go(self, now: datetime) -> None:
        """Free what was held and is covered now, in the order in which it would be sent."""
        for project_id in self._session.scalars(select(Task.project_id).where(IS_HELD).distinct()).all():
            project = self._projects.get(project_id)
            left = self._left_of(project) - self._ready_for(project_id) if project is not None else None
            if left is None or left > 0:
                self._free(project_id, left, now)

    def _free(self, project_id: str, left: Decimal | None, now: datetime) -> None:
        order = (Task.priority.desc(), Task.created_at, Task.id)
        first = select(Task).where(IS_HELD, Task.project_id == project_id).order_by(*order)
        for task in self._session.scalars(first.limit(LET_GO_AT_ONCE)).all():
            credits = credits_of_step(task.kind, task.preset, task.order)
            if left is None or credits <= left:
                tasks.go_on_within_budget(self._session, task, now)
                left = None if left is None else left - credits

    def _left_of(self, project: Project) -> Decimal:
        """Say what is left of a budget beside what was sent."""
        if project.id not in self._left:
            used = spent_on(self._session, project.id) + under_way_for(self._session, project.id)
            self._left[project.id] = (project.budget or Decimal(0)) - used
        return self._left[project.id]

    def _ready_for(self, project_id: str) -> Decimal:
        is_ready = Task.status == TaskStatus.READY
        return credits_of_tasks(self._session, Task.project_id == project_id, is_ready)


def is_holding(session: Session) -> bool:
    """Say whether any order is held by a budget."""
    return session.scalar(select(Task.id).where(IS_HELD).limit(1)) is not None
