"""The six edge cases of the original plan, each through the wire; and readers that all ask at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.dashboard.api.plan import MODEL_ONLY, NAMES, PROJECT
from tests.dashboard.api.served import ServedApi, new_client, ordered, refusal, run_until_ended, status_of
from tests.world import World

REFRESH = "?refresh=true"


@pytest.fixture
def running(world: World, api: ServedApi) -> str:
    """A task that runs at the provider."""
    task_id = ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"]
    world.run_until(lambda: status_of(api, task_id)["status"] == "running")
    world.pass_time(2)
    return task_id


def refreshed(api: ServedApi, task_id: str) -> httpx.Response:
    return api.get(f"/api/generate-3d/{task_id}/status{REFRESH}")


# 1


def test_a_task_that_the_provider_failed_keeps_its_reason(world: World, api: ServedApi) -> None:
    world.faults(end_failed=True)
    order = ordered(api, "/api/generate-3d", MODEL_ONLY)

    task = run_until_ended(world, api, order["taskId"])

    assert (task["status"], task["assetStatus"]) == ("failed", "failed")
    assert set(task["error"]) == {"code", "message", "suggestion", "traceId", "retryable"}
    assert task["error"]["message"]
    assert task["error"]["suggestion"]
    assert task["output"]["modelUrl"] is None


# 2


def test_a_429_is_passed_on_to_who_asked_directly(world: World, api: ServedApi, running: str) -> None:
    world.faults(rate_limited_1007={"on": "read", "retry_after": 6.2})

    response = refreshed(api, running)

    assert refusal(response) == (429, "provider_busy", None)
    assert response.headers["retry-after"] == "7"
    before = world.reads()
    again = refreshed(api, running)
    assert refusal(again)[0] == 429
    assert 1 <= int(again.headers["retry-after"]) <= 7
    assert world.reads() == before, "nobody asks while the provider wants quiet"
    assert status_of(api, running)["status"] == "running", "the rows are read all the same"


def test_a_429_is_waited_out_where_nobody_asked(world: World, api: ServedApi) -> None:
    world.faults(create_429=2)
    order = ordered(api, "/api/generate-3d", MODEL_ONLY)
    assert order["waitingFor"] == "slot"

    assert run_until_ended(world, api, order["taskId"])["status"] == "success"
    assert world.creates() == {"text_to_model": 1}


# 3


def test_a_task_that_the_provider_no_longer_knows_is_404_with_help(
    world: World, api: ServedApi, running: str
) -> None:
    world.faults(task_forgotten=True)

    response = refreshed(api, running)

    assert refusal(response) == (404, "provider_task_gone", None)
    assert "retry" in response.json()["details"].lower()
    assert refusal(refreshed(api, running))[0] == 404, "also at once again, without asking the provider"
    assert status_of(api, running)["status"] == "running"


def test_an_id_that_nobody_knows_is_404_with_help(api: ServedApi) -> None:
    for query in ("", REFRESH):
        response = api.get(f"/api/generate-3d/never-seen/status{query}")
        assert refusal(response) == (404, "task_not_found", "taskId")
        assert "taskId" in response.json()["details"]


# 4


def test_twenty_readers_at_once_cause_one_request_a_second(
    world: World, api: ServedApi, running: str
) -> None:
    before, begun = world.reads(), time.monotonic()

    def read(number: int) -> list[httpx.Response]:
        with new_client(api.url) as client:
            return [client.get(f"/api/generate-3d/{running}/status{REFRESH}") for _ in range(5)]

    with ThreadPoolExecutor(20) as readers:
        answers = [answer for some in readers.map(read, range(20)) for answer in some]

    seconds = time.monotonic() - begun
    assert Counter(answer.status_code for answer in answers) == {200: 100}
    assert 1 <= world.reads() - before <= seconds + 1
    progress = [answer.json()["progress"] for answer in answers]
    assert status_of(api, running)["progress"] >= max(progress), "no write was lost"


def test_readers_at_the_end_of_a_task_all_see_its_end(world: World, api: ServedApi, running: str) -> None:
    world.pass_time(300)

    with ThreadPoolExecutor(20) as readers:
        answers = list(readers.map(lambda _: refreshed(api, running), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert refreshed(api, running).json()["status"] == "downloading"
    assert run_until_ended(world, api, running)["status"] == "success"
    moves = [
        event["toStatus"]
        for event in api.get(f"/api/assets/{PROJECT}/{NAMES['assetId']}").json()["events"]
        if event["toStatus"]
    ]
    assert moves == ["ready", "submitting", "queued", "running", "downloading", "success"]


# 5


def test_without_a_key_an_order_is_500_and_names_the_setting(
    make_world: Callable[..., World], serve: Callable[[World], ServedApi]
) -> None:
    api = serve(make_world(settings={"tripo_api_key": ""})).with_the_plans_project()

    response = api.post("/api/generate-3d", MODEL_ONLY)

    assert refusal(response) == (500, "provider_key_missing", None)
    assert "TRIPO_API_KEY" in response.json()["details"]
    assert api.get("/api/assets").json()["assets"] == []


# 6


@pytest.mark.parametrize(
    ("step", "more"), [("rig", {}), ("animate", {"animationPreset": "preset:walk"})], ids=["rig", "animate"]
)
def test_a_step_without_a_finished_source_is_400(api: ServedApi, running: str, step: str, more: dict) -> None:
    status, code, _ = refusal(api.post(f"/api/generate-3d/{step}", NAMES | more))

    assert (status, code) == (400, "source_not_finished")


# --- refresh, beside these -----------------------------------------------------------------------------------


def test_a_refresh_asks_the_provider_and_records_what_it_says(
    world: World, api: ServedApi, running: str
) -> None:
    before = status_of(api, running)["progress"]
    world.pass_time(2)

    assert refreshed(api, running).json()["progress"] > before
    assert status_of(api, running)["progress"] > before


@pytest.mark.parametrize(
    ("fault", "code"),
    [("read_500", "provider_read_failed"), ("unauthorized", "provider_key_refused")],
)
def test_a_provider_that_gives_no_answer_is_502(
    world: World, api: ServedApi, running: str, fault: str, code: str
) -> None:
    world.faults(**{fault: True})

    assert refusal(refreshed(api, running)) == (502, code, None)


def test_refresh_is_yes_or_no(api: ServedApi, running: str) -> None:
    response = api.get(f"/api/generate-3d/{running}/status?refresh=maybe")

    assert refusal(response) == (400, "invalid_request", "refresh")
