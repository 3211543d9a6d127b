"""No body, however odd, breaks the sandbox: it answers with a task or with a documented refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sandbox.fields import _FIELDS
from core.sandbox.server import SandboxServer
from tests.sandbox.conftest import V3_ROUTES, Caller

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    *_FIELDS,
    *("prompt", "model", "model_version", "input", "inputs", "file", "files", "original_model_task_id"),
    *(
        "animation",
        "animations",
        "rig_type",
        "spec",
        "format",
        "priority",
        "task_ids",
        "type",
        "texture_prompt",
    ),
]
WORKABLE = {
    "prompt": st.just("a knight"),
    "model": st.sampled_from(["v3.1-20260211", "P1-20260311", "v1.0-20240301"]),
    "file": st.just({"url": "https://example.com/a.png"}),
    "animation": st.just("preset:walk"),
    "format": st.just("GLTF"),
}


@pytest.fixture(scope="module")
def ready(shared_sandbox: SandboxServer) -> Iterator[dict[str, tuple[Caller, list[str]]]]:
    """A caller of each version, and finished tasks to work on."""
    callers = {version: Caller(shared_sandbox, version, "tsk_sandbox_odd") for version in ("v2", "v3")}
    sources = {}
    for version, api in callers.items():
        draft = api.finished()
        sources[version] = (api, [draft, api.finished("animate_rig", source=draft)])
    yield sources
    for api in callers.values():
        api.close()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), version=st.sampled_from(["v2", "v3"]), task_type=st.sampled_from(sorted(V3_ROUTES)))
def test_an_odd_create_is_made_or_refused_with_a_code(
    ready: dict[str, tuple[Caller, list[str]]], data: Any, version: str, task_type: str
) -> None:
    api, sources = ready[version]
    body = data.draw(st.dictionaries(st.sampled_from(NAMES), ODD, max_size=4))
    for name, values in WORKABLE.items():
        if data.draw(st.booleans()):
            body[name] = data.draw(values)
    if data.draw(st.booleans()):
        body["original_model_task_id"] = data.draw(st.sampled_from(sources))

    if version == "v2":
        answer = api.http.post("/task", json=body | {"type": task_type})
    else:
        answer = api.http.post(V3_ROUTES[task_type], json=body)

    assert answer.status_code in (200, 400, 403, 404, 429), answer.text
    if answer.status_code == 200:
        assert api.read(answer.json()["data"]["task_id"])["status"] in ("queued", "running")
    else:
        assert answer.json()["code"] >= 1000
    api.advance(400)
    api.control("wallet", {"balance": 10_000, "key": "tsk_sandbox_odd"})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=ODD, version=st.sampled_from(["v2", "v3"]))
def test_an_odd_batch_read_is_answered_or_refused(
    ready: dict[str, tuple[Caller, list[str]]], body: Any, version: str
) -> None:
    api, _ = ready[version]

    assert api.try_read_many(body).status_code in (200, 400)


def test_an_odd_upload_is_refused(api: Caller) -> None:
    path = "/upload" if api.version == "v2" else "/files"

    for headers in (
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ):
        assert api.http.post(path, content=b"--x\r\nbroken", headers=headers).status_code == 400
    if api.version == "v3":
        for format in (None, 3, ["png"], "exe"):
            assert api.http.post("/files/presign", json={"format": format}).status_code == 400
