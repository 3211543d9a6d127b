"""How a move, or one move of many tasks, is written: a conditional UPDATE, events, assets' recomputed statuses.

All of it in one transaction. Locks are taken in one order everywhere: the asset, then its tasks.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, cast

from sqlalchemy import BindParameter, Row, Table, and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from core import chain
from core.bulk import Columns, update_rows
from core.errors import IllegalMoveError
from core.failures.fingerprint import fingerprint_of
from core.gathering import add_event, gathering, gathering_of
from core.lifecycle import (
    ALLOWED,
    FINAL,
    UNSENT,
    Hold,
    StepState,
    TaskKind,
    TaskStatus,
    asset_status,
)
from core.models import Asset, Task, TaskEvent
from core.tripo import Version

log = logging.getLogger("hatchery.tasks")

ENDED_BADLY: Final = (TaskStatus.FAILED, TaskStatus.CANCELLED)
AT_ONCE: Final = 500  # assets in one question to the database
_TASKS, _EVENTS, _ASSETS = (cast(Table, model.__table__) for model in (Task, TaskEvent, Asset))


_ASSET_PKS: Final[BindParameter[str]] = bindparam("asset_pks", expanding=True)
_LOCK: Final = (
    select(_ASSETS.c.id).where(_ASSETS.c.id.in_(_ASSET_PKS)).order_by(_ASSETS.c.id).with_for_update()
)
_STEPS: Final = (
    select(_TASKS.c.asset_pk, _TASKS.c.kind, _TASKS.c.preset, _TASKS.c.status, _TASKS.c.hold, _ASSETS.c.tag)
    .join(_ASSETS, and_(_ASSETS.c.id == _TASKS.c.asset_pk, _ASSETS.c.chain == _TASKS.c.chain))
    .where(_TASKS.c.asset_pk.in_(_ASSET_PKS))
    .order_by(_TASKS.c.attempt)
)


class Claimed(Protocol):
    """A task as it was when it was claimed."""

    @property
    def id(self) -> str: ...  # noqa: D102 - as in the row
    @property
    def fence(self) -> int: ...  # noqa: D102
    @property
    def asset_pk(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> TaskKind: ...  # noqa: D102
    @property
    def status(self) -> TaskStatus: ...  # noqa: D102


class Reason(NamedTuple):
    """Why a task ended badly: a stable word, a sentence, what to do, and whether the same again may work.

    `said_by` is the version of the provider's API in which it was said, None for what is ours to say.
    """

    code: str
    message: str
    suggestion: str = ""
    retryable: bool = False
    provider_code: int | None = None
    trace_id: str | None = None
    said_by: Version | None = None


class LeaseLostError(IllegalMoveError):
    """Somebody else has claimed the task since, or moved it: what was to be written is void."""

    code = "lease_lost"


def move(
    session: Session,
    task: Task,
    to: TaskStatus,
    now: datetime,
    *,
    actor: str = "poller",
    message: str = "",
    changes: Mapping[str, Any],
) -> None:
    """Make a move under the fence that the row shows; raises LeaseLostError when it has moved on since."""
    if not move_if(session, task, to, now, fence=task.fence, actor=actor, message=message, changes=changes):
        raise LeaseLostError(f"task {task.id}: no longer {task.status} under fence {task.fence}")


def move_if(
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
    """Make a move if the row still has this status and this fence; False when it has not.

    What goes on belongs to no group of failures any more.
    """
    before = task.status
    if to not in ALLOWED[before]:
        raise IllegalMoveError(f"task {task.id}: {before} -> {to}")
    lease_over = {} if to is TaskStatus.SUBMITTING else {"lease_owner": None, "lease_until": None}
    moved = session.execute(
        update(Task)
        .where(Task.id == task.id, Task.status == before, Task.fence == fence)
        .values(
            **{
                "updated_at": now,
                "fingerprint": None,
                **lease_over,
                **changes,
                "status": to,
                "status_at": now,
            }
        )
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        return False
    session.refresh(task)
    record(session, task, before, to, now, actor, message)
    if to in (TaskStatus.FAILED, TaskStatus.CANCELLED):
        _hold_behind(session, task)
    refresh_asset(session, task.asset_pk, now)
    return True


def move_many(
    session: Session,
    claimed: Sequence[Claimed],
    to: TaskStatus,
    now: datetime,
    *,
    news: Columns,
    same: Mapping[str, int | None],
) -> None:
    """Make one move of many tasks with few statements, each under its claim, and end the claims.

    `news` has a value for each of them, `same` one for all. Raises LeaseLostError if one of them was claimed or moved
    since. Not for moves at whose end something behind is held or freed.
    """
    if any(to not in ALLOWED[each.status] for each in claimed) or to in FINAL:
        raise IllegalMoveError(f"many tasks -> {to} from {sorted({each.status for each in claimed})}")
    lock_assets(session, {each.asset_pk for each in claimed})
    moment = [now] * len(claimed)
    moved = update_rows(
        session.connection(),
        _TASKS,
        {**news, "status": [to] * len(claimed), "status_at": moment, "updated_at": moment},
        match={
            "id": [each.id for each in claimed],
            "fence": [each.fence for each in claimed],
            "status": [each.status for each in claimed],
        },
        same={"fingerprint": None, "lease_owner": None, "lease_until": None, **same},
    )
    if moved < len(claimed):
        raise LeaseLostError(
            f"{moved} of tasks {', '.join(each.id for each in claimed)} as they were claimed"
        )
    for each in claimed:
        log.info("task %s (%s) %s -> %s", each.id, each.kind, each.status, to)
    add_events(
        session,
        [
            {
                "task_id": each.id,
                "asset_pk": each.asset_pk,
                "at": now,
                "from_status": each.status.value,
                "to_status": to.value,
                "message": "",
                "actor": "poller",
            }
            for each in claimed
        ],
    )
    refresh_assets(session, list(dict.fromkeys(each.asset_pk for each in claimed)), now)


def add_events(session: Session, events: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to the histories of many tasks with one statement; all their columns are named."""
    if events:
        session.connection().execute(insert(_EVENTS), events)


def cancel_unsent(session: Session, rows: Sequence[Row[Any]], reason: str, actor: str, now: datetime) -> int:
    """Cancel those of these tasks that are still unsent, with one statement; say how many. Their assets are locked.

    Each row has `id`, `asset_pk` and `status`; what waits behind one is among them. A pass may send one at this very
    moment: it takes no lock on the asset.
    """
    cancelled = {
        "status": TaskStatus.CANCELLED,
        "status_at": now,
        "updated_at": now,
        "finished_at": now,
        "due_at": None,
        "waiting_for": None,
        "waiting_text": None,
        "hold": None,
        "fingerprint": None,
        "lease_owner": None,
        "lease_until": None,
    }
    unsent = _TASKS.c.id.in_([row.id for row in rows]), _TASKS.c.status.in_(list(UNSENT))
    ended = set(
        session.connection()
        .execute(update(_TASKS).where(*unsent).values(**cancelled).returning(_TASKS.c.id))
        .scalars()
    )
    events = [
        {
            "task_id": row.id,
            "asset_pk": row.asset_pk,
            "at": now,
            "from_status": row.status.value,
            "to_status": TaskStatus.CANCELLED.value,
            "message": reason,
            "actor": actor,
        }
        for row in rows
        if row.id in ended
    ]
    add_events(session, events)
    if events:
        log.info(
            "%d unsent tasks of %d assets ended: %s", len(events), len({r.asset_pk for r in rows}), reason
        )
    return len(events)


def write(session: Session, task: Task, changes: Mapping[str, Any]) -> None:
    """Write columns that are no move."""
    session.execute(
        update(Task).where(Task.id == task.id).values(**changes).execution_options(synchronize_session=False)
    )
    session.refresh(task)


def end_badly(session: Session, task: Task, reason: Reason, now: datetime, **changes: Any) -> None:
    """End a task as failed, for a reason."""
    written = {
        "error_code": reason.code,
        "error_message": reason.message,
        "error_suggestion": reason.suggestion,
        "error_retryable": reason.retryable,
        "provider_error_code": reason.provider_code,
        "fingerprint": fingerprint_of(
            task.kind,
            reason.code,
            reason.message,
            said_by=reason.said_by,
            provider_code=reason.provider_code,
        ),
        "trace_id": reason.trace_id or task.trace_id,
        "finished_at": now,
        "due_at": None,
        "waiting_for": None,
        "waiting_text": None,
        "hold": None,
        "seconds_left": None,
        "queue_position": None,
    }
    move(session, task, TaskStatus.FAILED, now, message=reason.message, changes=written | changes)


def record(
    session: Session,
    task: Task,
    before: TaskStatus | None,
    to: TaskStatus,
    now: datetime,
    actor: str,
    message: str,
) -> None:
    """Add a line to a task's history."""
    add_event(
        session,
        task_id=task.id,
        asset_pk=task.asset_pk,
        at=now,
        from_status=before,
        to_status=to,
        message=message,
        actor=actor,
    )
    log.info("task %s (%s) %s -> %s %s", task.id, task.kind, before or "new", to, message)


def lock_asset(session: Session, asset_pk: str) -> None:
    """Take the asset's row, before any of its tasks."""
    gathered = gathering_of(session)
    if gathered is not None and asset_pk in gathered.locked:
        return
    session.execute(select(Asset.id).where(Asset.id == asset_pk).with_for_update())


def lock_assets(session: Session, asset_pks: Collection[str]) -> None:
    """Take many assets' rows, in the order in which everybody takes several."""
    if session.get_bind().dialect.name == "sqlite":
        return  # who writes there holds the lock of all
    in_order = sorted(asset_pks)
    for start in range(0, len(in_order), AT_ONCE):
        session.connection().execute(_LOCK, {"asset_pks": in_order[start : start + AT_ONCE]}).all()


def refresh_asset(session: Session, asset_pk: str, now: datetime) -> None:
    """Recompute an asset's status from the tasks of its current chain; kept in the row so that lists can filter."""
    gathered = gathering_of(session)
    if gathered is not None and asset_pk in gathered.locked:
        gathered.changed[asset_pk] = None
        return
    session.flush()
    asset = session.get_one(Asset, asset_pk, populate_existing=True)
    tasks = session.scalars(
        select(Task)
        .where(Task.asset_pk == asset_pk, Task.chain == asset.chain)
        .order_by(Task.attempt)
        .execution_options(populate_existing=True)  # many may have been moved beside the session
    ).all()
    asset.status = asset_status(_step_states(tasks, asset.tag))
    asset.has_unknown = any(t.status is TaskStatus.UNKNOWN for t in tasks)
    asset.updated_at = now
    session.flush()


def refresh_assets(session: Session, asset_pks: Sequence[str], now: datetime) -> None:
    """Recompute the statuses of many assets that have tasks; rows that the session holds of them stay as they were."""
    session.flush()
    for start in range(0, len(asset_pks), AT_ONCE):
        some = asset_pks[start : start + AT_ONCE]
        tasks: dict[str, list[Any]] = defaultdict(list)
        for row in session.connection().execute(_STEPS, {"asset_pks": some}):
            tasks[row.asset_pk].append(row)
        update_rows(
            session.connection(),
            _ASSETS,
            {
                "status": [asset_status(_step_states(each, each[0].tag)) for each in tasks.values()],
                "has_unknown": [any(t.status is TaskStatus.UNKNOWN for t in each) for each in tasks.values()],
                "updated_at": [now] * len(tasks),
            },
            match={"id": list(tasks)},
        )


@contextmanager
def written_together(session: Session, asset_pks: Collection[str], now: datetime) -> Iterator[None]:
    """Write what is ordered of many assets in the block with few statements; their rows are locked already."""
    with gathering(session, asset_pks) as gathered:
        yield
    session.flush()
    add_events(session, gathered.events)
    refresh_assets(session, list(gathered.changed), now)


def _step_states(tasks: Sequence[Any], tag: str) -> list[StepState]:
    """Say how each step stands; what ended badly behind the model of a static asset is asked for no more."""
    newest: dict[tuple[TaskKind, str], Any] = {}
    succeeded: set[tuple[TaskKind, str]] = set()
    for task in tasks:
        newest[task.kind, task.preset] = task
        if task.status is TaskStatus.SUCCESS:
            succeeded.add((task.kind, task.preset))
    return [
        StepState(t.kind, t.status, step in succeeded, t.hold)
        for step, t in newest.items()
        if tag == "RIG" or t.kind is TaskKind.GENERATE or t.status not in ENDED_BADLY
    ]


def behind(session: Session, task: Task) -> list[Task]:
    """List the open tasks that wait, directly or not, for this one's step."""
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
    for later in behind(session, task):
        if later.status is TaskStatus.WAITING:
            write(session, later, {"hold": Hold.FAILED_STEP})
