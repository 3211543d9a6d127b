"""A rig's options over HTTP: each is checked before anything is written, and refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dashboard.api.plan import MODEL_ONLY, NAMES
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended
from tests.world import World

V1, V25 = "v1.0-20240301", "v2.5-20260210"


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ({"rigModel": "v2.0-20250506"}, "invalid_request", "rigModel"),
        ({"rigModel": V1, "rigType": "quadruped"}, "rig_version_unfit", "rigModel"),
        ({"rigModel": V1, "spec": "vrm"}, "rig_version_unfit", "rigModel"),
        ({"spec": "blender"}, "invalid_request", "spec"),
        ({"rigType": "centaur"}, "invalid_request", "rigType"),
        ({"outFormat": "obj"}, "invalid_request", "outFormat"),
    ],
)
def test_a_rig_that_cannot_be_is_refused_by_the_field_at_fault(
    world: World, api: ServedApi, options: dict[str, Any], code: str, field: str
) -> None:
    ordered(api, "/api/generate-3d", MODEL_ONLY)

    response = api.post("/api/generate-3d/rig", NAMES | options)

    assert refusal(response) == (400, code, field)
    assert world.creates() == {"text_to_model": 1}


def test_a_rig_takes_all_its_options(world: World, api: ServedApi) -> None:
    made = ordered(api, "/api/generate-3d", MODEL_ONLY)
    run_until_ended(world, api, made["taskId"])
    options = {"rigModel": V25, "rigType": "biped", "spec": "mixamo", "outFormat": "fbx"}

    rig = ordered(api, "/api/generate-3d/rig", NAMES | options)

    assert run_until_ended(world, api, rig["taskId"])["status"] == "success"
    sent = list(world.sandbox.world.tasks.values())[-1]
    assert (sent.type, sent.model) == ("animate_rig", V25)
    assert (sent.fields["spec"], sent.fields["out_format"]) == ("mixamo", "fbx")


# --- with the whole chain ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"rig": {"rigModel": "v2.0-20250506"}}, "invalid_request", "rig.rigModel"),
        ({"rig": {"rigModel": V1, "rigType": "quadruped"}}, "rig_version_unfit", "rig.rigModel"),
        ({"rig": {"rigType": "centaur"}}, "invalid_request", "rig.rigType"),
        ({"rig": {"outFormat": "obj"}}, "invalid_request", "rig.outFormat"),
        ({"rig": {"bones": 4}}, "unknown_field", "rig.bones"),
        ({"rig": {"spec": "vrm"}, "animations": ["preset:walk"]}, "preset_not_playable", "animations"),
        (
            {"rig": {"rigType": "quadruped"}, "animations": ["preset:walk"]},
            "preset_not_playable",
            "animations",
        ),
        (
            {"rig": {"rigModel": V25}, "animations": ["preset:biped:cheer"]},
            "preset_not_playable",
            "animations",
        ),
        ({"rig": {"rigType": "biped"}, "shouldRig": False}, "invalid_request", "rig"),
    ],
)
def test_a_chain_is_refused_for_its_rig_before_its_model_is_paid(
    shared_api: ServedApi, said: dict[str, Any], code: str, field: str
) -> None:
    order = MODEL_ONLY | {"shouldRig": True} | said

    assert refusal(shared_api.post("/api/generate-3d", order)) == (400, code, field)
    assert refusal(shared_api.post("/api/estimate", order)) == (400, code, field)


def test_a_chain_carries_its_rigs_options_to_the_rig(world: World, api: ServedApi) -> None:
    rig = {"rigModel": V25, "rigType": "quadruped", "spec": "mixamo", "outFormat": "fbx"}

    order = ordered(api, "/api/generate-3d", MODEL_ONLY | {"shouldRig": True, "rig": rig})

    assert run_until_ended(world, api, order["chain"][-1]["taskId"])["status"] == "success"
    sent = list(world.sandbox.world.tasks.values())[-1]
    assert (sent.type, sent.model) == ("animate_rig", V25)
    assert {name: sent.fields[name] for name in ("rig_type", "spec", "out_format")} == {
        "rig_type": "quadruped",
        "spec": "mixamo",
        "out_format": "fbx",
    }


def test_an_animal_that_was_named_as_one_plays_its_own_walk(world: World, api: ServedApi) -> None:
    animal = {"prompt": "a grey wolf", "shouldRig": True, "rig": {"rigType": "quadruped"}}

    order = ordered(api, "/api/generate-3d", MODEL_ONLY | animal | {"animations": ["preset:quadruped:walk"]})

    assert run_until_ended(world, api, order["chain"][-1]["taskId"])["status"] == "success"
