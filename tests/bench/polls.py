"""What 1,000 reads of running tasks cost with 1,000 in flight: ours with its database, aiohttp, httpx.AsyncClient.

All but httpx ask the same server in turn, which has a process of its own. CPU is that of this process.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
import httpx
import psutil
from sqlalchemy import delete, update

from core.bootstrap import Core, connect
from core.memory import keep_arenas_few
from core.models import Asset, ProviderKey, Task
from core.projects import ensure_first_project
from core.settings import Settings
from tests.bench.many_tasks import fill
from tests.bench.product import ROOT

COUNT = 1000
REPEATS = 7
HEADERS = {"Authorization": "Bearer tsk_sandbox"}


Turn = Callable[[], object]


def run() -> None:
    """Measure, and print the ratios."""
    print(f"{COUNT} reads with {COUNT} in flight: CPU ms per read, medians of {REPEATS} turns (SQLite)")
    with server() as url, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        keep_arenas_few()  # as the poller does
        single = stack.enter_context(product(f"{folder}/single", url, batch_reads="off"))
        idle_kb = _idle_kb(single)
        fill(single.database, COUNT, the_key(single))
        for _ in range(REPEATS):
            _asked_ms(single)
        opened = _opened(url) - 1  # the one that asked is no part of it
        grown_kb = (_memory_kb() - idle_kb) / COUNT
        batch = stack.enter_context(product(f"{folder}/batch", url, batch_reads="auto"))
        fill(batch.database, COUNT, the_key(batch))
        bare = stack.enter_context(_aiohttp(url))
        turns = (partial(_asked_ms, single), partial(_asked_ms, batch), partial(_cpu_ms, bare))
        ours, in_batches, least = _in_turn(turns)
        more_kb = _second_thousand_kb(single)
        slow = _async_httpx(url)
    print(f"  ours, single reads: {statistics.median(ours):.3f}")
    print(f"  ours, batch reads: {statistics.median(in_batches):.3f}")
    print(f"  aiohttp: {statistics.median(least):.3f}")
    print(f"  httpx.AsyncClient, pool of 100: {slow:.3f}")
    print(f"  ours / aiohttp {_ratio(ours, least):.2f} (target <= 2.5, stretch 1.5)")
    print(f"  ours / httpx.AsyncClient {statistics.median(ours) / slow:.3f} (target <= 0.05)")
    print(
        f"  batch / aiohttp {_ratio(in_batches, least):.3f} (a tenth of what a single read may cost: <= 0.25)"
    )
    print(f"  batch / single {_ratio(in_batches, ours):.3f} (target <= 0.1)")
    print(f"  connections opened {opened} (target <= 100, stretch 32)")
    print(f"  memory per tracked task, from none to 1,000: {grown_kb:.1f} KB (target <= 20)")
    print(f"  from 1,000 to 2,000 tracked tasks: {more_kb:.1f} KB for each more")


def _in_turn(turns: Sequence[Callable[[], float]]) -> list[list[float]]:
    """Take each turn in each round, after one that is not counted: what slows the machine down slows all of them."""
    rounds = [[turn() for turn in turns] for _ in range(REPEATS + 1)]
    return [list(each) for each in zip(*rounds[1:], strict=True)]


def _ratio(some: Sequence[float], others: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(some, others, strict=True))


def _asked_ms(core: Core) -> float:
    make_due(core)
    return _cpu_ms(partial(ask_all, core))


def _cpu_ms(turn: Turn) -> float:
    """CPU of a turn, for each of its reads."""
    began = time.process_time()
    turn()
    return (time.process_time() - began) * 1000 / COUNT


def ask_all(core: Core) -> None:
    """One pass, in which all are due."""
    asked = core.orchestrator.ask_due()
    assert asked == COUNT, asked


def _idle_kb(core: Core) -> float:
    """What the process takes while it has nothing to track: one task has been asked about and forgotten."""
    fill(core.database, 1, the_key(core))
    make_due(core)
    assert core.orchestrator.ask_due() == 1
    with core.database.transaction() as session:
        session.execute(delete(Task))
        session.execute(delete(Asset))
    return _memory_kb()


def the_key(core: Core) -> ProviderKey:
    """Return the team's key, as a row."""
    with core.database.transaction() as session:
        return core.keys.shared(session)


def _second_thousand_kb(core: Core) -> float:
    """Track as many tasks again."""
    began_kb = _memory_kb()
    fill(core.database, COUNT, the_key(core), first=COUNT)
    make_due(core)
    ask_all(core)
    ask_all(core)
    return (_memory_kb() - began_kb) / COUNT


def make_due(core: Core) -> None:
    """Let all of them be asked about now."""
    with core.database.transaction() as session:
        session.execute(update(Task).values(due_at=datetime.now(UTC) - timedelta(seconds=1)))


@contextmanager
def product(folder: str, url: str, *, batch_reads: str, database_url: str | None = None) -> Iterator[Core]:
    """The product with its provider at this address, on SQLite unless told otherwise."""
    settings = Settings(
        _env_file=None,
        tripo_api_key="tsk_sandbox",
        tripo_api_base=f"{url}/v3",
        tripo_batch_reads=batch_reads,
        database_url=database_url or f"sqlite:///{folder}.db",
        var_dir=folder,
        secret_key="a secret for a measurement",
    )
    core = connect(settings, "bench")
    core.database.migrate()
    with core.database.transaction() as session:
        ensure_first_project(session)
    try:
        yield core
    finally:
        core.close()


@contextmanager
def _aiohttp(url: str) -> Iterator[Turn]:
    loop = asyncio.new_event_loop()

    async def new() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    session = loop.run_until_complete(new())

    async def read(n: int) -> object:
        async with session.get(f"{url}/v3/tasks/task-{n}", headers=HEADERS) as response:
            return json.loads(await response.read())

    try:
        yield lambda: loop.run_until_complete(_all(read))
    finally:
        loop.run_until_complete(session.close())
        loop.close()


def _async_httpx(url: str) -> float:
    """Every task asks again as soon as it has its answer, so that always as many wait for a connection."""
    loop = asyncio.new_event_loop()
    client = httpx.AsyncClient(limits=httpx.Limits(max_connections=100), timeout=120)
    asked = iter(range(2 * COUNT))

    async def read(_: int) -> None:
        while next(asked, None) is not None:
            (await client.get(f"{url}/v3/tasks/task-1", headers=HEADERS)).json()

    began = time.process_time()
    loop.run_until_complete(_all(read))
    took = time.process_time() - began
    loop.run_until_complete(client.aclose())
    loop.close()
    return took * 1000 / (2 * COUNT)


async def _all(read: Callable[[int], Coroutine[object, object, object]]) -> None:
    await asyncio.gather(*(read(n) for n in range(COUNT)))


@contextmanager
def server() -> Iterator[str]:
    """The address of a provider of its own process: `tests.bench.answering`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.answering"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _opened(url: str) -> int:
    return int(httpx.get(f"{url}/opened").json())


def _memory_kb() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1024


if __name__ == "__main__":
    run()
