"""What passes by itself is retried by itself: a few times, ever later, visibly, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core import queries
from core.lifecycle import TaskStatus
from core.schemas import TaskView
from tests.world import World

MOST, FIRST_SECONDS = 3, 60.0
LAPSED = "The task expired in the queue."  # in v3 the words alone tell this from a model that is too complex


@pytest.fixture
def make_patient(make_world: Callable[..., World]) -> Callable[..., World]:
    """A world that retries by itself; nothing at its provider takes time."""

    def make(**more: object) -> World:
        settings = {"automatic_retries": MOST, "automatic_retry_seconds": FIRST_SECONDS}
        return make_world(settings=settings, speed=100, queue_seconds=0, **more)

    return make


def view(world: World, attempt: int) -> TaskView:
    with world.core.database.reading() as session:
        task = next(task for task in world.tasks() if task.attempt == attempt)
        return queries.task_view(session, session.merge(task))


def attempts(world: World) -> list[TaskStatus]:
    return [task.status for task in world.tasks()]


def run_until_failed(world: World, times: int = 1) -> None:
    world.run_until(lambda: attempts(world).count(TaskStatus.FAILED) == times)


@pytest.mark.parametrize(("version", "fault"), [("v3", "end_expired"), ("v2", "end_failed")])
def test_a_failure_of_the_providers_own_is_retried_after_a_wait_that_is_shown(
    make_patient: Callable[..., World], each_database_url: str, version: str, fault: str
) -> None:
    world = make_patient(version=version, database_url=each_database_url)
    world.faults(**{fault: {"count": 1, "message": LAPSED}})
    world.order(send=False)

    run_until_failed(world)
    waiting = view(world, 2)
    status = world.asset().status
    world.run_for(40)
    creates = world.creates()
    world.run_to_the_end()

    assert waiting.waiting_for == "automatic_retry"
    assert waiting.waiting_text is not None
    assert waiting.waiting_text.startswith("Attempt 2 of 4 in ")
    assert status == "queued"  # not failed: it goes on by itself
    assert sum(creates.values()) == 1  # its time had not come
    assert attempts(world) == [TaskStatus.FAILED, TaskStatus.SUCCESS]
    assert sum(world.creates().values()) == 2


def test_it_ends_after_its_last_try_and_each_waits_longer(make_patient: Callable[..., World]) -> None:
    world = make_patient()
    world.faults(end_expired={"message": LAPSED})
    world.order(send=False)

    waits = []
    for number in range(1, MOST + 1):
        run_until_failed(world, number)
        task = world.tasks()[-1]
        assert task.due_at is not None
        assert (task.attempt, task.automatic_retries) == (number + 1, number)
        waits.append((task.due_at - task.created_at).total_seconds())
        world.pass_time(waits[-1])
    run_until_failed(world, MOST + 1)

    assert [round(wait / FIRST_SECONDS) for wait in waits] == pytest.approx([1, 3, 9], abs=1)
    assert waits == sorted(waits)
    assert attempts(world) == [TaskStatus.FAILED] * (MOST + 1)
    assert world.asset().status == "failed"


@pytest.mark.parametrize("fault", ["end_banned", "end_cancelled", "end_failed", "create_lost_reply"])
def test_what_a_policy_a_person_or_an_unknown_cause_ended_waits_for_a_person(
    make_patient: Callable[..., World], fault: str
) -> None:
    world = make_patient()
    world.faults(**{fault: {"count": 1}})
    world.order(send=False)

    world.run_until(lambda: attempts(world)[0] in (TaskStatus.FAILED, TaskStatus.UNKNOWN))

    assert len(attempts(world)) == 1


def test_a_person_who_retries_is_not_kept_waiting_and_the_attempt_is_theirs(
    make_patient: Callable[..., World],
) -> None:
    world = make_patient()
    world.faults(end_expired={"count": 1, "message": LAPSED})
    (failed,) = world.order(send=False)
    run_until_failed(world)

    (again,) = world.core.desk.retry(failed, prompt="a calm knight", actor="Ann")
    world.run_to_the_end()

    assert attempts(world) == [TaskStatus.FAILED, TaskStatus.SUCCESS]
    assert world.task(again).automatic_retries == 0
    assert world.task(again).order["prompt"] == world.asset().prompt == "a calm knight"


def test_a_retry_that_waits_for_its_time_can_be_cancelled(make_patient: Callable[..., World]) -> None:
    world = make_patient()
    world.faults(end_expired={"count": 1, "message": LAPSED})
    world.order(send=False)
    run_until_failed(world)

    world.core.desk.cancel(world.tasks()[-1].id)

    assert attempts(world) == [TaskStatus.FAILED, TaskStatus.CANCELLED]


def test_a_retry_by_itself_never_brings_back_what_a_person_cancelled(
    make_patient: Callable[..., World],
) -> None:
    world = make_patient()
    world.faults(end_expired={"count": 1, "message": LAPSED})
    world.order(send=False, should_rig=True)
    world.core.desk.cancel(world.tasks("rig_check")[0].id, actor="ann")

    run_until_failed(world)
    world.pass_time(2 * FIRST_SECONDS)
    world.run_until(lambda: attempts(world) == [TaskStatus.FAILED, TaskStatus.SUCCESS])
    world.run_for(5)

    assert [task.status for task in world.tasks("rig_check")] == [TaskStatus.CANCELLED]
    assert [task.status for task in world.tasks("rig")] == [TaskStatus.CANCELLED]
    assert world.creates() == {"text_to_model": 2}
