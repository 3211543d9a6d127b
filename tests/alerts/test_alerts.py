"""Alerts: told once, an hour's worth in one message, kept until they arrive, and in nobody's way."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select, update

from core import outages
from core.alerts.causes import Cause
from core.alerts.sending import AlertAddressError, AlertUndeliveredError
from core.alerts.targets import list_targets
from core.budgets import set_budget
from core.errors import ConflictError, OrderError
from core.failures.fingerprint import fingerprint_of
from core.heartbeat import beat
from core.models import Alert, AlertDelivery, AlertMark, AlertTarget, Project, ProviderKey
from core.projects import FIRST_PROJECT
from tests.alerts.conftest import add_target, move_clock, tend_for, the_target, work_until
from tests.alerts.service import Service
from tests.signals.planted import plant
from tests.world import World


def storm(world: World, tasks: int, kinds: int = 14) -> None:
    """Let tasks fail, of so many kinds."""
    for number in range(kinds):
        code = f"cause_{number:02}"
        count = tasks // kinds + (number < tasks % kinds)
        plant(
            world.core.database,
            world.now(),
            count,
            error_code=code,
            fingerprint=fingerprint_of("generate", code),
        )


def alerts(world: World) -> list[Alert]:
    with world.core.database.reading() as session:
        return list(session.scalars(select(Alert).order_by(Alert.found_at)))


def test_a_storm_of_a_thousand_failures_sends_one_digest(watched: World, service: Service) -> None:
    storm(watched, 400)
    tend_for(watched, 30)
    storm(watched, 600)  # while the first is being gathered
    tend_for(watched, 600, every=60)

    (message,) = service.messages
    assert message["title"] == "Hatchery: Too much fails and 1 more"
    assert "1000 of 1000 steps failed within the last hour (100%)." in message["message"]
    assert re.search(r"72 tasks: generate, “.+” \(cause_00\)\.", message["message"])
    assert "… and 4 more." in message["message"]
    assert {alert.cause for alert in alerts(watched)} == {Cause.NEW_FAILURE, Cause.FAILURE_RATE}
    assert (the_target(watched).fault, the_target(watched).tries) == (None, 0)


def test_a_group_that_was_resolved_and_comes_back_is_told_of_again(watched: World, service: Service) -> None:
    storm(watched, 18)
    tend_for(watched, 120)
    assert len(service.messages) == 1
    group = fingerprint_of("generate", "cause_00")
    watched.core.failures.resolve(group)
    move_clock(watched, 3600)
    tend_for(watched, 120)
    assert len(service.messages) == 1  # nothing came back yet

    storm(watched, 18)
    tend_for(watched, 120)

    (message,) = service.messages[1:]
    assert message["title"] == "Hatchery: A failure is new, or came back"
    assert message["message"].count("Resolved, but back with") == 1
    assert re.search(r"Resolved, but back with \d+ tasks?: generate, “.+” \(cause_00\)\.", message["message"])


def test_of_one_cause_there_is_one_alert_an_hour_and_nothing_is_lost(
    watched: World, service: Service
) -> None:
    storm(watched, 2, kinds=2)
    tend_for(watched, 300, every=60)
    code = fingerprint_of("rig", "later")
    plant(watched.core.database, watched.now(), 1, error_code="later", fingerprint=code)
    tend_for(watched, 600, every=60)
    assert len(service.messages) == 1  # that one waits for the next hour

    move_clock(watched, 3_000)
    tend_for(watched, 300, every=60)
    assert len(service.messages) == 2
    assert "(later)" in service.messages[1]["message"]
    assert "cause_00" not in service.messages[1]["message"]  # told before


def test_a_service_that_cannot_be_reached_loses_nothing_and_harms_nothing(
    watched: World, service: Service
) -> None:
    service.status = 503
    storm(watched, 10)
    tend_for(watched, 600, every=60)
    (target,) = _targets(watched)
    assert target.fault == "The service answered with HTTP 503: it did not take the message."
    assert target.waiting == 1
    assert target.next_try_at is not None
    tries = the_target(watched).tries
    assert 3 <= tries <= 8  # with growing pauses

    watched.order("beside-it")
    work_until(watched, lambda: watched.asset("beside-it").status == "complete")

    service.status = 200
    move_clock(watched, 3_600)
    tend_for(watched, 120, every=30)
    assert len(service.messages) == 1
    assert "cause_00" in service.messages[0]["message"]
    assert _targets(watched)[0].waiting == 0


def test_what_could_not_be_told_for_a_day_is_given_up_and_said(on_sqlite: World, service: Service) -> None:
    service.status = 500
    storm(on_sqlite, 3, kinds=1)
    tend_for(on_sqlite, 120, every=30)
    move_clock(on_sqlite, 25 * 3_600)
    tend_for(on_sqlite, 30)
    (target,) = _targets(on_sqlite)
    assert (target.waiting, target.given_up) == (0, 1)

    service.status = 200
    move_clock(on_sqlite, 3_600)
    tend_for(on_sqlite, 120, every=30)
    assert service.messages == []


def test_a_service_that_hangs_holds_up_no_pass_and_no_other_address(
    on_sqlite: World, service: Service
) -> None:
    service.hangs.set()
    with Service() as other:
        core = on_sqlite.core
        with core.database.transaction() as session:
            core.targets.add(
                session, name="other", url=other.address, causes=tuple(Cause), owner=None, now=on_sqlite.now()
            )
        storm(on_sqlite, 5)
        core.watch.look()
        move_clock(on_sqlite, 61)
        began = time.monotonic()
        assert core.watch.tend(0.0) == 2
        assert time.monotonic() - began < 15  # the answer may take 20
        _wait_until(lambda: other.messages)
        assert core.watch.tend(0.0) == 0  # it is being tried
    service.may_end.set()
    _wait_until(lambda: the_target_named(on_sqlite, "hook").tried_at is not None)


def test_two_processes_tell_once(watched: World, service: Service) -> None:
    second = watched.another_core("second")
    storm(watched, 20)
    both = [watched.core, second]
    threads = [threading.Thread(target=core.watch.look) for core in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    move_clock(watched, 61)
    threads = [threading.Thread(target=core.watch.tend) for core in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()

    assert len(service.messages) == 1


def test_a_silent_poller_is_told_by_who_does_not_poll(on_sqlite: World, service: Service) -> None:
    database = on_sqlite.core.database
    tend_for(on_sqlite, 300, every=60, polls=False)
    assert service.messages == []  # there is no poller, and nobody waits for one

    with database.transaction() as session:
        beat(session, "poller-1", "poller", on_sqlite.now(), {}, on_sqlite.now())
    move_clock(on_sqlite, 60)
    tend_for(on_sqlite, 30, polls=False)
    assert alerts(on_sqlite) == []  # a restart takes that long

    move_clock(on_sqlite, 60)
    tend_for(on_sqlite, 120, every=30, polls=False)
    (message,) = service.messages
    assert message["title"] == "Hatchery: No poller is running"
    tend_for(on_sqlite, 7_200, every=1_800, polls=False)
    assert len(service.messages) == 1  # told once

    tend_for(on_sqlite, 15)  # a poller is back
    with database.reading() as session:
        assert session.scalars(select(AlertMark)).all() == []


def test_a_low_wallet_and_a_silent_provider_are_told_of(on_sqlite: World, service: Service) -> None:
    on_sqlite.order("knight")
    with on_sqlite.core.database.transaction() as session:
        stopped = {"stopped_word": outages.WORD, "stopped_at": on_sqlite.now() - timedelta(minutes=3)}
        session.execute(update(ProviderKey).values(balance=Decimal("12.5"), **stopped))
    tend_for(on_sqlite, 120, every=30)

    (message,) = service.messages
    assert "12.5 credits left. Top it up at Tripo." in message["message"]
    assert "the provider does not answer" in message["message"]
    assert "tsk_" not in message["message"]


def test_a_budget_that_holds_orders_is_told_of(on_sqlite: World, service: Service) -> None:
    on_sqlite.walking()
    with on_sqlite.core.database.transaction() as session:
        project = session.get_one(Project, FIRST_PROJECT)
        set_budget(project, Decimal(20), actor="Lea", now=on_sqlite.now())
    work_until(on_sqlite, lambda: any(task.hold == "budget" for task in on_sqlite.tasks("rig")))
    tend_for(on_sqlite, 120, every=30)

    (message,) = service.messages
    assert message["title"] == "Hatchery: A budget holds orders"
    assert "1 order of “My first project” beyond its budget of 20 credits." in message["message"]
    assert "Style page, as Lea did last." in message["message"]


def test_a_busy_database_keeps_an_alert_and_is_said_in_one_line(
    on_sqlite: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    storm(on_sqlite, 30)
    tend_for(on_sqlite, 30)
    move_clock(on_sqlite, 60)
    engine = on_sqlite.core.database.engine

    def refuse(_cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE alert_targets"):
            raise sqlite3.OperationalError("database is locked")

    event.listen(engine, "do_execute", refuse)
    on_sqlite.core.watch.send_due()
    event.remove(engine, "do_execute", refuse)

    (line,) = caplog.records
    assert line.getMessage().endswith("the database does not answer (database is locked)")
    assert (line.levelname, line.exc_info, service.messages) == ("WARNING", None, [])
    tend_for(on_sqlite, 60)
    assert len(service.messages) == 1


def test_a_finished_plan_is_told_of_once(watched: World, service: Service) -> None:
    plan = (
        b"# Knights\n\n- **Knight** [STATIC]: a low poly knight\n- **Squire** [STATIC]: a low poly squire\n"
    )
    desk = watched.core.plans
    preview = desk.preview(project_id=FIRST_PROJECT, filename="knights.md", content=plan)
    desk.apply(
        None,
        project_id=FIRST_PROJECT,
        filename="knights.md",
        content=plan,
        revision=preview.revision,
        actor="ada",
    )
    tend_for(watched, 120, every=30)
    assert service.messages == []
    work_until(watched, lambda: all(task.status == "success" for task in watched.tasks()))
    tend_for(watched, 240, every=60)

    (message,) = service.messages
    assert "“knights.md”" in message["message"]
    assert "2 assets, 2 complete." in message["message"]


def test_an_address_is_kept_like_a_key(
    on_sqlite: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    core = on_sqlite.core
    row = the_target(on_sqlite)
    assert service.address not in row.secret
    assert core.targets.address(row) == service.address
    (view,) = _targets(on_sqlite)
    assert view.service == "json"
    assert "127.0.0.1" not in view.model_dump_json()

    with pytest.raises(ConflictError):
        add_target(on_sqlite, service)
    for url in (
        "",
        "nothing",
        "http://example.com",
        "syslog://",
        "dbus://",
        "slack://",
        "json://" + "a" * 3000,
    ):
        with core.database.transaction() as session, pytest.raises(AlertAddressError):
            core.targets.add(session, name="x", url=url, causes=list(Cause), owner=None, now=on_sqlite.now())
    with core.database.transaction() as session, pytest.raises(OrderError):
        core.targets.add(
            session, name="x", url="json://localhost/a", causes=["nonsense"], owner=None, now=on_sqlite.now()
        )

    core.watch.test(row.id)
    assert service.messages[0]["title"] == "Hatchery: a test"
    service.status = 401
    with pytest.raises(AlertUndeliveredError, match="HTTP 401"):
        core.watch.test(row.id)
    assert "127.0.0.1" not in caplog.text


def test_addresses_of_the_settings_come_and_go_with_them(on_sqlite: World, service: Service) -> None:
    watch = on_sqlite.core.watch
    with Service() as other:
        watch.take_up([other.address, "no address"])
        watch.take_up([other.address])
        assert [(t.name, t.is_shared) for t in _targets(on_sqlite)] == [
            ("ALERT_URLS 1", True),
            ("hook", False),
        ]
        watch.take_up([])

    assert [t.name for t in _targets(on_sqlite)] == ["hook"]
    with on_sqlite.core.database.reading() as session:
        gone = session.scalars(select(AlertTarget).where(AlertTarget.removed_at.is_not(None))).one()
    assert gone.secret == ""


def test_only_what_was_chosen_is_told(on_sqlite: World, service: Service) -> None:
    with on_sqlite.core.database.transaction() as session:
        session.execute(update(AlertTarget).values(causes=[Cause.WALLET_LOW]))
    storm(on_sqlite, 10)
    tend_for(on_sqlite, 180, every=60)

    assert service.messages == []
    assert [alert.cause for alert in alerts(on_sqlite)] == [Cause.NEW_FAILURE]
    with on_sqlite.core.database.reading() as session:
        assert session.scalars(select(AlertDelivery)).all() == []


def _targets(world: World):
    with world.core.database.reading() as session:
        return list_targets(session)


def the_target_named(world: World, name: str) -> AlertTarget:
    with world.core.database.reading() as session:
        return session.scalars(select(AlertTarget).where(AlertTarget.name == name)).one()


def _wait_until(holds) -> None:
    for _ in range(600):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not happen")
