"""Groups of tasks that have not ended and stand still: stuck, unpicked, behind a stopped key, a budget, a full vault.

Worked out when they are read, as the standstill itself is; nothing of it is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.budget_gate import IS_HELD
from core.budgets import how_to_raise, spent_on, under_way_for, what_is_left
from core.errors import BudgetError
from core.failures.fingerprint import ANY_STEP, OURS, Fingerprint
from core.failures.states import Trouble
from core.lifecycle import Hold, TaskKind, TaskStatus
from core.models import Project, ProviderKey, Task
from core.outages import WORD as OUTAGE
from core.stuck import IS_AT_PROVIDER, Usual
from core.stuck import WORD as STUCK
from core.task_prices import credits_of_tasks
from core.way_home import VAULT, key_behind, stopped

NOT_PICKED: Final = "not_picked"
GOES_ON_BY_ITSELF: Final = frozenset({OUTAGE, "provider_busy", "provider_read_failed"})


class HeldGroup(NamedTuple):
    """Tasks that stand still for one cause. `since` is when each came to a stand, in SQL."""

    fingerprint: Fingerprint
    which: ColumnElement[bool]
    since: ColumnElement[datetime] | InstrumentedAttribute[datetime]
    sentence: str

    @property
    def trouble(self) -> Trouble:
        """What sort of trouble it is."""
        goes_on = self.fingerprint.word in GOES_ON_BY_ITSELF
        return Trouble.WAITS if goes_on else Trouble.NEEDS_PERSON


def held_groups(session: Session, now: datetime) -> tuple[HeldGroup, ...]:
    """List the causes for which tasks may stand still now; some may hold none."""
    return (
        *_stuck(session, now),
        *_not_picked(),
        *_behind_budgets(session),
        *_behind_keys(session),
        *_behind_stops(session),
    )


def _stuck(session: Session, now: datetime) -> Iterator[HeldGroup]:
    usual = Usual(session)
    last_news = func.coalesce(Task.progressed_at, Task.status_at)
    for kind in TaskKind:
        seconds = usual.stuck_after_seconds(kind)
        silent_since = now - timedelta(seconds=seconds)
        which = and_(
            Task.kind == kind,
            IS_AT_PROVIDER,
            Task.status_at < silent_since,
            last_news < silent_since,
        )
        minutes = int(seconds // 60)
        sentence = (
            f"No progress for {minutes} minutes or more, far longer than usual. It is still asked about."
        )
        yield HeldGroup(_named(kind, STUCK), which, last_news, sentence)


def _not_picked() -> Iterator[HeldGroup]:
    for kind in TaskKind:
        which = and_(Task.kind == kind, Task.status == TaskStatus.WAITING, Task.hold == Hold.GATE)
        sentence = "Waits until one of its variants is picked as the best."
        yield HeldGroup(_named(kind, NOT_PICKED), which, Task.status_at, sentence)


def _behind_budgets(session: Session) -> Iterator[HeldGroup]:
    projects = session.scalars(select(Project).where(Project.id.in_(select(Task.project_id).where(IS_HELD))))
    for project in projects.all():
        left = (project.budget or Decimal(0)) - spent_on(session, project.id)
        left -= under_way_for(session, project.id)
        which = and_(IS_HELD, Task.project_id == project.id)
        needed = credits_of_tasks(session, which)
        sentence = f"{what_is_left(project, needed, left)} {how_to_raise(project)}"
        yield HeldGroup(_named(ANY_STEP, BudgetError.code, project.id), which, Task.status_at, sentence)


def _behind_keys(session: Session) -> Iterator[HeldGroup]:
    keys = session.scalars(select(ProviderKey).where(ProviderKey.stopped_word.is_not(None))).all()
    for key in keys:
        its_own: ColumnElement[bool] = Task.key_id == key.id
        if key.is_shared and key.retired_at is None:
            its_own = or_(its_own, Task.key_id.is_(None))
        waits = [TaskStatus.READY]
        if key.stopped_word == OUTAGE:
            waits += [TaskStatus.QUEUED, TaskStatus.RUNNING, TaskStatus.DOWNLOADING]
        sentence = f"The key “{key.name}” (…{key.last_four}) stands still. {key.stopped_text or ''}".strip()
        named = _named(ANY_STEP, str(key.stopped_word), key.id)
        yield HeldGroup(named, and_(its_own, Task.status.in_(waits)), Task.status_at, sentence)


def _behind_stops(session: Session) -> Iterator[HeldGroup]:
    for name, stop in stopped(session).items():
        which: ColumnElement[bool] = Task.status == TaskStatus.DOWNLOADING
        if name != VAULT:
            which = and_(which, Task.key_id == key_behind(name))
        named = _named(ANY_STEP, str(stop.stopped_word), name)
        yield HeldGroup(named, which, Task.status_at, stop.stopped_text or "")


def _named(step: str, word: str, of: str = "") -> Fingerprint:
    which = hashlib.sha256(of.encode()).hexdigest()[:8] if of else "0"
    return Fingerprint(step, OURS, None, word, which)
