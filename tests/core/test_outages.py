"""The provider is away: nothing fails, nothing is hammered, and on its return nothing stampedes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import outages
from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task, utc_now
from tests.world import World


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def key_of(world: World) -> ProviderKey:
    with world.core.database.reading() as session:
        return session.query(ProviderKey).one()


def requests(world: World) -> int:
    return sum(world.ask_sandbox("stats")["requests_by_status"].values())


def is_down(world: World) -> bool:
    return key_of(world).stopped_word == "provider_unreachable"


def bring_down(world: World) -> None:
    """Let everything that is asked answer with 500, and have the product notice."""
    world.faults(read_500=True, create_500_without_task=True)
    world.run_until(lambda: is_down(world), seconds=60)


def test_a_provider_that_answers_with_errors_is_left_alone_and_probed_with_growing_pauses(
    world_on_each: World,
) -> None:
    world = world_on_each
    for n in range(8):
        world.order(f"crate-{n}")
    bring_down(world)
    before = requests(world)

    world.run_for(300)

    assert 5 <= requests(world) - before <= 6 + 300 / 54, "one probe a minute, after a few closer ones"
    assert is_down(world)
    assert {task.status for task in world.tasks()} <= {TaskStatus.QUEUED, TaskStatus.RUNNING}


def test_what_an_outage_holds_up_says_so(world: World) -> None:
    world.order("before")
    world.run_until(lambda: world.tasks()[0].status is TaskStatus.RUNNING)
    bring_down(world)
    world.order("during")

    for name, status in (("before", "running"), ("during", "queued")):
        task = world.asset(name).tasks[0]
        assert (task.status, task.waiting_for) == (status, "provider_unreachable"), name
        assert "does not answer" in task.waiting_text


def test_orders_go_on_by_themselves_when_the_provider_is_back(world_on_each: World) -> None:
    world = world_on_each
    world.walking("before")
    bring_down(world)
    world.walking("during")
    world.run_for(100)
    world.no_faults()

    for name in ("before", "during"):
        assert world.run_to_the_end(name).status == "complete"
    assert world.creates()["text_to_model"] == 2


def test_on_return_orders_go_out_a_few_at_a_time(world: World) -> None:
    world.order("before")
    bring_down(world)
    for n in range(12):
        world.order(f"crate-{n}", send=False)
    world.no_faults()
    world.pass_time(70)
    world.stop_the_clock()

    made = []
    for _ in range(5):
        world.run_passes()
        world.core.orchestrator.send_ready()
        made.append(world.creates()["text_to_model"] - 1)
        world.stopped_at += timedelta(seconds=1)

    assert made[:4] == [1, 2, 4, 8]


def test_on_return_tasks_are_asked_about_a_few_at_a_time(make_world: Callable[..., World]) -> None:
    world = make_world(version="v2", limits={"generation": 40}, queue_seconds=10_000)
    for n in range(41):
        world.order(f"crate-{n}", send=n == 0)
    world.pass_time(4)
    for _ in range(4):
        world.core.orchestrator.send_ready()
    bring_down(world)
    world.no_faults()
    world.pass_time(400)
    world.stop_the_clock()
    world.core.orchestrator.probe_due()

    there = [task for task in world.tasks() if task.tripo_task_id]
    due = [(task.due_at - world.now()).total_seconds() for task in there]
    assert len(there) > 16
    assert [sum(each < second for each in due) for second in (1, 2)] == [8, min(24, len(there))]


def test_one_that_fails_again_at_once_stays_away_for_longer(world: World) -> None:
    key, now = ProviderKey(stopped_tries=0, failing=0.0), utc_now()
    error = outages.UnreachableError("Nobody is there.")
    pauses = []
    for _ in range(8):
        outages.note(key, error, now)
        assert key.stopped_until is not None
        pauses.append((key.stopped_until - now).total_seconds())
        now = key.stopped_until
        outages.end(key, now)

    assert pauses[0] < 3
    assert 54 <= pauses[-1] <= 66


@pytest.mark.parametrize(("share", "opens"), [(0.1, False), (1.0, True)])
def test_a_few_errors_among_many_answers_are_no_outage(share: float, opens: bool) -> None:
    key, now, opened = ProviderKey(stopped_tries=0, failing=0.0), utc_now(), False
    error = outages.ReadFailedError("Broken.", http_status=502)
    for n in range(100):
        outages.note(key, error if n % int(1 / share) == 0 else None, now)
        opened = opened or key.stopped_word is not None

    assert opened is opens


def test_a_quarter_of_single_reads_that_fail_is_no_outage(make_world: Callable[..., World]) -> None:
    """However many are under way at one time, each of them counts."""
    world = make_world(settings={"tripo_batch_reads": "off"}, speed=1)
    for n in range(8):
        world.order(f"crate-{n}", prompt=f"crate {n}")
    for _ in range(8):
        with world.core.database.transaction() as session:
            session.execute(update(Task).values(due_at=world.now()))
        world.faults(read_500={"count": 2})
        world.core.orchestrator.ask_due()

        assert not is_down(world)

    assert sum(task.tries for task in world.tasks()) >= 2, "nothing failed"


def test_two_pollers_probe_once(world_on_each: World) -> None:
    world = world_on_each
    world.order()
    bring_down(world)
    other = world.another_core("poller")
    world.pass_time(100)
    world.stop_the_clock()
    before = requests(world)

    world.core.orchestrator.probe_due()
    other.orchestrator.probe_due()
    other.close()

    assert requests(world) - before == 1


def test_orders_whose_answers_are_lost_do_not_pile_up(world: World) -> None:
    world.faults(create_lost_reply=True)
    for n in range(30):
        world.order(f"crate-{n}", send=False)
    world.run_for(60, step=1)

    lost = [task for task in world.tasks() if task.status is TaskStatus.UNKNOWN]
    assert 4 <= len(lost) <= 20
    assert all(task.status in (TaskStatus.UNKNOWN, TaskStatus.READY) for task in world.tasks())


def test_asking_now_during_an_outage_answers_at_once_and_asks_nobody(world: World) -> None:
    (task_id,) = world.order()
    bring_down(world)
    before = requests(world)

    with pytest.raises(outages.UnreachableError):
        world.core.orchestrator.ask_now(task_id)

    assert requests(world) == before
