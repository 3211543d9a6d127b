"""Places at the provider: learnt, kept full, shared fairly, and never asked for too fast."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.lanes import limit_of
from core.lifecycle import TaskStatus
from core.models import Lane, ProviderKey, utc_now
from core.projects import add_project
from core.tripo.catalog import CREATES_PER_MINUTE_MOST
from tests.world import World

AT_PROVIDER = (TaskStatus.QUEUED, TaskStatus.RUNNING)


def sent(world: World) -> list[str]:
    return [t.project_id for t in world.tasks() if t.tripo_task_id]


@pytest.mark.parametrize("limit", [5, 1])
def test_a_smaller_limit_is_learnt_from_refusals_and_not_run_into_again_and_again(
    make_world: Callable[..., World], limit: int
) -> None:
    world = make_world(limits={"h_series": limit})
    for n in range(12):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    world.run_passes()

    refused_at_first = world.ask_sandbox("stats")["refusals"]
    assert len([t for t in world.tasks() if t.status in AT_PROVIDER]) == limit
    world.run_until(lambda: all(t.status is TaskStatus.SUCCESS for t in world.tasks()), seconds=900)

    refused = sum(world.ask_sandbox("stats")["refusals"].values()) - sum(refused_at_first.values())
    assert refused <= 12  # at most about one a minute, to see whether there are more places by now
    assert world.creates() == {"text_to_model": 12}


def test_a_larger_limit_is_learnt_where_the_provider_tells_it(make_world: Callable[..., World]) -> None:
    world = make_world(version="v2", limits={"generation": 14})
    for n in range(20):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    world.core.orchestrator.send_now(world.tasks()[0].id)
    world.core.orchestrator.send_ready()

    assert len(sent(world)) == 14
    assert world.ask_sandbox("stats")["refusals"] == {}


def test_what_a_refusal_taught_is_doubted_by_one_place_a_minute_up_to_the_documented_limit() -> None:
    now = utc_now()
    key = ProviderKey(version="v3")
    lane = Lane(pool="generation", limit_learnt=3, learnt_at=now)

    assert limit_of(None, key, "generation", now) == 10
    assert limit_of(lane, key, "generation", now + timedelta(seconds=59)) == 3
    assert limit_of(lane, key, "generation", now + timedelta(seconds=121)) == 5
    assert limit_of(lane, key, "generation", now + timedelta(hours=1)) == 10


def test_a_place_that_a_lost_order_takes_is_not_taken_for_a_smaller_limit(world: World) -> None:
    for n in range(12):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    world.faults(create_lost_reply=1)
    world.core.orchestrator.send_ready()  # ten are at the provider, and one of them is unknown here
    world.core.orchestrator.send_ready()

    with world.core.database.reading() as session:
        lane = session.query(Lane).one()
        limit = limit_of(lane, session.get_one(ProviderKey, lane.key_id), lane.pool, world.now())
    assert world.ask_sandbox("stats")["refusals"] == {"no_slot": 1}
    assert limit == 10


def test_many_lost_orders_never_teach_more_places_than_are_documented(world: World) -> None:
    for n in range(24):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    for _ in range(3):  # three at a time: more in a row would be taken for an outage
        world.faults(create_500_without_task=3)
        world.core.orchestrator.send_ready()
        world.no_faults()
    world.faults(create_429=1)
    world.run_for(20)

    with world.core.database.reading() as session:
        assert {
            limit_of(lane, session.get_one(ProviderKey, lane.key_id), lane.pool, world.now())
            for lane in session.query(Lane)
        } <= {10}
    assert world.ask_sandbox("stats")["refusals"].get("no_slot", 0) <= 1


def test_projects_take_turns_however_many_orders_one_of_them_has(world: World) -> None:
    with world.core.database.transaction() as session:
        add_project(session, "Large", "large")
        add_project(session, "Small", "small")
    for n in range(30):
        world.order(f"crate-{n}", send=False, project_id="large", prompt=f"crate {n}")
    for n in range(3):
        world.order(f"barrel-{n}", send=False, project_id="small", prompt=f"barrel {n}")
    world.pass_time(4)

    world.core.orchestrator.send_ready()

    assert sent(world).count("small") == 3
    assert sent(world).count("large") == 7


def test_a_higher_priority_goes_first(world: World) -> None:
    for n in range(12):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.order("hero", send=False, prompt="the hero", priority=5)
    world.pass_time(4)

    world.core.orchestrator.send_ready()

    assert "the hero" in {t["prompt"] for t in world.ask_sandbox("tasks")["tasks"]}


def test_the_request_rate_of_a_key_is_never_exceeded_knowingly(make_world: Callable[..., World]) -> None:
    world = make_world(limits={"generation": 1000}, version="v2", requests_per_minute=0)
    for n in range(CREATES_PER_MINUTE_MOST + 10):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    world.stop_the_clock()

    for _ in range(40):
        world.core.orchestrator.send_ready()
    within_a_minute = len(sent(world))
    world.stopped_at = None
    world.pass_time(61)
    world.core.orchestrator.send_ready()

    assert within_a_minute == CREATES_PER_MINUTE_MOST
    assert len(sent(world)) == CREATES_PER_MINUTE_MOST + 10


def test_a_used_up_allowance_quietens_the_key_until_it_is_renewed(make_world: Callable[..., World]) -> None:
    world = make_world(requests_per_minute=2)
    for n in range(4):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    world.run_passes()
    asked = world.ask_sandbox("stats")["requests_by_status"]
    for _ in range(5):
        world.run_passes()

    assert world.ask_sandbox("stats")["requests_by_status"] == asked
    assert {t.status for t in world.tasks()} <= {TaskStatus.READY, *AT_PROVIDER}


def test_after_a_stop_one_order_tries_and_the_others_wait_for_what_it_learns(world: World) -> None:
    world.faults(unauthorized=True)
    for n in range(6):
        world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
    world.pass_time(4)
    world.core.orchestrator.send_ready()
    before = world.ask_sandbox("stats")["requests_by_status"]["401"]

    world.pass_time(600)
    world.core.orchestrator.send_ready()

    assert world.ask_sandbox("stats")["requests_by_status"]["401"] == before + 1
