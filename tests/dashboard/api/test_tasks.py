"""Retry, cancel, resolve."""

from __future__ import annotations

import pytest

from tests.dashboard.api.plan import ASSET, MODEL_ONLY, PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended, status_of
from tests.world import World


def act(api: ServedApi, task_id: str, act: str, body: dict | None = None, expect: int = 200) -> dict:
    response = api.post(f"/api/tasks/{task_id}/{act}", body)
    assert response.status_code == expect, response.text
    return response.json()


# --- retry ---------------------------------------------------------------------------------------------------


def test_a_retry_is_a_new_task_and_the_old_attempt_stays(world: World, api: ServedApi) -> None:
    world.faults(end_failed=1)
    failed = run_until_ended(world, api, ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"])

    again = act(
        api, failed["taskId"], "retry", {"prompt": "a calmer knight", "reason": "It looked odd."}, 202
    )

    assert again["taskId"] != failed["taskId"]
    assert (again["attempt"], again["status"]) == (2, "queued")
    assert status_of(api, failed["taskId"])["status"] == "failed"
    assert run_until_ended(world, api, again["taskId"])["status"] == "success"
    asset = api.get(f"/api/assets/{PROJECT}/{ASSET}").json()
    assert [task["attempt"] for task in asset["tasks"]] == [1, 2]
    assert asset["prompt"] == "a calmer knight"


def test_a_retry_needs_no_body(world: World, api: ServedApi) -> None:
    world.faults(end_failed=1)
    failed = run_until_ended(world, api, ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"])

    response = api.request("POST", f"/api/tasks/{failed['tripoTaskId']}/retry")

    assert response.status_code == 202


@pytest.mark.parametrize(
    ("body", "field"),
    [({"prompt": ""}, "prompt"), ({"options": {"shiny": True}}, "options.shiny"), ({"why": "so"}, "why")],
)
def test_a_retry_is_checked_like_an_order(world: World, api: ServedApi, body: dict, field: str) -> None:
    world.faults(end_failed=1)
    failed = run_until_ended(world, api, ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"])

    status, _, named = refusal(api.post(f"/api/tasks/{failed['taskId']}/retry", body))

    assert (status, named) == (400, field)


def test_what_runs_cannot_be_retried(api: ServedApi) -> None:
    task_id = ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"]

    assert refusal(api.post(f"/api/tasks/{task_id}/retry")) == (409, "not_retryable", None)


# --- cancel --------------------------------------------------------------------------------------------------


def test_cancelling_what_was_not_sent_is_certain(world: World, api: ServedApi) -> None:
    world.faults(create_429=True)
    order = ordered(api, "/api/generate-3d", WHOLE_CHAIN)

    ended = act(api, order["taskId"], "cancel", {"reason": "Changed my mind."})

    assert (ended["status"], ended["mayStillBeBilled"]) == ("cancelled", False)
    assert set(ended["cancelledTaskIds"]) == {step["taskId"] for step in order["chain"]}
    assert "nothing is billed" in ended["message"]
    assert ended["assetStatus"] == "ready"


def test_cancelling_what_was_sent_says_that_it_may_still_be_billed(world: World, api: ServedApi) -> None:
    order = ordered(api, "/api/generate-3d", WHOLE_CHAIN)

    ended = act(api, order["taskId"], "cancel")

    assert (ended["status"], ended["mayStillBeBilled"]) == ("cancelled", True)
    assert "may still finish" in ended["message"]
    world.run_until(lambda: status_of(api, order["taskId"])["creditsConsumed"] == 20)
    assert status_of(api, order["taskId"])["status"] == "cancelled"
    assert world.creates() == {"text_to_model": 1}


def test_what_has_ended_cannot_be_cancelled(api: ServedApi) -> None:
    task_id = ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"]
    act(api, task_id, "cancel")

    assert refusal(api.post(f"/api/tasks/{task_id}/cancel")) == (409, "already_final", None)


# --- resolve -------------------------------------------------------------------------------------------------


@pytest.fixture
def unknown(world: World, api: ServedApi) -> str:
    """An order whose answer was lost; the provider has made the task."""
    world.faults(create_lost_reply=1)
    order = ordered(api, "/api/generate-3d", MODEL_ONLY)
    assert order["taskStatus"] == "unknown"
    return order["taskId"]


def test_a_lost_order_that_was_created_is_followed_from_there(
    world: World, api: ServedApi, unknown: str
) -> None:
    [theirs] = world.sandbox.world.tasks
    decision = {"outcome": "created", "tripoTaskId": theirs, "reason": "It is in the console."}

    task = act(api, unknown, "resolve", decision)

    assert (task["status"], task["tripoTaskId"]) == ("queued", theirs)
    assert run_until_ended(world, api, unknown)["status"] == "success"
    assert world.creates() == {"text_to_model": 1}


def test_a_lost_order_that_was_not_created_is_ordered_anew(
    world: World, api: ServedApi, unknown: str
) -> None:
    task = act(api, unknown, "resolve", {"outcome": "not_created", "reason": "The console shows nothing."})

    assert (task["status"], task["attempt"]) == ("queued", 2)
    assert status_of(api, unknown)["status"] == "cancelled"
    assert run_until_ended(world, api, task["taskId"])["status"] == "success"


def test_a_decision_that_is_sent_twice_is_taken_once(world: World, api: ServedApi, unknown: str) -> None:
    decision = {"outcome": "not_created", "reason": "The console shows nothing."}

    answers = [
        api.post(f"/api/tasks/{unknown}/resolve", decision, Idempotency_Key="decided").json()
        for _ in range(2)
    ]

    assert answers[0]["taskId"] == answers[1]["taskId"]
    assert world.creates() == {"text_to_model": 2}


def test_the_evidence_is_told_with_the_task(world: World, api: ServedApi, unknown: str) -> None:
    assert status_of(api, unknown)["evidence"]["verdict"] == "looking"
    world.faults(input_hidden=True)
    world.pass_time(6)
    world.core.orchestrator.look_for_lost()

    evidence = status_of(api, unknown)["evidence"]

    [theirs] = world.sandbox.world.tasks
    assert (evidence["verdict"], evidence["history"], evidence["price"]) == ("choose", "read", 20.0)
    [candidate] = evidence["candidates"]
    assert (candidate["tripoTaskId"], candidate["fit"], candidate["status"]) == (theirs, "unclear", "running")


def test_an_id_that_cannot_be_the_order_is_refused(api: ServedApi, unknown: str) -> None:
    another = ordered(api, "/api/generate-3d", {**MODEL_ONLY, "assetId": "another"})["tripoTaskId"]
    for named, expected in ((another, "id_taken"), ("0b7e4a9e-made-by-hand", "id_not_found")):
        decision = {"outcome": "created", "tripoTaskId": named, "reason": "x"}

        status, code, _ = refusal(api.post(f"/api/tasks/{unknown}/resolve", decision))

        assert (status, code) == (409, expected)
    assert status_of(api, unknown)["status"] == "unknown"


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        ({"reason": "x"}, "outcome"),
        ({"outcome": "lost", "reason": "x"}, "outcome"),
        ({"outcome": "created"}, "reason"),
        ({"outcome": "created", "reason": "x"}, "tripoTaskId"),
        ({"outcome": "created", "reason": "x", "tripoTaskId": "  "}, "tripoTaskId"),
    ],
)
def test_a_decision_says_all_that_it_needs(api: ServedApi, unknown: str, decision: dict, field: str) -> None:
    status, _, named = refusal(api.post(f"/api/tasks/{unknown}/resolve", decision))

    assert (status, named) == (400, field)


def test_an_unknown_outcome_can_be_neither_retried_nor_refreshed_away(api: ServedApi, unknown: str) -> None:
    assert refusal(api.post(f"/api/tasks/{unknown}/retry")) == (409, "outcome_unknown", None)
    assert status_of(api, unknown, "?refresh=true")["status"] == "unknown"


def test_what_is_known_needs_no_decision(api: ServedApi) -> None:
    task_id = ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"]
    decision = {"outcome": "not_created", "reason": "x"}

    assert refusal(api.post(f"/api/tasks/{task_id}/resolve", decision)) == (409, "not_unknown", None)


@pytest.mark.parametrize("act", ["retry", "cancel", "resolve"])
def test_a_task_that_nobody_knows_is_404(api: ServedApi, act: str) -> None:
    body = {"outcome": "not_created", "reason": "x"} if act == "resolve" else {}

    assert refusal(api.post(f"/api/tasks/never-seen/{act}", body)) == (404, "task_not_found", "taskId")
