"""Pauses by hand: nothing is sent, nothing is lost, and what was sent goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core import pauses
from core.lifecycle import TaskStatus
from core.projects import FIRST_PROJECT, add_project
from tests.world import World


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def pause(world: World, project_id: str | None = None) -> None:
    with world.core.database.transaction() as session:
        pauses.pause(session, project_id, actor="Ann", reason="The style is not agreed.", now=world.now())


def resume(world: World, project_id: str | None = None) -> None:
    with world.core.database.transaction() as session:
        pauses.resume(session, project_id, actor="Ann", now=world.now())


def test_while_everything_is_paused_orders_wait_and_hold_no_place(world_on_each: World) -> None:
    world = world_on_each
    pause(world)
    world.order()
    world.run_for(20)

    task = world.asset().tasks[0]
    assert (task.status, task.inner_status, task.waiting_for) == ("waiting", "ready", "paused")
    assert "Ann" in task.waiting_text
    assert "The style is not agreed." in task.waiting_text
    assert world.creates() == {}

    resume(world)
    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"text_to_model": 1}


def test_what_was_sent_before_a_pause_is_followed_and_fetched_and_its_next_step_waits(world: World) -> None:
    world.walking()
    pause(world)

    world.run_until(lambda: world.tasks("generate")[0].status is TaskStatus.SUCCESS)
    world.run_for(20)

    check = world.asset().tasks[1]
    assert (check.kind, check.inner_status, check.waiting_for) == ("rig_check", "ready", "paused")
    assert any(file.role == "model" for file in world.asset().artifacts)
    assert world.creates() == {"text_to_model": 1}

    resume(world)
    assert world.run_to_the_end().status == "complete"


def test_one_paused_project_does_not_hold_up_another(world_on_each: World) -> None:
    world = world_on_each
    with world.core.database.transaction() as session:
        add_project(session, "Other", "other")
    pause(world, FIRST_PROJECT)
    for n in range(12):
        world.order(f"crate-{n}", send=False)
    (other,) = world.order("barrel", send=False, project_id="other")
    world.pass_time(4)

    world.core.orchestrator.send_ready()

    assert world.task(other).tripo_task_id is not None
    assert world.creates() == {"text_to_model": 1}


def test_ending_one_kind_of_pause_leaves_the_other(world: World) -> None:
    pause(world)
    pause(world, FIRST_PROJECT)
    resume(world)
    world.order()

    assert world.asset().tasks[0].waiting_for == "paused"
    assert "This project" in world.asset().tasks[0].waiting_text
    resume(world, FIRST_PROJECT)
    assert world.run_to_the_end().status == "complete"


def test_pausing_twice_keeps_who_was_first_and_resuming_twice_changes_nothing(world: World) -> None:
    pause(world)
    with world.core.database.transaction() as session:
        pauses.pause(session, None, actor="Bob", now=world.now())
        (standing,) = pauses.standing(session)
    resume(world)
    resume(world)

    assert standing.paused_by == "Ann"
    with world.core.database.reading() as session:
        assert pauses.standing(session) == ()
