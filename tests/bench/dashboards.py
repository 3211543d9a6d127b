"""The dashboard as its own process on a free port, over a database that was filled before."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.core.started_process import StartedProcess, free_port


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """How much of the processor it has used."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        """How much memory it holds."""
        return float(psutil.Process(self.pid).memory_info().rss / 1e6)


@contextlib.contextmanager
def running(database_url: str, folder: Path, *, module: str = "dashboard") -> Iterator[Dashboard]:
    """Start it, wait until it answers, and end it afterwards."""
    port = free_port()
    settings = {
        "HATCHERY_ENV_FILE": "",
        "TRIPO_API_KEY": "tsk_sandbox",
        "TRIPO_API_BASE": "http://127.0.0.1:9/v3",  # where nobody listens: nothing is sent
        "SECRET_KEY": "a secret for a measurement",
        "HATCHERY_VAR": str(folder),
        "DATABASE_URL": database_url,
        "HATCHERY_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    with StartedProcess([sys.executable, "-m", module], settings) as process:
        process.wait_for(r"pages and API are on")
        address = f"http://127.0.0.1:{port}"
        _wait_until_it_listens(address)
        yield Dashboard(address, process.pid)


def _wait_until_it_listens(address: str) -> None:
    transport = httpx.HTTPTransport(retries=12)  # waits longer after each refused connection
    with httpx.Client(transport=transport, trust_env=False, timeout=60) as client:
        client.get(f"{address}/_stcore/health").raise_for_status()
