"""What only the core's tests ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.world import World


@pytest.fixture(params=["v3", "v2"])
def either_version(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    """Each version of the provider in turn."""
    return make_world(version=request.param)
