"""The worlds that the core is tested in: each provider version, and both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.settings import Settings
from tests.world import World


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Make a world: `make_world(version="v2", database_url=..., speed=10, faults={...})`; it ends with the test."""
    with ExitStack() as stack:

        def make(version: str = "v3", database_url: str = "", settings: Any = None, **sandbox: Any) -> World:
            server = stack.enter_context(SandboxServer(SandboxConfig(**sandbox)))
            base = server.v2_base if version == "v2" else server.v3_base
            values = {
                "tripo_api_key": "tsk_sandbox",
                "tripo_api_version": version,
                "tripo_api_base": base,
                "database_url": database_url or f"sqlite:///{tmp_path}/hatchery.db",
                "var_dir": tmp_path,
                "secret_key": "a secret for a test",
                **(settings or {}),
            }
            world = World(Settings(_env_file=None, **values), server)
            stack.callback(world.close)
            return world

        yield make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Version 3 on SQLite."""
    return make_world()


@pytest.fixture(params=["v3", "v2"])
def either_version(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    """Each version of the provider in turn."""
    return make_world(version=request.param)
