"""The moves of a task: claim, start, release, complete, fail, cancel. The only way to another `Task.status`.

Each runs in the caller's transaction; how a move is written stands in `core.moves`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, Row, Table, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from core.bulk import Columns, update_rows
from core.database import UtcDateTime
from core.failures.fingerprint import fingerprint_of
from core.failures.states import INTERRUPTED
from core.gathering import add_event, gathering_of
from core.lifecycle import (
    AT_PROVIDER,
    UNSENT,
    Hold,
    TaskStatus,
)
from core.models import Asset, Inquiry, ProviderKey, Task
from core.moves import (
    Claimed,
    LeaseLostError,
    Reason,
    behind,
    end_badly,
    lock_asset,
    move,
    move_if,
    move_many,
    record,
    refresh_asset,
    write,
)
from core.succession import free_next

log = logging.getLogger("hatchery.tasks")

TASKS: Table = Task.metadata.tables[Task.__tablename__]

# A lease is longer than the slowest act under it, so that nobody who works ever loses one. One answer of the provider
# takes up to 95 s (`tripo.client.Timeouts`: 60 s, and one more wait of up to 30 s). What died is freed sooner, as soon
# as its heartbeat is old (`free_leases_of_dead`); only a send waits for its lease's end.
BEGIN_WITHIN_SECONDS = 20.0  # an ask that waited longer for its turn is given back
POLL_LEASE = timedelta(seconds=150)  # 20 s until it begins, 95 s for the answer, the rest to write it
# 20 s for a picture, 95 s for the answer, two minutes of tries to write it
SUBMIT_LEASE = timedelta(seconds=240)
# a model, once more through a fresh link, and a picture: 15 minutes each
DOWNLOAD_LEASE = timedelta(minutes=60)
# What lies further ahead was written by a clock that was wrong: it counts as over, and as due.
LONGEST_LEASE = 2 * DOWNLOAD_LEASE
LONGEST_WAIT = timedelta(hours=2)  # the provider may ask for one (`tripo.envelope`)
ONE_SECOND = timedelta(seconds=1)
BUDGET = "budget"  # the word for what such an order waits for
FIRST_LOOK_SECONDS = 3.0  # after an answer was lost: the provider's history may need a moment
DECIDE_IT = (
    "It is looked for at Tripo; what is found is shown here. It is never sent again unless a person says so."
)


Moment = datetime | BindParameter[datetime]


class Claim(NamedTuple):
    """The right to act on a task until its lease ends; every write under it must show the fence."""

    task_id: str
    fence: int


_NO_LONGER_GONE: Mapping[str, int | None] = {"gone_answers": 0, "gone_since": None}


def is_due(now: datetime) -> ColumnElement[bool]:
    """Say in SQL whether something is to be done about a task now."""
    return _is_due(now, now + LONGEST_WAIT)


def lease_is_over(now: datetime) -> ColumnElement[bool]:
    """Say in SQL whether a task's claim has ended, by its end or because no claim can last so long."""
    return _lease_is_over(now, now + LONGEST_LEASE)


def _is_due(now: Moment, too_late: Moment) -> ColumnElement[bool]:
    return or_(Task.due_at <= now, Task.due_at > too_late)


def _lease_is_over(now: Moment, too_late: Moment) -> ColumnElement[bool]:
    return or_(Task.lease_until < now, Task.lease_until > too_late)


# For statements that are built once: their values are those of `moments`.
_NOW, _DUE_BY, _NOT_DUE_BY, _NOT_LEASED_BY, _LEASE_TO, _A_SECOND_AGO = (
    bindparam(name, type_=UtcDateTime())
    for name in ("now", "due_by", "not_due_by", "not_leased_by", "lease_to", "a_second_ago")
)
IS_FREE: ColumnElement[bool] = or_(Task.lease_until.is_(None), _lease_is_over(_NOW, _NOT_LEASED_BY))


def moments(now: datetime) -> dict[str, datetime]:
    """Return the values for `IS_FREE`."""
    return {"now": now, "not_leased_by": now + LONGEST_LEASE}


# --- claims ---------------------------------------------------------------------------------------------------


def claim_to_send(
    session: Session, task: Task, key: ProviderKey, pool: str, owner: str, now: datetime
) -> Claim | None:
    """Take a READY task before calling the provider; None when somebody else was faster."""
    lock_asset(session, task.asset_pk)
    fence = task.fence + 1
    moved = move_if(
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
) -> list[Claim]:
    """Take the due ones of these tasks whose lease is free, the longest due first."""
    rows = claim_rows(session, claim_statement(which), owner, now, lease, limit)
    return [Claim(row.id, row.fence) for row in rows]


def claim_statement(
    which: ColumnElement[bool], columns: Sequence[Any] = (), *, is_one: bool = False
) -> ReturningUpdate[Any]:
    """Build what `claim_rows` runs; that takes longer than running it, so keep it for what is claimed often.

    With `is_one` it takes the one task that is given as `only`, due or not, unless it was asked about within a second.
    """
    wanted = [which, IS_FREE, Task.due_at.is_not(None)]
    if is_one:
        wanted += [
            Task.id == bindparam("only"),
            or_(Task.asked_at.is_(None), Task.asked_at <= _A_SECOND_AGO),
        ]
    else:
        wanted.append(_is_due(_DUE_BY, _NOT_DUE_BY))
    due = (
        select(Task.id)
        .where(*wanted)
        .order_by(Task.due_at)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True)
        .cte()
    )
    owner: BindParameter[str] = bindparam("owner")
    return (
        update(TASKS)
        .where(TASKS.c.id.in_(select(due.c.id)))
        .values(fence=TASKS.c.fence + 1, lease_owner=owner, lease_until=_LEASE_TO, asked_at=_NOW)
        .returning(TASKS.c.id, TASKS.c.fence, *columns)
    )


def claim_rows(
    session: Session,
    statement: ReturningUpdate[Any],
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    *,
    ahead: timedelta = timedelta(),
    **more: Any,
) -> Sequence[Row[Any]]:
    """Claim as `claim_due` does, with one statement; each row has `id`, `fence` and the columns asked for.

    What is due so little later is taken along; `more` are values of the statement's own.
    """
    due_by = now + ahead
    values = {
        **moments(now),
        "due_by": due_by,
        "not_due_by": due_by + LONGEST_WAIT,
        "lease_to": now + lease,
        "a_second_ago": now - ONE_SECOND,
        "owner": owner,
        "most": limit,
    }
    return session.connection().execute(statement, values | more).all()


def held(session: Session, claim: Claim) -> Task:
    """Load a claimed task for writing; raises LeaseLostError when the claim is no longer the newest."""
    asset_pk = session.scalar(select(Task.asset_pk).where(Task.id == claim.task_id))
    if asset_pk is None:
        raise LeaseLostError(f"task {claim.task_id} is gone")
    lock_asset(session, asset_pk)
    task = session.get_one(Task, claim.task_id, with_for_update=True, populate_existing=True)
    if task.fence != claim.fence:
        raise LeaseLostError(f"task {task.id}: fence {task.fence}, ours was {claim.fence}")
    return task


# --- moves made under a claim --------------------------------------------------------------------------------


def start(
    session: Session,
    claim: Claim,
    tripo_task_id: str,
    now: datetime,
    trace_id: str | None = None,
    *,
    due_at: datetime,
    pace: str | None = None,
) -> None:
    """The provider said yes: keep its id, how long such tasks take, and when to ask about it first."""
    task = held(session, claim)
    move(
        session,
        task,
        TaskStatus.QUEUED,
        now,
        changes={
            "tripo_task_id": tripo_task_id,
            "trace_id": trace_id,
            "submitted_at": now,
            "tries": 0,
            "due_at": due_at,
            "pace": pace,
        },
    )


def release(
    session: Session, claim: Claim, due_at: datetime, word: str, sentence: str, now: datetime
) -> None:
    """Nothing was created: the order goes back and waits."""
    task = held(session, claim)
    changes = {"due_at": due_at, "waiting_for": word, "waiting_text": sentence, "tries": task.tries + 1}
    move(session, task, TaskStatus.READY, now, message=sentence, changes=changes)


def lose(session: Session, claim: Claim, sentence: str, now: datetime, trace_id: str | None = None) -> None:
    """Sent, and the answer was lost: never sent again by itself."""
    task = held(session, claim)
    changes = {
        "due_at": None,
        "waiting_for": "outcome_unknown",
        "waiting_text": sentence,
        "trace_id": trace_id,
        "fingerprint": fingerprint_of(task.kind, "outcome_unknown"),
    }
    move(session, task, TaskStatus.UNKNOWN, now, message=sentence, changes=changes)
    _look_for(session, task, now)


def _look_for(session: Session, task: Task, now: datetime) -> None:
    """Have a lost order looked for at the provider, from soon on."""
    session.add(
        Inquiry(
            task_id=task.id,
            key_id=task.key_id,
            sent_at=task.sent_at,
            lost_at=now,
            due_at=now + timedelta(seconds=FIRST_LOOK_SECONDS),
        )
    )


def begin_downloads(session: Session, claimed: Sequence[Claimed], news: Columns, now: datetime) -> None:
    """The provider is done with these; our copies of their files are not safe yet.

    `news` has each one's `links`, and what else was learnt of it.
    """
    moment = [now] * len(claimed)
    links = [{**each, "at": now.isoformat()} for each in news["links"]]
    done: Columns = {"links": links, "provider_done_at": moment, "due_at": moment}
    same = {"progress": 100, "seconds_left": None, "queue_position": None, "tries": 0, **_NO_LONGER_GONE}
    move_many(session, claimed, TaskStatus.DOWNLOADING, now, news={**news, **done}, same=same)


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
    move(session, task, TaskStatus.SUCCESS, now, changes=done | changes)
    free_next(session, task, now)


def fail(session: Session, claim: Claim, reason: Reason, now: datetime, **changes: Any) -> None:
    """Ended badly; what waited for it waits for a retry."""
    end_badly(session, held(session, claim), reason, now, **changes)


def give_back(session: Session, claim: Claim, due_at: datetime | None, **changes: Any) -> None:
    """End a claim without a move: when it is due next, and what was learnt."""
    task = held(session, claim)
    write(session, task, {"due_at": due_at, "lease_owner": None, "lease_until": None, **changes})


def record_progress(
    session: Session, claimed: Sequence[Claimed], news: Columns, same: Mapping[str, int | None] | None = None
) -> int:
    """Write what was learnt of many tasks with one statement, and end their claims; say how many were written.

    One that was claimed or moved since is not touched. Columns named in `same` get that value in every row.
    """
    return update_rows(
        session.connection(),
        TASKS,
        news,
        match={
            "id": [each.id for each in claimed],
            "fence": [each.fence for each in claimed],
            "status": [each.status for each in claimed],
        },
        same={"lease_owner": None, "lease_until": None} | dict(same or {}),
    )


def advance(
    session: Session,
    claimed: Sequence[Claimed],
    to: TaskStatus,
    now: datetime,
    news: Columns,
    same: Mapping[str, int | None],
) -> None:
    """The provider moved these between queued and running."""
    move_many(session, claimed, to, now, news=news, same=same)


def note(session: Session, task: Task, message: str, now: datetime, actor: str = "poller") -> None:
    """Add a line to a task's history that is not a move."""
    add_event(
        session,
        task_id=task.id,
        asset_pk=task.asset_pk,
        at=now,
        from_status=None,
        to_status=None,
        message=message,
        actor=actor,
    )


# --- moves made without a claim ------------------------------------------------------------------------------


def cancel(session: Session, task: Task, reason: str, actor: str, now: datetime) -> list[Task]:
    """End a task and what waits behind it; returns all that were ended.

    One that was sent is still followed (its due time stays), so that its credits and files are recorded.
    """
    lock_asset(session, task.asset_pk)
    session.refresh(task)
    ended = [task, *(t for t in behind(session, task) if t.status in UNSENT)]
    for each in ended:
        followed = each.due_at if each.tripo_task_id else None
        changes = {
            "finished_at": now,
            "due_at": followed,
            "waiting_for": None,
            "waiting_text": None,
            "hold": None,
        }
        move(session, each, TaskStatus.CANCELLED, now, actor=actor, message=reason, changes=changes)
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


def hold_for_budget(session: Session, task: Task, sentence: str, now: datetime) -> None:
    """Keep an order from being sent that its project's budget does not cover."""
    lock_asset(session, task.asset_pk)
    changes = {"hold": Hold.BUDGET, "due_at": None, "waiting_for": BUDGET, "waiting_text": sentence}
    move(session, task, TaskStatus.WAITING, now, message=sentence, changes=changes)


def go_on_within_budget(session: Session, task: Task, now: datetime) -> None:
    """Let an order be sent that its project's budget covers by now."""
    lock_asset(session, task.asset_pk)
    changes = {"hold": None, "due_at": now, "waiting_for": None, "waiting_text": None}
    move(session, task, TaskStatus.READY, now, message="The budget covers it.", changes=changes)


def refuse_unsent(session: Session, task: Task, reason: Reason, now: datetime) -> None:
    """End an order that was never sent, unpaid."""
    lock_asset(session, task.asset_pk)
    end_badly(session, task, reason, now)


def rescue(session: Session, now: datetime) -> int:
    """Mark as unknown what was being sent by a process that has not come back before its lease ended."""
    stuck = session.scalars(
        select(Task).where(Task.status == TaskStatus.SUBMITTING, lease_is_over(now))
    ).all()
    for task in sorted(stuck, key=lambda t: t.asset_pk):
        lock_asset(session, task.asset_pk)
        sentence = f"Whoever was sending this order stopped before the provider's answer came. {DECIDE_IT}"
        changes = {
            "fence": task.fence + 1,
            "due_at": None,
            "waiting_for": "outcome_unknown",
            "waiting_text": sentence,
            "fingerprint": fingerprint_of(task.kind, INTERRUPTED),
        }
        if move_if(
            session, task, TaskStatus.UNKNOWN, now, fence=task.fence, message=sentence, changes=changes
        ):
            _look_for(session, task, now)
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


def give_up_lost(session: Session, task: Task, message: str, actor: str, now: datetime) -> None:
    """A person says that an order of unknown outcome was never made: it ends here, and may be ordered again."""
    lock_asset(session, task.asset_pk)
    changes = {"finished_at": now, "due_at": None, "waiting_for": None, "waiting_text": None}
    move(session, task, TaskStatus.CANCELLED, now, actor=actor, message=message, changes=changes)


def follow_found(
    session: Session, task: Task, tripo_task_id: str, message: str, actor: str, now: datetime
) -> None:
    """An order of unknown outcome became this task of the provider's: it is followed from here as any other."""
    lock_asset(session, task.asset_pk)
    changes = {
        "tripo_task_id": tripo_task_id,
        "submitted_at": now,
        "due_at": now,
        "tries": 0,
        "waiting_for": None,
        "waiting_text": None,
    }
    move(session, task, TaskStatus.QUEUED, now, actor=actor, message=message, changes=changes)


def learn_late(session: Session, task: Task, tripo_task_id: str, message: str, now: datetime) -> None:
    """A lost order that was given up had been made after all: it stays as it ended, and is followed beside that.

    Its files and its credits are recorded as those of any task that was cancelled after it was sent.
    """
    lock_asset(session, task.asset_pk)
    write(session, task, {"tripo_task_id": tripo_task_id, "submitted_at": task.sent_at, "due_at": now})
    note(session, task, message, now)


def add_steps(session: Session, asset: Asset, rows: Sequence[Task], actor: str, now: datetime) -> None:
    """Write new tasks of one asset, each with its first event, and recompute the asset."""
    lock_asset(session, asset.id)
    session.add_all(rows)
    if gathering_of(session) is None:
        session.flush()
    for row in rows:
        record(session, row, None, row.status, now, actor, "")
    refresh_asset(session, asset.id, now)


def wake_behind(session: Session, task: Task) -> None:
    """Say of the steps behind a retried one that they wait for it again, not for a person."""
    for later in behind(session, task):
        if later.hold is Hold.FAILED_STEP:
            write(session, later, {"hold": Hold.EARLIER_STEP})


def go_on_after(session: Session, done: Task, now: datetime) -> None:
    """Free what waited behind a finished step for a person's word, now that it is given."""
    free_next(session, done, now)


def fetch_soon(session: Session, task: Task, now: datetime) -> None:
    """Let the next tick fetch the files that a task still owes, its delays forgotten."""
    lock_asset(session, task.asset_pk)
    write(session, task, {"due_at": now, "tries": 0})


def fetch_beside(session: Session, asset: Asset, lost: Task, actor: str, now: datetime) -> Task:
    """Fetch the files of a task that ended because they could not be had, as another attempt that costs nothing.

    The old row stays as it ended; the provider's task is followed by the new one from here.
    """
    lock_asset(session, asset.id)
    theirs = lost.tripo_task_id
    write(session, lost, {"tripo_task_id": None})
    again = Task(
        asset_pk=asset.id,
        project_id=lost.project_id,
        chain=lost.chain,
        kind=lost.kind,
        preset=lost.preset,
        attempt=lost.attempt + 1,
        order=dict(lost.order),
        source_task_id=lost.source_task_id,
        priority=lost.priority,
        status=TaskStatus.DOWNLOADING,
        status_at=now,
        due_at=now,
        key_id=lost.key_id,
        pool=lost.pool,
        tripo_task_id=theirs,
        progress=100,
        credits=Decimal(0),
        trace_id=lost.trace_id,
        provider_done_at=lost.provider_done_at,
        created_at=now,
        updated_at=now,
    )
    add_steps(session, asset, [again], actor, now)
    wake_behind(session, again)
    note(session, lost, f"Its files are fetched as attempt {again.attempt}.", now, actor)
    note(session, again, f"Attempt {again.attempt}: the files of {theirs}, which was paid.", now, actor)
    return again


def let_be_static(session: Session, asset: Asset, actor: str, now: datetime) -> None:
    """Ask of an asset for no more than its model: what waits behind that ends, what failed there does not count."""
    lock_asset(session, asset.id)
    asset.tag, asset.animations = "STATIC", []
    waiting = select(Task).where(
        Task.asset_pk == asset.id, Task.chain == asset.chain, Task.status.in_(list(UNSENT))
    )
    for task in session.scalars(waiting.order_by(Task.created_at)).all():
        if task.status in UNSENT:  # else it ended together with one before it
            cancel(session, task, "The asset is static now.", actor, now)
    refresh_asset(session, asset.id, now)


def postpone(
    session: Session, task: Task, due_at: datetime, word: str, sentence: str, automatic_retries: int
) -> None:
    """Let a new attempt wait for its time, and count how many before it in a row no person ordered."""
    changes = {"due_at": due_at, "waiting_for": word, "waiting_text": sentence}
    write(session, task, {**changes, "automatic_retries": automatic_retries})


def hasten(
    session: Session,
    task: Task,
    order: Mapping[str, Any],
    key_id: str | None,
    pool: str,
    now: datetime,
    actor: str,
) -> None:
    """Let an attempt that waits for its time be sent now, as a person ordered it."""
    lock_asset(session, task.asset_pk)
    changes = {"order": dict(order), "key_id": key_id, "pool": pool, "due_at": now, "automatic_retries": 0}
    write(session, task, {**changes, "waiting_for": None, "waiting_text": None})
    note(session, task, "Sent now instead of later.", now, actor)
