"""Stuck is shown, and changes nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any, Final

from sqlalchemy import event

from core.failures.groups import open_groups
from core.health import read_health
from core.lifecycle import TaskKind
from core.stuck import count_stuck
from tests.world import World


def test_a_task_without_progress_is_shown_as_stuck_and_followed_to_its_end(world: World) -> None:
    world.faults(slow_queue_seconds=3600)
    world.order()
    world.run_for(60)
    assert world.asset().tasks[0].waiting_for == "provider_queue"
    assert read_health(world.core.database, world.settings, world.now()).stuck == 0

    world.run_for(1500, step=60)

    task = world.asset().tasks[0]
    assert (task.status, task.waiting_for) == ("queued", "stuck")
    assert "No progress for" in task.waiting_text
    assert read_health(world.core.database, world.settings, world.now()).stuck == 1

    world.run_for(6000, step=120)
    assert world.asset().status == "complete"


# What ANALYZE finds of 130,000 tasks, nearly all of them over: rows, and rows for each value of the columns.
ANALYZED: Final = {
    "ix_tasks_due": "129992 43331 43331",
    "ix_tasks_state": "129992 43331 32498 1",
    "ix_tasks_newest": "129992 2 1",
    "ix_tasks_submitted": "129992 64996 1",
    "ix_tasks_kind_done": "129992 64996 1",
    "ix_tasks_finished": "129992 2",
    "ix_tasks_sent": "129992 129992 2",
    "ix_tasks_fingerprint": "9996 833 1 1",
}


def test_stuck_tasks_are_found_without_reading_all_that_are_over(world: World) -> None:
    asked: list[tuple[str, Any]] = []
    engine = world.core.database.engine
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cur, text, given, *_: asked.append((text, given))
    )
    with world.core.database.reading() as session:
        count_stuck(session, world.now())
        open_groups(session, world.now())
    path = str(engine.url.database)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")
        rows = [("tasks", index, counts) for index, counts in ANALYZED.items()]
        connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", rows)
        connection.commit()
    with contextlib.closing(sqlite3.connect(path)) as connection:  # one that knows them
        plans = [
            (step[3], text)
            for text, given in asked
            if "tasks.progressed_at" in text
            for step in connection.execute(f"EXPLAIN QUERY PLAN {text}", given)
        ]

    assert len(plans) > len(TaskKind)
    assert [each for each in plans if each[0].startswith("SCAN tasks")] == []
