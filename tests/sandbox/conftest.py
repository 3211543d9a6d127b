"""A sandbox on a free port, and callers that speak to it as the documents of each version say."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.sandbox.world import owner_of

Json = dict[str, Any]

V3_ROUTES = {
    "text_to_model": "/generation/text-to-model",
    "image_to_model": "/generation/image-to-model",
    "multiview_to_model": "/generation/multiview-to-model",
    "text_to_image": "/generation/text-to-image",
    "generate_multiview_image": "/generation/image-to-multiview",
    "edit_multiview_image": "/generation/edit-multiview",
    "texture_model": "/models/texture",
    "convert_model": "/models/convert",
    "import_model": "/models/import",
    "animate_prerigcheck": "/animations/rig-check",
    "animate_rig": "/animations/rig",
    "animate_retarget": "/animations/retarget",
    "mesh_segmentation": "/mesh/segment",
    "mesh_completion": "/mesh/complete",
    "highpoly_to_lowpoly": "/mesh/decimate",
}


class Caller:
    """One version's client with one key; what is sent and read is the wire's own JSON."""

    def __init__(self, sandbox: SandboxServer, version: str, key: str | None = "tsk_sandbox") -> None:
        self.sandbox = sandbox
        self.version = version
        self.key = key or ""
        self.base = sandbox.v2_base if version == "v2" else sandbox.v3_base
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        # There is no TLS on loopback, and loading certificates takes its time.
        self.http = httpx.Client(base_url=self.base, headers=headers, timeout=60, verify=False)  # noqa: S501
        self.plain = httpx.Client(timeout=60, verify=False)  # noqa: S501

    def close(self) -> None:
        self.http.close()
        self.plain.close()

    # The provider's API.

    def try_create(self, task_type: str, **fields: Any) -> httpx.Response:
        """A create; `model` and `source` are spelled as the version wants them."""
        if self.version == "v3":
            if "source" in fields:
                fields["input"] = fields.pop("source")
            if task_type in ("text_to_model", "image_to_model", "multiview_to_model"):
                fields.setdefault("model", "v3.1-20260211")
            return self.http.post(V3_ROUTES[task_type], json=fields)
        renamed = {"model": "model_version", "source": "original_model_task_id"}
        return self.http.post(
            "/task", json={"type": task_type} | {renamed.get(k, k): v for k, v in fields.items()}
        )

    def create(self, task_type: str = "text_to_model", **fields: Any) -> str:
        if task_type == "text_to_model":
            fields.setdefault("prompt", "a low poly knight")
        return self.data(self.try_create(task_type, **fields))["task_id"]

    def try_read(self, task_id: str) -> httpx.Response:
        return self.http.get(f"/task/{task_id}" if self.version == "v2" else f"/tasks/{task_id}")

    def read(self, task_id: str) -> Json:
        return self.data(self.try_read(task_id))

    def try_read_many(self, task_ids: Any) -> httpx.Response:
        path = "/task/batch" if self.version == "v2" else "/tasks/list"
        return self.http.post(path, json={"task_ids": task_ids})

    def balance(self) -> tuple[float, float]:
        path = "/user/balance" if self.version == "v2" else "/account/balance"
        data = self.data(self.http.get(path))
        return data["balance"], data["frozen"]

    def finished(self, task_type: str = "text_to_model", **fields: Any) -> str:
        """Create and let it end."""
        task_id = self.create(task_type, **fields)
        self.advance()
        assert self.read(task_id)["status"] == "success"
        return task_id

    def rigged(self, prompt: str = "a knight", **fields: Any) -> str:
        return self.finished("animate_rig", source=self.finished(prompt=prompt), **fields)

    def model_link(self, task_id: str) -> str:
        output = self.read(task_id)["output"]
        return (
            output.get("model_url") or output.get("pbr_model") or output.get("model") or output["base_model"]
        )

    def picture_link(self, task_id: str) -> str:
        output = self.read(task_id)["output"]
        return output.get("rendered_image_url") or output["rendered_image"]

    @staticmethod
    def data(response: httpx.Response) -> Json:
        body = response.json()
        assert response.status_code == 200, body
        assert body["code"] == 0
        return body["data"]

    # The sandbox's own routes.

    def control(self, path: str, body: Json | None = None) -> Json:
        if body is None:
            response = self.plain.get(f"{self.sandbox.url}/sandbox/{path}")
        else:
            response = self.plain.post(f"{self.sandbox.url}/sandbox/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def advance(self, seconds: float = 120) -> None:
        self.control("clock", {"advance_seconds": seconds})

    def faults(self, **faults: Any) -> None:
        self.control("faults", faults)

    def own_tasks(self) -> list[Json]:
        """What the sandbox knows of this key's tasks, oldest first."""
        return [task for task in self.control("tasks")["tasks"] if task["account"] == owner_of(self.key)]

    def stats(self) -> Json:
        return self.control("stats")


def refusal(response: httpx.Response) -> tuple[int, int]:
    """The status and the code of an error, whose shape is checked on the way."""
    body = response.json()
    assert body["message"]
    assert body["suggestion"]
    if "/v3/" in str(response.url):
        assert body["status"] == "error"
        assert body["request_id"] == response.headers["X-Tripo-Trace-ID"]
    return response.status_code, body["code"]


@contextmanager
def standing(config: SandboxConfig | None = None) -> Iterator[SandboxServer]:
    """A sandbox in which time passes by `advance` alone, however slow this machine is."""
    with SandboxServer(config) as server:
        server.world.stop_clock()
        yield server


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A sandbox with default settings and nothing in it."""
    with standing() as server:
        yield server


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., SandboxServer]]:
    """Start a sandbox with other settings: `start_sandbox(credits=5)`; it ends with the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(standing(SandboxConfig(**settings)))


@pytest.fixture
def call() -> Iterator[Callable[..., Caller]]:
    """Make a caller: `call(sandbox, "v3")`; it is closed with the test."""
    callers: list[Caller] = []

    def make(sandbox: SandboxServer, version: str = "v3", key: str | None = "tsk_sandbox") -> Caller:
        callers.append(Caller(sandbox, version, key))
        return callers[-1]

    yield make
    for caller in callers:
        caller.close()


@pytest.fixture(params=["v2", "v3"])
def version(request: pytest.FixtureRequest) -> str:
    """Each version in turn."""
    return request.param


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[SandboxServer]:
    """A sandbox with default settings for all tests that need no other; each key is an account of its own."""
    with standing() as server:
        yield server


@pytest.fixture
def api(shared_sandbox: SandboxServer, version: str, call: Callable[..., Caller]) -> Iterator[Caller]:
    """A caller of each version in turn, with an account of its own and no fault on."""
    caller = call(shared_sandbox, version, f"tsk_sandbox_{uuid.uuid4().hex}")
    yield caller
    caller.plain.delete(f"{shared_sandbox.url}/sandbox/faults")
