"""Four real pollers on one PostgreSQL carry 2,000 orders to their end: none claimed, created or fetched twice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from tests.conftest import fresh_database, running_postgres, settings_in
from tests.pollers.crowd import assert_nothing_twice
from tests.pollers.crowd import run as run_crowd
from tests.world import World

ORDERS = 2000
PATIENCE_SECONDS = 1200


def run() -> int:
    """Run it, print its figures, and return 0 when all of it held."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres() as server,
        fresh_database(server) as url,
        SandboxServer(SandboxConfig(speed=60, queue_seconds=1, credits=1_000_000)) as sandbox,
    ):
        world = World(
            settings_in(Path(folder), tripo_api_base=sandbox.v3_base, database_url=url),
            sandbox,
        )
        try:
            night = run_crowd(world, ORDERS, patience_seconds=PATIENCE_SECONDS)
            shares = ", ".join(str(count) for count in night.by_poller.values())
            print(f"  {night.orders} orders in {night.seconds:.0f} s; sent by each poller: {shares}")
            assert_nothing_twice(world, night.orders)
        except AssertionError as error:
            print(f"  it did not hold: {error}")
            return 1
        finally:
            world.close()
    print("  each was claimed once, created once, and ended well")
    return 0
