"""Poller and dashboard as processes: they end within seconds whatever hangs, and outlive their database's absence."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import create_engine, make_url

from core.lifecycle import TaskStatus
from tests.core.started_dashboard import asked, started_dashboard
from tests.core.started_process import wait_until
from tests.kills.night import start_poller
from tests.world import World

HANGS_SECONDS = 50
GONE_SECONDS = 5
ENDS_WITHIN_SECONDS = 25  # the process has six; the rest is for a machine that is busy with other things
pytestmark = pytest.mark.slow


def test_a_poller_ends_within_seconds_though_a_create_hangs(world: World) -> None:
    world.faults(create_hang_seconds={"seconds": HANGS_SECONDS})
    (task_id,) = world.order(send=False)
    with start_poller(world) as poller:
        assert wait_until(lambda: sum(world.creates().values()) == 1)
        began = time.monotonic()
        poller.send(signal.SIGTERM)

        assert poller.wait() == 0
        assert time.monotonic() - began < ENDS_WITHIN_SECONDS < HANGS_SECONDS
        assert "Traceback" not in poller.output
    assert world.task(task_id).status in (TaskStatus.SUBMITTING, TaskStatus.UNKNOWN)


def test_a_dashboard_ends_within_seconds_though_a_create_hangs(world: World) -> None:
    world.faults(create_hang_seconds={"seconds": HANGS_SECONDS})
    with started_dashboard(world) as (dashboard, address):
        order = {"projectId": "first-project", "assetId": "knight", "prompt": "a knight"}
        assert httpx.post(f"{address}/api/generate-3d", json=order, timeout=30).status_code == 202
        began = time.monotonic()
        dashboard.send(signal.SIGTERM)

        assert dashboard.wait() == 0
        assert time.monotonic() - began < ENDS_WITHIN_SECONDS < HANGS_SECONDS
        assert "Traceback" not in dashboard.output


def test_both_processes_outlive_a_database_that_is_gone_for_a_while(
    make_world: Callable[..., World], postgres_server: str, postgres_url: str
) -> None:
    world = make_world(database_url=postgres_url, speed=8)
    with start_poller(world) as poller, started_dashboard(world) as (dashboard, address):
        (task_id,) = world.order(send=False)
        assert wait_until(lambda: world.task(task_id).submitted_at is not None)

        with database_gone(postgres_server, postgres_url):
            assert wait_until(lambda: asked(f"{address}/api/health") == 503)
            refused = httpx.get(f"{address}/api/assets", timeout=30)
            time.sleep(GONE_SECONDS)  # so many passes fail

        assert (refused.status_code, refused.json()["code"]) == (503, "database_unreachable")
        assert wait_until(lambda: asked(f"{address}/api/health") == 200)
        assert wait_until(lambda: world.task(task_id).status is TaskStatus.SUCCESS)
        assert httpx.get(f"{address}/api/assets", timeout=30).status_code == 200
        assert poller.is_alive()
        assert dashboard.is_alive()
        assert "Traceback" not in poller.output, poller.output
        assert "Traceback" not in dashboard.output, dashboard.output


def test_a_poller_outlives_a_locked_sqlite_file(make_world: Callable[..., World]) -> None:
    world = make_world(speed=8)
    with start_poller(world) as poller:
        (task_id,) = world.order(send=False)
        assert wait_until(lambda: world.task(task_id).submitted_at is not None)

        held = sqlite3.connect(make_url(world.settings.database_url).database, timeout=60)
        held.execute("BEGIN EXCLUSIVE")
        poller.wait_for("the database does not answer")
        held.rollback()
        held.close()

        assert wait_until(lambda: world.task(task_id).status is TaskStatus.SUCCESS)
        assert poller.is_alive()
        assert "Traceback" not in poller.output


@contextlib.contextmanager
def database_gone(server: str, url: str) -> Iterator[None]:
    """Let a database refuse everybody, and end those that are connected."""
    name = make_url(url).database
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.exec_driver_sql(end_all, (name,))
        try:
            yield
        finally:
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    engine.dispose()
