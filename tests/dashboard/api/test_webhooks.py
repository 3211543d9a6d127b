"""News from the provider: believed only when it is signed and fresh, and never more than a reason to ask."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.database import Database
from core.lifecycle import TaskStatus
from core.models import WebhookDelivery
from core.webhooks import take
from tests.dashboard.api.served import ServedApi, refusal
from tests.world import World

SECRET = "whsec_that_tripo_showed_once"
PATH = "/api/webhooks/tripo"


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(
        settings={"tripo_webhook_secret": SECRET}, speed=1
    )  # no task ends while a test is looking


@pytest.fixture
def api(serve: Callable[[World], ServedApi], world: World) -> ServedApi:
    return serve(world)


@pytest.fixture
def task_id(world: World) -> str:
    """Ours, of a task that runs at the provider and is not due for a while."""
    (task_id,) = world.order()
    world.run_until(lambda: world.task(task_id).status is TaskStatus.RUNNING)
    assert not is_due(world, task_id)
    return task_id


def news(tripo_task_id: str | None, event: str = "task.completed") -> bytes:
    data = {"task_id": tripo_task_id, "type": "text_to_model", "status": "success"}
    return json.dumps({"id": f"{tripo_task_id}:{event}", "type": event, "data": data}).encode()


def signed(body: bytes, key: str = SECRET, seconds_ago: float = 0) -> str:
    moment = int(time.time() - seconds_ago)
    signature = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signature.hexdigest()}"


def tell(
    api: ServedApi, body: bytes, signature: str | None = None, delivery: str = "whd_1"
) -> httpx.Response:
    headers = {
        "Content-Type": "application/json",
        "Tripo-Webhook-Delivery": delivery,
        "Tripo-Webhook-Signature": signed(body) if signature is None else signature,
    }
    return api.request("POST", PATH, content=body, headers=headers)


def outcome(response: httpx.Response) -> str:
    assert response.status_code == 202, response.text
    return response.json()["outcome"]


def is_due(world: World, task_id: str) -> bool:
    due_at = world.task(task_id).due_at
    return due_at is not None and due_at <= world.now()


def end_at_provider(world: World, task_id: str, **ending: Any) -> str:
    tripo_task_id = world.task(task_id).tripo_task_id
    assert tripo_task_id
    world.ask_sandbox(f"tasks/{tripo_task_id}/end", ending)
    return tripo_task_id


# --- what it is for ------------------------------------------------------------------------------------------


def test_news_lets_the_very_next_tick_see_the_end(api, world, task_id):
    tripo_task_id = end_at_provider(world, task_id)
    world.run_passes()
    assert world.task(task_id).status is TaskStatus.RUNNING, "without news it waits for its time"

    assert outcome(tell(api, news(tripo_task_id))) == "due_now"
    world.run_passes()

    assert world.task(task_id).status is TaskStatus.SUCCESS


def test_news_changes_no_state_whatever_it_claims(api, world, task_id):
    before = world.task(task_id)

    assert outcome(tell(api, news(before.tripo_task_id, "task.failed"))) == "due_now"

    after = world.task(task_id)
    assert is_due(world, task_id)
    assert (after.status, after.fence, after.progress) == (before.status, before.fence, before.progress)
    world.run_passes()
    assert world.task(task_id).status is TaskStatus.RUNNING, "the provider was asked and says otherwise"


def test_the_provider_tells_and_the_tick_sees(api, world, task_id):
    world.ask_sandbox("webhooks", {"url": api.url + PATH, "secret": SECRET})
    end_at_provider(world, task_id)
    deadline = time.monotonic() + 60
    while not is_due(world, task_id):
        assert time.monotonic() < deadline, "no news came"
        time.sleep(0.02)
    world.run_passes()

    assert world.task(task_id).status is TaskStatus.SUCCESS


@pytest.mark.parametrize(
    "faults",
    [
        {"webhook_lost": True},
        {"webhook_doubled": True, "webhook_late_seconds": {"seconds": 20, "share": 0.5}},
    ],
    ids=["all lost", "doubled, and half of them late"],
)
def test_with_news_lost_doubled_or_late_a_chain_still_ends(api, world, faults):
    world.ask_sandbox("webhooks", {"url": api.url + PATH, "secret": SECRET})
    world.faults(**faults)
    world.walking()

    asset = world.run_to_the_end()

    assert asset.status == "complete"
    assert max(world.creates().values()) == 2, "one create for each step: two are animations"


# --- what is believed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [SECRET, SECRET.removeprefix("whsec_")])
@pytest.mark.parametrize("setting", [SECRET, SECRET.removeprefix("whsec_"), f" '{SECRET}' "])
def test_the_prefix_of_the_secret_may_or_may_not_be_part_of_the_key(make_world, serve, key, setting):
    world = make_world(settings={"tripo_webhook_secret": setting})
    body = news("some-task")

    assert outcome(tell(serve(world), body, signed(body, key))) == "no_open_task"


def test_one_of_two_signatures_is_enough_while_the_secret_changes(api):
    body = news("some-task")
    moment, good = signed(body).split(",")

    assert outcome(tell(api, body, f"{moment}, v1={'0' * 64}, {good}, v2=later")) == "no_open_task"


def test_news_that_is_not_tripos_is_refused(api, world, task_id):
    body = news(world.task(task_id).tripo_task_id)
    moment, _, signature = signed(body).partition(",")
    forged = {
        "another secret": signed(body, "whsec_guessed"),
        "an empty secret": signed(body, ""),
        "another time": f"t={int(moment[2:]) - 1},{signature}",
        "another body": signed(body + b" "),
        "no signature": "",
        "only a time": moment,
        "no time": signature,
        "no number": f"t=now,{signature}",
        "another script's digits": f"t=٣,{signature}".encode().decode("latin-1"),
        "an endless number": f"t={'9' * 5000},{signature}",
        "not hexadecimal": f"{moment},v1=é",
        "noise": "===,,,t=,v1=",
    }

    for name, each in forged.items():
        answer = api.request(
            "POST", PATH, content=body, headers=[(b"Tripo-Webhook-Signature", each.encode("latin-1"))]
        )
        assert refusal(answer) == (401, "bad_signature", None), name
        assert SECRET not in answer.text
    assert not is_due(world, task_id)


@pytest.mark.parametrize("seconds_ago", [310, 86_400, -310])
def test_news_signed_long_ago_or_in_the_future_is_refused(api, world, task_id, seconds_ago):
    body = news(world.task(task_id).tripo_task_id)

    assert refusal(tell(api, body, signed(body, seconds_ago=seconds_ago))) == (401, "stale_delivery", None)
    assert not is_due(world, task_id)


@pytest.mark.parametrize("seconds_ago", [280, -280])
def test_clocks_may_differ_by_some_minutes(api, seconds_ago):
    body = news("some-task")

    assert outcome(tell(api, body, signed(body, seconds_ago=seconds_ago))) == "no_open_task"


def test_a_repeated_delivery_changes_nothing(api, world, task_id):
    body = news(world.task(task_id).tripo_task_id)
    assert outcome(tell(api, body)) == "due_now"
    world.run_passes()
    assert not is_due(world, task_id)

    assert outcome(tell(api, body)) == "repeated"
    assert not is_due(world, task_id)

    assert outcome(tell(api, body, delivery="whd_2")) == "due_now"


def test_deliveries_that_came_long_ago_are_forgotten(each_database_url):
    database = Database(each_database_url)
    database.migrate()
    now = datetime.now(UTC)
    for days_ago in (10, 8, 1, 1):
        with database.transaction() as session:
            take(session, f"whd_{days_ago}", news("some-task"), now - timedelta(days=days_ago))
    with database.transaction() as session:
        take(session, "whd_now", news("some-task"), now)
        kept = set(session.scalars(select(WebhookDelivery.id)))
    database.close()

    assert kept == {"whd_1", "whd_now"}


@pytest.mark.parametrize(
    "body",
    [
        news("00000000-0000-0000-0000-000000000000"),
        news(None),
        b'{"id": "acct:balance.low", "type": "balance.low", "data": {"balance": 3, "threshold": 100}}',
        b'{"type": "task.invented", "data": {"task_id": "\\ud83d\\u0000"}}',
        b'{"data": []}',
        b"[]",
        b"not json",
        b"[" * 100_000,
        b"",
    ],
)
def test_news_of_nothing_that_is_open_is_taken_and_changes_nothing(api, world, task_id, body):
    assert outcome(tell(api, body)) == "no_open_task"
    assert not is_due(world, task_id)


def test_news_of_a_task_that_has_ended_changes_nothing(api, world):
    world.order()
    asset = world.run_to_the_end()
    (task,) = asset.tasks

    assert outcome(tell(api, news(task.tripo_task_id))) == "no_open_task"
    assert world.task(task.task_id).due_at is None


def test_a_task_is_known_by_the_events_own_id_too(api, world, task_id):
    body = json.dumps({"id": f"{world.task(task_id).tripo_task_id}:task.completed"}).encode()

    assert outcome(tell(api, body)) == "due_now"


def test_a_body_over_a_megabyte_is_413(api):
    assert refusal(tell(api, b" " * 1_000_001)) == (413, "body_too_large", None)


def test_without_a_secret_nothing_is_heard_and_the_setting_is_named(shared_api):
    status, code, _ = refusal(response := tell(shared_api, news("x")))

    assert (status, code) == (404, "webhooks_not_set_up")
    assert "TRIPO_WEBHOOK_SECRET" in response.json()["error"]
