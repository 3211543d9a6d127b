"""A provider that takes a request and never answers: it holds up the work of its own key and of no other."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task
from core.orchestrator import PLACES
from tests.world import World

PATIENCE_SECONDS = 20  # less than a call to the silent one is waited for
SOON = 0.1  # how long a pass waits for the silent one, in seconds


class SilentProvider:
    """Takes every connection and says nothing, until it hangs up on all of them."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.taken: list[socket.socket] = []
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def hang_up(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listening.close()
        for connection in self.taken:
            connection.close()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self.taken.append(self._listening.accept()[0])


@pytest.fixture
def silent(world: World) -> Iterator[SilentProvider]:
    provider = SilentProvider()
    yield provider
    provider.hang_up()  # and so do not make the world wait for its end


def silent_key(world: World, provider: SilentProvider) -> str:
    with world.core.database.transaction() as session:
        base = f"{provider.url}/v3"
        key = world.core.keys.add(session, "slow", "tsk_sandbox_slow", version="v3", base=base, owner="Ada")
        session.flush()
        return key.id


def shared_key(world: World) -> ProviderKey:
    with world.core.database.reading() as session:
        return world.core.keys.shared(session)


def change(world: World, task_id: str, **values: Any) -> None:
    with world.core.database.transaction() as session:
        session.execute(update(Task).where(Task.id == task_id).values(**values))


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_asking_goes_on_for_other_keys(world: World, silent: SilentProvider) -> None:
    (slow,), (quick,) = world.order("slow"), world.order("quick")
    change(world, slow, key_id=silent_key(world, silent))

    world.pass_time(120)
    world.core.orchestrator.ask_due(SOON)

    wait_until(lambda: world.task(quick).status is TaskStatus.DOWNLOADING)
    world.pass_time(30)
    world.core.orchestrator.ask_due(SOON)
    assert world.task(slow).answered_at is None
    wait_until(lambda: silent.taken)
    assert len(silent.taken) == 1  # never two reads of one task at one time


def test_a_key_that_hangs_everywhere_claims_nothing_more(world: World, silent: SilentProvider) -> None:
    ids = [world.order(f"slow-{n}")[0] for n in range(10)]
    ids += [world.order(f"slower-{n}", send=False)[0] for n in range(PLACES["ask"] + 1 - len(ids))]
    key_id, later = silent_key(world, silent), world.now() + timedelta(hours=1)
    for n, task_id in enumerate(ids):
        change(world, task_id, key_id=key_id, tripo_task_id=f"t{n}", status=TaskStatus.RUNNING, due_at=later)

    for task_id in ids:
        change(world, task_id, due_at=world.now())
        world.core.orchestrator.ask_due(0)

    assert [world.task(task_id).lease_owner is not None for task_id in ids] == [True] * 16 + [False]


def test_sending_goes_on_for_other_keys_and_no_order_waits_claimed(
    world: World, silent: SilentProvider
) -> None:
    key_id = silent_key(world, silent)
    slow = [world.order(f"slow-{n}", send=False, key_id=key_id)[0] for n in range(3)]
    (quick,) = world.order("quick", send=False)

    world.pass_time(10)
    world.core.orchestrator.send_ready(SOON)

    wait_until(lambda: world.task(quick).status is TaskStatus.QUEUED)
    assert {world.task(task_id).status for task_id in slow} == {TaskStatus.SUBMITTING}
    wait_until(lambda: len(silent.taken) == 3)  # what is claimed was sent at once


def test_fetching_goes_on_for_other_keys(world: World, silent: SilentProvider) -> None:
    (slow,), (quick,) = world.order("slow"), world.order("quick")
    world.pass_time(120)
    world.core.orchestrator.ask_due()
    links = {"model": f"{silent.url}/model.glb", "at": world.now().isoformat()}
    change(world, slow, key_id=silent_key(world, silent), links=links)

    world.core.orchestrator.fetch_due(SOON)

    wait_until(lambda: world.task(quick).status is TaskStatus.SUCCESS)
    assert world.task(slow).status is TaskStatus.DOWNLOADING
    wait_until(lambda: len(silent.taken) == 1)


def test_a_balance_that_does_not_come_delays_no_other(world: World, silent: SilentProvider) -> None:
    key_id = silent_key(world, silent)
    world.order("slow", send=False, key_id=key_id)

    world.core.orchestrator.check_accounts(SOON)

    wait_until(lambda: shared_key(world).balance is not None)
    wait_until(lambda: silent.taken)
    world.pass_time(120)
    assert (
        world.core.orchestrator.check_accounts(SOON) == 1
    )  # the other one: it is not asked twice at one time
    assert len(silent.taken) == 1
