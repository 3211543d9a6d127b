"""What it takes of this machine to see 1,000 tasks through, in real time: ours with its database, and the SDK's rule.

Both follow the very same tasks of 10 to 60 s on the same server, side by side, each in a process of its own: ours with
the passes of the poller, as often as it runs them, until every end is written; the other with aiohttp (on which the
SDK 0.4.2 runs too) and the SDK's rule, without a database: the next wait is max(2 s, half of the seconds left).
`python -m tests.bench.through ADDRESS` is that other process; it prints its CPU seconds and its requests.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import httpx
from sqlalchemy import func, select, update

from core.bootstrap import Core
from core.lifecycle import AT_PROVIDER, TaskStatus
from core.memory import keep_arenas_few
from core.models import Task
from core.past import pace_of
from core.tripo import Generate
from poller.schedule import sleep_seconds
from tests.bench.answering import SECONDS, SPREAD
from tests.bench.many_tasks import fill
from tests.bench.polls import HEADERS, product, server, the_key
from tests.bench.product import ROOT

COUNT = 1000
LIMIT_SECONDS = 180.0
PAST = 100
PACE = pace_of(Generate(prompt="a low poly knight"), "v3", is_local=True)


def run() -> None:
    """Measure, and print the ratios."""
    print(f"seeing {COUNT} tasks of 10 to 60 s through, in real time: CPU of each process (SQLite)")
    keep_arenas_few()  # as the poller does
    for reads, mode in (("single", "off"), ("batch", "auto")):
        with (
            server() as url,
            tempfile.TemporaryDirectory() as folder,
            product(f"{folder}/{reads}", url, batch_reads=mode) as core,
            _peer(url) as peer,
        ):
            ours = _followed(core, url, peer)
            theirs, requests = map(float, peer.communicate(timeout=LIMIT_SECONDS)[0].split())
        print(
            f"  {reads} reads: ours {ours:.2f} s, the SDK's rule {theirs:.2f} s ({requests / COUNT:.1f} requests a task)"
        )
        print(f"    ours / SDK {ours / theirs:.2f} (target <= 1.5, stretch 1.0)")


def _followed(core: Core, url: str, peer: subprocess.Popen[str]) -> float:
    """Let both begin, run the passes until all ends are known, and say what CPU seconds ours took."""
    passes, tick = core.orchestrator, core.settings.poll_seconds
    _learn(core)
    fill(core.database, COUNT, the_key(core))
    passes.forecast.refresh()
    assert peer.stdin is not None
    httpx.get(f"{url}/begin").raise_for_status()
    _begin(core)
    peer.stdin.write("\n")
    peer.stdin.flush()
    deadline = time.monotonic() + LIMIT_SECONDS
    began = time.process_time()
    while time.monotonic() < deadline:
        if not passes.ask_due() and not _open_tasks(core):
            return time.process_time() - began
        time.sleep(sleep_seconds(tick, passes.next_ask_at(), datetime.now(UTC)))
    raise SystemExit(f"{_open_tasks(core)} tasks are still open after {LIMIT_SECONDS:.0f} s")


def _learn(core: Core) -> None:
    """Give the product a past: some tasks of this pace whose end was foretold about as well."""
    began = datetime.now(UTC) - timedelta(hours=1)
    lot = random.Random(1)
    ids = fill(core.database, PAST, the_key(core), first=COUNT)
    with core.database.transaction() as session:
        for task_id in ids:
            lasts = lot.uniform(*SECONDS)
            ended_at = began + timedelta(seconds=lasts)
            session.execute(
                update(Task)
                .where(Task.id == task_id)
                .values(
                    **{"status": TaskStatus.SUCCESS, "pace": PACE, "submitted_at": began, "due_at": None},
                    **{"answered_at": ended_at, "provider_done_at": ended_at, "finished_at": ended_at},
                    **{"worked_seconds": lasts, "foretold_seconds": lasts * lot.lognormvariate(0, SPREAD)},
                )
            )


def _begin(core: Core) -> None:
    """Let the rows be as a send leaves them."""
    now, forecast = datetime.now(UTC), core.orchestrator.forecast
    key_id = the_key(core).id
    with core.database.transaction() as session:
        for task_id in session.scalars(select(Task.id).where(Task.status == TaskStatus.RUNNING)).all():
            sent = {"submitted_at": now, "answered_at": None, "progress": 0, "pace": PACE}
            due_at = forecast.first_ask_at(key_id, PACE)
            session.execute(
                update(Task).where(Task.id == task_id).values(**sent, status=TaskStatus.QUEUED, due_at=due_at)
            )


def _open_tasks(core: Core) -> int:
    with core.database.reading() as session:
        is_open = Task.status.in_(list(AT_PROVIDER))
        return session.scalar(select(func.count()).where(is_open)) or 0


@contextmanager
def _peer(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.through", url]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


async def _wait_for_all(url: str) -> tuple[float, int]:
    """Wait for all tasks as the SDK does; return the CPU seconds that took, and how many requests."""
    requests = 0

    async def wait_for(n: int) -> None:
        nonlocal requests
        while True:
            requests += 1
            async with session.get(f"{url}/v3/tasks/task-{n}", headers=HEADERS) as response:
                task = json.loads(await response.read())["data"]
            if task["status"] != "running":
                return
            await asyncio.sleep(max(2.0, task["running_left_time"] / 2))

    async with aiohttp.ClientSession() as session:
        sys.stdin.readline()
        began = time.process_time()
        await asyncio.gather(*(wait_for(n) for n in range(COUNT)))
        return time.process_time() - began, requests


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*asyncio.run(_wait_for_all(sys.argv[1])))
    else:
        run()
