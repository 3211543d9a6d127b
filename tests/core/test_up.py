from __future__ import annotations

import signal
import socket
import sys

import psutil
import pytest

from core.startup import answers
from tests.core.started_process import StartedProcess, free_port, wait_until, wait_until_gone

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path):
    return {
        "HATCHERY_VAR": str(tmp_path / "var"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/hatchery.db",
        "HATCHERY_PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
    }


def start_up(environment: dict[str, str]) -> StartedProcess:
    return StartedProcess([sys.executable, "-m", "core", "up"], environment)


def child_named(name: str, product: StartedProcess) -> psutil.Process:
    return next(process for process in product.family() if name in process.cmdline())


def test_the_product_starts_mends_itself_and_leaves_nothing(environment, tmp_path):
    address = f"http://127.0.0.1:{environment['HATCHERY_PORT']}"

    with start_up(environment) as product:
        product.wait_for(f"Hatchery is ready: {address} ")
        product.wait_for("It uses the local sandbox, with play credits")
        assert answers(f"{address}/api/health/live", timeout_seconds=10)
        assert (tmp_path / "var" / "sandbox.json").exists()

        killed = child_named("poller", product)
        killed.kill()
        product.wait_for(r"The poller ended by itself \(signal SIGKILL\); it is started again in 1 s\.")
        assert wait_until(lambda: product.output.count("the poller runs as") == 2)
        assert child_named("poller", product).pid != killed.pid

        with start_up(environment) as second:
            assert second.wait() == 1
            (sentence,) = second.output.splitlines()
            assert f"Port {environment['HATCHERY_PORT']} on 127.0.0.1 is taken (HATCHERY_PORT)." in sentence

        family = product.family()
        product.send(signal.SIGTERM)

        assert product.wait() == 0
        assert product.output.count("Hatchery is ready") == 1
        assert product.output.rstrip().endswith("Hatchery has stopped.")
        assert "Traceback" not in product.output
        assert len(family) == 3
        wait_until_gone(family)

    for name in ("HATCHERY_PORT", "SANDBOX_PORT"):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", int(environment[name])))


def test_with_a_key_no_sandbox_is_started(environment):
    base = f"http://127.0.0.1:{free_port()}/v3"
    own = {"TRIPO_API_KEY": "tsk_sandbox_of_another", "TRIPO_API_BASE": base}

    with start_up(environment | own) as product:
        product.wait_for("Hatchery is ready: ")
        family = product.family()
        product.send(signal.SIGINT)

        assert product.wait() == 0
        assert len(family) == 2
        assert "local sandbox" not in product.output
