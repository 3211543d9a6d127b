"""The real poller process: nothing else is open, it is killed in the middle, it is stopped in order."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import func, select

from core.models import Heartbeat
from tests.core.started_process import StartedProcess
from tests.world import World

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 90


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(speed=30)


@pytest.fixture
def start_poller(world: World) -> Iterator[Callable[[], StartedProcess]]:
    settings = world.settings
    environment = {
        "TRIPO_API_KEY": settings.tripo_api_key.get_secret_value(),
        "TRIPO_API_BASE": settings.tripo_api_base,
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "HATCHERY_VAR": str(settings.var_dir),
    }
    with ExitStack() as stack:
        yield lambda: stack.enter_context(StartedProcess("poller", {**environment, "PYTHONUNBUFFERED": "1"}))


def wait_until(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.05)  # another process is at work: there is nothing here to wait on


def test_a_chain_ends_with_nothing_open_but_the_poller(
    world: World, start_poller: Callable[[], StartedProcess]
) -> None:
    world.order(send=False, should_rig=True, animations=["preset:idle", "preset:walk"])

    start_poller()

    wait_until(lambda: world.asset().status == "complete", "the end")
    assert sum(world.creates().values()) == 5


@pytest.mark.parametrize("moment", ["generating", "rigging", "animating"])
def test_a_poller_killed_in_the_middle_and_started_again_ends_the_chain_and_creates_nothing_twice(
    world: World, start_poller: Callable[[], StartedProcess], moment: str
) -> None:
    world.order(send=False, should_rig=True, animations=["preset:idle", "preset:walk"])
    first = start_poller()
    wait_until(lambda: world.asset().status == moment and _all_sent_are_known(world), moment)

    first.send(signal.SIGKILL)
    first.wait()
    start_poller()

    wait_until(lambda: world.asset().status == "complete", "the end")
    assert world.creates() == {
        "text_to_model": 1,
        "animate_prerigcheck": 1,
        "animate_rig": 1,
        "animate_retarget": 2,
    }
    assert world.ask_sandbox("stats")["repeated"] == {}


def test_sigterm_ends_the_poller_cleanly_and_takes_its_heartbeat_along(
    world: World, start_poller: Callable[[], StartedProcess]
) -> None:
    poller = start_poller()
    wait_until(lambda: _heartbeats(world) == 1, "a heartbeat")

    poller.send(signal.SIGTERM)

    assert poller.wait() == 0
    assert _heartbeats(world) == 0
    assert "Traceback" not in poller.output


def test_a_poller_without_a_key_says_so_and_keeps_running(
    world: World, start_poller: Callable[[], StartedProcess]
) -> None:
    world.settings = world.settings.model_copy(
        update={"tripo_api_key": type(world.settings.tripo_api_key)("")}
    )
    with StartedProcess(
        [sys.executable, "-m", "poller"],
        {
            "DATABASE_URL": world.settings.database_url,
            "SECRET_KEY": "a secret for a test",
            "HATCHERY_VAR": str(world.settings.var_dir),
        },
    ) as poller:
        poller.wait_for("TRIPO_API_KEY")
        wait_until(lambda: _heartbeats(world) == 1, "a heartbeat")


def test_a_poller_that_cannot_reach_its_database_says_so_in_one_sentence() -> None:
    with StartedProcess(
        [sys.executable, "-m", "poller"], {"DATABASE_URL": "sqlite:////proc/none/x.db"}
    ) as poller:
        assert poller.wait() == 1
        assert "cannot be reached" in poller.output
        assert "Traceback" not in poller.output


def _heartbeats(world: World) -> int:
    with world.core.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Heartbeat)) or 0


def _all_sent_are_known(world: World) -> bool:
    """No order is on its way at this moment: a kill then would rightly leave it unknown."""
    return all(task.inner_status != "submitting" for task in world.asset().tasks)
