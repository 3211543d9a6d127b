"""What a rig and an animation work on: the newest, the named or the linked; and the presets that a rig can play."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.lifecycle import FINAL, TaskKind
from tests.dashboard.api.plan import MODEL_ONLY, NAMES, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended, status_of
from tests.world import World

KINDS = list(TaskKind)


@pytest.fixture(scope="module")
def draft(shared_world: World, shared_api: ServedApi) -> dict:
    """A finished model."""
    order = ordered(shared_api, "/api/generate-3d", MODEL_ONLY)
    return run_until_ended(shared_world, shared_api, order["taskId"])


@pytest.fixture(scope="module")
def rigged(shared_world: World, shared_api: ServedApi, draft: dict) -> dict:
    """A finished rig."""
    order = ordered(shared_api, "/api/generate-3d/rig", NAMES)
    return run_until_ended(shared_world, shared_api, order["taskId"])


@pytest.fixture(autouse=True)
def nothing_left_open(shared_world: World) -> Iterator[None]:
    """Each test's orders end before the next one's begin."""
    yield
    shared_world.run_until(
        lambda: not any(t.status not in FINAL for kind in KINDS for t in shared_world.tasks(kind))
    )


@pytest.mark.parametrize(
    "link",
    [
        "{path}",
        "{url}{path}",
        "http://hatchery.example:8501{path}?download=1",
    ],
)
def test_our_link_to_the_draft_counts_whatever_host_it_was_read_from(
    shared_api: ServedApi, draft: dict, link: str
) -> None:
    url = link.format(path=draft["output"]["modelUrl"], url=shared_api.url)

    assert ordered(shared_api, "/api/generate-3d/rig", NAMES | {"draftModelUrl": url})["status"] == "rigging"


def test_the_draft_can_be_named_by_either_id(shared_api: ServedApi, draft: dict) -> None:
    ordered(shared_api, "/api/generate-3d/rig", NAMES | {"draftTaskId": draft["tripoTaskId"]})


@pytest.mark.parametrize(
    "source",
    [
        {"draftModelUrl": "https://elsewhere.example/model.glb"},
        {"draftModelUrl": "/api/artifacts/00000000-0000-0000-0000-000000000000"},
        {"draftModelUrl": "http://[broken"},
        {"draftTaskId": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_a_source_that_is_not_this_assets_own_is_400(
    shared_api: ServedApi, draft: dict, source: dict
) -> None:
    status, _, field = refusal(shared_api.post("/api/generate-3d/rig", NAMES | source))

    assert (status, field) == (400, next(iter(source)))


def test_a_rigs_link_is_no_draft(shared_api: ServedApi, rigged: dict) -> None:
    url = rigged["output"]["modelUrl"]

    assert refusal(shared_api.post("/api/generate-3d/rig", NAMES | {"draftModelUrl": url}))[0] == 400


def test_several_animations_are_one_task_each(
    shared_world: World, shared_api: ServedApi, rigged: dict
) -> None:
    presets = ["preset:idle", "preset:walk"]

    order = ordered(shared_api, "/api/generate-3d/animate", NAMES | {"animations": presets, "inPlace": True})

    assert [task["preset"] for task in order["tasks"]] == presets
    assert order["taskId"] == order["tasks"][0]["taskId"]
    shared_world.run_until(lambda: status_of(shared_api, order["taskId"])["assetStatus"] == "complete")


@pytest.mark.parametrize("body", [{}, {"animations": ["preset:walk"], "animationPreset": "preset:walk"}])
def test_exactly_one_way_to_name_animations_is_wanted(
    shared_api: ServedApi, rigged: dict, body: dict
) -> None:
    assert refusal(shared_api.post("/api/generate-3d/animate", NAMES | body)) == (
        400,
        "invalid_request",
        "animations",
    )


def test_a_preset_that_this_rig_cannot_play_is_400_with_those_that_it_can(
    shared_api: ServedApi, rigged: dict
) -> None:
    response = shared_api.post(
        "/api/generate-3d/animate", NAMES | {"animationPreset": "preset:quadruped:walk"}
    )

    assert refusal(response) == (400, "preset_not_playable", "animationPreset")
    assert "preset:walk" in response.json()["details"]


def test_a_preset_without_its_prefix_is_400_with_help(shared_api: ServedApi) -> None:
    response = shared_api.post("/api/generate-3d", WHOLE_CHAIN | {"animations": ["walk"]})

    assert refusal(response) == (400, "preset_unknown", "animations")
    assert "preset:walk" in response.json()["details"]
