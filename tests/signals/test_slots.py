"""Places in use are sampled once a minute, by whoever polls."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.models import KeyHour, LaneSample
from core.signals.slots import slots_over_time
from tests.world import World


def test_places_in_use_are_told_for_each_hour(
    make_world: Callable[..., World], each_database_url: str
) -> None:
    world = make_world(database_url=each_database_url)
    world.stop_the_clock()
    second = world.another_core("second")
    for number in range(2):
        world.order(f"knight-{number}")

    assert world.core.sampler.take() == 3  # generation, generation_p and animation
    assert second.sampler.take() == 0  # this minute has its sample
    second.close()

    with world.core.database.reading() as session:
        (hour,) = slots_over_time(session, world.now().replace(minute=0, second=0), world.now())
        (pool,) = slots_over_time(
            session, world.now().replace(minute=0, second=0), world.now(), pool="generation"
        )
        keys = session.scalars(select(KeyHour)).all()
    assert hour.at == world.now().replace(minute=0, second=0, microsecond=0)
    assert (hour.held, hour.places, hour.waiting) == (2, 25, 0)
    assert (pool.held, pool.places) == (2, 10)
    assert [(key.stopped_minutes, key.at) for key in keys] == [(0, hour.at)]


def test_an_order_notes_when_it_might_first_be_sent(world: World) -> None:
    world.stop_the_clock()
    first, second = world.order("knight", should_rig=True, send=False)[:2]

    assert world.task(first).ready_at == world.now()
    assert world.task(second).ready_at is None
    with world.core.database.reading() as session:
        assert session.scalars(select(LaneSample)).all() == []
