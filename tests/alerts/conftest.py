from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from core.alerts.causes import Cause
from core.models import AlertTarget
from tests.alerts.service import Service
from tests.world import World


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as running:
        yield running


@pytest.fixture
def on_sqlite(world: World, service: Service) -> World:
    """As `watched`, for what no database has a part in."""
    stop_early_in_an_hour(world)
    add_target(world, service)
    return world


@pytest.fixture
def watched(make_world: Callable[..., World], each_database_url: str, service: Service) -> World:
    """A world on each database, whose alerts go to the service; its clock stands."""
    world = make_world(database_url=each_database_url)
    stop_early_in_an_hour(world)
    add_target(world, service)
    return world


def stop_early_in_an_hour(world: World) -> None:
    """Let the clock stand where the next hour, and with it the next alert of a cause, is far away."""
    world.stop_the_clock()
    world.stopped_at = world.now().replace(minute=1, second=0)


def add_target(world: World, service: Service, *causes: Cause) -> str:
    core = world.core
    with core.database.transaction() as session:
        return core.targets.add(
            session,
            name="hook",
            url=service.address,
            causes=causes or tuple(Cause),
            owner="ada",
            now=world.now(),
        )


def tend_for(world: World, seconds: int, *, every: int = 15, polls: bool = True) -> None:
    """Look after the alerts every few seconds for a while, waiting for each message."""
    for _ in range(0, seconds, every):
        world.core.watch.tend(polls=polls)
        move_clock(world, every)


def move_clock(world: World, seconds: float) -> None:
    """Let time pass, here and at the provider."""
    assert world.stopped_at is not None
    world.stopped_at += timedelta(seconds=seconds)
    world.ask_sandbox("clock", {"advance_seconds": seconds})


def work_until(world: World, holds: Callable[[], object]) -> None:
    """Run passes until a condition holds."""
    for _ in range(100):
        if holds():
            return
        world.run_passes()
        move_clock(world, 5)
    raise AssertionError("it did not happen")


def the_target(world: World) -> AlertTarget:
    with world.core.database.reading() as session:
        return session.query(AlertTarget).one()
