"""The whole product as a person starts it: one command, its own processes, free ports, an empty folder."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.core.started_process import PATIENCE_SECONDS, StartedProcess, free_port


@dataclass(frozen=True)
class StartedProduct:
    """A running product, and who asks its API and its sandbox."""

    address: str
    process: StartedProcess
    api: httpx.Client
    sandbox: httpx.Client


@contextlib.contextmanager
def started_product(folder: Path, *, speed: float = 40) -> Iterator[StartedProduct]:
    """Run `python -m core up` without a key, so with the sandbox at this speed, and stop it at the end."""
    sandbox_port = free_port()
    settings = {
        "HATCHERY_ENV_FILE": "",
        "TRIPO_API_KEY": "",
        "HATCHERY_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/hatchery.db",
        "HATCHERY_PORT": str(free_port()),
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_SPEED": str(speed),
        "PYTHONUNBUFFERED": "1",
    }
    with StartedProcess([sys.executable, "-m", "core", "up"], settings) as process:
        address = process.wait_for(r"Hatchery is ready: (http://\S+)")[1]
        with asking(address) as api, asking(f"http://127.0.0.1:{sandbox_port}") as sandbox:
            yield StartedProduct(address, process, api, sandbox)


def asking(address: str) -> httpx.Client:
    """Ask with the patience that a busy machine needs; no connection is kept that a server might be closing."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=address, timeout=PATIENCE_SECONDS, limits=limits)
