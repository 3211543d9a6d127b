"""What the key's version of the API does not have is refused in the same words everywhere, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.projects import FIRST_PROJECT
from tests.dashboard.api.served import ServedApi, ordered, run_until_ended
from tests.world import World

CRATE = {"projectId": FIRST_PROJECT, "assetId": "crate", "prompt": "a wooden crate"}
P2, V3 = "P2-20260801", "v3.0-20260909"


@pytest.fixture
def old_world(make_world: Callable[..., World]) -> World:
    """A world whose key speaks version 2."""
    return make_world("v2")


@pytest.mark.parametrize(
    ("said", "field", "what"),
    [
        ({"options": {"model": P2}}, "options.model", f"model {P2}"),
        ({"shouldRig": True, "rig": {"rigModel": V3}}, "rig.rigModel", f"rig version {V3}"),
        ({"shouldRig": True, "rig": {"spec": "vrm"}}, "rig.spec", "set of bone names vrm"),
    ],
)
def test_version_2_is_not_asked_for_what_only_version_3_has(
    old_world: World, serve: Callable[[World], ServedApi], said: dict[str, Any], field: str, what: str
) -> None:
    api = serve(old_world)

    order, estimate = (api.post(path, CRATE | said) for path in ("/api/generate-3d", "/api/estimate"))

    assert order.status_code == estimate.status_code == 400
    assert order.json() == estimate.json()
    assert (order.json()["code"], order.json()["field"]) == ("version_unknown", field)
    assert order.json()["error"] == f"Version 2 of Tripo's API has no {what}."
    assert old_world.creates() == {}
    assert api.get("/api/assets").json()["assets"] == []


def test_a_rig_and_a_retry_are_not_either(old_world: World, serve: Callable[[World], ServedApi]) -> None:
    api = serve(old_world)
    old_world.faults(end_failed={"count": 1})
    made = ordered(api, "/api/generate-3d", CRATE)
    run_until_ended(old_world, api, made["taskId"])

    again = api.post(f"/api/tasks/{made['taskId']}/retry", {"options": {"model": P2}})
    assert (again.status_code, again.json()["code"]) == (400, "version_unknown")

    made = api.post(f"/api/tasks/{made['taskId']}/retry", {}).json()
    run_until_ended(old_world, api, made["taskId"])
    rig = api.post("/api/generate-3d/rig", {"projectId": FIRST_PROJECT, "assetId": "crate", "rigModel": V3})
    assert (rig.status_code, rig.json()["code"], rig.json()["field"]) == (400, "version_unknown", "rigModel")
