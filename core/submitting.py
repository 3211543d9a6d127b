"""Sending orders: claim and commit, call, record and commit. Never a call inside a transaction.

The poller's pass and the page's or API's own "send it now" go through the same three beats.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import lanes, outages, pauses, tasks
from core.budget_gate import BudgetGate, is_holding
from core.chain import request_for
from core.clients import Clients
from core.commit_points import CommitPoint, passed
from core.courier import Courier
from core.crews import Crews, wait_for
from core.database import Database, log_failure
from core.errors import (
    BusyError,
    ConflictError,
    HatcheryError,
    IllegalMoveError,
    KeyMissingError,
    KeyRefusedError,
    NothingHappenedError,
    RejectedError,
    SettingsError,
    TripoError,
    UnreachableError,
    WalletEmptyError,
)
from core.exchanges import CREATE, keep_exchange, keep_refusal
from core.forecast import Forecast, growing_delay_seconds
from core.inquiries import hear_of
from core.keys import KeyRing
from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task
from core.moves import LeaseLostError, Reason
from core.past import pace_of
from core.plans.pacing import held_plans
from core.prices import credits_of
from core.tasks import Claim
from core.tripo import Created, Request, TripoClient, Version, pool_of

log = logging.getLogger("hatchery.submitting")

MOST_AT_ONCE: Final = 50
UNREADABLE_KEY_PAUSE: Final = timedelta(seconds=60)
LEAVES_WITHIN: Final = tasks.SUBMIT_LEASE / 2  # after its claim; the other half is for the provider's answer
RECORD_TRIES: Final = 8  # an answer that costs money is written even if the database is away for a minute


class Parcel(NamedTuple):
    """All that a send needs, read before the call so that no transaction stays open during it."""

    claim: Claim
    key_id: str
    pool: str
    request: Request
    client: TripoClient
    leave_by: datetime  # later its claim may be over before the answer comes


class Submitter:
    """Sends what is ready, as far as the provider has room."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        clients: Clients,
        courier: Courier,
        forecast: Forecast,
        crews: Crews,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keys = keys
        self._clients = clients
        self._courier = courier
        self._forecast = forecast
        self._crews = crews
        self._owner = owner
        self._now = clock

    def send_ready(self, patience_seconds: float | None = None) -> int:
        """One pass: claim what is due and has room, send it, and say how many were sent.

        It ends after `patience_seconds` even if some answers are not there yet.
        """
        with self._database.transaction() as session:
            parcels = self._claim_ready(session)
            if parcels:
                passed(CommitPoint.SEND_CLAIMING)
        sends = [self._crews.give(parcel.key_id, partial(self._send, parcel)) for parcel in parcels]
        wait_for(sends, patience_seconds)
        return len(parcels)

    def send_now(self, task_id: str) -> None:
        """Send one order at once, if it still is ready and there is room; otherwise the passes will."""
        with self._database.transaction() as session:
            task = session.get(Task, task_id)
            may_go = task is not None and not pauses.holds(session, task, self._now())
            parcel = None
            if task is not None and may_go:
                parcel = self._claim(session, task, BudgetGate(session, task.project_id))
        if parcel is not None:
            self._send(parcel)

    # --- claim ---

    def _claim_ready(self, session: Session) -> list[Parcel]:
        held = held_plans(session, self._now())
        if is_holding(session):
            BudgetGate(session).let_go(self._now())
        lanes_due = session.execute(
            select(Task.key_id, Task.pool)
            .where(Task.status == TaskStatus.READY, tasks.is_due(self._now()), ~pauses.is_paused(held))
            .group_by(Task.key_id, Task.pool)
        ).all()
        if not lanes_due:
            return []
        gate = BudgetGate(session)
        parcels: list[Parcel] = []
        taken: Counter[str] = Counter()
        for key_id, pool in lanes_due:
            due = lanes.in_fair_order(key_id, pool, self._now(), MOST_AT_ONCE, held)
            for task in session.scalars(due).all():
                parcel = self._claim(session, task, gate, taken)
                if parcel is None and task.status is TaskStatus.READY:
                    break  # there is no room
                if parcel is None:
                    continue
                parcels.append(parcel)
                taken[parcel.key_id] += 1
        return parcels

    def _claim(
        self, session: Session, task: Task, gate: BudgetGate, taken: Mapping[str, int] | None = None
    ) -> Parcel | None:
        """Claim an order if it may be sent now, by a pass that has taken so many of each key's places already.

        One that cannot be sent as things are is no longer ready then; one that stays so only has no room.
        """
        if task.status is not TaskStatus.READY:
            return None
        key = self._key_for(session, task)
        client = self._client_of(session, key) if key is not None else None
        request = self._request(session, task) if client is not None else None
        if key is None or client is None or request is None:
            return None
        pool = pool_of(request, client.version)
        if lanes.room_in(session, key, pool, self._now()).free < 1:
            return None
        if taken is not None and self._crews.free(key.id) <= taken.get(key.id, 0):
            return None  # claimed and left waiting, it would be taken for one whose answer was lost
        now = self._now()
        if not gate.lets(task, credits_of(request), now):
            return None
        claim = tasks.claim_to_send(session, task, key, pool, self._owner, now)
        leave_by = now + LEAVES_WITHIN
        return Parcel(claim, key.id, pool, request, client, leave_by) if claim is not None else None

    def _key_for(self, session: Session, task: Task) -> ProviderKey | None:
        try:
            return self._keys.for_task(session, task)
        except KeyMissingError:
            return None
        except ConflictError as error:  # its key was removed, and no other takes the place of a chosen one
            tasks.refuse_unsent(session, task, reason_of(error)._replace(retryable=True), self._now())
            return None

    def _client_of(self, session: Session, key: ProviderKey) -> TripoClient | None:
        try:
            return self._clients.of(key)
        except (
            SettingsError
        ) as error:  # it cannot be read or used here: its own queue waits, the others go on
            if key.stopped_word is None:
                until = self._now() + UNREADABLE_KEY_PAUSE
                lanes.stop_key(session, key.id, error.code, error.message, until, self._now())
            return None

    def _request(self, session: Session, task: Task) -> Request | None:
        source = session.get(Task, task.source_task_id) if task.source_task_id else None
        try:
            return request_for(task.kind, task.preset, task.order, source.tripo_task_id if source else None)
        except (ValidationError, KeyError, ValueError) as error:
            log.warning("task %s cannot be sent as it was ordered: %s", task.id, type(error).__name__)
            reason = Reason(
                "order_invalid", "The provider no longer offers what this order asks for.", "Order it anew."
            )
            tasks.refuse_unsent(session, task, reason, self._now())
            return None

    # --- call and record ---

    def _send(self, parcel: Parcel) -> None:
        outcome: Created | TripoError
        passed(CommitPoint.SEND_CLAIMED)
        try:
            outcome = self._sent(parcel)
        except TripoError as error:
            outcome = error
        except Exception as error:  # it must not take the pass along; the lease's end makes this unknown
            log_failure(log, f"task {parcel.claim.task_id}: sending it went wrong", error)
            return
        log.info("task %s: %s", parcel.claim.task_id, getattr(outcome, "task_id", None) or outcome)
        self._forecast.refresh()
        passed(CommitPoint.SEND_ANSWERED)
        is_recorded = self._record(partial(self._write, parcel=parcel, outcome=outcome))
        if isinstance(outcome, Created) and not is_recorded:
            self._record(partial(self._name, made=outcome))
        passed(CommitPoint.SEND_RECORDED)

    def _name(self, session: Session, made: Created) -> None:
        """The answer came after the order was given up for lost: what it says helps to find it."""
        hear_of(session, made.task_id, self._now())

    def _sent(self, parcel: Parcel) -> Created:
        """Send it, unless it had to wait for so long that others may take its claim for abandoned."""
        if self._now() > parcel.leave_by:
            raise NothingHappenedError(
                "The order waited too long for its turn and was not sent.",
                suggestion="It is sent again by itself.",
                code="turn_missed",
                retry_after_seconds=0.0,
            )
        return self._courier.create(parcel.client, parcel.key_id, parcel.request)

    def _write(self, session: Session, parcel: Parcel, outcome: Created | TripoError) -> None:
        if isinstance(outcome, Created):
            self._keep(session, parcel, outcome)
        elif isinstance(outcome, NothingHappenedError):
            self._put_back(session, parcel, outcome)
        elif isinstance(outcome, RejectedError):
            reason = reason_of(outcome, parcel.client.version)
            tasks.fail(session, parcel.claim, reason, self._now())
        else:
            sentence = f"The order was sent and the provider's answer was lost. {tasks.DECIDE_IT}"
            tasks.lose(session, parcel.claim, sentence, self._now(), outcome.trace_id)
        if isinstance(outcome, NothingHappenedError):
            keep_refusal(session, parcel.claim.task_id, outcome.said, self._now())
        else:
            keep_exchange(session, parcel.claim.task_id, CREATE, outcome.said, self._now())
        # Last: asset and task are locked before a key, by everybody.
        key = session.get_one(ProviderKey, parcel.key_id, with_for_update={"key_share": True})
        outages.note(key, None if isinstance(outcome, Created) else outcome, self._now())

    def _keep(self, session: Session, parcel: Parcel, created: Created) -> None:
        now = self._now()
        pace = pace_of(parcel.request, parcel.client.version, is_local=parcel.client.is_local)
        due_at = self._forecast.first_ask_at(parcel.key_id, pace)
        tasks.start(session, parcel.claim, created.task_id, now, created.trace_id, due_at=due_at, pace=pace)
        lanes.open_lane(session, parcel.key_id, parcel.pool, created.slots_left, self._now())
        self._heed_allowance(session, parcel)

    def _put_back(self, session: Session, parcel: Parcel, error: NothingHappenedError) -> None:
        now = self._now()
        task = session.get_one(Task, parcel.claim.task_id)
        key = session.get_one(ProviderKey, parcel.key_id)
        delay = timedelta(seconds=_pause_seconds(error, task.tries + 1, key.stopped_tries + 1))
        if isinstance(error, UnreachableError):
            delay = timedelta()  # its key waits, not the order
        word = "slot" if isinstance(error, BusyError) else error.code
        tasks.release(
            session, parcel.claim, now + delay, word, f"{error.message} {error.suggestion}".strip(), now
        )
        if isinstance(error, BusyError):
            self._make_room(session, parcel, error, now, delay)
        elif error.stops_queue:
            lanes.stop_key(session, parcel.key_id, error.code, error.message, now + delay, now)

    def _make_room(
        self, session: Session, parcel: Parcel, error: BusyError, now: datetime, delay: timedelta
    ) -> None:
        """No free place blocks the lane; requests that came too fast quieten the key."""
        if error.reason == "rate":
            session.get_one(ProviderKey, parcel.key_id).quiet_until = now + delay
        else:
            lanes.block_lane(session, parcel.key_id, parcel.pool, now + delay, now)

    def _heed_allowance(self, session: Session, parcel: Parcel) -> None:
        seconds = parcel.client.quiet_for_seconds
        if seconds > 0:
            session.get_one(ProviderKey, parcel.key_id).quiet_until = self._now() + timedelta(seconds=seconds)

    def _record(self, write: Callable[[Session], None]) -> bool:
        """Write what was answered; False when somebody else has the task now."""
        for tries in range(1, RECORD_TRIES + 1):
            try:
                with self._database.transaction() as session:
                    write(session)
                    passed(CommitPoint.SEND_RECORDING)
                return True
            except LeaseLostError as error:
                log.warning("not written, somebody else has the task now: %s", error.message)
                return False
            except IllegalMoveError:
                if tries == 1:
                    raise
                log.info("the answer had been written; only the database's own answer to that was lost")
                return True
            except OperationalError:
                log.warning("the database did not take an answer (try %d of %d)", tries, RECORD_TRIES)
                if tries == RECORD_TRIES:
                    raise
                time.sleep(growing_delay_seconds(tries, longest=20))
        return False


def _pause_seconds(error: NothingHappenedError, task_tries: int, key_tries: int) -> float:
    if error.retry_after_seconds is not None:
        return error.retry_after_seconds
    if isinstance(error, KeyRefusedError | WalletEmptyError):
        return growing_delay_seconds(key_tries, first=15, longest=300)
    return growing_delay_seconds(task_tries, first=2, longest=60)


def reason_of(error: HatcheryError, version: Version | None = None) -> Reason:
    """Say why a task failed, from the error that ended it; `version` is what was spoken to the provider, if it was."""
    was_answered = getattr(error, "http_status", None) is not None
    provider_code = getattr(error, "provider_code", None)
    return Reason(
        error.code,
        error.message,
        error.suggestion,
        provider_code=provider_code,
        trace_id=getattr(error, "trace_id", None),
        said_by=version if was_answered else None,
    )
