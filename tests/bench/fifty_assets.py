"""Fifty rigged, animated assets through the sandbox: how soon they are sent, how soon an end is known, at what cost.

The anchor, in the same run over the same tasks: a client that reads each task by itself every two seconds.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import psutil
from sqlalchemy import select

from core.lifecycle import FINAL, TaskKind, TaskStatus
from core.models import Task
from tests.bench.product import Product, running

ASSETS = 50
SPEED = 10.0  # sandbox seconds pass ten times as fast as the provider's
PROMPTS = ("a low poly knight in T-pose", "an old wizard", "a sailor", "a robot guard", "a farmer")
LIMIT_SECONDS = 900


def run() -> None:
    """Measure, and print the table."""
    print(f"{ASSETS} assets: model, rig check, rig, idle and walk; sandbox at {SPEED:g}x, SQLite")
    with running(speed=SPEED) as product:
        began = time.monotonic()
        _order(product)
        _wait(product)
        took = time.monotonic() - began
        cpu = sum(psutil.Process(product.poller.pid).cpu_times()[:2])
        _report(product, took, cpu)


def _order(product: Product) -> None:
    for n in range(ASSETS):
        product.core.desk.generate(
            project_id="first-project",
            asset_id=f"asset-{n}",
            prompt=PROMPTS[n % len(PROMPTS)],
            should_rig=True,
            animations=["preset:idle", "preset:walk"],
        )


def _wait(product: Product) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        with product.core.database.reading() as session:
            left = session.scalars(select(Task.id).where(Task.status.not_in(list(FINAL)))).all()
        if not left:
            return
        time.sleep(1)
    print(f"NOT ALL ENDED within {LIMIT_SECONDS} s: {len(left)} tasks are still open")


def _report(product: Product, took: float, cpu_seconds: float) -> None:
    with product.core.database.reading() as session:
        rows = session.scalars(select(Task)).all()
    theirs = {task["task_id"]: task for task in product.sandbox("tasks")["tasks"]}
    stats = product.sandbox("stats")
    done = [row for row in rows if row.status is TaskStatus.SUCCESS]
    first_steps = [row for row in rows if row.kind is TaskKind.GENERATE and row.tripo_task_id in theirs]
    sent = sorted((theirs[r.tripo_task_id]["created_at"] - _unix(r.created_at), r.kind) for r in first_steps)
    to_create = [seconds for seconds, _kind in sent]
    detected = [
        _unix(r.provider_done_at) - theirs[r.tripo_task_id]["ended_at"] for r in done if r.provider_done_at
    ]
    stored = [_unix(r.finished_at) - theirs[r.tripo_task_id]["ended_at"] for r in done if r.finished_at]
    handed_on = _handed_on(rows, theirs)
    singles, batches, ids = _reads(stats)
    fixed = sum(
        math.ceil((t["ended_at"] - t["created_at"]) / 2) for t in theirs.values() if t.get("ended_at")
    )
    print(
        f"  {len(done)} of {len(rows)} tasks succeeded in {took:.0f} s; creates at the provider: {len(theirs)}"
    )
    _line("order to provider create, with a free place (first 10), s", to_create[:10])
    _line("order to provider create, all 50 on 10 places, s", to_create)
    _line("step done here to the next step's create, s", handed_on)
    _line("provider end to our row, s", detected)
    _line("provider end to files safe (success), s", stored)
    requests = singles + batches
    everything = sum(stats["requests_by_status"].values())
    print(f"  provider requests of every kind per finished task: {everything / max(len(done), 1):.2f}")
    print(f"  provider reads: {singles} single, {batches} batch ({ids} task reads in them)")
    print(f"  provider reads per finished task: {requests / max(len(done), 1):.2f}")
    print(
        f"  the same tasks read one by one every 2 s: {fixed / max(len(done), 1):.2f}; ratio {requests / fixed:.2f}"
    )
    polls = singles + ids
    per_thousand = cpu_seconds / max(polls, 1) * 1000
    print(
        f"  poller CPU {cpu_seconds:.1f} s in all (submit, poll, download, database); "
        f"{per_thousand:.2f} s per 1,000 task polls"
    )


def _handed_on(rows: Sequence[Task], theirs: dict[str, dict]) -> list[float]:
    by_id = {row.id: row for row in rows}
    waits = []
    for row in rows:
        source = by_id.get(row.source_task_id or "")
        if (
            row.kind is TaskKind.RIG_CHECK
            and source is not None
            and source.finished_at
            and row.tripo_task_id in theirs
        ):
            waits.append(theirs[row.tripo_task_id]["created_at"] - _unix(source.finished_at))
    return waits


def _reads(stats: dict) -> tuple[int, int, int]:
    reads = stats["reads"]
    return reads["single"], reads["batch"], sum(reads["ids_per_batch"])


def _line(what: str, values: Sequence[float]) -> None:
    ordered = sorted(values)
    if not ordered:
        print(f"  {what}: nothing to measure")
        return
    p95 = ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.95) - 1)]
    print(f"  {what}: p50 {statistics.median(ordered):.2f}, p95 {p95:.2f}")


def _unix(at: datetime) -> float:
    return at.astimezone(UTC).timestamp()
