"""The API on a port of loopback, and the client that asks it."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from core.bootstrap import Core
from dashboard.api import create_api
from tests.dashboard.api.plan import PROJECT
from tests.world import World


class ServedApi:
    """The API over a core, served by a thread: `with ServedApi(core) as api: api.get("/api/health")`.

    Another `app` may be served in its place.
    """

    def __init__(self, core: Core | None, app: Starlette | None = None) -> None:
        config = uvicorn.Config(
            app or create_api(lambda: core),
            host="127.0.0.1",
            port=0,
            lifespan="off",
            ws="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,  # longer than a client keeps a connection, or both would end it at one time
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, name="api", daemon=True)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send JSON; header names are written with underscores."""
        given = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
        return self.http.post(path, json=body, headers=given)

    def with_the_plans_project(self) -> ServedApi:
        """Make the project that the original plan's bodies name."""
        assert self.post("/api/projects", {"name": "Test", "projectId": PROJECT}).status_code == 201
        return self

    def __enter__(self) -> ServedApi:
        self._thread.start()
        assert self._server.ready.wait(60)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.http = new_client(self.url)
        self.get, self.head, self.request = self.http.get, self.http.head, self.http.request
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()
        self._server.should_exit = True
        self._thread.join(10)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.port = self.servers[0].sockets[0].getsockname()[1]
        self.ready.set()


def new_client(url: str) -> httpx.Client:
    # there is no TLS on loopback, and loading certificates takes its time
    return httpx.Client(base_url=url, timeout=60, trust_env=False, verify=False)  # noqa: S501


def ordered(api: ServedApi, path: str, body: dict) -> dict:
    response = api.post(path, body)
    assert response.status_code == 202, response.text
    return response.json()


def status_of(api: ServedApi, task_id: str, query: str = "") -> dict:
    response = api.get(f"/api/generate-3d/{task_id}/status{query}")
    assert response.status_code == 200, response.text
    return response.json()


def run_until_ended(world: World, api: ServedApi, task_id: str) -> dict:
    world.run_until(lambda: status_of(api, task_id)["status"] in ("success", "failed", "cancelled"))
    return status_of(api, task_id)


def refusal(response: httpx.Response) -> tuple[int, str, str | None]:
    """The status, the code and the field of a problem, whose form is checked on the way."""
    problem = response.json()
    assert set(problem) <= {"error", "details", "code", "field", "taskId", "status", "assetStatus"}, problem
    assert problem["error"].endswith((".", "?", '"')), problem
    assert problem["details"], problem
    assert "Traceback" not in response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, problem["code"], problem.get("field")
