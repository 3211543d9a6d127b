"""The moves of a task: claim, start, release, complete, fail, cancel. The only writer of `Task.status`.

Each move is one conditional UPDATE (still this status, still this fence) in the caller's transaction, together with
its event and the asset's recomputed status. Locks are taken in one order everywhere: the asset, then its tasks.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import Session

from core import chain
from core.errors import IllegalMoveError, OrderError
from core.forecast import first_ask_seconds
from core.lifecycle import (
    ALLOWED,
    AT_PROVIDER,
    FINAL,
    UNSENT,
    AssetStatus,
    Hold,
    StepState,
    TaskKind,
    TaskStatus,
    asset_status,
)
from core.models import Asset, ProviderKey, Task, TaskEvent

log = logging.getLogger("hatchery.tasks")

SUBMIT_LEASE = timedelta(seconds=120)
POLL_LEASE = timedelta(seconds=60)
DOWNLOAD_LEASE = timedelta(minutes=5)
ONE_SECOND = timedelta(seconds=1)
DECIDE_IT = (
    "Look for it in Tripo's console, then say here whether it was created; it is never sent again by itself."
)


class Claim(NamedTuple):
    """The right to act on a task until its lease ends; every write under it must show the fence."""

    task_id: str
    fence: int


class Reason(NamedTuple):
    """Why a task ended badly: a stable word, a sentence, what to do, and whether the same again may work."""

    code: str
    message: str
    suggestion: str = ""
    retryable: bool = False
    provider_code: int | None = None
    trace_id: str | None = None


class LeaseLostError(IllegalMoveError):
    """Somebody else has claimed the task since, or moved it: what was to be written is void."""

    code = "lease_lost"


# --- claims ---------------------------------------------------------------------------------------------------


def claim_to_send(
    session: Session, task: Task, key: ProviderKey, pool: str, owner: str, now: datetime
) -> Claim | None:
    """Take a READY task before calling the provider; None when somebody else was faster."""
    _lock_asset(session, task.asset_pk)
    fence = task.fence + 1
    moved = _move_if(
        session,
        task,
        TaskStatus.SUBMITTING,
        now,
        fence=task.fence,
        actor=owner,
        changes={
            "fence": fence,
            "lease_owner": owner,
            "lease_until": now + SUBMIT_LEASE,
            "sent_at": now,
            "key_id": key.id,
            "pool": pool,
            "waiting_for": None,
            "waiting_text": None,
        },
    )
    return Claim(task.id, fence) if moved else None


def claim_due(
    session: Session,
    which: ColumnElement[bool],
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    only: str | None = None,
) -> list[Claim]:
    """Take the due ones of these tasks whose lease is free, the longest due first.

    With `only` it takes that one task, due or not, unless it was asked about within the last second.
    """
    wanted: list[ColumnElement[bool]] = [
        which,
        or_(Task.lease_until.is_(None), Task.lease_until < now),
        Task.due_at.is_not(None),
    ]
    if only is None:
        wanted.append(Task.due_at <= now)
    else:
        wanted += [Task.id == only, or_(Task.asked_at.is_(None), Task.asked_at <= now - ONE_SECOND)]
    due = (
        select(Task.id)
        .where(*wanted)
        .order_by(Task.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte()
    )
    taken = session.execute(
        update(Task)
        .where(Task.id.in_(select(due.c.id)))
        .values(fence=Task.fence + 1, lease_owner=owner, lease_until=now + lease, asked_at=now)
        .returning(Task.id, Task.fence)
        .execution_options(synchronize_session=False)
    )
    return [Claim(task_id, fence) for task_id, fence in taken]


def held(session: Session, claim: Claim) -> Task:
    """Load a claimed task for writing; raises LeaseLostError when the claim is no longer the newest."""
    asset_pk = session.scalar(select(Task.asset_pk).where(Task.id == claim.task_id))
    if asset_pk is None:
        raise LeaseLostError(f"task {claim.task_id} is gone")
    _lock_asset(session, asset_pk)
    task = session.get_one(Task, claim.task_id, with_for_update=True, populate_existing=True)
    if task.fence != claim.fence:
        raise LeaseLostError(f"task {task.id}: fence {task.fence}, ours was {claim.fence}")
    return task


# --- moves made under a claim --------------------------------------------------------------------------------


def start(
    session: Session, claim: Claim, tripo_task_id: str, now: datetime, trace_id: str | None = None
) -> None:
    """The provider said yes: keep its id, and ask about the task for the first time soon."""
    task = held(session, claim)
    _move(
        session,
        task,
        TaskStatus.QUEUED,
        now,
        changes={
            "tripo_task_id": tripo_task_id,
            "trace_id": trace_id,
            "submitted_at": now,
            "tries": 0,
            "due_at": now + timedelta(seconds=first_ask_seconds(task.kind)),
        },
    )


def release(
    session: Session, claim: Claim, due_at: datetime, word: str, sentence: str, now: datetime
) -> None:
    """Nothing was created: the order goes back and waits."""
    task = held(session, claim)
    changes = {"due_at": due_at, "waiting_for": word, "waiting_text": sentence, "tries": task.tries + 1}
    _move(session, task, TaskStatus.READY, now, message=sentence, changes=changes)


def lose(session: Session, claim: Claim, sentence: str, now: datetime, trace_id: str | None = None) -> None:
    """Sent, and the answer was lost: never sent again by itself."""
    task = held(session, claim)
    changes = {
        "due_at": None,
        "waiting_for": "outcome_unknown",
        "waiting_text": sentence,
        "trace_id": trace_id,
    }
    _move(session, task, TaskStatus.UNKNOWN, now, message=sentence, changes=changes)


def begin_download(
    session: Session, claim: Claim, links: Mapping[str, str | None], credits: Decimal | None, now: datetime
) -> None:
    """The provider is done; our copies of its files are not safe yet."""
    task = held(session, claim)
    changes = {
        "links": {**links, "at": now.isoformat()},
        "credits": credits,
        "provider_done_at": now,
        "progress": 100,
        "seconds_left": None,
        "queue_position": None,
        "tries": 0,
        "due_at": now,
        **_NO_LONGER_GONE,
    }
    _move(session, task, TaskStatus.DOWNLOADING, now, changes=changes)


def complete(session: Session, claim: Claim, now: datetime, **changes: Any) -> None:
    """Done, its files are safe: what waited for it may be sent."""
    task = held(session, claim)
    done = {
        "progress": 100,
        "finished_at": now,
        "due_at": None,
        "tries": 0,
        "waiting_for": None,
        "waiting_text": None,
    }
    _move(session, task, TaskStatus.SUCCESS, now, changes=done | changes)
    _free_next(session, task, now)


def fail(session: Session, claim: Claim, reason: Reason, now: datetime, **changes: Any) -> None:
    """Ended badly; what waited for it waits for a retry."""
    _fail(session, held(session, claim), reason, now, **changes)


def give_back(session: Session, claim: Claim, due_at: datetime | None, **changes: Any) -> None:
    """End a claim without a move: when it is due next, and what was learnt."""
    task = held(session, claim)
    _write(session, task, {"due_at": due_at, "lease_owner": None, "lease_until": None, **changes})


def record_progress(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what was learnt of many running tasks at once, and end their claims.

    Each row has `claimed_id` and `claimed_fence`; one whose fence is no longer the newest is not touched.
    """
    if not rows:
        return
    columns: dict[str, Any] = {
        name: bindparam(name) for name in rows[0] if name not in ("claimed_id", "claimed_fence")
    }
    statement = (
        update(Task.__table__)  # type: ignore[arg-type]
        .where(Task.id == bindparam("claimed_id"), Task.fence == bindparam("claimed_fence"))
        .values(lease_owner=None, lease_until=None, **columns)
    )
    session.connection().execute(statement, list(rows))


def advance(session: Session, claim: Claim, to: TaskStatus, now: datetime, **changes: Any) -> None:
    """The provider moved a task between queued and running."""
    _move(session, held(session, claim), to, now, changes=changes)


def note(session: Session, task: Task, message: str, now: datetime, actor: str = "poller") -> None:
    """Add a line to a task's history that is not a move."""
    session.add(TaskEvent(task_id=task.id, asset_pk=task.asset_pk, at=now, message=message, actor=actor))


# --- moves made without a claim ------------------------------------------------------------------------------


def cancel(session: Session, task: Task, reason: str, actor: str, now: datetime) -> list[Task]:
    """End a task and what waits behind it; returns all that were ended.

    One that was sent is still followed (its due time stays), so that its credits and files are recorded.
    """
    _lock_asset(session, task.asset_pk)
    session.refresh(task)
    ended = [task, *(t for t in _behind(session, task) if t.status in UNSENT)]
    for each in ended:
        followed = each.due_at if each.tripo_task_id else None
        changes = {
            "finished_at": now,
            "due_at": followed,
            "waiting_for": None,
            "waiting_text": None,
            "hold": None,
        }
        _move(session, each, TaskStatus.CANCELLED, now, actor=actor, message=reason, changes=changes)
    return ended


def make_due(session: Session, tripo_task_id: str, now: datetime) -> bool:
    """Let the next tick ask about a task that the provider works on; False when there is no such task."""
    asked_sooner = session.execute(
        update(Task)
        .where(Task.tripo_task_id == tripo_task_id, Task.status.in_(list(AT_PROVIDER)))
        .values(due_at=now)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return asked_sooner.first() is not None


def refuse_unsent(session: Session, task: Task, reason: Reason, now: datetime) -> None:
    """End an order that was never sent, unpaid."""
    _lock_asset(session, task.asset_pk)
    _fail(session, task, reason, now)


def rescue(session: Session, now: datetime) -> int:
    """Mark as unknown what was being sent by a process that has not come back before its lease ended."""
    stuck = session.scalars(
        select(Task).where(Task.status == TaskStatus.SUBMITTING, Task.lease_until < now)
    ).all()
    for task in sorted(stuck, key=lambda t: t.asset_pk):
        _lock_asset(session, task.asset_pk)
        sentence = f"Whoever was sending this order stopped before the provider's answer came. {DECIDE_IT}"
        changes = {
            "fence": task.fence + 1,
            "due_at": None,
            "waiting_for": "outcome_unknown",
            "waiting_text": sentence,
        }
        _move_if(session, task, TaskStatus.UNKNOWN, now, fence=task.fence, message=sentence, changes=changes)
    return len(stuck)


def free_leases_of_dead(session: Session, alive: Sequence[str], now: datetime) -> int:
    """Let others take over at once what a poller without a heartbeat was asking about or fetching.

    Not what it was sending: only its lease's end says that the answer will not come. Should it live after all,
    its fence is old by the time somebody else has claimed.
    """
    dead = Task.lease_owner.like("poller-%") & Task.lease_owner.not_in(list(alive))
    freed = session.execute(
        update(Task)
        .where(dead, Task.lease_until > now, Task.status != TaskStatus.SUBMITTING)
        .values(lease_until=now)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return len(freed.all())


def resolve_not_created(session: Session, task: Task, reason: str, actor: str, now: datetime) -> None:
    """A person says that an order of unknown outcome was never made: it may be sent again."""
    _lock_asset(session, task.asset_pk)
    message = f"Decided by a person: it was not created. {reason}".strip()
    changes = {"due_at": now, "waiting_for": None, "waiting_text": None}
    _move(session, task, TaskStatus.READY, now, actor=actor, message=message, changes=changes)


def resolve_created(
    session: Session, task: Task, tripo_task_id: str, reason: str, actor: str, now: datetime
) -> None:
    """A person names the provider's task that an order of unknown outcome became: it is followed from here."""
    _lock_asset(session, task.asset_pk)
    message = f"Decided by a person: it was created. {reason}".strip()
    changes = {
        "tripo_task_id": tripo_task_id,
        "submitted_at": now,
        "due_at": now,
        "tries": 0,
        "waiting_for": None,
        "waiting_text": None,
    }
    _move(session, task, TaskStatus.QUEUED, now, actor=actor, message=message, changes=changes)


def add_steps(session: Session, asset: Asset, rows: Sequence[Task], actor: str, now: datetime) -> None:
    """Write new tasks of one asset, each with its first event, and recompute the asset."""
    _lock_asset(session, asset.id)
    session.add_all(rows)
    session.flush()
    for row in rows:
        _record(session, row, None, row.status, now, actor, "")
    refresh_asset(session, asset.id, now)


def wake_behind(session: Session, task: Task) -> None:
    """Say of the steps behind a retried one that they wait for it again, not for a person."""
    for later in _behind(session, task):
        if later.hold is Hold.FAILED_STEP:
            _write(session, later, {"hold": Hold.EARLIER_STEP})


# --- how a move is written -----------------------------------------------------------------------------------

_NO_LONGER_GONE: Mapping[str, Any] = {"gone_answers": 0, "gone_since": None}


def _move(
    session: Session,
    task: Task,
    to: TaskStatus,
    now: datetime,
    *,
    actor: str = "poller",
    message: str = "",
    changes: Mapping[str, Any],
) -> None:
    if not _move_if(session, task, to, now, fence=task.fence, actor=actor, message=message, changes=changes):
        raise LeaseLostError(f"task {task.id}: no longer {task.status} under fence {task.fence}")


def _move_if(
    session: Session,
    task: Task,
    to: TaskStatus,
    now: datetime,
    *,
    fence: int,
    actor: str = "poller",
    message: str = "",
    changes: Mapping[str, Any],
) -> bool:
    before = task.status
    if to not in ALLOWED[before]:
        raise IllegalMoveError(f"task {task.id}: {before} -> {to}")
    lease_over = {} if to is TaskStatus.SUBMITTING else {"lease_owner": None, "lease_until": None}
    moved = session.execute(
        update(Task)
        .where(Task.id == task.id, Task.status == before, Task.fence == fence)
        .values(**{"updated_at": now, **lease_over, **changes, "status": to, "status_at": now})
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        return False
    session.refresh(task)
    _record(session, task, before, to, now, actor, message)
    if to in (TaskStatus.FAILED, TaskStatus.CANCELLED):
        _hold_behind(session, task)
    refresh_asset(session, task.asset_pk, now)
    return True


def _write(session: Session, task: Task, changes: Mapping[str, Any]) -> None:
    session.execute(
        update(Task).where(Task.id == task.id).values(**changes).execution_options(synchronize_session=False)
    )
    session.refresh(task)


def _fail(session: Session, task: Task, reason: Reason, now: datetime, **changes: Any) -> None:
    written = {
        "error_code": reason.code,
        "error_message": reason.message,
        "error_suggestion": reason.suggestion,
        "error_retryable": reason.retryable,
        "provider_error_code": reason.provider_code,
        "trace_id": reason.trace_id or task.trace_id,
        "finished_at": now,
        "due_at": None,
        "waiting_for": None,
        "waiting_text": None,
        "hold": None,
        "seconds_left": None,
        "queue_position": None,
    }
    _move(session, task, TaskStatus.FAILED, now, message=reason.message, changes=written | changes)


def _record(
    session: Session,
    task: Task,
    before: TaskStatus | None,
    to: TaskStatus,
    now: datetime,
    actor: str,
    message: str,
) -> None:
    event = TaskEvent(
        task_id=task.id,
        asset_pk=task.asset_pk,
        at=now,
        from_status=before,
        to_status=to,
        message=message,
        actor=actor,
    )
    session.add(event)
    log.info("task %s (%s) %s -> %s %s", task.id, task.kind, before or "new", to, message)


def _lock_asset(session: Session, asset_pk: str) -> None:
    session.execute(select(Asset.id).where(Asset.id == asset_pk).with_for_update())


def refresh_asset(session: Session, asset_pk: str, now: datetime) -> AssetStatus:
    """Recompute an asset's status from the tasks of its current chain; kept in the row so that lists can filter."""
    session.flush()
    asset = session.get_one(Asset, asset_pk, populate_existing=True)
    tasks = session.scalars(
        select(Task).where(Task.asset_pk == asset_pk, Task.chain == asset.chain).order_by(Task.attempt)
    ).all()
    asset.status = asset_status(_step_states(tasks))
    asset.has_unknown = any(t.status is TaskStatus.UNKNOWN for t in tasks)
    asset.updated_at = now
    session.flush()
    return asset.status


def _step_states(tasks: Sequence[Task]) -> list[StepState]:
    newest: dict[tuple[TaskKind, str], Task] = {}
    succeeded: set[tuple[TaskKind, str]] = set()
    for task in tasks:
        newest[task.kind, task.preset] = task
        if task.status is TaskStatus.SUCCESS:
            succeeded.add((task.kind, task.preset))
    return [StepState(t.kind, t.status, step in succeeded, t.hold) for step, t in newest.items()]


def _behind(session: Session, task: Task) -> list[Task]:
    kinds = chain.steps_behind(task.kind)
    return list(
        session.scalars(
            select(Task)
            .where(
                Task.asset_pk == task.asset_pk,
                Task.chain == task.chain,
                Task.kind.in_(kinds),
                Task.status.not_in(list(FINAL)),
            )
            .order_by(Task.created_at)
        )
    )


def _hold_behind(session: Session, task: Task) -> None:
    for later in _behind(session, task):
        if later.status is TaskStatus.WAITING:
            _write(session, later, {"hold": Hold.FAILED_STEP})


def _free_next(session: Session, done: Task, now: datetime) -> None:
    following = chain.AFTER.get(done.kind)
    waiting = [t for t in _behind(session, done) if t.kind is following and t.status is TaskStatus.WAITING]
    for task in waiting:
        refusal = _refusal_after(done, task)
        if refusal is not None:
            _fail(session, task, refusal, now)
            continue
        source_id = done.source_task_id if done.kind is TaskKind.RIG_CHECK else done.id
        changes: dict[str, Any] = {
            "source_task_id": source_id,
            "key_id": done.key_id,
            "hold": None,
            "due_at": now,
        }
        if done.kind is TaskKind.RIG_CHECK:
            changes["order"] = _rig_order(done, task)
        _move(session, task, TaskStatus.READY, now, changes=changes)


def _refusal_after(done: Task, following: Task) -> Reason | None:
    """Say why the step behind a finished one must not be sent, if so: nothing more is paid then."""
    if done.kind is TaskKind.RIG_CHECK and not done.riggable:
        return Reason(
            "not_riggable",
            "The provider's check says that this model cannot be rigged.",
            "Keep it as a static model, or generate it anew as one whole figure in T-pose.",
        )
    if done.kind is TaskKind.RIG_CHECK:
        return _unfit(done, following)
    if done.kind is TaskKind.RIG:
        return _unplayable(done, following.preset)
    return None


def _rig_order(check: Task, rig: Task) -> dict[str, Any]:
    """Complete a rig's order by what its check found; the rig type that a person named stands."""
    return {"rigType": check.rig_type or "biped", **rig.order}


def _unfit(check: Task, rig: Task) -> Reason | None:
    try:
        chain.refuse_unfit_rig(_rig_order(check, rig))
    except OrderError as error:
        return Reason(
            error.code, error.message, "Order the rig again without rigModel, so that a version is chosen."
        )
    return None


def _unplayable(rig: Task, preset: str) -> Reason | None:
    rig_type = rig.rig_type or rig.order.get("rigType") or "biped"
    try:
        chain.refuse_unplayable(preset, rig_type, chain.rig_model_of(rig.order, rig_type))
    except OrderError as error:
        return Reason(error.code, error.message, error.suggestion)
    if not chain.can_be_animated(rig.order):
        return Reason(
            "preset_not_playable",
            f"A rig with the {rig.order['spec']} skeleton cannot be animated by the provider.",
            "Rig the model again with the tripo skeleton.",
        )
    return None
