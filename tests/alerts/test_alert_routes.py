"""Where alerts go, over HTTP: listed, added, changed, tried out, removed, and told by mail as well as by a hook."""

from __future__ import annotations

from core.alerts.causes import Cause
from core.failures.fingerprint import fingerprint_of
from tests.alerts.conftest import move_clock, stop_early_in_an_hour
from tests.alerts.post_office import PostOffice
from tests.alerts.service import Service
from tests.dashboard.api.served import ServedApi, refusal
from tests.signals.planted import plant
from tests.world import World

AT = "/api/alerts/targets"


def test_addresses_are_kept_over_http_and_never_told_again(world: World) -> None:
    with ServedApi(world.core) as api, Service() as hook:
        assert api.get(AT).json() == {"targets": []}
        secret = hook.address.replace("hook", "a-secret-path")
        added = api.post(AT, {"name": "team", "url": secret}, idempotency_key="once")
        again = api.post(AT, {"name": "team", "url": secret}, idempotency_key="once")
        assert (added.status_code, again.status_code) == (201, 201)
        target = added.json()
        assert (target["service"], target["owner"], target["causes"]) == ("json", "api", list(Cause))
        assert again.json()["targetId"] == target["targetId"]

        at = f"{AT}/{target['targetId']}"
        changed = api.request("PATCH", at, json={"causes": ["wallet_low"]}).json()
        assert changed["causes"] == ["wallet_low"]
        assert api.post(f"{at}/test").json()["deliveredAt"]
        assert [message["title"] for message in hook.messages] == ["Hatchery: a test"]
        hook.status = 403
        assert refusal(api.post(f"{at}/test")) == (502, "alert_undelivered", None)
        listed = api.get(AT)
        assert "HTTP 403" in listed.json()["targets"][0]["fault"]
        removed = api.request("DELETE", at)
        assert (removed.status_code, api.get(AT).json()["targets"]) == (200, [])
        for answered in (added, again, listed, removed):
            assert "a-secret-path" not in answered.text
            assert "127.0.0.1" not in answered.text

        assert refusal(api.request("DELETE", at))[0] == 404
        assert refusal(api.post(f"{at}/test"))[0] == 404
        assert refusal(api.post(AT, {"url": "nonsense"})) == (400, "alert_address_invalid", "url")
        assert refusal(api.post(AT, {"name": "team"})) == (400, "missing_field", "url")
        assert refusal(api.post(AT, {"url": secret, "causes": ["gossip"]}))[0] == 400
        world.core.watch.take_up([secret])
        (shared,) = api.get(AT).json()["targets"]
        of_settings = refusal(api.request("DELETE", f"{AT}/{shared['targetId']}"))
        assert of_settings == (409, "alert_target_is_shared", None)


def test_a_digest_comes_by_mail_too_and_is_listed(world: World) -> None:
    stop_early_in_an_hour(world)
    with ServedApi(world.core) as api, PostOffice() as office:
        assert api.post(AT, {"name": "mail", "url": office.address}).status_code == 201
        code = fingerprint_of("rig", "not_riggable")
        plant(world.core.database, world.now(), 3, error_code="not_riggable", fingerprint=code)
        world.core.watch.look()
        move_clock(world, 120)

        world.core.watch.send_due()

        (mail,) = office.mail
        assert (mail["To"], mail["Subject"]) == (
            "lead@studio.example",
            "Hatchery: A failure is new, or came back",
        )
        text = mail.get_body(("plain",)) or mail.get_body()
        assert "3 tasks: rig" in text.get_content()
        (alert,) = api.get("/api/alerts").json()["alerts"]
        assert (alert["cause"], alert["delivered"], alert["waiting"]) == ("new_failure", 1, 0)
