"""The sandbox's own routes, its state file, and its life as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from core.sandbox.config import SandboxConfig, config_from_environment
from core.sandbox.server import SandboxServer
from tests.core.started_process import free_port
from tests.sandbox.conftest import Caller, refusal

ROOT = Path(__file__).resolve().parents[2]


def test_health_says_that_this_is_the_sandbox(
    shared_sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    assert call(shared_sandbox).control("health")["sandbox"] is True


def test_stats_prove_what_a_client_did(
    sandbox: SandboxServer, version: str, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, version)
    first = api.create(prompt="a knight")
    second = api.create(prompt="a knight")
    api.create(prompt="a wolf")
    api.read(first)
    api.try_read_many([first, second])
    refusal(api.try_create("text_to_model", prompt=""))
    in_work = api.stats()["in_work"]
    api.advance()
    api.plain.get(api.model_link(first))

    stats = api.stats()

    assert in_work == {"generation" if version == "v2" else "h_series": 3}
    assert stats["creates"] == {"text_to_model": 4}
    assert sorted(stats["accepted"].values()) == [1, 2]
    assert list(stats["repeated"].values()) == [2]
    assert stats["reads"] == {"single": 2, "batch": 1, "ids_per_batch": [2], "after_the_end": 0}
    assert stats["downloads"] == {"model": 1}
    assert stats["key_leaks"] == 0
    assert stats["requests_by_status"] == {"200": 7, "400": 1}
    assert stats["refusals"] == {"parameter": 1}
    assert stats["in_work"] == {}


def test_the_list_of_tasks_tells_what_became_of_them(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api = call(sandbox)
    draft = api.finished(prompt="a knight")
    check = api.create("animate_prerigcheck", source=draft)

    first, second = api.control("tasks")["tasks"]

    assert (first["task_id"], first["prompt"], first["status"]) == (draft, "a knight", "success")
    assert first["created_at"] < first["started_at"] < first["ended_at"]
    assert first["credits"] == 20
    assert (second["task_id"], second["source"], second["prompt"]) == (check, draft, "a knight")
    assert second["ended_at"] is None


def test_a_task_can_be_ended_at_once(api: Caller) -> None:
    good, bad = api.create(), api.create()

    api.control(f"tasks/{good}/end", {"status": "success"})
    api.control(f"tasks/{bad}/end", {"status": "failed", "error_code": 2018})

    assert api.read(good)["status"] == "success"
    assert api.plain.get(api.model_link(good)).status_code == 200
    assert api.read(bad)["error_code"] == 2018
    assert api.balance() == (9_980, 0)
    url = f"{api.sandbox.url}/sandbox/tasks"
    assert api.plain.post(f"{url}/{good}/end", json={"status": "failed"}).status_code == 409
    assert api.plain.post(f"{url}/nonsense/end", json={"status": "failed"}).status_code == 404
    assert api.plain.post(f"{url}/{api.create()}/end", json={"status": "running"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"advance_seconds": -1}),
        ("clock", {"advance_seconds": "x"}),
        ("clock", {"advance_seconds": None}),
        ("wallet", {}),
        ("wallet", {"balance": -1}),
        ("wallet", {"balance": 1.5}),
        ("faults", []),
    ],
)
def test_a_control_route_says_what_is_wrong(api: Caller, path: str, body: Any) -> None:
    answer = api.plain.post(f"{api.sandbox.url}/sandbox/{path}", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_wallet_of_one_key_or_of_all(sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    one, two, three = (call(sandbox, key=f"tsk_sandbox_{name}") for name in ("one", "two", "three"))
    one.create()
    assert two.balance() == (10_000, 0)

    one.control("wallet", {"balance": 7, "key": "tsk_sandbox_one"})
    assert (one.balance(), two.balance()) == ((7, 20), (10_000, 0))
    one.control("wallet", {"balance": 9})

    assert (one.balance(), two.balance(), three.balance()) == ((9, 20), (9, 0), (9, 0))


def test_the_v2_balance_has_an_alias(shared_sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    api = call(shared_sandbox, "v2", "tsk_sandbox_alias")

    assert api.http.get("/user/wallet/balance").json() == api.http.get("/user/balance").json()


def test_state_survives_a_restart(tmp_path: Path, version: str, call: Callable[..., Caller]) -> None:
    config = SandboxConfig(state_file=tmp_path / "deep" / "state.jsonl")
    with SandboxServer(config) as server:
        api = call(server, version)
        draft = api.finished()
        link = api.model_link(draft)
        file = api.plain.get(link).content
        api.control("wallet", {"balance": 500})
        running = api.create(prompt="a wolf")
        ended = api.create(prompt="a cat")
        api.control(f"tasks/{ended}/end", {"status": "failed"})
        before = {task: api.read(task)["status"] for task in (draft, ended)}
        repeated = api.stats()["accepted"]

    port = int(server.url.rpartition(":")[2])
    with SandboxServer(config, port=port) as server:
        api = call(server, version)
        assert {task: api.read(task)["status"] for task in before} == before
        assert api.read(running)["status"] in ("queued", "running")
        assert api.balance() == (480, 20)
        assert api.stats()["accepted"] == repeated
        assert api.plain.get(link).content == file
        api.advance()
        assert api.read(running)["status"] == "success"
        assert api.balance() == (480, 0)
        assert call(server, version, "tsk_sandbox_new").balance() == (500, 0)
    assert "tsk_sandbox" not in config.state_file.read_text()  # type: ignore[union-attr]


def test_a_torn_last_line_of_the_state_is_left_out(tmp_path: Path, call: Callable[..., Caller]) -> None:
    config = SandboxConfig(state_file=tmp_path / "state.jsonl")
    with SandboxServer(config) as server:
        task = call(server).create()
    with (tmp_path / "state.jsonl").open("a") as file:
        file.write('{"task": {"id": "half')

    with SandboxServer(config) as server:
        assert call(server).read(task)["task_id"] == task
    assert "half" not in (tmp_path / "state.jsonl").read_text()


def test_many_readers_and_creators_at_once_lose_nothing(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    sandbox_keys = [f"tsk_sandbox_{number}" for number in range(8)]
    made: list[str] = []

    def work(key: str) -> None:
        api = call(sandbox, "v3", key)
        made.extend(api.create() for _ in range(10))
        assert len(api.data(api.try_read_many(made[:1] * 3))["tasks"]) <= 1

    threads = [threading.Thread(target=work, args=(key,)) for key in sandbox_keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 80
    assert set(sandbox.world.tasks) == set(made)


def test_a_hanging_answer_does_not_hold_up_the_end(call: Callable[..., Caller]) -> None:
    server = SandboxServer(SandboxConfig(faults={"read_hang_seconds": 600})).start()
    api = call(server)
    task = api.create()
    errors: list[Exception] = []

    def read() -> None:
        try:
            api.try_read(task)
        except httpx.TransportError as error:
            errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    while not api.stats()["faults_struck"]:
        pass
    started = time.monotonic()
    server.stop()
    reader.join(30)

    assert not reader.is_alive()
    assert time.monotonic() - started < 30


# The configuration.


def test_settings_come_from_the_environment() -> None:
    config = config_from_environment(
        {
            "SANDBOX_SPEED": "50",
            "SANDBOX_CREDITS": "12",
            "SANDBOX_STATE": "var/other.jsonl",
            "SANDBOX_RETRY_AFTER": "false",
            "SANDBOX_KEYS": "tsk_a, tsk_b_*",
            "SANDBOX_LIMITS": '{"h_series": 2}',
            "SANDBOX_FAULTS": '{"read_500": 0.1}',
            "SANDBOX_SEED": "",
        }
    )

    assert (config.speed, config.credits, config.retry_after, config.seed) == (50, 12, False, 1)
    assert config.state_file == ROOT / "var" / "other.jsonl"
    assert config.keys == ("tsk_a", "tsk_b_*")
    assert (config.limits, config.faults) == ({"h_series": 2}, {"read_500": 0.1})
    assert config_from_environment({"SANDBOX_STATE": "none"}).state_file is None
    assert config_from_environment({}).state_file == ROOT / "var" / "sandbox.jsonl"


@pytest.mark.parametrize(
    ("name", "value"),
    [("SANDBOX_SPEED", "fast"), ("SANDBOX_SPEED", "0"), ("SANDBOX_LIMITS", "{"), ("SANDBOX_LIMITS", "[]")],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SystemExit, match=name):
        config_from_environment({name: value})


# The process.


@contextmanager
def process(port: int, state: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A sandbox of its own that listens or has ended, and what it logged until then."""
    settings = {"SANDBOX_PORT": str(port), "SANDBOX_STATE": str(state), "SANDBOX_SPEED": "0.1"}
    with subprocess.Popen(
        [sys.executable, "-m", "core.sandbox"],
        cwd=ROOT,
        env=os.environ | settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        logged: list[str] = []
        for line in child.stderr:
            logged.append(line)
            if "listens" in line:
                break
        try:
            yield child, logged
        finally:
            if child.poll() is None:
                child.kill()


def at(port: int) -> Any:
    base = f"http://127.0.0.1:{port}"
    return SimpleNamespace(url=base, v2_base=f"{base}/v2/openapi", v3_base=f"{base}/v3")


def test_a_kill_right_after_an_answer_loses_nothing(tmp_path: Path, call: Callable[..., Caller]) -> None:
    port, state = free_port(), tmp_path / "state.jsonl"
    with process(port, state) as (child, _):
        api = call(at(port))
        tasks = [api.create() for _ in range(5)]
        child.kill()
        child.wait()

    with process(port, state) as (child, _):
        api = call(at(port))
        assert set(api.data(api.try_read_many(tasks))["tasks"]) == set(tasks)
        assert api.balance() == (9_900, 100)

        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=60) == 0


def test_a_taken_port_is_told_in_one_sentence(shared_sandbox: SandboxServer, tmp_path: Path) -> None:
    taken = int(shared_sandbox.url.rpartition(":")[2])
    with process(taken, tmp_path / "state.jsonl") as (child, logged):
        assert child.wait(timeout=60) == 1
        assert len(logged) == 1
        assert "SANDBOX_PORT" in logged[0]
