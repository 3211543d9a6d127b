"""The dashboard's own process: `python -m dashboard` on a fresh database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from core.sandbox.server import SandboxServer
from core.settings import ROOT
from tests.core.started_process import StartedProcess, free_port
from tests.dashboard.api.served import new_client, refusal

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "dashboard"]
ORDER = {"projectId": "first-project", "assetId": "knight", "prompt": "a knight"}


class Dashboard:
    """A running dashboard and a client of it."""

    def __init__(self, process: StartedProcess, url: str) -> None:
        self.process = process
        self.url = url
        self.http = new_client(url)

    def open_page(self, origin: str) -> AbstractContextManager[ClientConnection]:
        """Open the connection that a page has."""
        stream = self.url.replace("http", "ws") + "/_stcore/stream"
        return connect(stream, origin=origin, subprotocols=["streamlit"], proxy=None)


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "HATCHERY_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/new/hatchery.db",
        "HATCHERY_PORT": str(free_port()),
        **more,
    }


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Dashboard]:
    """A dashboard for as long as the block lasts."""
    values = environment(folder, **settings)
    with StartedProcess(COMMAND, values) as process:
        process.wait_for("Uvicorn running|Traceback")
        dashboard = Dashboard(process, f"http://127.0.0.1:{values['HATCHERY_PORT']}")
        yield dashboard
        dashboard.http.close()


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard on a fresh database, with a sandbox."""
    folder = tmp_path_factory.mktemp("dashboard")
    with (
        SandboxServer() as sandbox,
        running(folder, TRIPO_API_KEY="tsk_sandbox", TRIPO_API_BASE=sandbox.v3_base) as dashboard,
    ):
        yield dashboard


def test_pages_and_api_come_from_one_port(dashboard: Dashboard) -> None:
    get = dashboard.http.get

    assert get("/_stcore/health").text == "ok"
    assert "text/html" in get("/").headers["content-type"]
    assert get("/api/health").json()["database"] == "ok"
    for path in ("/api", "/api/", "/api/nothing/here", "/api/artifacts/%2e%2e%2fsecret"):
        assert refusal(get(path))[0] == 404
    assert get("/vendor/three-0.187.0/LICENSE").headers["content-type"].startswith("text/plain")
    assert [p["projectId"] for p in get("/api/projects").json()["projects"]] == ["first-project"]
    order = dashboard.http.post("/api/generate-3d", json=ORDER)
    assert (order.status_code, order.json()["taskStatus"]) == (202, "queued")
    foreign = dashboard.http.post(
        "/api/generate-3d", json=ORDER, headers={"Origin": "https://elsewhere.example"}
    )
    assert refusal(foreign)[0] == 403


def test_without_a_key_it_runs_and_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as dashboard:
        assert dashboard.http.get("/api/health").json()["provider"]["keyMissing"] is True
        order = dashboard.http.post("/api/generate-3d", json=ORDER)
        assert refusal(order) == (500, "provider_key_missing", None)


def test_only_our_own_pages_get_a_connection(dashboard: Dashboard) -> None:
    with pytest.raises(InvalidStatus, match="403"), dashboard.open_page("https://elsewhere.example"):
        pass
    with dashboard.open_page(dashboard.url) as ours:
        assert ours.subprotocol == "streamlit"


def test_it_ends_soon_and_cleanly_whoever_hangs_on(tmp_path: Path) -> None:
    half_a_request = b"POST /api/projects HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    with running(tmp_path) as dashboard:
        address = ("127.0.0.1", httpx.URL(dashboard.url).port or 0)
        with dashboard.open_page(dashboard.url), socket.create_connection(address) as caller:
            caller.sendall(half_a_request)
            dashboard.process.send(signal.SIGTERM)

            assert dashboard.process.wait() == 0


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL names mysql"),
        ({"DATABASE_URL": "sqlite:////proc/nothing/h.db"}, "cannot be reached"),
        ({"TRIPO_API_KEY": "tsk-wrong"}, "TRIPO_API_KEY"),
        ({"HATCHERY_PORT": "taken"}, "is taken"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        if "HATCHERY_PORT" in settings:
            settings = {"HATCHERY_PORT": str(other.getsockname()[1])}
        values = {**os.environ, **environment(tmp_path), **settings}
        run = subprocess.run(
            COMMAND, env=values, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
        )

    assert run.returncode == 1
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_streamlit_finds_our_options_from_any_directory(tmp_path: Path) -> None:
    ask = (
        "import streamlit as st, dashboard.server\n"
        "names = 'runner.postScriptGC server.fileWatcherType browser.gatherUsageStats server.headless'.split()\n"
        "print([st.get_option(name) for name in names])"
    )
    values = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", ask], env=values, cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[False, 'none', False, True]"
