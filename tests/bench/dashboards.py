"""The dashboard as its own process on a free port, over a database that was filled before."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
def running(database_url: str, folder: Path, **more: str) -> Iterator[Dashboard]:
    """Start it, wait until it answers, and end it afterwards; `more` goes to its environment."""
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
        **more,
    }
    with StartedProcess([sys.executable, "-m", "dashboard"], settings) as process:
        process.wait_for(r"pages and API are on")
        yield Dashboard(f"http://127.0.0.1:{port}", process.pid)
