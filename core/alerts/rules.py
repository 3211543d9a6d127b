"""What there is to tell right now: for each cause a sentence for each thing that it is about. Reads, never writes.

Names of plans, projects and keys are told, prompts and the provider's messages are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import Session

from core import heartbeat, outages
from core.alerts.causes import Cause
from core.budget_gate import IS_HELD
from core.budgets import how_to_raise
from core.errors import KeyRefusedError, WalletEmptyError
from core.failures.catalogue import entry_of
from core.failures.fingerprint import Fingerprint
from core.failures.states import GroupState
from core.lifecycle import OPEN, AssetStatus, Hold, TaskStatus
from core.models import Asset, FailureGroup, Plan, Project, ProviderKey, Task
from core.prices import credits_in_words

Told = dict[str, str]  # sentences by what they are about

NEWS_FOR: Final = timedelta(days=1)  # what happened longer ago is told no more
RATED_OVER: Final = timedelta(hours=1)
ENOUGH_TO_RATE: Final = 20
SILENT_AFTER: Final = timedelta(minutes=2)  # a restart is no news
MOST_GROUPS: Final = 200
OUT_AFTER: Final = timedelta(minutes=2)


class Limits(NamedTuple):
    """From when on something is told; None: never."""

    failure_rate: float | None = 0.3
    wallet_credits: Decimal | None = Decimal(500)


def all_there_is_to_tell(
    session: Session, limits: Limits, now: datetime, *, polls: bool
) -> Mapping[Cause, Told]:
    """Read all causes; who `polls` itself need not ask whether a poller is there."""
    return {
        Cause.NEW_FAILURE: {**new_failures(session, now), **returned_failures(session, now)},
        Cause.FAILURE_RATE: failure_rate(session, limits.failure_rate, now),
        Cause.POLLER_SILENT: {} if polls else poller_silent(session, now),
        Cause.PROVIDER_OUT: provider_out(session, now),
        Cause.WALLET_LOW: wallet_low(session, limits.wallet_credits),
        Cause.BUDGET_HOLDS: budgets_hold(session),
        Cause.PLAN_FINISHED: plans_finished(session, now),
    }


def new_failures(session: Session, now: datetime) -> Told:
    """Name the groups of failures of which none is older than a day, the largest first."""
    began_at = func.min(Task.status_at)
    groups = (
        select(Task.fingerprint, func.count().label("tasks"))
        .where(Task.fingerprint.is_not(None))
        .group_by(Task.fingerprint)
        .having(began_at > now - NEWS_FOR)
        .order_by(began_at.desc(), Task.fingerprint)
        .limit(MOST_GROUPS)
    )
    found = [(name or "", tasks) for name, tasks in session.execute(groups)]
    found.sort(key=lambda group: -group[1])
    return {name: f"{_counted(tasks, 'task')}: {_group(name)}." for name, tasks in found}


def returned_failures(session: Session, now: datetime) -> Told:
    """Name the groups of failures that somebody had resolved and of which there were more within a day."""
    came_after = (Task.status_at > FailureGroup.changed_at, Task.status_at > now - NEWS_FOR)
    groups = (
        select(Task.fingerprint, func.count())
        .join(FailureGroup, FailureGroup.fingerprint == Task.fingerprint)
        .where(FailureGroup.state == GroupState.RESOLVED, *came_after)
        .group_by(Task.fingerprint)
        .order_by(func.max(Task.status_at).desc(), Task.fingerprint)
        .limit(MOST_GROUPS)
    )
    return {
        f"{name} again": f"Resolved, but back with {_counted(tasks, 'task')}: {_group(name or '')}."
        for name, tasks in session.execute(groups)
    }


def failure_rate(session: Session, limit: float | None, now: datetime) -> Told:
    """Say so when a larger share than this of the last hour's steps failed."""
    # counted by time alone: grouped by status, SQLite would search by that, and all rows have one
    failed, succeeded = (
        func.count(case((Task.status == status, 1))) for status in (TaskStatus.FAILED, TaskStatus.SUCCESS)
    )
    lately = select(failed, succeeded).where(Task.finished_at > now - RATED_OVER)
    bad, good = session.execute(lately).one()
    total = bad + good
    if limit is None or total < ENOUGH_TO_RATE or bad <= limit * total:
        return {}
    return {"": f"{bad} of {total} steps failed within the last hour ({bad / total:.0%})."}


def poller_silent(session: Session, now: datetime) -> Told:
    """Say so when no poller was heard of for a while though there is work for one."""
    last = heartbeat.last_of(session, "poller")
    if last is not None and now - last <= SILENT_AFTER:
        return {}
    is_kept = Task.hold.is_(None) | (Task.hold == Hold.EARLIER_STEP)
    neglected = (Task.status.in_(list(OPEN)), Task.status_at < now - SILENT_AFTER, is_kept)
    if last is None and not session.scalar(select(exists().where(*neglected))):
        return {}  # none was ever started, or it was stopped in order, and nobody waits for it
    since = f" The last one was heard of at {last:%H:%M} UTC." if last else ""
    return {"": f"Orders are kept, but nothing moves.{since} Start one with `python -m poller` or `make up`."}


def provider_out(session: Session, now: datetime) -> Told:
    """Name the keys whose queue has stood still for a while because of the provider or of the key itself."""
    why = {
        outages.WORD: "the provider does not answer; orders wait and are sent by themselves",
        KeyRefusedError.code: "the provider refuses the key; put it right on the page Keys or in the settings",
    }
    stopped = select(ProviderKey).where(
        ProviderKey.stopped_word.in_(list(why)),
        ProviderKey.stopped_at < now - OUT_AFTER,
        ProviderKey.retired_at.is_(None),
    )
    return {
        key.id: f"{_key(key)}: {why[key.stopped_word or '']}."
        for key in session.scalars(stopped.order_by(ProviderKey.created_at))
    }


def wallet_low(session: Session, limit: Decimal | None) -> Told:
    """Name the keys that have fewer credits left than this, or too few for what waits."""
    is_low = [ProviderKey.stopped_word == WalletEmptyError.code]
    if limit is not None:
        is_low.append(ProviderKey.balance < limit)
    low = select(ProviderKey).where(or_(*is_low), ProviderKey.retired_at.is_(None))
    return {key.id: f"{_key(key)}: {_left(key)}" for key in session.scalars(low)}


def budgets_hold(session: Session) -> Told:
    """Name the projects whose budget keeps orders from being sent."""
    held = select(Task.project_id, func.count()).where(IS_HELD).group_by(Task.project_id)
    counts = dict(session.execute(held).all())
    projects = session.scalars(select(Project).where(Project.id.in_(counts)).order_by(Project.name))
    return {
        project.id: f"{_counted(counts[project.id], 'order')} of “{project.name}” beyond its budget of "
        f"{credits_in_words(project.budget or Decimal(0))}. {how_to_raise(project)}"
        for project in projects
    }


def plans_finished(session: Session, now: datetime) -> Told:
    """Name the plans of which something ended within a day and nothing is open any more."""
    lately = (
        select(Asset.plan_id)
        .join(Task, Task.asset_pk == Asset.id)
        .where(Task.finished_at > now - NEWS_FOR, Asset.plan_id.is_not(None))
    )
    is_open = (Task.status.in_(list(OPEN)), or_(Task.hold.is_(None), Task.hold != Hold.FAILED_STEP))
    of_plan = (Asset.plan_id == Plan.id, Asset.removed_at.is_(None))
    finished = (
        select(Plan.id, Plan.filename, Project.name)
        .join(Project, Project.id == Plan.project_id)
        .where(
            Plan.id.in_(lately),
            ~exists().where(*of_plan, Task.asset_pk == Asset.id, *is_open).correlate(Plan),
        )
        .order_by(Plan.id)
    )
    return {
        plan_id: f"“{filename}” in {project}: {_ended(session, plan_id)}."
        for plan_id, filename, project in session.execute(finished).all()
    }


def _ended(session: Session, plan_id: str) -> str:
    counts = (
        select(Asset.status, func.count())
        .where(Asset.plan_id == plan_id, Asset.removed_at.is_(None))
        .group_by(Asset.status)
    )
    by_status = dict(session.execute(counts).all())
    words = [
        f"{_counted(sum(by_status.values()), 'asset')}, {by_status.get(AssetStatus.COMPLETE, 0)} complete"
    ]
    if by_status.get(AssetStatus.FAILED):
        words.append(f"{by_status[AssetStatus.FAILED]} failed")
    return ", ".join(words)


def _group(name: str) -> str:
    group = Fingerprint.read(name)
    if group is None:
        return name
    code = f", code {group.provider_code} in {group.said_by}" if group.provider_code else ""
    return f"{group.step.replace('_', ' ')}, “{entry_of(group).title}” ({group.word}{code})"


def _key(key: ProviderKey) -> str:
    return f"The key “{key.name}” (…{key.last_four})"


def _left(key: ProviderKey) -> str:
    left = "too few credits" if key.balance is None else f"{credits_in_words(key.balance)} left"
    wait = " Orders wait for more." if key.stopped_word == WalletEmptyError.code else ""
    return f"{left}.{wait} Top it up at Tripo."


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
