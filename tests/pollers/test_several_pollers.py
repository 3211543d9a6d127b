"""Four pollers on one PostgreSQL share the work; one that slept through its lease writes nothing any more."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import tasks
from core.lifecycle import TaskStatus
from core.models import Artifact, Heartbeat, Task, utc_now
from tests.core.started_process import StartedProcess, wait_until
from tests.kills.night import start_poller
from tests.pollers.crowd import assert_nothing_twice, run
from tests.world import World

ORDERS = 60  # two thousand in `make soak`
HANGS_SECONDS = 60  # until the faults are cleared
SLOW_SECONDS = 4  # of each read: it has to be stopped within one


@pytest.fixture
def world(make_world: Callable[..., World], postgres_url: str) -> World:
    return make_world(database_url=postgres_url, speed=60, queue_seconds=1)


@pytest.mark.slow
def test_four_pollers_claim_and_create_each_order_once(world: World) -> None:
    night = run(world, ORDERS)

    assert_nothing_twice(world, night.orders)
    assert len(night.by_poller) == 4, f"not all of them worked: {night.by_poller}"


@pytest.fixture
def sleeper(world: World) -> Iterator[StartedProcess]:
    """A poller that a test stops and lets go on."""
    with start_poller(world) as poller:
        yield poller
        poller.send(signal.SIGCONT)


def put_to_sleep(world: World, sleeper: StartedProcess) -> None:
    """Stop it in the middle of what it does, for longer than its leases and its heartbeat last."""
    sleeper.send(signal.SIGSTOP)
    long_ago = utc_now() - timedelta(hours=1)
    with world.core.database.transaction() as session:
        session.execute(update(Task).where(Task.lease_owner.is_not(None)).values(lease_until=long_ago))
        session.execute(update(Heartbeat).values(beat_at=long_ago))


@pytest.mark.slow
def test_a_poller_that_slept_through_its_lease_cannot_say_how_a_create_went(
    world: World, sleeper: StartedProcess
) -> None:
    world.faults(create_hang_seconds={"seconds": HANGS_SECONDS})
    (task_id,) = world.order(send=False)
    assert wait_until(lambda: sum(world.creates().values()) == 1)
    put_to_sleep(world, sleeper)
    with world.core.database.transaction() as session:
        tasks.rescue(session, utc_now())
    assert world.task(task_id).status is TaskStatus.UNKNOWN

    world.no_faults()  # the answer comes
    sleeper.send(signal.SIGCONT)

    sleeper.wait_for("not written")
    assert sum(world.creates().values()) == 1


@pytest.mark.slow
def test_a_poller_that_slept_through_its_lease_cannot_store_a_model_a_second_time(
    world: World, sleeper: StartedProcess
) -> None:
    world.faults(link_dead={"count": 1}, read_hang_seconds={"seconds": SLOW_SECONDS})
    (task_id,) = world.order(send=False)
    assert wait_until(lambda: _is_being_fetched(world.task(task_id)))
    put_to_sleep(world, sleeper)
    world.no_faults()

    with start_poller(world):
        assert wait_until(lambda: world.task(task_id).status is TaskStatus.SUCCESS)
    fence = world.task(task_id).fence
    sleeper.send(signal.SIGCONT)

    sleeper.wait_for("not written")
    assert world.task(task_id).fence == fence
    with world.core.database.reading() as session:
        roles = session.scalars(select(Artifact.role).where(Artifact.task_id == task_id)).all()
    assert sorted(roles) == ["model", "rendered_image"]


def _is_being_fetched(task: Task) -> bool:
    return task.status is TaskStatus.DOWNLOADING and task.lease_owner is not None
