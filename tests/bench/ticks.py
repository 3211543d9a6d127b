"""A tick's claim and write of 1,000 due tasks, against the same in plain SQL and against a commit for each row."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from core import tasks
from core.database import Database
from core.keys import KeyRing
from core.lifecycle import TaskStatus
from core.models import Task
from core.polling import WATCHED
from core.projects import ensure_first_project
from core.recording import AS_IT_SHOULD_BE, Watched
from core.settings import Settings
from tests.bench.many_tasks import fill
from tests.conftest import fresh_database, running_postgres

COUNT = 1000
REPEATS = 9
ROWS_ALONE = 200  # so many get a commit each, and stand for all
LEASE = timedelta(seconds=60)
COLUMNS = Watched._fields[2:]
CLAIM = tasks.claim_statement(WATCHED, [tasks.TASKS.c[name] for name in COLUMNS])
WRITTEN = ("due_at", "foretold_seconds", "progress", "progressed_at", "seconds_left", "queue_position",
           "answered_at", "updated_at")  # fmt: skip


def run() -> None:
    """Measure on both databases, and print the ratios."""
    print(f"one tick: claim and write of {COUNT} due tasks, medians of {REPEATS}, in turn with its peers")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/ticks.db")
    with running_postgres() as server, fresh_database(server) as url:
        _measure("PostgreSQL", url)


def _measure(name: str, url: str) -> None:
    database = Database(url)
    database.migrate()
    with database.transaction() as session:
        ensure_first_project(session)
        ring = KeyRing(Settings(_env_file=None, tripo_api_key="tsk_sandbox", secret_key="a secret"))
        key = ring.shared(session)
    fill(database, COUNT, key)
    ways: dict[str, Callable[[datetime], None]] = {
        "ours": lambda now: _ours(database, now),
        "plain": lambda now: (_plain_sqlite if database.is_sqlite else _plain_postgres)(database, now),
        "rows": lambda now: _row_by_row(database, now),
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    cpu: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(REPEATS + 1):
        for way, tick in ways.items():
            if way == "rows" and turn > 1:
                continue  # it takes as long as all the others together
            now = _make_due(database)
            began, began_cpu = time.perf_counter(), time.process_time()
            tick(now)
            took[way].append(time.perf_counter() - began)
            cpu[way].append(time.process_time() - began_cpu)
    database.close()
    ours, plain = (statistics.median(took[way][1:]) for way in ("ours", "plain"))
    rows = min(took["rows"]) * COUNT / ROWS_ALONE
    print(
        f"  {name}: ours {ours * 1000:.1f} ms, plain SQL {plain * 1000:.1f} ms, a commit per row {rows * 1000:.0f} ms"
    )
    print(f"    ours / plain SQL {ours / plain:.2f} (target <= 3); a commit per row / ours {rows / ours:.0f}x "
          f"(target >= {30 if database.is_sqlite else 25})")  # fmt: skip
    ours_cpu, plain_cpu = (statistics.median(cpu[way][1:]) * 1000 for way in ("ours", "plain"))
    print(f"    CPU of this process: ours {ours_cpu:.1f} ms, plain SQL {plain_cpu:.1f} ms")


def _make_due(database: Database) -> datetime:
    now = datetime.now(UTC)
    with database.transaction() as session:
        session.execute(update(Task).values(due_at=now - timedelta(seconds=1)))
    return now


def _values(now: datetime, n: int) -> dict[str, Any]:
    due_at = now + timedelta(hours=1, milliseconds=n)
    values = (due_at, 33.0, 40, now, 20.0, None, now, now)
    return dict(zip(WRITTEN, values, strict=True))


def _ours(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        found = tasks.claim_rows(session, CLAIM, "bench", now, LEASE, COUNT)
        claimed = [Watched._make(row) for row in found]
    with database.transaction() as session:
        rows = [_values(now, n) for n in range(COUNT)]
        news = {name: [row[name] for row in rows] for name in WRITTEN}
        assert tasks.record_progress(session, claimed, news, AS_IT_SHOULD_BE) == COUNT


def _row_by_row(database: Database, now: datetime) -> None:
    with database.reading() as session:
        ids = session.scalars(select(Task.id).where(Task.due_at <= now).limit(ROWS_ALONE)).all()
    for n, task_id in enumerate(ids):
        with database.transaction() as session:
            task = session.get_one(Task, task_id)
            task.fence, task.lease_owner, task.lease_until, task.asked_at = (
                task.fence + 1,
                "b",
                now + LEASE,
                now,
            )
        with database.transaction() as session:
            task = session.get_one(Task, task_id)
            task.lease_owner = task.lease_until = None
            for name, value in (_values(now, n) | AS_IT_SHOULD_BE).items():
                setattr(task, name, value)


_CLAIM = """UPDATE tasks SET fence = fence + 1, lease_owner = 'bench', lease_until = {0}, asked_at = {0}
WHERE id IN (SELECT id FROM tasks WHERE (status IN ('queued', 'running') AND tripo_task_id IS NOT NULL
  OR status = 'cancelled' AND provider_done_at IS NULL AND tripo_task_id IS NOT NULL)
  AND (lease_until IS NULL OR lease_until < {0}) AND due_at <= {0} ORDER BY due_at LIMIT 1000 {1})
RETURNING id, fence, """ + ", ".join(f'"{name}"' for name in COLUMNS)  # noqa: S608 - our own names
_SET = """UPDATE tasks SET lease_owner = NULL, lease_until = NULL, tries = 0, waiting_for = NULL, waiting_text = NULL,
  gone_answers = 0, gone_since = NULL, """


def _plain_sqlite(database: Database, now: datetime) -> None:
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    at = _text(now)
    cursor.execute("BEGIN IMMEDIATE")
    rows = cursor.execute(_CLAIM.format("?", ""), (_text(now + LEASE), at, at, at)).fetchall()
    cursor.execute("COMMIT")
    cursor.execute("BEGIN IMMEDIATE")
    columns = ", ".join(f"{name} = ?" for name in WRITTEN)
    news = [
        (
            *[_text(v) if isinstance(v, datetime) else v for v in _values(now, n).values()],
            row[0],
            row[1],
            "running",
        )
        for n, row in enumerate(rows)
    ]
    cursor.executemany(f"{_SET}{columns} WHERE id = ? AND fence = ? AND status = ?", news)
    assert cursor.rowcount == COUNT
    cursor.execute("COMMIT")
    raw.close()


def _plain_postgres(database: Database, now: datetime) -> None:
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute(_CLAIM.format("%s", "FOR UPDATE SKIP LOCKED"), (now + LEASE, now, now, now))
    rows = cursor.fetchall()
    raw.commit()
    news = [
        (row[0], row[1], TaskStatus.RUNNING.value, *_values(now, n).values()) for n, row in enumerate(rows)
    ]
    types = dict.fromkeys(WRITTEN, "int") | {
        n: "timestamptz" for n in WRITTEN if n.endswith(("_at", "_since"))
    }
    types |= dict.fromkeys(("seconds_left", "foretold_seconds"), "float")
    arrays = ", ".join(
        ["%s::text[]", "%s::int[]", "%s::text[]", *(f"%s::{types[name]}[]" for name in WRITTEN)]
    )
    columns = ", ".join(f"{name} = news.{name}" for name in WRITTEN)
    cursor.execute(
        f"{_SET}{columns} FROM unnest({arrays}) AS news(id, fence, status, {', '.join(WRITTEN)}) "
        "WHERE tasks.id = news.id AND tasks.fence = news.fence AND tasks.status = news.status",
        [list(column) for column in zip(*news, strict=True)],
    )
    assert cursor.rowcount == COUNT
    raw.commit()
    raw.close()


def _text(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


if __name__ == "__main__":
    run()
