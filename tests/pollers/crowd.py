"""Several poller processes on one PostgreSQL: nothing is claimed twice, created twice or left behind."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple

from sqlalchemy import func, select

from core.lifecycle import FINAL, TaskStatus
from core.models import Heartbeat, Task, TaskEvent
from core.projects import FIRST_PROJECT
from tests.core.started_process import wait_until
from tests.kills.night import start_poller
from tests.world import World

ORDERS_FOR_A_KEY = 50  # far below the creates of a minute that a key is granted


class Night(NamedTuple):
    """What came of it."""

    orders: int
    seconds: float
    by_poller: Counter[str]  # how many orders each of them sent


def order_many(world: World, orders: int, *, first: int = 0) -> None:
    """Write the rows of many static models over as many keys as let them run side by side."""
    keys = [
        world.core.key_desk.add(name=f"key {first + n}", key=f"tsk_sandbox_{first + n}")[0]
        for n in range(-(-orders // ORDERS_FOR_A_KEY))
    ]
    for n in range(first, first + orders):
        world.order(
            f"crate-{n}",
            send=False,
            project_id=FIRST_PROJECT,
            prompt=f"crate {n}",
            key_id=keys[n % len(keys)],
        )


def run(world: World, orders: int, pollers: int = 4, patience_seconds: float = 240) -> Night:
    """Let the pollers carry all of it to its end, and as much again while one of them had no part in it.

    None is ahead of the others, but who comes first to what is due is chance.
    """
    given = 0
    with ExitStack() as stack:
        for _ in range(pollers):
            stack.enter_context(start_poller(world, POLL_SECONDS="0.5"))
        assert wait_until(lambda: _at_work(world) == pollers)
        began = time.monotonic()
        while len(_senders(world)) < pollers and time.monotonic() < began + patience_seconds:
            order_many(world, orders, first=given)
            given += orders
            while _open(world) and time.monotonic() < began + patience_seconds:
                time.sleep(0.5)  # other processes are at work: there is nothing here to wait on
    return Night(given, time.monotonic() - began, _senders(world))


def assert_nothing_twice(world: World, orders: int) -> None:
    """Every order was claimed once, created once, and ended well."""
    with world.core.database.reading() as session:
        rows = session.scalars(select(Task)).all()
        claims = Counter(
            session.scalars(select(TaskEvent.task_id).where(TaskEvent.to_status == TaskStatus.SUBMITTING))
        )
    assert Counter(row.status for row in rows) == {TaskStatus.SUCCESS: orders}
    assert len({(row.key_id, row.tripo_task_id) for row in rows}) == orders
    refused = world.ask_sandbox("stats")["refusals"]
    assert sum(claims.values()) == orders + sum(refused.values()), "an order was claimed twice"
    assert sum(world.creates().values()) == orders
    assert world.ask_sandbox("stats")["repeated"] == {}


def _at_work(world: World) -> int:
    with world.core.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Heartbeat)) or 0


def _open(world: World) -> int:
    with world.core.database.reading() as session:
        return len(session.scalars(select(Task.id).where(Task.status.not_in(list(FINAL)))).all())


def _senders(world: World) -> Counter[str]:
    with world.core.database.reading() as session:
        sent = select(TaskEvent.actor).where(TaskEvent.to_status == TaskStatus.SUBMITTING)
        return Counter(session.scalars(sent))
