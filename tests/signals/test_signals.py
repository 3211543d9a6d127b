"""What ended, how long it took and of what it failed, by hour, six hours or day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.lifecycle import TaskKind
from core.signals.outcomes import OTHER, failures_over_time, outcomes_over_time, provider_errors_over_time
from core.signals.scope import scope_of
from core.signals.times import queue_times, working_times
from tests.signals.planted import plant
from tests.world import World

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def test_outcomes_durations_and_causes_fall_into_their_buckets(world_on_each: World) -> None:
    database = world_on_each.core.database
    for seconds in range(1, 21):  # 20 steps of 1 to 20 s, which waited for twice as long
        plant(database, NOON, 1, worked_seconds=seconds, queued_seconds=2 * seconds)
    plant(database, NOON + timedelta(minutes=59, seconds=59), 3, error_code="not_riggable")
    theirs = {"fingerprint": "rig.v3.2008.moderated.0", "provider_error_code": 2008}
    ours = {"fingerprint": "rig.ours.0.moderated.0"}
    for whose in (theirs, ours):
        plant(database, NOON + timedelta(hours=1), 1, error_code="moderated", kind=TaskKind.RIG, **whose)
    plant(database, NOON - timedelta(days=3), 5)

    with database.reading() as session:
        day = scope_of("24h", NOON + timedelta(hours=2))
        outcomes = outcomes_over_time(session, day)
        assert [(o.at, o.kind, o.succeeded, o.failed) for o in outcomes] == [
            (NOON, TaskKind.GENERATE, 20, 3),
            (NOON + timedelta(hours=1), TaskKind.RIG, 0, 2),
        ]
        (worked,) = working_times(session, day)
        assert (worked.at, worked.tasks) == (NOON, 20)
        assert (worked.p50_seconds, worked.p95_seconds) == pytest.approx((10, 19))
        queued = queue_times(session, scope_of("24h", NOON, kind=TaskKind.GENERATE))
        assert [(q.tasks, round(q.p50_seconds), round(q.p95_seconds)) for q in queued] == [(20, 20, 38)]
        assert [(f.at, f.code, f.tasks) for f in failures_over_time(session, day)] == [
            (NOON, "not_riggable", 3),
            (NOON + timedelta(hours=1), "moderated", 2),
        ]
        assert provider_errors_over_time(session, day) == ((NOON + timedelta(hours=1), 2008, "moderated", 1),)
        assert (
            outcomes_over_time(session, scope_of("24h", NOON + timedelta(hours=2), project_id="none")) == ()
        )
        month = scope_of("30d", NOON + timedelta(hours=2))
        assert [o.at for o in outcomes_over_time(session, month)][:2] == [
            datetime(2026, 11, 17, tzinfo=UTC),
            datetime(2026, 11, 20, tzinfo=UTC),
        ]
        assert len(month.begins()) == 31
        assert len(day.begins()) == 25


def test_rare_causes_are_added_up(world_on_each: World) -> None:
    for number in range(12):
        plant(world_on_each.core.database, NOON, 12 - number, error_code=f"cause_{number}")

    with world_on_each.core.database.reading() as session:
        found = failures_over_time(session, scope_of("7d", NOON + timedelta(seconds=1)))

    assert {f.code: f.tasks for f in found} == {
        **{f"cause_{number}": 12 - number for number in range(7)},
        OTHER: 5 + 4 + 3 + 2 + 1,
    }
