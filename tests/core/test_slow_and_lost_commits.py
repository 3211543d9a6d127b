"""What a slow commit, a commit without an answer, or a database that is away may do to an order that is being sent."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from core.lifecycle import TaskStatus
from core.tasks import DOWNLOAD_LEASE, SUBMIT_LEASE
from tests.world import World


@pytest.fixture
def world_at_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """No time passes but by the product's own sleeps."""
    world.stop_the_clock()

    def sleep(seconds: float) -> None:
        assert world.stopped_at is not None
        world.stopped_at += timedelta(seconds=seconds)

    monkeypatch.setattr("core.submitting.time.sleep", sleep)
    return world


def after_commit(world: World, number: int, happens: Callable[[], object]) -> None:
    """Let something happen right after the commit of this number, counted from now."""
    dialect, left = world.core.database.engine.dialect, [number]
    truly = dialect.do_commit

    def commit(connection: Any) -> None:
        truly(connection)
        left[0] -= 1
        if left[0] == 0:
            happens()

    dialect.do_commit = commit


def lose_the_answer() -> None:
    raise sqlite3.OperationalError("disk I/O error")


def test_an_answer_is_written_once_although_the_databases_own_answer_was_lost(world_at_rest: World) -> None:
    world = world_at_rest
    (task_id,) = world.order(send=False)
    after_commit(world, 2, lose_the_answer)  # the first is the claim's

    world.core.orchestrator.send_now(task_id)

    assert world.task(task_id).status is TaskStatus.QUEUED
    assert world.creates() == {"text_to_model": 1}


def test_an_order_whose_claim_took_too_long_to_commit_is_not_sent_under_it(world_at_rest: World) -> None:
    world = world_at_rest
    (task_id,) = world.order(send=False)

    def most_of_its_lease() -> None:
        assert world.stopped_at is not None
        world.stopped_at += SUBMIT_LEASE * 0.6

    after_commit(world, 1, most_of_its_lease)
    world.core.orchestrator.send_now(task_id)

    task = world.task(task_id)
    assert (task.status, task.waiting_for) == (TaskStatus.READY, "turn_missed")
    assert world.creates() == {}
    world.core.orchestrator.send_now(task_id)
    assert world.creates() == {"text_to_model": 1}


def test_an_answer_is_kept_while_the_database_is_away_for_a_minute(world_at_rest: World) -> None:
    world = world_at_rest
    (task_id,) = world.order(send=False)
    engine, back_at = world.core.database.engine, world.now() + timedelta(minutes=1)

    def refuse(*_: object) -> None:
        if world.now() < back_at:
            raise sqlite3.OperationalError("database is locked")

    after_commit(world, 1, lambda: event.listen(engine, "do_execute", refuse))
    world.core.orchestrator.send_now(task_id)

    assert world.task(task_id).status is TaskStatus.QUEUED
    assert world.creates() == {"text_to_model": 1}


def test_whoever_lost_a_download_to_another_says_so_and_leaves_it_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (task_id,) = world.order()
    world.faults(file_html={})
    world.run_until(lambda: world.task(task_id).status is TaskStatus.DOWNLOADING)
    world.pass_time(600)
    other, truly = world.another_core("poller"), httpx.Client.send

    def overtaken(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        monkeypatch.setattr(httpx.Client, "send", truly)
        world.pass_time(DOWNLOAD_LEASE.total_seconds() + 60)
        world.no_faults()
        other.orchestrator.fetch_due()
        raise httpx.ReadTimeout("no answer", request=request)

    monkeypatch.setattr(httpx.Client, "send", overtaken)
    with caplog.at_level(logging.WARNING, "hatchery"):
        world.core.orchestrator.fetch_due()
    other.close()

    assert world.task(task_id).status is TaskStatus.SUCCESS
    assert "somebody else has the task now" in caplog.text


def test_a_busy_database_is_said_in_one_line_and_what_was_answered_is_asked_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    (task_id,) = world.order()
    for status, run in (
        (TaskStatus.QUEUED, world.core.orchestrator.ask_due),
        (TaskStatus.DOWNLOADING, world.core.orchestrator.fetch_due),
    ):
        world.pass_time(60)
        caplog.clear()
        with busy_after_a_claim(world), caplog.at_level(logging.WARNING, "hatchery"):
            assert run() == 1

        assert world.task(task_id).status is status
        (said,) = caplog.records
        assert said.getMessage().endswith("the database does not answer (database is locked)")
        assert (said.levelno, said.exc_info) == (logging.WARNING, None)
        world.pass_time(DOWNLOAD_LEASE.total_seconds())
        world.core.orchestrator.ask_due()

    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"text_to_model": 1}


@contextmanager
def busy_after_a_claim(world: World) -> Iterator[None]:
    """Within the block nothing more is taken by the database after its first commit."""
    engine = world.core.database.engine

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    after_commit(world, 1, lambda: event.listen(engine, "do_execute", refuse))
    yield
    event.remove(engine, "do_execute", refuse)
