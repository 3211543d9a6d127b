"""The four routes of the original plan: step by step, as one order, and what they answer."""

from __future__ import annotations

import re

import pytest

from core.sandbox.fields import REFUSED_WORD
from tests.dashboard.api.plan import ASSET, MODEL_ONLY, NAMES, PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended, status_of
from tests.world import World

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


# --- the main job --------------------------------------------------------------------------------------------


def test_the_plans_bodies_lead_step_by_step_to_a_walking_character(world: World, api: ServedApi) -> None:
    draft = ordered(api, "/api/generate-3d", MODEL_ONLY)
    assert (draft["status"], draft["taskStatus"]) == ("queued", "queued")
    made = run_until_ended(world, api, draft["taskId"])
    assert (made["status"], made["progress"]) == ("success", 100)

    rig = ordered(api, "/api/generate-3d/rig", NAMES | {"draftModelUrl": made["output"]["modelUrl"]})
    assert rig["status"] == "rigging"
    assert [step["kind"] for step in rig["chain"]] == ["generate", "rig_check", "rig"]
    assert rig["chain"][2]["taskId"] == rig["taskId"]
    rigged = run_until_ended(world, api, rig["taskId"])

    body = {"riggedModelUrl": rigged["output"]["modelUrl"], "animationPreset": "preset:walk"}
    walk = ordered(api, "/api/generate-3d/animate", NAMES | body)
    assert walk["status"] == "animating"
    assert walk["tasks"] == [{"preset": "preset:walk", "taskId": walk["taskId"]}]
    walking = run_until_ended(world, api, walk["taskId"])

    assert (walking["status"], walking["assetStatus"]) == ("success", "complete")
    assert api.get(walking["output"]["modelUrl"]).content.startswith(b"glTF")
    assert world.creates() == {
        "text_to_model": 1,
        "animate_prerigcheck": 1,
        "animate_rig": 1,
        "animate_retarget": 1,
    }


def test_one_order_with_rig_and_animations_leads_to_the_same(world: World, api: ServedApi) -> None:
    order = ordered(api, "/api/generate-3d", WHOLE_CHAIN)

    assert [(step["kind"], step["preset"]) for step in order["chain"]] == [
        ("generate", None),
        ("rig_check", None),
        ("rig", None),
        ("animate", "preset:idle"),
        ("animate", "preset:walk"),
    ]
    last = run_until_ended(world, api, order["chain"][-1]["taskId"])
    world.run_until(lambda: status_of(api, order["taskId"])["assetStatus"] == "complete")
    assert last["status"] == "success"


def test_an_order_is_answered_with_both_ids_and_never_with_the_prompt(api: ServedApi) -> None:
    response = api.post("/api/generate-3d", WHOLE_CHAIN)

    order = response.json()
    assert response.status_code == 202
    assert set(order) == {
        "taskId",
        "tripoTaskId",
        "status",
        "taskStatus",
        "waitingFor",
        "waitingForText",
        "assetId",
        "projectId",
        "chain",
    }
    assert UUID.fullmatch(order["taskId"])
    assert order["tripoTaskId"] not in (None, order["taskId"])
    assert "knight" not in response.text


def test_the_status_says_all_that_the_contract_names(world: World, api: ServedApi) -> None:
    task_id = ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"]
    world.run_until(lambda: status_of(api, task_id)["status"] == "running")

    task = status_of(api, task_id)

    assert set(task) >= {
        *(
            "taskId",
            "tripoTaskId",
            "projectId",
            "assetId",
            "kind",
            "preset",
            "status",
            "progress",
            "secondsLeft",
        ),
        *("queuePosition", "attempt", "output", "error", "assetStatus", "creditsConsumed", "submittedAt"),
        *("finishedAt", "updatedAt"),
    }
    assert set(task["output"]) == {"modelUrl", "renderedImageUrl", "riggable", "rigType"}
    assert (task["kind"], task["preset"], task["attempt"], task["error"]) == ("generate", None, 1, None)
    assert (task["finishedAt"], task["creditsConsumed"]) == (None, None)
    assert MOMENT.fullmatch(task["submittedAt"])
    assert MOMENT.fullmatch(task["updatedAt"])


def test_the_end_names_our_own_links_and_what_it_cost_as_a_number(world: World, api: ServedApi) -> None:
    order = ordered(api, "/api/generate-3d", MODEL_ONLY)

    made = run_until_ended(world, api, order["taskId"])

    assert made["output"]["modelUrl"].startswith("/api/artifacts/")
    assert made["output"]["renderedImageUrl"].startswith("/api/artifacts/")
    assert made["creditsConsumed"] == 20
    assert MOMENT.fullmatch(made["finishedAt"])
    assert "Signature" not in str(made)


def test_a_task_is_found_by_the_providers_id_too(api: ServedApi) -> None:
    order = ordered(api, "/api/generate-3d", MODEL_ONLY)

    assert status_of(api, order["tripoTaskId"])["taskId"] == order["taskId"]


def test_an_order_that_finds_no_place_waits_and_says_why(world: World, api: ServedApi) -> None:
    world.faults(create_429=True)

    order = ordered(api, "/api/generate-3d", MODEL_ONLY)

    assert (order["tripoTaskId"], order["taskStatus"]) == (None, "queued")
    assert order["waitingFor"] == "slot"
    assert order["waitingForText"].endswith(".")
    assert status_of(api, order["taskId"])["waitingForText"] == order["waitingForText"]


def test_a_lost_answer_is_taken_and_called_unknown(world: World, api: ServedApi) -> None:
    world.faults(create_lost_reply=1)

    order = ordered(api, "/api/generate-3d", MODEL_ONLY)

    assert (order["tripoTaskId"], order["taskStatus"], order["waitingFor"]) == (
        None,
        "unknown",
        "outcome_unknown",
    )


def test_what_the_provider_refuses_at_once_is_422_and_kept_as_failed(world: World, api: ServedApi) -> None:
    response = api.post("/api/generate-3d", WHOLE_CHAIN | {"prompt": f"a {REFUSED_WORD} knight"})

    status, code, _ = refusal(response)
    assert (status, response.json()["status"]) == (422, "failed")
    kept = status_of(api, response.json()["taskId"])
    assert (kept["status"], kept["error"]["code"]) == ("failed", code)
    assert kept["error"]["message"] == response.json()["error"]
    assert "knight" not in response.text
    assert world.creates() == {}


def test_options_are_the_providers_in_camel_case(world: World, api: ServedApi) -> None:
    ordered(
        api,
        "/api/generate-3d",
        MODEL_ONLY | {"options": {"faceLimit": 5000, "texture": False, "modelSeed": 7}},
    )

    [sent] = world.sandbox.world.tasks.values()
    assert (sent.fields["face_limit"], sent.fields["texture"], sent.fields["model_seed"]) == (5000, False, 7)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_who_ordered_is_recorded_as_they_call_themselves(api: ServedApi, encoding: str) -> None:
    headers = {b"X-Hatchery-User": "Zoë \t Ann".encode(encoding)}
    api.request("POST", "/api/generate-3d", json=MODEL_ONLY, headers=headers)

    asset = api.get(f"/api/assets/{PROJECT}/{ASSET}").json()

    assert asset["createdBy"] == "Zoë Ann"
    assert asset["events"][0]["actor"] == "Zoë Ann"


def test_nobody_can_call_themselves_the_poller(api: ServedApi) -> None:
    api.post("/api/generate-3d", MODEL_ONLY, X_Hatchery_User="Poller")

    assert api.get(f"/api/assets/{PROJECT}/{ASSET}").json()["createdBy"] == "“Poller”"
