"""Own keys over HTTP: added, listed, checked, replaced, removed, chosen; never more of one than four characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.models import IdempotentRequest
from tests.dashboard.api.plan import ASSET, MODEL_ONLY, PROJECT
from tests.dashboard.api.served import ServedApi, ordered, refusal
from tests.world import World

A, B = "tsk_sandbox_anna_1234", "tsk_sandbox_bert_5678"


def added(api: ServedApi, key: str = A, name: str = "Anna", **more: Any) -> dict[str, Any]:
    response = api.post("/api/keys", {"name": name, "key": key, **more}, X_Hatchery_User="Anna")
    assert response.status_code == 201, response.text
    return response.json()


def listed(api: ServedApi) -> dict[str, dict[str, Any]]:
    return {key["name"]: key for key in api.get("/api/keys").json()["keys"]}


def test_a_key_is_added_and_listed_with_its_last_four_alone(api: ServedApi) -> None:
    key = added(api)

    assert (key["name"], key["lastFour"], key["owner"], key["state"]) == ("Anna", "1234", "Anna", "works")
    assert (key["balance"], key["region"], key["shared"]) == (10000, "local", False)
    assert listed(api) == {"Anna": key}
    assert A not in api.get("/api/keys").text


def test_a_refused_key_names_the_field_and_what_to_do(
    make_world: Callable[..., World], serve: Callable[[World], ServedApi]
) -> None:
    api = serve(make_world(keys=("tsk_sandbox", A)))

    refused = api.post("/api/keys", {"name": "Bert", "key": B})

    assert refusal(refused) == (400, "key_refused", "key")
    assert "region" in refused.json()["details"]
    assert B not in refused.text
    assert api.get("/api/keys").json() == {"keys": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"key": A}, "name"),
        ({"name": "Anna"}, "key"),
        ({"name": "Anna", "key": 5}, "key"),
        ({"name": "Anna", "key": A, "region": "moon"}, "region"),
        ({"name": "Anna", "key": A, "secret": "x"}, "secret"),
        ({"name": "Anna", "key": "tcli_123"}, "key"),
        ({"name": "Anna", "key": "tsk_" + "x" * 600}, "key"),
        ({"name": "", "key": A}, "name"),
        ({"name": "Anna", "key": A, "region": "china"}, "key"),
    ],
)
def test_what_is_wrong_with_a_new_key_is_named(api: ServedApi, body: dict[str, Any], field: str) -> None:
    response = api.post("/api/keys", body)

    assert (refusal(response)[0], refusal(response)[2]) == (400, field)
    assert "x" * 100 not in response.text
    assert api.get("/api/keys").json() == {"keys": []}


def test_a_repeated_add_is_one_key_and_its_body_is_kept_as_a_hash_alone(world: World, api: ServedApi) -> None:
    first = api.post("/api/keys", {"name": "Anna", "key": A}, Idempotency_Key="one")
    again = api.post("/api/keys", {"name": "Anna", "key": A}, Idempotency_Key="one")
    other = api.post("/api/keys", {"name": "Anna", "key": B}, Idempotency_Key="one")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert refusal(other)[:2] == (409, "idempotency_key_reused")
    with world.core.database.reading() as session:
        (row,) = session.scalars(select(IdempotentRequest))
    assert A not in repr(vars(row))


def test_a_key_is_checked_replaced_and_removed(world: World, api: ServedApi) -> None:
    key_id = added(api)["keyId"]
    world.ask_sandbox("wallet", {"key": A, "balance": 12})

    checked = api.post(f"/api/keys/{key_id}/check")
    replaced = api.request("PUT", f"/api/keys/{key_id}", json={"key": B})
    new_id = replaced.json()["keyId"]
    removed = api.request("DELETE", f"/api/keys/{new_id}")

    assert (checked.status_code, checked.json()["balance"]) == (200, 12)
    assert (replaced.status_code, replaced.json()["lastFour"], replaced.json()["name"]) == (
        200,
        "5678",
        "Anna",
    )
    assert (removed.status_code, removed.json()["state"]) == (200, "removed")
    assert listed(api) == {}
    for over in (key_id, new_id):
        assert refusal(api.post(f"/api/keys/{over}/check"))[:2] == (409, "key_retired")
        assert refusal(api.request("DELETE", f"/api/keys/{over}"))[:2] == (409, "key_retired")


def test_the_shared_key_is_listed_and_stays_the_environments(api: ServedApi) -> None:
    ordered(api, "/api/generate-3d", MODEL_ONLY)
    shared = listed(api)["sandbox"]

    assert (shared["shared"], shared["owner"], shared["openTasks"]) == (True, None, 1)
    assert refusal(api.request("DELETE", f"/api/keys/{shared['keyId']}"))[:2] == (409, "key_is_shared")


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", ""), ("DELETE", ""), ("POST", "/check")], ids=["replace", "remove", "check"]
)
def test_an_unknown_key_is_404(api: ServedApi, method: str, path: str) -> None:
    body = {"key": A} if method == "PUT" else None

    assert refusal(api.request(method, f"/api/keys/none{path}", json=body)) == (404, "key_not_found", "keyId")


def test_an_order_names_its_key(api: ServedApi) -> None:
    key_id = added(api)["keyId"]

    ordered(api, "/api/generate-3d", MODEL_ONLY | {"keyId": key_id})

    assert listed(api)["Anna"]["openTasks"] == 1
    unknown = api.post("/api/generate-3d", MODEL_ONLY | {"assetId": "other", "keyId": "none"})
    assert refusal(unknown) == (404, "key_not_found", "keyId")


def test_a_project_chooses_its_key_and_gives_it_up(api: ServedApi) -> None:
    a, b = added(api)["keyId"], added(api, B, "Bert")["keyId"]
    made = api.post("/api/projects", {"name": "Castle", "projectId": "castle", "keyId": a})
    assert (made.status_code, made.json()) == (201, {"projectId": "castle", "name": "Castle"})
    ordered(api, "/api/generate-3d", MODEL_ONLY | {"projectId": "castle"})

    changed = api.request("PATCH", f"/api/projects/{PROJECT}", json={"keyId": b, "name": "Bert's"})
    assert (changed.status_code, changed.json()["keyId"], changed.json()["name"]) == (200, b, "Bert's")
    ordered(api, "/api/generate-3d", MODEL_ONLY)
    keys = listed(api)
    assert [keys[name]["projects"] for name in ("Anna", "Bert")] == [
        [{"projectId": "castle", "name": "Castle"}],
        [{"projectId": PROJECT, "name": "Bert's"}],
    ]
    assert [keys[name]["openTasks"] for name in ("Anna", "Bert")] == [1, 1]

    named = api.request("PATCH", f"/api/projects/{PROJECT}", json={"name": "Ours"})
    freed = api.request("PATCH", f"/api/projects/{PROJECT}", json={"keyId": None})
    assert (named.json()["keyId"], freed.json()["keyId"], freed.json()["name"]) == (b, None, "Ours")


def test_a_project_changes_its_defaults_and_what_cannot_be_is_refused(api: ServedApi) -> None:
    path = f"/api/projects/{PROJECT}"
    changed = api.request("PATCH", path, json={"defaults": {"shouldRig": True}})

    assert changed.json()["defaults"] == {"shouldRig": True}
    assert refusal(api.request("PATCH", path, json={"keyId": "none"})) == (404, "key_not_found", "keyId")
    assert refusal(api.request("PATCH", path, json={"name": " "})) == (400, "invalid_request", "name")
    assert refusal(api.request("PATCH", "/api/projects/none", json={"name": "x"}))[0] == 404
    key_id = added(api)["keyId"]
    api.request("DELETE", f"/api/keys/{key_id}")
    assert refusal(api.request("PATCH", path, json={"keyId": key_id})) == (409, "key_retired", "keyId")


def test_a_retry_may_name_another_key(world: World, api: ServedApi) -> None:
    a, b = added(api)["keyId"], added(api, B, "Bert")["keyId"]
    world.faults(end_failed={"count": 1, "error_code": 1001})
    task_id = ordered(api, "/api/generate-3d", MODEL_ONLY | {"keyId": a})["taskId"]
    world.run_until(lambda: world.task(task_id).status == "failed")

    again = api.post(f"/api/tasks/{task_id}/retry", {"keyId": b})

    assert again.status_code == 202
    assert listed(api)["Bert"]["openTasks"] == 1
    world.run_until(lambda: api.get(f"/api/assets/{PROJECT}/{ASSET}").json()["status"] == "complete")


def test_health_lists_the_keys_that_are_stopped(world: World, api: ServedApi) -> None:
    key_id = added(api)["keyId"]
    world.ask_sandbox("wallet", {"key": A, "balance": 0})
    order = ordered(api, "/api/generate-3d", MODEL_ONLY | {"keyId": key_id})

    health = api.get("/api/health").json()

    assert order["waitingFor"] == "provider_wallet_empty"
    assert health["status"] == "degraded"
    assert health["keys"] == [
        {
            "keyId": key_id,
            "name": "Anna",
            "lastFour": "1234",
            "shared": False,
            "elsewhere": None,
            "stoppedFor": "provider_wallet_empty",
            "stoppedText": health["keys"][0]["stoppedText"],
            "stoppedAt": health["keys"][0]["stoppedAt"],
            "nextTryAt": health["keys"][0]["nextTryAt"],
        }
    ]
    assert health["provider"]["stoppedFor"] is None
