"""The price before the click, over HTTP: what the order then costs, and nothing made for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dashboard.api.plan import ASSET, MODEL_ONLY, NAMES, PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal
from tests.world import World

ROUTE = "/api/estimate"


def test_a_whole_chain_is_priced_step_by_step(world: World, api: ServedApi) -> None:
    response = api.post(ROUTE, WHOLE_CHAIN | {"name": "Knight", "category": "Heroes", "priority": 3})

    assert response.status_code == 200, response.text
    assert response.json() == {
        "credits": 65,
        "steps": [
            {"kind": "generate", "preset": None, "credits": 20},
            {"kind": "rig_check", "preset": None, "credits": 0},
            {"kind": "rig", "preset": None, "credits": 25},
            {"kind": "animate", "preset": "preset:idle", "credits": 10},
            {"kind": "animate", "preset": "preset:walk", "credits": 10},
        ],
    }
    assert world.creates() == {}
    assert api.get("/api/assets").json()["assets"] == []


def test_the_estimate_is_what_the_order_then_costs(world: World, api: ServedApi) -> None:
    order = NAMES | {
        "image": {"url": "https://studio.example.com/knight.png"},
        "shouldRig": True,
        "options": {"textureQuality": "extreme", "geometryQuality": "detailed"},
    }
    estimate = api.post(ROUTE, order).json()["credits"]

    ordered(api, "/api/generate-3d", order)
    world.run_until(lambda: api.get(f"/api/assets/{PROJECT}/{ASSET}").json()["status"] == "complete")

    spent = sum(t["creditsConsumed"] for t in api.get(f"/api/assets/{PROJECT}/{ASSET}").json()["tasks"])
    assert estimate == spent == 95


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"projectId": "nowhere"}, 404, "projectId"),
        ({"assetId": "a/b"}, 400, "assetId"),
        ({"prompt": None}, 400, "prompt"),
        ({"prompt": ""}, 400, "prompt"),
        ({"image": {"uploadId": "nowhere"}}, 404, "image.uploadId"),
        ({"options": {"faceLimit": -1}}, 400, "options.faceLimit"),
        ({"animations": ["preset:walk"]}, 400, "animations"),
        ({"keyId": "nowhere"}, 404, "keyId"),
        ({"polygons": 5}, 400, "polygons"),
    ],
)
def test_it_is_refused_for_what_the_order_would_be(
    shared_api: ServedApi, change: dict[str, Any], status: int, field: str
) -> None:
    estimate = shared_api.post(ROUTE, MODEL_ONLY | change)

    assert (refusal(estimate)[0], refusal(estimate)[2]) == (status, field)
    assert estimate.json() == shared_api.post("/api/generate-3d", MODEL_ONLY | change).json()


def test_an_asset_that_is_being_made_is_409_here_too(api: ServedApi) -> None:
    ordered(api, "/api/generate-3d", MODEL_ONLY)

    assert refusal(api.post(ROUTE, MODEL_ONLY)) == (409, "already_open", None)
