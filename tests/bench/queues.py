"""Reads per second of ours on PostgreSQL, each with its claim and its write, against the no-ops of a task queue.

Procrastinate keeps its jobs in PostgreSQL too and claims each with SKIP LOCKED; here it does nothing for each job, with
as many under way at one time as ours has. Both take turns on one server; seconds are those of the wall.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time

import procrastinate
from sqlalchemy import make_url

from core.memory import keep_arenas_few
from tests.bench.many_tasks import fill
from tests.bench.polls import COUNT, ask_all, make_due, product, server, the_key
from tests.conftest import fresh_database, let_forget, running_postgres

REPEATS = 5
AT_ONCE = 16


def run() -> None:
    """Measure, and print the ratios."""
    print(f"{COUNT} reads on PostgreSQL against {COUNT} no-ops of Procrastinate, per second of the wall")
    keep_arenas_few()  # as the poller does
    with (
        server() as url,
        running_postgres() as postgres,
        fresh_database(postgres) as ours,
        fresh_database(postgres) as ours_in_batches,
        fresh_database(postgres) as theirs,
        tempfile.TemporaryDirectory() as folder,
        product(f"{folder}/single", url, batch_reads="off", database_url=ours) as single,
        product(f"{folder}/batch", url, batch_reads="auto", database_url=ours_in_batches) as batch,
    ):
        let_forget(postgres)  # no-ops commit far more often: what is compared is not the disk
        cores = {"single reads": single, "batch reads": batch}
        for core in cores.values():
            fill(core.database, COUNT, the_key(core))
        rates: dict[str, list[float]] = {name: [] for name in (*cores, "Procrastinate")}
        for _ in range(REPEATS + 1):
            for name, core in cores.items():
                make_due(core)
                began = time.perf_counter()
                ask_all(core)
                rates[name].append(COUNT / (time.perf_counter() - began))
            rates["Procrastinate"].append(asyncio.run(_no_ops_per_second(theirs)))
    no_ops = rates["Procrastinate"][1:]
    print(f"  Procrastinate: {statistics.median(no_ops):.0f} no-ops a second")
    for name in cores:
        ratio = statistics.median(some / other for some, other in zip(rates[name][1:], no_ops, strict=True))
        print(f"  {name}: {statistics.median(rates[name][1:]):.0f} a second")
        print(f"    ours / Procrastinate {ratio:.1f} (target >= 5, stretch 10)")


async def _no_ops_per_second(url: str) -> float:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain, max_size=AT_ONCE))

    @app.task(name="nothing")
    async def nothing() -> None:
        pass

    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({} for _ in range(COUNT)))
        began = time.perf_counter()
        await app.run_worker_async(wait=False, concurrency=AT_ONCE, delete_jobs="always", listen_notify=False)
        return COUNT / (time.perf_counter() - began)


if __name__ == "__main__":
    run()
