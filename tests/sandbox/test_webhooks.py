"""The sandbox tells what has happened: as version 3 does, and as badly as a network can."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator

import pytest

from core.sandbox.config import config_from_environment
from core.sandbox.server import SandboxServer
from tests.sandbox.conftest import Caller
from tests.sandbox.receiver import Received, Receiver

SECRET = "whsec_for_a_test"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as each:
        yield each


@pytest.fixture
def api(sandbox: SandboxServer, call: Callable[..., Caller], receiver: Receiver) -> Caller:
    """A caller of v3, whose news goes to `receiver`."""
    caller = call(sandbox)
    caller.control("webhooks", {"url": receiver.url, "secret": SECRET})
    return caller


def is_signed(received: Received, secret: str = SECRET) -> bool:
    moment, signature = received.headers["Tripo-Webhook-Signature"].split(",")
    seconds = moment.removeprefix("t=")
    signed = hmac.new(secret.encode(), seconds.encode() + b"." + received.raw, hashlib.sha256).hexdigest()
    return signature == f"v1={signed}" and abs(int(seconds) - time.time()) < 60


def test_a_completed_task_is_told_and_signed(api, receiver):
    task_id = api.finished()

    (told,) = receiver.wait_for(1)

    assert told.body["id"] == f"{task_id}:task.completed"
    assert told.body["type"] == told.headers["Tripo-Webhook-Event"] == "task.completed"
    assert told.body["created_at"].endswith("Z")
    assert told.body["data"] == {
        "task_id": task_id, "type": "text_to_model", "status": "success", "credits_consumed": 20.0,
    }  # fmt: skip
    assert told.headers["Tripo-Webhook-Id"]
    assert told.delivery
    assert is_signed(told)


def test_a_failed_task_is_told_with_its_reason(api, receiver):
    api.faults(end_banned=True)
    api.create()
    api.advance()

    (told,) = receiver.wait_for(1)

    assert told.body["type"] == "task.failed"
    assert told.body["data"]["status"] == "failed"
    assert told.body["data"]["error_code"] == 2008
    assert told.body["data"]["error"]["message"]


def test_version_2_tells_nothing(api, receiver, call):
    call(api.sandbox, "v2").finished()
    task_id = api.finished()

    assert [told.body["data"]["task_id"] for told in receiver.wait_for(1)] == [task_id]


def test_a_receiver_that_refuses_is_told_again_as_the_same_delivery(call, sandbox):
    with Receiver(500, 302) as receiver:
        api = call(sandbox)
        api.control("webhooks", {"url": receiver.url, "secret": SECRET})
        api.finished()
        for attempt in (1, 2):
            until(lambda attempt=attempt: api.stats()["webhooks"].get("refused") == attempt)
            api.advance(attempt)
        told = receiver.wait_for(3)

    assert len({each.delivery for each in told}) == 1
    assert len({each.raw for each in told}) == 1


def test_a_receiver_that_never_takes_it_is_given_up(call, sandbox):
    with Receiver(*[503] * 50) as receiver:
        api = call(sandbox)
        api.control("webhooks", {"url": receiver.url})
        api.finished()
        for attempt in range(1, 7):
            receiver.wait_for(attempt)
            until(lambda attempt=attempt: api.stats()["webhooks"].get("refused") == attempt)
            api.advance(60)

        assert api.stats()["webhooks"] == {"refused": 6, "given_up": 1}


def test_news_can_be_lost(api, receiver):
    api.faults(webhook_lost=1)
    api.finished()
    until(lambda: api.stats()["webhooks"].get("lost") == 1)
    second = api.finished()

    assert [told.body["data"]["task_id"] for told in receiver.wait_for(1)] == [second]


def test_news_can_come_twice_as_the_same_delivery(api, receiver):
    api.faults(webhook_doubled=True)
    api.finished()

    first, second = receiver.wait_for(2)

    assert first.delivery == second.delivery


def test_late_news_is_overtaken(api, receiver):
    api.faults(webhook_late_seconds={"seconds": 300, "count": 1})
    late = api.finished()
    until(lambda: api.stats()["faults_struck"].get("webhook_late_seconds") == 1)
    early = api.finished()
    receiver.wait_for(1)
    api.advance(300)

    assert [told.body["data"]["task_id"] for told in receiver.wait_for(2)] == [early, late]


def test_a_wallet_that_runs_low_is_told_once(api, receiver):
    api.finished()  # an account is known from its first request on
    receiver.wait_for(1)
    api.control("wallet", {"balance": 110})
    api.create()
    low = next(
        told
        for told in receiver.wait_until(lambda got: any(t.body["type"] == "balance.low" for t in got))
        if told.body["type"] == "balance.low"
    )
    api.advance()
    receiver.wait_until(lambda got: sum(t.body["type"] == "task.completed" for t in got) == 2)

    assert low.body["data"] == {"balance": 90.0, "threshold": 100.0}
    assert sum(told.body["type"] == "balance.low" for told in receiver.received) == 1


def test_what_happened_before_anyone_listened_is_not_told(sandbox, call, receiver):
    api = call(sandbox)
    api.finished()
    api.control("webhooks", {"url": receiver.url})
    second = api.finished()

    assert [told.body["data"]["task_id"] for told in receiver.wait_for(1)] == [second]


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "http://example.com/x", "http://127.0.0.1.example.com", "ftp://[::1]", "x", 7]
)  # fmt: skip
def test_only_this_machine_is_told(sandbox, call, url):
    answer = call(sandbox).plain.post(f"{sandbox.url}/sandbox/webhooks", json={"url": url})

    assert answer.status_code == 400
    assert "loopback" in answer.json()["error"]


def test_secrets_are_not_shown_and_receivers_can_be_forgotten(api, receiver):
    assert api.control("webhooks") == {"urls": [receiver.url]}
    assert api.plain.delete(f"{api.sandbox.url}/sandbox/webhooks").json() == {"urls": []}


def test_a_receiver_can_be_set_in_the_environment(start_sandbox, call, receiver):
    config = config_from_environment(
        {"SANDBOX_WEBHOOK_URL": receiver.url, "SANDBOX_WEBHOOK_SECRET": SECRET, "SANDBOX_STATE": "none"}
    )
    call(start_sandbox(**config.model_dump())).finished()

    assert is_signed(receiver.wait_for(1)[0])


def test_a_receiver_elsewhere_is_refused_by_the_settings_name():
    with pytest.raises(SystemExit, match="SANDBOX_WEBHOOK_URL cannot be used"):
        config_from_environment({"SANDBOX_WEBHOOK_URL": "https://example.com/hook"})


def test_nobody_at_the_address_harms_nothing(sandbox, call):
    api = call(sandbox)
    api.control("webhooks", {"url": "http://127.0.0.1:9/nobody"})
    api.finished()

    until(lambda: api.stats()["webhooks"].get("refused") == 1)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
