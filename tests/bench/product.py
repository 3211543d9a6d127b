"""The product as its own processes on free ports of loopback, for a measurement: sandbox and poller."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.bootstrap import Core, connect
from core.projects import ensure_first_project
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Product:
    """A running sandbox and poller, and a core of our own on the same database."""

    core: Core
    sandbox_url: str
    poller: subprocess.Popen[bytes]

    def sandbox(self, path: str) -> dict:
        """Ask one of the sandbox's own endpoints."""
        return httpx.get(f"{self.sandbox_url}/sandbox/{path}", timeout=30).raise_for_status().json()


@contextlib.contextmanager
def running(*, speed: float, database_url: str | None = None, **more: str) -> Iterator[Product]:
    """Start both, wait until the sandbox answers, and end both afterwards; `more` goes to their environment."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        settings = {
            "TRIPO_API_KEY": "tsk_sandbox",
            "TRIPO_API_BASE": f"{url}/v3",
            "TRIPO_API_VERSION": "v3",
            "DATABASE_URL": database_url or f"sqlite:///{folder}/hatchery.db",
            "HATCHERY_VAR": folder,
            "SANDBOX_PORT": str(port),
            "SANDBOX_SPEED": str(speed),
            "SANDBOX_CREDITS": "1000000",
            "SECRET_KEY": "a secret for a measurement",
            "LOG_LEVEL": "WARNING",
        }
        environment = {**os.environ, **settings, "SANDBOX_STATE": "none", **more}
        core = connect(Settings(_env_file=None, **{k.lower(): v for k, v in settings.items()}), "bench")
        core.database.migrate()
        with core.database.transaction() as session:
            ensure_first_project(session)
        sandbox = _start(["core", "sandbox"], environment)
        try:
            _wait_for(f"{url}/sandbox/health")
            poller = _start(["poller"], environment)
            try:
                yield Product(core, url, poller)
            finally:
                _stop(poller)
        finally:
            _stop(sandbox)
            core.close()


def free_port() -> int:
    """Find a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(module: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=environment)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"{url} did not answer")
