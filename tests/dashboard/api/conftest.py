"""The API, served over a world of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.sandbox.server import SandboxServer
from tests.conftest import settings_in
from tests.dashboard.api.served import ServedApi
from tests.world import World


@pytest.fixture
def serve() -> Iterator[Callable[[World], ServedApi]]:
    """Serve the API over a world; it ends with the test."""
    with ExitStack() as stack:
        yield lambda world: stack.enter_context(ServedApi(world.core))


@pytest.fixture
def api(serve: Callable[[World], ServedApi], world: World) -> ServedApi:
    """The API over `world`, in which the plan's project exists."""
    return serve(world).with_the_plans_project()


@contextmanager
def a_world(folder: Path, **settings: Any) -> Iterator[World]:
    """A world for as long as the block lasts."""
    with SandboxServer() as sandbox:
        world = World(settings_in(folder, tripo_api_base=sandbox.v3_base, **settings), sandbox)
        yield world
        world.close()


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests of a file that change nothing for each other."""
    with a_world(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="module")
def shared_api(shared_world: World) -> Iterator[ServedApi]:
    """The API over the shared world, in which the plan's project exists."""
    with ServedApi(shared_world.core) as api:
        api.with_the_plans_project()
        yield api
