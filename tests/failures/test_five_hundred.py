"""Five hundred failures of fourteen kinds make fourteen groups: none mixed, none split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from core.failures.states import Trouble
from core.failures.views import GroupFilter
from tests.failures.planting import KINDS, ROOM, SLOW, Planter
from tests.world import World

OF_EACH = 40
LOST = 3  # one more at once would look like an outage
OF_A_RIG = 10  # as many as may be rigged at once


@pytest.mark.slow
def test_five_hundred_failures_of_fourteen_kinds_make_fourteen_groups(
    make_world: Callable[..., World],
) -> None:
    world = make_world(
        version="v2",
        settings={"automatic_retries": 0},
        limits=ROOM,
        credits=10**7,
        requests_per_minute=0,
        durations=SLOW,
    )
    planter = Planter(world)
    _plant_rigs(world, planter)
    _plant_generations(world, planter)

    mixed = planter.groups()
    planted = Counter(planter.kind_of.values())
    assert sum(planted.values()) == 500
    assert len(planted) == 14
    assert len(mixed) == 14, mixed
    assert all(len(kinds) == 1 for kinds in mixed.values()), mixed

    shown = world.core.failures.find(limit=50).groups
    assert {group.fingerprint for group in shown} == mixed.keys()
    for group in shown:
        (kind,) = mixed[group.fingerprint]
        assert (group.count, group.left) == (planted[kind], planted[kind]), kind
        assert sum(group.trend) == group.count
    assert {g.title for g in shown if g.new} == {"New: Tripo's error 4711"}
    waiting = world.core.failures.find(GroupFilter(trouble=Trouble.NEEDS_PERSON)).groups
    assert [g.error_code for g in waiting] == ["outcome_unknown"]


def _plant_generations(world: World, planter: Planter) -> None:
    world.faults(create_lost_reply=True)
    planter.order("lost", LOST)
    planter.run_until(lambda: all(task.status != "ready" for task in world.tasks()))
    world.no_faults()
    for kind, how in KINDS.items():
        if how.step == "generate":
            planter.order(kind, OF_EACH if kind != "fatal" else 2 * OF_EACH - LOST)
    planter.order("refused", OF_EACH, prompt="an nsfw knight")
    planter.send_all()
    planter.end_all()


def _plant_rigs(world: World, planter: Planter) -> None:
    planter.order("bad bone", OF_A_RIG, should_rig=True)
    planter.run_until(lambda: all(task.tripo_task_id for task in world.tasks("rig")))
    world.faults(not_riggable=True)
    planter.order("not riggable", OF_A_RIG, should_rig=True)
    planter.run_until(lambda: all(task.status != "waiting" for task in world.tasks("rig")))
    world.no_faults()
