"""Fixtures: a sandbox on a free port, and clients that speak to it as both versions' documents say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer

Json = dict[str, Any]


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A sandbox with default settings and nothing in it."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., SandboxServer]]:
    """Start a sandbox with other settings: `start_sandbox(credits=5)`; it ends with the test."""
    with ExitStack() as stack:

        def start(**settings: Any) -> SandboxServer:
            return stack.enter_context(SandboxServer(SandboxConfig(**settings)))

        yield start


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A bare HTTP client, without a key."""
    with httpx.Client(timeout=10) as client:
        yield client
