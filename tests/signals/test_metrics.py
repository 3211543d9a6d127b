"""What Prometheus reads: well formed, from the rows alone, with nothing secret in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from starlette.applications import Starlette

from core.heartbeat import beat
from core.models import ProviderKey, utc_now
from dashboard import process
from dashboard.metrics import metrics_routes
from tests.dashboard.api.served import ServedApi
from tests.signals.planted import plant
from tests.world import World


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[World], ServedApi]]:
    """Serve the route over a world."""
    with ExitStack() as stack:

        def serve(world: World) -> ServedApi:
            monkeypatch.setattr(process, "_made", [world.core])
            return stack.enter_context(ServedApi(world.core, Starlette(routes=metrics_routes())))

        yield serve


class Samples:
    """Each sample by its name and the values of its labels, in any order."""

    def __init__(self, text: str) -> None:
        self._values = {
            (sample.name, frozenset(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def __call__(self, name: str, *labels: str) -> float:
        return self._values[name, frozenset(labels)]


def test_metrics_are_read_from_the_rows(
    make_world: Callable[..., World], each_database_url: str, serve: Callable[[World], ServedApi]
) -> None:
    world = make_world(database_url=each_database_url)
    database = world.core.database
    world.order("knight", prompt="a secret knight")
    with database.transaction() as session:
        beat(session, "poller-1", "poller", utc_now(), {}, utc_now())
        session.execute(update(ProviderKey).values(balance=120, name="tsk_0123456789abcdef0123"))
    plant(database, utc_now(), 3, worked_seconds=60)
    for number in range(60):
        plant(database, utc_now(), 61 - number, error_code=f"cause_{number:02}")

    answer = serve(world).get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    value = Samples(answer.text)
    with database.reading() as session:
        key = session.query(ProviderKey).one().id[:8]

    assert value("hatchery_tasks_ended_total", "generate", "success") == 3
    assert value("hatchery_tasks_ended_total", "generate", "failed") == sum(range(2, 62))
    assert value("hatchery_tasks_open", "generate", "queued") == 1
    assert value("hatchery_failures_total", "generate", "cause_00") == 61
    assert value("hatchery_failures_total", "generate", "other") == sum(range(2, 12))
    assert value("hatchery_step_seconds", "generate", "0.95") == pytest.approx(60)
    assert value("hatchery_queue_seconds", "generate", "0.5") == pytest.approx(10, abs=0.1)
    assert value("hatchery_slots_held", key, "generation") == 1
    assert value("hatchery_slots_limit", key, "generation") == 10
    assert value("hatchery_balance_credits", key) == 120
    assert value("hatchery_key_stopped", key) == 0
    assert value("hatchery_pollers") == 1
    assert value("hatchery_alerts_waiting") == 0
    assert value("hatchery_paused") == 0
    for secret in ("tsk_", "secret", "knight"):
        assert secret not in answer.text


def test_without_a_database_there_are_no_metrics(world: World, serve: Callable[[World], ServedApi]) -> None:
    with world.core.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE tasks RENAME TO elsewhere")

    answer = serve(world).get("/metrics")

    assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")
