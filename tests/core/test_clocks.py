"""Clocks that jump by hours: nobody's claim is taken early, and nothing is left lying until the clock catches up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from core import heartbeat, outages, tasks
from core.clock import LOOK_EVERY_SECONDS, SharedClock
from core.database import POOL_MOST, Database
from core.lifecycle import TaskStatus
from core.models import Lane, Task
from core.polling import WATCHED
from core.tripo.catalog import CREATES_PER_MINUTE_MOST
from tests.bench.many_tasks import fill
from tests.world import World

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURS = timedelta(hours=5)


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def test_a_clock_that_jumped_ahead_and_back_leaves_no_task_lying(world_on_each: World) -> None:
    world = world_on_each
    (task_id,) = world.order()
    world.offset += HOURS  # here alone: at the provider no time passes
    world.core.orchestrator.ask_due()
    assert world.task(task_id).due_at > world.now()
    world.offset -= HOURS

    world.run_until(lambda: world.task(task_id).status is TaskStatus.SUCCESS, seconds=120)


def test_a_claim_from_a_clock_that_was_ahead_ends_when_that_is_seen(world_on_each: World) -> None:
    world = world_on_each
    (task_id,) = world.order()
    now = world.now()
    with world.core.database.transaction() as session:
        (ahead,) = tasks.claim_due(session, WATCHED, "ahead", now + HOURS, tasks.POLL_LEASE, 1)
    with world.core.database.transaction() as session:
        (right,) = tasks.claim_due(session, WATCHED, "right", now + timedelta(minutes=1), tasks.POLL_LEASE, 1)

    assert (right.task_id, right.fence) == (task_id, ahead.fence + 1)


def test_a_wait_that_the_provider_asked_for_is_not_taken_for_a_wrong_clock(world_on_each: World) -> None:
    world = world_on_each
    (task_id,) = world.order()
    with world.core.database.transaction() as session:
        task = tasks.held(session, tasks.Claim(task_id, world.task(task_id).fence))
        task.due_at = world.now() + timedelta(hours=1)

    assert world.core.orchestrator.ask_due() == 0


def test_what_was_learnt_of_the_provider_by_a_clock_that_was_ahead_is_forgotten(world_on_each: World) -> None:
    world = world_on_each
    world.faults(create_429={"count": 1})
    world.offset += HOURS
    (task_id,) = world.order()
    with world.core.database.transaction() as session:
        key = world.core.keys.shared(session)
        key.quiet_until = key.stopped_until = world.now() + timedelta(minutes=5)
        (lane,) = session.scalars(select(Lane)).all()
        assert (lane.limit_learnt, lane.blocked_until is not None) == (1, True)
    world.offset -= HOURS

    world.run_until(lambda: world.task(task_id).status is TaskStatus.SUCCESS, seconds=120)


def test_an_outage_that_ended_by_a_clock_that_was_ahead_holds_no_order_back(world_on_each: World) -> None:
    world = world_on_each
    world.offset += HOURS
    with world.core.database.transaction() as session:
        outages.end(world.core.keys.shared(session), world.now())
    world.order("first")
    world.offset -= HOURS

    (task_id,) = world.order("second")

    world.run_until(lambda: world.task(task_id).status is TaskStatus.SUCCESS, seconds=120)


def test_orders_sent_by_a_clock_that_was_ahead_are_not_counted_among_those_of_this_minute(
    world_on_each: World,
) -> None:
    world = world_on_each
    with world.core.database.transaction() as session:
        key = world.core.keys.shared(session)
    fill(world.core.database, CREATES_PER_MINUTE_MOST, key)
    ended = {"status": TaskStatus.SUCCESS, "due_at": None, "sent_at": world.now() + HOURS}
    with world.core.database.transaction() as session:
        session.execute(update(Task).values(ended))

    (task_id,) = world.order()

    assert world.task(task_id).status is TaskStatus.QUEUED


def test_a_heartbeat_from_the_future_keeps_nobody_alive(world_on_each: World) -> None:
    world = world_on_each
    now = world.now()
    with world.core.database.transaction() as session:
        heartbeat.beat(session, "ahead", "poller", now, {}, now + HOURS)
        heartbeat.beat(session, "right", "poller", now, {}, now)

        assert heartbeat.alive(session, now) == ["right"]


def test_the_databases_clock_is_about_now(each_database_url: str) -> None:
    database = Database(each_database_url)

    assert abs(database.now() - datetime.now(UTC)) < timedelta(seconds=30)  # the same machine in a test
    database.close()


def test_a_process_goes_by_the_databases_time_and_by_its_own_steady_clock_in_between() -> None:
    said, seconds, looks = NOON, 0.0, 0

    def look() -> datetime:
        nonlocal looks
        looks += 1
        return said

    clock = SharedClock(look, lambda: seconds)
    assert clock() == NOON
    seconds = LOOK_EVERY_SECONDS - 1
    assert clock() == NOON + timedelta(seconds=seconds)
    assert looks == 1
    said, seconds = NOON + timedelta(seconds=31), LOOK_EVERY_SECONDS + 1

    assert clock() == said
    assert looks == 2


def test_time_goes_on_while_the_database_is_gone() -> None:
    seconds, is_gone = 0.0, False

    def look() -> datetime:
        if is_gone:
            raise OperationalError("SELECT", {}, Exception("gone"))
        return NOON

    clock = SharedClock(look, lambda: seconds)
    clock()
    seconds, is_gone = 100.0, True

    assert clock() == NOON + timedelta(seconds=100)


def test_whoever_asks_while_another_looks_is_told_at_once() -> None:
    seconds, may_end, looks = [0.0], threading.Event(), threading.Event()

    def read() -> datetime:
        if seconds[0]:
            looks.set()
            assert may_end.wait(10)
        return NOON

    clock = SharedClock(read, lambda: seconds[0])
    assert clock() == NOON
    seconds[0] = LOOK_EVERY_SECONDS
    with ThreadPoolExecutor(2) as threads:
        looking = threads.submit(clock)
        try:
            assert looks.wait(10)
            assert threads.submit(clock).result(10) == NOON + timedelta(seconds=LOOK_EVERY_SECONDS)
        finally:
            may_end.set()
        assert looking.result(10) == NOON


def test_the_time_can_be_told_while_every_connection_is_in_use(postgres_url: str) -> None:
    database = Database(postgres_url)
    with ExitStack() as stack:
        stack.callback(database.close)
        for _ in range(POOL_MOST):
            stack.enter_context(database.transaction()).execute(select(1))
        began = datetime.now(UTC)

        assert abs(SharedClock(database.now)() - began) < timedelta(
            seconds=20
        )  # a wait for the pool ends after 30
