"""What an order is refused for, before anything is written or paid."""

from __future__ import annotations

import pytest

from tests.dashboard.api.plan import MODEL_ONLY, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal


@pytest.mark.parametrize("name", ["projectId", "assetId", "prompt"])
def test_a_missing_field_is_named(shared_api: ServedApi, name: str) -> None:
    body = {key: value for key, value in MODEL_ONLY.items() if key != name}

    assert refusal(shared_api.post("/api/generate-3d", body)) == (400, "missing_field", name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("projectId", 7),
        ("assetId", "a/b"),
        ("assetId", ""),
        ("prompt", ""),
        ("prompt", "x" * 1025),
        ("prompt", "a knight 🗡 and a dragon 🐉"),
        ("shouldRig", "yes"),
        ("animations", "preset:walk"),
        ("options", []),
        ("options.faceLimit", {"faceLimit": "many"}),
        ("options.faceLimit", {"faceLimit": -1}),
        ("options.polygons", {"polygons": 5}),
        ("priority", 1000),
        ("name", ""),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_its_name(
    shared_api: ServedApi, field: str, value: object
) -> None:
    status, _, named = refusal(
        shared_api.post("/api/generate-3d", WHOLE_CHAIN | {field.split(".")[0]: value})
    )

    assert (status, named) == (400, field)


def test_an_unknown_field_is_refused_by_its_name(shared_api: ServedApi) -> None:
    response = shared_api.post("/api/generate-3d", MODEL_ONLY | {"should_rig": True})

    assert refusal(response) == (400, "unknown_field", "should_rig")


def test_animations_without_a_rig_are_refused(shared_api: ServedApi) -> None:
    response = shared_api.post("/api/generate-3d", WHOLE_CHAIN | {"shouldRig": False})

    assert refusal(response) == (400, "invalid_request", "animations")


def test_an_unknown_project_is_404_with_help(shared_api: ServedApi) -> None:
    response = shared_api.post("/api/generate-3d", MODEL_ONLY | {"projectId": "nowhere"})

    assert refusal(response) == (404, "project_not_found", "projectId")
    assert "/api/projects" in response.json()["details"]


def test_an_asset_that_is_being_made_is_409(shared_api: ServedApi) -> None:
    ordered(shared_api, "/api/generate-3d", MODEL_ONLY)

    assert refusal(shared_api.post("/api/generate-3d", MODEL_ONLY)) == (409, "already_open", None)
