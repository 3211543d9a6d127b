"""Whatever is sent, the answer is a sentence and never a fault of ours."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import fresh_database
from tests.dashboard.api.conftest import a_world
from tests.dashboard.api.plan import MODEL_ONLY, PROJECT
from tests.dashboard.api.served import ServedApi, refusal

JSON = {"Content-Type": "application/json"}
ROUTES = {
    "/api/generate-3d": [
        "projectId",
        "assetId",
        "prompt",
        "image",
        "shouldRig",
        "animations",
        "options",
        "priority",
        "name",
    ],
    "/api/generate-3d/rig": [
        "projectId",
        "assetId",
        "draftTaskId",
        "draftModelUrl",
        "rigType",
        "rigModel",
        "spec",
    ],
    "/api/generate-3d/animate": ["projectId", "assetId", "animationPreset", "animations", "riggedModelUrl"],
    "/api/tasks/none/retry": ["prompt", "options", "reason"],
    "/api/tasks/none/cancel": ["reason"],
    "/api/tasks/none/resolve": ["outcome", "tripoTaskId", "reason"],
    "/api/projects": ["name", "projectId", "defaults"],
}


def send(api: ServedApi, content: bytes, path: str = "/api/generate-3d", **headers: str) -> httpx.Response:
    return api.request("POST", path, content=content, headers=JSON | headers)


NOT_JSON = {
    "empty": b"",
    "cut": b'{"projectId": "a"',
    "two": b"{}{}",
    "comment": b"{} // yes",
    "NaN": b'{"priority": NaN}',
    "infinity": b'{"priority": -Infinity}',
    "too large a number": b'{"priority": 1e999}',
    "too large a whole number": b'{"priority": ' + b"9" * 5000 + b"}",
    "a name twice": b'{"projectId": "a", "projectId": "b"}',
    "a null byte": b'{"projectId": "a\\u0000b"}',
    "a null byte in a name": b'{"project\\u0000Id": "a"}',
    "half a character": b'{"projectId": "\\ud83d"}',
    "half a character twice": b'{"\\ud83d": 1, "\\ud83d": 2}',
    "many names, one of them twice": b"{" + b",".join(b'"%d":0' % (n % 90_000) for n in range(90_001)) + b"}",
    "raw null": b"\x00",
    "not UTF-8": b'{"projectId": "\xff"}',
    "UTF-16": '{"projectId": "a"}'.encode("utf-16"),
    "deep": b'{"options": ' + b"[" * 30 + b"]" * 30 + b"}",
    "very deep": b"[" * 100_000,
    "a list": b"[]",
    "a text": b'"text"',
    "null": b"null",
    "a number": b"7",
}


@pytest.mark.parametrize("content", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_a_json_object_is_400(shared_api: ServedApi, content: bytes) -> None:
    assert refusal(send(shared_api, content))[0] == 400


def test_a_field_that_stands_twice_is_named(shared_api: ServedApi) -> None:
    response = send(shared_api, NOT_JSON["a name twice"])

    assert refusal(response) == (400, "invalid_json", "projectId")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""]
)
def test_another_content_type_is_415(shared_api: ServedApi, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    response = shared_api.request("POST", "/api/generate-3d", content=b"{}", headers=headers)

    assert refusal(response) == (415, "not_json", None)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_declared_in_any_spelling(shared_api: ServedApi, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    response = shared_api.request("POST", "/api/generate-3d", content=b"{}", headers=headers)

    assert refusal(response) == (400, "missing_field", "projectId")


def test_a_body_over_a_megabyte_is_413(shared_api: ServedApi) -> None:
    body = json.dumps(MODEL_ONLY | {"name": "x" * 1_000_000}).encode()

    assert refusal(send(shared_api, body)) == (413, "body_too_large", None)


def test_a_body_without_a_length_is_counted_too(shared_api: ServedApi) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 50_000

    response = shared_api.request("POST", "/api/generate-3d", content=pieces(), headers=JSON)

    assert "content-length" not in response.request.headers
    assert refusal(response) == (413, "body_too_large", None)


def test_a_caller_who_hangs_up_in_the_middle_harms_nobody(shared_api: ServedApi) -> None:
    port = httpx.URL(shared_api.url).port
    with socket.create_connection(("127.0.0.1", port or 0)) as raw:
        raw.sendall(b"POST /api/generate-3d HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")

    assert shared_api.get("/api/health/live").status_code == 200


# --- where it comes from -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_site_may_not_order(shared_api: ServedApi, headers: dict) -> None:
    response = shared_api.request("POST", "/api/projects", json={"name": "x"}, headers=headers)

    assert refusal(response) == (403, "foreign_origin", None)


def test_our_own_page_may_order(shared_api: ServedApi) -> None:
    headers = {"Origin": shared_api.url, "Sec-Fetch-Site": "same-origin"}

    assert shared_api.request("POST", "/api/projects", json={"name": "x"}, headers=headers).status_code == 201


# --- a bug of ours -------------------------------------------------------------------------------------------


def test_what_nobody_foresaw_is_500_and_its_trace_is_in_the_log_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ServedApi(None) as api:  # whatever is asked of it goes wrong
        response = api.get("/api/projects")

    assert refusal(response) == (500, "internal_error", None)
    assert "AttributeError" in caplog.text
    assert "NoneType" not in response.text


# --- addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/tasks/x/unknown",
        "/api/../etc/passwd",
        "/api/%2e%2e/x",
    ],
)
def test_an_unknown_address_is_a_json_404(shared_api: ServedApi, path: str) -> None:
    assert refusal(shared_api.get(path)) == (404, "route_not_found", None)


def test_a_wrong_method_is_405_and_says_which_are_right(shared_api: ServedApi) -> None:
    response = shared_api.request("DELETE", "/api/projects")

    assert refusal(response) == (405, "method_not_allowed", None)
    assert response.headers["allow"]


@pytest.mark.parametrize("path", ["/api/assets?q=%00", "/api/assets/a%00b/c", "/api/generate-3d/%00/status"])
def test_a_null_byte_in_an_address_is_400(shared_api: ServedApi, path: str) -> None:
    assert refusal(shared_api.get(path))[0] == 400


# --- anything at all -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict_api(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    """On PostgreSQL, which takes fewer texts and numbers than SQLite."""
    folder = tmp_path_factory.mktemp("strict")
    with (
        fresh_database(postgres_server) as url,
        a_world(folder, database_url=url) as world,
        ServedApi(world.core) as api,
    ):
        yield api.with_the_plans_project()


texts = st.text(max_size=40) | st.sampled_from(
    [PROJECT, "asset-456", "preset:walk", "a knight", "created", "glb"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, Any]:
    path = draw(st.sampled_from(sorted(ROUTES)))
    names = st.sampled_from(ROUTES[path]) | texts
    return path, draw(st.dictionaries(names, values, max_size=6) | values)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=requests())
def test_no_body_at_all_is_a_fault_of_ours(strict_api: ServedApi, asked: tuple[str, Any]) -> None:
    path, body = asked

    response = send(strict_api, json.dumps(body).encode(), path)

    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        refusal(response)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), path=st.sampled_from(sorted(ROUTES)))
def test_no_bytes_at_all_are_a_fault_of_ours(shared_api: ServedApi, content: bytes, path: str) -> None:
    response = send(shared_api, content, path)

    assert response.status_code < 500, response.text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(["projectId", "status", "tag", "q", "limit", "cursor"]), texts))
def test_no_filter_at_all_is_a_fault_of_ours(strict_api: ServedApi, query: dict[str, str]) -> None:
    assert strict_api.get("/api/assets", params=query).status_code in (200, 400, 404)
