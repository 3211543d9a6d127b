"""Stuck is shown, and changes nothing."""

from __future__ import annotations

from core.health import read_health
from tests.world import World


def test_a_task_without_progress_is_shown_as_stuck_and_followed_to_its_end(world: World) -> None:
    world.faults(slow_queue_seconds=3600)
    world.order()
    world.run_for(60)
    assert world.asset().tasks[0].waiting_for == "provider_queue"
    assert read_health(world.core.database, world.settings, world.now()).stuck == 0

    world.run_for(1500, step=60)

    task = world.asset().tasks[0]
    assert (task.status, task.waiting_for) == ("queued", "stuck")
    assert "No progress for" in task.waiting_text
    assert read_health(world.core.database, world.settings, world.now()).stuck == 1

    world.run_for(6000, step=120)
    assert world.asset().status == "complete"
