"""The page Alerts: add an address, try it out, see what it was told; the address itself is never shown."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.alerts.causes import Cause
from core.failures.fingerprint import fingerprint_of
from tests.alerts.service import Service
from tests.dashboard.pages.conftest import Show, press, secret_field, words
from tests.signals.planted import plant
from tests.world import World


def fill(page: AppTest, name: str, url: str) -> AppTest:
    page.text_input(key="alert_name").set_value(name)
    secret_field(page, "Address").set_value(url)
    return press(page, "Add")


def test_an_address_is_added_tried_out_and_removed(world: World, show: Show) -> None:
    page = show(world, "alerts")
    assert "Alerts go nowhere yet." in words(page)
    assert "There was nothing to tell so far." in words(page)
    fill(page, "team", "nonsense")
    assert "This is not an address that alerts can be sent to." in words(page)

    with Service() as service:
        fill(page, "team", service.address)
        assert "Told of everything." in words(page)
        press(page, "Send a test")
        assert "The service took the message." in words(page)
        assert [message["title"] for message in service.messages] == ["Hatchery: a test"]
        service.status = 404
        press(page, "Send a test")
        assert "The service answered with HTTP 404" in words(page)

        code = fingerprint_of("rig", "not_riggable")
        plant(world.core.database, world.now(), 3, error_code="not_riggable", fingerprint=code)
        world.core.watch.look()
        page = show(world, "alerts")
        assert "3 tasks: rig, “It cannot be rigged” (not_riggable)." in words(page)
        assert "on its way to 1" in words(page)
        assert "127.0.0.1" not in words(page)

    (choice,) = [field for field in page.button_group if str(field.key).startswith("causes-")]
    choice.set_value([Cause.POLLER_SILENT])
    press(page, "Save")
    assert "Told of: no poller is running." in words(page)

    press(page, "Remove it")
    assert "Alerts go nowhere yet." in words(page)
