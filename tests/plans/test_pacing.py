"""When plans are sent: a night window opens and closes as time passes, and nobody has to do anything."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from core.plans.plan import PlanRow
from core.plans.writing import write_plan
from core.projects import FIRST_PROJECT
from tests.world import World

HOUR = 3600.0
PLACES = 10


def test_a_night_window_that_opens_lets_orders_go_until_it_closes(world: World) -> None:
    rows = [PlanRow(line=n, name=f"Crate {n}") for n in range(PLACES + 2)]
    content = write_plan(rows, "json")
    applied = world.core.plans.apply(project_id=FIRST_PROJECT, filename="night.json", content=content)
    plan_id = applied.preview.plan_id
    assert plan_id is not None
    opens, closes = (f"{world.now() + timedelta(hours=hours):%H:%M}" for hours in (2, 4))
    world.core.plans.reschedule(plan_id, window=(opens, closes, "UTC"))

    def tick() -> tuple[str | None, Counter[str]]:
        world.run_passes()
        waiting_for = world.core.plans.progress(plan_id).waiting_for
        return waiting_for, Counter(task.status.value for task in world.tasks())

    before = tick()
    world.pass_time(2 * HOUR)
    in_the_window = tick()
    world.pass_time(2 * HOUR)
    behind_it = [tick(), tick()][-1]
    world.pass_time(22 * HOUR)
    the_next_night = tick()

    assert before == ("plan_window", {"ready": PLACES + 2})
    assert in_the_window == (None, {"queued": PLACES, "ready": 2})
    assert behind_it == ("plan_window", {"success": PLACES, "ready": 2})
    assert the_next_night == (None, {"success": PLACES, "queued": 2})
