"""The inbox of failures on both databases: what is counted, what is left, and what people say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from core.errors import NotFoundError, OrderError
from core.failures.states import GroupState, Trouble
from core.failures.views import GroupFilter, GroupView
from core.models import FailureGroup, Task
from core.projects import add_project
from tests.world import World

HOLES = {"error_code": 4711, "message": "Mesh 12 has holes"}


@pytest.fixture
def world(make_world: Callable[..., World], each_database_url: str) -> Iterator[World]:
    """Three failures of one kind in two projects, one of another kind."""
    world = make_world(database_url=each_database_url)
    with world.core.database.transaction() as session:
        add_project(session, "Second <b>", "second")
    world.faults(end_failed=HOLES)
    world.order("a")
    world.order("b")
    world.order("c", project_id="second")
    world.run_until(lambda: all(task.status == "failed" for task in world.tasks()))
    world.faults(end_failed=None, end_cancelled=True)
    world.order("d")
    world.run_until(lambda: all(task.status == "failed" for task in world.tasks()))
    world.no_faults()
    return world


def find(world: World, **wanted: object) -> tuple[GroupView, ...]:
    return world.core.failures.find(GroupFilter(**wanted)).groups


def holes(world: World) -> GroupView:
    return next(group for group in find(world) if group.provider_code == 4711)


def fail_again(world: World, asset_id: str) -> None:
    world.faults(end_failed=HOLES)
    world.order(asset_id)
    world.run_until(lambda: all(task.status in ("failed", "success") for task in world.tasks()))
    world.no_faults()


def test_a_group_is_counted_explained_resolved_ignored_and_comes_back(world: World) -> None:
    """One story, since the database is what costs."""
    inbox = world.core.failures
    cancelled, group = find(world)
    assert (cancelled.title, cancelled.count) == ("Cancelled at Tripo", 1)
    assert (group.count, group.left, group.new, group.trouble) == (3, 3, True, Trouble.FAILED)
    assert [(p.project_id, p.count) for p in group.projects] == [("first-project", 2), ("second", 1)]
    assert (group.their_words, group.first_at <= group.last_at) == ("Mesh 12 has holes", True)
    assert "Tripo says" not in group.message
    assert (sum(group.trend), len(group.sample_task_ids)) == (3, 3)
    assert [g.count for g in find(world, project_id="second")] == [1]
    assert inbox.open_groups()[Trouble.FAILED] == (2, 4)

    first = inbox.find(limit=1)
    (rest,) = inbox.find(limit=1, cursor=first.next_cursor).groups
    assert (first.groups[0].title, rest.fingerprint) == (cancelled.title, group.fingerprint)

    # resolved, until it comes back
    inbox.resolve(group.fingerprint, actor="Ann")
    assert holes(world).state is GroupState.RESOLVED
    assert [g.provider_code for g in find(world, state=GroupState.OPEN)] == [None]
    fail_again(world, "e")
    later = inbox.find(limit=1, cursor=first.next_cursor)
    assert later.groups == ()  # what moved to the front pushes nothing that was shown onto the next page
    assert (holes(world).state, holes(world).came_back) == (GroupState.OPEN, True)

    # ignored for so many more
    inbox.ignore(group.fingerprint, for_count=2, actor="Ann")
    fail_again(world, "f")
    assert holes(world).state is GroupState.IGNORED
    fail_again(world, "g")
    assert (holes(world).state, holes(world).came_back) == (GroupState.OPEN, True)

    # ignored until a time
    inbox.ignore(group.fingerprint, until=world.now() + timedelta(hours=2), actor="Ann")
    assert holes(world).state is GroupState.IGNORED
    world.pass_time(2 * 3600 + 1)
    assert holes(world).state is GroupState.OPEN

    # ignored until the next version of ours
    inbox.ignore(group.fingerprint, until_next_version=True, actor="Ann")
    assert holes(world).state is GroupState.IGNORED
    with world.core.database.transaction() as session:  # as the version before wrote it
        session.get_one(FailureGroup, group.fingerprint).ignored_in = "0.0.9"
    assert (holes(world).state, holes(world).came_back) == (GroupState.OPEN, True)

    # somebody's, with notes
    inbox.assign(group.fingerprint, to="  Bo ", actor="Ann")
    inbox.note(group.fingerprint, text="<i>Look</i> at **this** 🐉", actor="Bo")
    detail = inbox.group(group.fingerprint)
    assert [g.assigned_to for g in find(world, assigned_to="Bo")] == ["Bo"]
    assert [(n.author, n.text) for n in detail.notes][:2] == [
        ("Bo", "<i>Look</i> at **this** 🐉"),
        ("Ann", "Given to Bo."),
    ]
    with pytest.raises(OrderError):
        inbox.note(group.fingerprint, text="  ")
    with pytest.raises(OrderError):
        inbox.ignore(group.fingerprint, until=world.now())
    with pytest.raises(NotFoundError):
        inbox.resolve("rig.v3.0.nothing_such.0")


def test_what_was_ordered_again_is_no_longer_left(world: World) -> None:
    group = holes(world)
    for task_id in group.sample_task_ids:
        world.core.desk.retry(task_id)

    after = holes(world)

    assert (after.count, after.left, after.state) == (3, 0, GroupState.RESOLVED)
    assert world.core.failures.open_groups()[Trouble.FAILED] == (1, 1)


def test_what_stands_still_is_a_group_apart_from_what_failed(world: World) -> None:
    world.faults(create_lost_reply={"count": 1})
    world.order("lost")
    world.no_faults()
    world.ask_sandbox("wallet", {"balance": 0})
    world.order("poor")
    waiting = find(world, trouble=Trouble.NEEDS_PERSON)
    assert {g.error_code for g in waiting} == {"outcome_unknown", "provider_wallet_empty"}
    (poor,) = [g for g in waiting if g.error_code == "provider_wallet_empty"]
    assert (poor.count, poor.cure, poor.cures[0].free) == (1, "Top up the Tripo account", True)
    assert world.core.failures.group(poor.fingerprint).count == 1

    world.ask_sandbox("wallet", {"balance": 10_000})
    world.faults(slow_queue_seconds=10**6)
    world.run_until(lambda: world.tasks()[-1].status == "queued", seconds=900)
    world.pass_time(3600)

    stuck = [g for g in find(world, trouble=Trouble.NEEDS_PERSON) if g.error_code == "stuck"]
    assert [g.count for g in stuck] == [1]
    with world.core.database.reading() as session:
        assert session.get_one(Task, stuck[0].sample_task_ids[0]).status == "queued"
