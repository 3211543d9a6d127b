"""The dashboard as a process of its own, on the database and the sandbox of a world."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import httpx

from tests.core.started_process import StartedProcess, free_port, wait_until
from tests.world import World


@contextlib.contextmanager
def started_dashboard(world: World, *, module: str = "dashboard") -> Iterator[tuple[StartedProcess, str]]:
    """Run `python -m dashboard` alone on this world's database and sandbox, or a module that is made of it."""
    port = free_port()
    environment = {
        "TRIPO_API_KEY": world.settings.tripo_api_key.get_secret_value(),
        "TRIPO_API_BASE": world.settings.tripo_api_base,
        "DATABASE_URL": world.settings.database_url,
        "SECRET_KEY": world.settings.secret_key.get_secret_value(),
        "HATCHERY_VAR": str(world.settings.var_dir),
        "HATCHERY_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    address = f"http://127.0.0.1:{port}"
    with StartedProcess([sys.executable, "-m", module], environment) as process:
        assert wait_until(lambda: asked(f"{address}/api/health/live") == 200), process.output
        yield process, address


def asked(url: str) -> int:
    """Ask for an address: the status of its answer, 0 for none."""
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(url, timeout=30).status_code
    return 0
