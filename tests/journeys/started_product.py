"""The whole product as a person starts it: one command, its own processes, free ports, an empty folder."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.core.started_process import StartedProcess, free_port


@dataclass(frozen=True)
class StartedProduct:
    """A running product."""

    address: str
    sandbox_address: str
    process: StartedProcess


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
        yield StartedProduct(address, f"http://127.0.0.1:{sandbox_port}", process)
