"""A plan of 10,000 assets: reading, comparing and applying it against one bare insert of the same rows.

The anchor, on the same kind of database, empty and migrated: SQLAlchemy Core's executemany of the very asset and task
rows that the plan made, in one transaction.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from core.bootstrap import Core, connect
from core.models import Asset, Project, Task
from core.plans.reading import read_plan
from core.projects import FIRST_PROJECT, ensure_first_project
from tests.conftest import fresh_database, postgres_server, settings_in

ASSETS = 10_000
MOST = 4.0
Rows = Sequence[Mapping[str, Any]]


def run() -> None:
    """Measure on both databases, and print the table."""
    text = plan_of(ASSETS)
    print(
        f"{ASSETS:,} assets, half of them rigged with two animations ({len(text) / 1e6:.1f} MB of Markdown)"
    )
    began = time.perf_counter()
    read_plan(text, "plan.md")
    print(f"  read alone: {time.perf_counter() - began:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", text, Path(folder), [f"sqlite:///{folder}/{name}.db" for name in "abc"])
    with contextlib.contextmanager(postgres_server.__wrapped__)() as server, contextlib.ExitStack() as stack:
        urls = [stack.enter_context(fresh_database(server)) for _ in range(3)]
        with tempfile.TemporaryDirectory() as folder:
            _measure("PostgreSQL", text, Path(folder), urls)


def _measure(name: str, text: str, folder: Path, urls: Sequence[str]) -> None:
    for_plan, for_bare, for_memory = urls
    with _core(folder, for_plan) as core:
        applying = _timed_apply(core, text)
        again = _timed_apply(core, text)
        with core.database.reading() as session:
            assets, tasks = (_rows(session, model) for model in (Asset, Task))
    with _core(folder, for_bare) as core:
        bare = _timed_insert(core, assets, tasks)
    with _core(folder, for_memory) as core:
        tracemalloc.start()
        _timed_apply(core, text)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    print(
        f"  {name}: read, compare and apply {applying:.2f} s; bare insert of {len(tasks):,} tasks {bare:.2f} s"
    )
    print(f"  {name}: ratio {applying / bare:.2f} (target at most {MOST:g}); applied again {again:.2f} s")
    print(f"  {name}: most Python memory while applying {peak / 1e6:.0f} MB")


def _timed_apply(core: Core, text: str) -> float:
    began = time.perf_counter()
    core.plans.apply(project_id=FIRST_PROJECT, filename="plan.md", content=text)
    return time.perf_counter() - began


def _timed_insert(core: Core, assets: Rows, tasks: Rows) -> float:
    began = time.perf_counter()
    with core.database.transaction() as session:
        connection = session.connection()
        connection.execute(insert(Asset.__table__), list(assets))
        connection.execute(insert(Task.__table__), list(tasks))
    return time.perf_counter() - began


def _rows(session: Any, model: type[Asset] | type[Task]) -> Rows:
    return [dict(row) for row in session.execute(select(model.__table__)).mappings()]


@contextlib.contextmanager
def _core(folder: Path, url: str) -> Iterator[Core]:
    core = connect(settings_in(folder, database_url=url), "bench")
    core.database.migrate()
    with core.database.transaction() as session:
        ensure_first_project(session)
        assert session.get(Project, FIRST_PROJECT) is not None
    yield core
    core.close()


def plan_of(assets: int) -> str:
    """Write a plan of so many assets in Markdown."""
    lines = ["# A large plan"]
    for n in range(assets):
        if n % 100 == 0:
            lines.append(f"## Group {n // 100}")
        if n % 2:
            lines += [
                f"- [RIG] Figure {n}",
                f"  - Description: A stocky figure, the {n}th, in a long coat, T-pose, arms straight out",
                "  - Animations: idle, walk",
            ]
        else:
            lines += [
                f"- [STATIC] Thing {n}",
                f"  - Description: Weathered thing number {n}, wound with rope",
            ]
    return "\n".join(lines)


if __name__ == "__main__":
    run()
