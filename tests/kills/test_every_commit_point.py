"""`kill -9` of the real poller at every named moment of submit, poll and download costs nothing but time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.commit_points import CommitPoint
from tests.kills.night import (
    all_tasks,
    assert_paid_once,
    assert_whole,
    die_at,
    order_another,
    run_to_the_morning,
    start_a_job,
)
from tests.world import World

JOB_POINTS = (CommitPoint.JOB_CARRYING, CommitPoint.JOB_CARRIED)


@pytest.mark.slow
def test_a_poller_killed_at_every_moment_in_turn_loses_nothing_and_pays_nothing_twice(
    make_world: Callable[..., World], each_database_url: str
) -> None:
    world = make_world(database_url=each_database_url, speed=100, queue_seconds=1)
    accepted = 0

    for number, point in enumerate(CommitPoint):
        accepted += order_another(world, number)
        if point in JOB_POINTS:
            accepted += start_a_job(world, number)
        die_at(world, point)
        assert_paid_once(world)
    run_to_the_morning(world)

    assert (
        sum(task.attempt == 1 for task in all_tasks(world)) == accepted
    )  # a decided one has a second attempt
    assert_paid_once(world)
    assert_whole(world)
