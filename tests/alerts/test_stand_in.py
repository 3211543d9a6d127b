"""The dashboard looks after alerts while no poller is alive, and only then."""

from __future__ import annotations

import threading

from sqlalchemy import select

from core.failures.fingerprint import fingerprint_of
from core.heartbeat import beat
from core.models import AlertMark, utc_now
from dashboard.stand_in import StandIn
from tests.signals.planted import plant
from tests.world import World


def test_the_dashboard_notices_that_the_poller_is_silent(world: World) -> None:
    database = world.core.database
    at = utc_now().replace(year=2020)
    with database.transaction() as session:
        beat(session, "poller-1", "poller", at, {}, at)

    with StandIn(lambda: world.core, every_seconds=0.05):
        for _ in range(400):
            with database.reading() as session:
                found = session.get(AlertMark, ("poller_silent", ""))
            if found is not None:
                break
            threading.Event().wait(0.05)

    assert found is not None
    with database.transaction() as session:
        beat(session, "poller-1", "poller", utc_now(), {}, utc_now())
        session.delete(session.get(AlertMark, ("poller_silent", "")))
    plant(database, utc_now(), 1, error_code="moderated", fingerprint=fingerprint_of("generate", "moderated"))
    StandIn(lambda: world.core)._look(world.core)
    with database.reading() as session:
        assert session.scalars(select(AlertMark)).all() == []  # the poller's to note
