"""What is sent, in both versions."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx

from core.errors import RejectedError
from core.tripo import (
    DEFAULT_RIG_MODEL,
    Generate,
    GenerationOptions,
    Request,
    Retarget,
    Rig,
    RigCheck,
    TripoClient,
    Version,
    default_limit,
    pool_of,
)
from tests.tripo.conftest import BASES, KEY, TASK_ID, batch_path, create_path

CREATED = {"code": 0, "data": {"task_id": TASK_ID}}

REQUESTS: list[tuple[Version, Request, str, dict[str, Any]]] = [
    (
        "v2",
        Generate(prompt="a knight", options=GenerationOptions(face_limit=5000, quad=True, model_seed=7)),
        "/task",
        {
            "type": "text_to_model", "model_version": "v3.1-20260211", "prompt": "a knight",
            "face_limit": 5000, "quad": True, "model_seed": 7,
        },
    ),
    (
        "v3",
        Generate(prompt="a knight", options=GenerationOptions(negative_prompt="blood", compress="geometry")),
        "/generation/text-to-model",
        {"model": "v3.1-20260211", "prompt": "a knight", "negative_prompt": "blood", "compress": "geometry"},
    ),
    ("v2", RigCheck(source="src"), "/task", {"type": "animate_prerigcheck", "original_model_task_id": "src"}),
    ("v3", RigCheck(source="src"), "/animations/rig-check", {"input": "src"}),
    (
        "v2",
        Rig(source="src", rig_type="quadruped", model="v2.5-20260210"),
        "/task",
        {
            "type": "animate_rig", "original_model_task_id": "src", "model_version": "v2.5-20260210",
            "rig_type": "quadruped", "spec": "tripo", "out_format": "glb",
        },
    ),
    (
        "v3",
        Rig(source="src", model="v1.0-20240301", spec="mixamo", out_format="fbx"),
        "/animations/rig",
        {"input": "src", "model": "v1.0-20240301", "rig_type": "biped", "spec": "mixamo", "out_format": "fbx"},
    ),
    (
        "v2",
        Retarget(source="rig", preset="preset:walk"),
        "/task",
        {
            "type": "animate_retarget", "original_model_task_id": "rig", "animation": "preset:walk",
            "out_format": "glb", "export_with_geometry": True, "animate_in_place": False,
        },
    ),
    (
        "v3",
        Retarget(source="rig", preset="preset:biped:wait", in_place=True, out_format="fbx"),
        "/animations/retarget",
        {
            "input": "rig", "animation": "preset:biped:wait", "out_format": "fbx",
            "export_with_geometry": True, "animate_in_place": True,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("version", "request_", "path", "body"), REQUESTS)
def test_each_request_travels_in_its_versions_own_words(
    wire: respx.MockRouter, version: Version, request_: Request, path: str, body: dict[str, Any]
) -> None:
    route = wire.post(BASES[version] + path).respond(json=CREATED, headers={"X-Tripo-Trace-ID": "trace-1"})

    with TripoClient(KEY, version=version) as client:
        created = client.create(request_)

    sent = route.calls.last.request
    assert json.loads(sent.content) == body
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert sent.headers["Content-Type"] == "application/json"
    assert (created.task_id, created.trace_id) == (TASK_ID, "trace-1")


@pytest.mark.parametrize(
    "data",
    [
        {"task_id": TASK_ID, "type": "text_to_model", "status": "queued"},
        {"task_id": TASK_ID, "news": {"unheard": "of"}},
    ],
)
def test_a_create_with_more_than_an_id_is_a_yes(
    wire: respx.MockRouter, client: TripoClient, version: Version, data: dict[str, Any]
) -> None:
    wire.post(create_path(version)).respond(json={"code": 0, "status": "success", "data": data})

    assert client.create(Generate(prompt="a knight")).task_id == TASK_ID


def test_a_yes_without_a_code_still_names_its_task(
    wire: respx.MockRouter, client: TripoClient, version: Version
) -> None:
    wire.post(create_path(version)).respond(202, json={"data": {"task_id": TASK_ID}})

    assert client.create(Generate(prompt="a knight")).task_id == TASK_ID


def test_p1_is_not_told_of_fields_that_it_refuses_even_when_false(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    route = wire.post(create_path(client.version)).respond(json=CREATED)
    options = GenerationOptions(
        model="P1-20260311", quad=False, smart_low_poly=False, geometry_quality="standard"
    )

    client.create(Generate(prompt="a crate", options=options))

    sent = json.loads(route.calls.last.request.content)
    assert not {"quad", "smart_low_poly", "geometry_quality"} & set(sent)


def test_geometry_quality_is_not_sent_to_older_models() -> None:
    options = GenerationOptions(model="v2.5-20250123", geometry_quality="standard", texture=True)

    assert options.to_wire() == {"texture": True}


@pytest.mark.parametrize(
    "request_",
    [
        Generate(prompt="a crate", options=GenerationOptions(model="P2-20260801")),
        Rig(source="src", model="v3.0-20260909"),
        Rig(source="src", model="v2.5-20260210", spec="unity"),
    ],
)
def test_what_only_v3_has_is_refused_unsent_in_v2(wire: respx.MockRouter, request_: Request) -> None:
    with TripoClient(KEY, version="v2") as client, pytest.raises(RejectedError, match="Version 2") as refused:
        client.create(request_)

    assert refused.value.code == "version_unknown"
    assert not wire.calls


def test_a_task_id_stays_one_segment_of_the_path(wire: respx.MockRouter, client: TripoClient) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(200, json={"code": 0, "data": {"status": "queued"}})

    wire.route().mock(side_effect=answer)

    client.read("../../account/balance?x=1")
    client.read("..")

    assert seen[0].endswith("/..%2F..%2Faccount%2Fbalance%3Fx%3D1")
    assert seen[1].endswith(("/task/%2E%2E", "/tasks/%2E%2E"))


def test_a_batch_sends_each_id_once(wire: respx.MockRouter, client: TripoClient, version: Version) -> None:
    route = wire.post(batch_path(version)).respond(
        json={"code": 0, "data": {"tasks": {}, "missed": ["a", "b"]}}
    )

    client.read_many(["a", "b", "a"])

    assert json.loads(route.calls.last.request.content) == {"task_ids": ["a", "b"]}


def test_a_batch_of_none_asks_nothing_and_one_of_too_many_is_our_own_fault(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    assert client.read_many([]).tasks == {}
    with pytest.raises(ValueError, match="100 is the most"):
        client.read_many([str(number) for number in range(101)])
    assert not wire.calls


@pytest.mark.parametrize(
    ("request_", "pools"),
    [
        (Generate(prompt="x"), ("generation", "generation")),
        (
            Generate(prompt="x", options=GenerationOptions(model="P1-20260311")),
            ("generation_p", "generation_p"),
        ),
        (RigCheck(source="x"), ("rig_check", "animation")),
        (Rig(source="x", model=DEFAULT_RIG_MODEL), ("rig", "animation")),
        (Retarget(source="x", preset="preset:run"), ("retarget", "animation")),
    ],
)
def test_each_request_counts_in_a_pool_of_its_version(request_: Request, pools: tuple[str, str]) -> None:
    assert (pool_of(request_, "v2"), pool_of(request_, "v3")) == pools
    assert default_limit(pools[0], "v2") == default_limit(pools[1], "v3") == (5 if "_p" in pools[0] else 10)


def test_a_pool_that_does_not_exist_has_no_limit() -> None:
    with pytest.raises(ValueError, match="no pool"):
        default_limit("rig", "v3")


def test_the_client_works_over_an_http_client_that_it_is_given_and_leaves_it_open() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=CREATED)

    given = httpx.Client(transport=httpx.MockTransport(answer))
    with TripoClient(KEY, http=given) as client:
        assert client.create(Generate(prompt="a knight")).task_id == TASK_ID

    assert not given.is_closed
    given.close()
