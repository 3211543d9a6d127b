"""The component lab, running as a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.core.started_process import free_port
from tests.dashboard.component_lab.driver import Lab

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def running_lab(log: Path) -> Iterator[str]:
    """Run the component lab, whose words go to a file, and tell where it answers; it is stopped at the end."""
    port = free_port()
    with log.open("w") as out:
        lab = subprocess.Popen(
            [sys.executable, "-m", "tests.dashboard.component_lab.app", str(port)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for_answer(f"http://127.0.0.1:{port}/_stcore/health", lab, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        lab.kill()  # it keeps nothing
        lab.wait(60)


@pytest.fixture(scope="session")
def lab_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the component lab answers."""
    with running_lab(tmp_path_factory.mktemp("lab") / "lab.log") as address:
        yield address


def _wait_for_answer(address: str, lab: subprocess.Popen[bytes], log: Path) -> None:
    transport = httpx.HTTPTransport(retries=12)  # waits longer after each refused connection
    with httpx.Client(transport=transport, trust_env=False, timeout=60) as client:
        try:
            client.get(address).raise_for_status()
        except httpx.HTTPError as error:
            pytest.fail(f"The lab did not start ({error}, exit {lab.poll()}):\n{log.read_text()}")


@pytest.fixture
def lab(browser: Browser, lab_address: str) -> Iterator[Lab]:
    """The lab in a fresh browser context, which notes requests and console messages."""
    context = browser.new_context(viewport={"width": 800, "height": 850})
    yield Lab(context.new_page(), lab_address)
    context.close()
