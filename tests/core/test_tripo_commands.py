"""`python -m core tripo ...`, against the sandbox: sentences out, no key, no link, nothing ordered twice."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

import httpx
import pytest

from core import smoke
from core.__main__ import main
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer

KEY = "tsk_sandbox_0123456789abcdefghij"
CHAIN = {"text_to_model": 1, "animate_prerigcheck": 1, "animate_rig": 1, "animate_retarget": 1}


class Said(NamedTuple):
    exit_code: int
    out: str
    err: str


@pytest.fixture(params=["v3", "v2"])
def version(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def quick_sandbox() -> SandboxServer:
    with SandboxServer(SandboxConfig(speed=4_000, queue_seconds=0)) as server:
        yield server


@pytest.fixture
def configure(quick_sandbox, monkeypatch) -> Callable[[str], None]:
    monkeypatch.setattr(smoke, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(smoke, "PAUSE_SECONDS", 0.05)

    def for_version(version: str) -> None:
        base = quick_sandbox.v2_base if version == "v2" else quick_sandbox.v3_base
        monkeypatch.setenv("TRIPO_API_KEY", KEY)
        monkeypatch.setenv("TRIPO_API_VERSION", version)
        monkeypatch.setenv("TRIPO_API_BASE", base)

    for_version("v3")
    return for_version


@pytest.fixture
def run(configure, monkeypatch, capsys) -> Callable[..., Said]:
    """Run a command as a person does; whatever it says opens no door."""

    def run_command(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["python -m core", "tripo", *words])
        with pytest.raises(SystemExit) as end:
            main()
        said = Said(int(end.value.code or 0), *capsys.readouterr())
        for secret in (KEY, "Signature=", "Policy=", "Traceback"):
            assert secret not in said.out + said.err
        return said

    return run_command


@pytest.fixture
def control(quick_sandbox) -> Iterator[httpx.Client]:
    """The sandbox's own routes."""
    with httpx.Client(base_url=f"{quick_sandbox.url}/sandbox", verify=False) as client:  # noqa: S501 - loopback
        yield client


@pytest.fixture
def faults(control) -> Callable[..., None]:
    return lambda **faults: control.post("/faults", json=faults).raise_for_status()


@pytest.fixture
def accepted(control) -> Callable[[], dict[str, int]]:
    """Count the creates that the sandbox took, by type."""
    return lambda: control.get("/stats").json()["accepted_by_type"]


# --- asking --------------------------------------------------------------------------------------------------


def test_the_balance_is_said_in_a_sentence(run, configure, version):
    configure(version)

    assert run("balance") == (0, "10,000 credits to spend, 0 credits set aside.\n", "")


def test_a_task_is_described_without_its_links(run, configure, version, quick_sandbox):
    configure(version)
    assert run("smoke", "--spend", "55").exit_code == 0
    said = [run("task", task_id) for task_id in quick_sandbox.world.tasks]

    model, check, rig, walk = (each.out for each in said)
    assert "text_to_model: success." in model
    assert "It has a model and a picture." in model
    assert "It cost 20 credits." in model
    assert "Riggable: yes, as biped." in check
    assert "It cost 25 credits." in rig
    assert "It cost 10 credits." in walk
    assert "http" not in model + check + rig + walk


def test_a_task_that_failed_is_explained(run, faults, quick_sandbox):
    faults(end_failed={"error_code": 1004})
    run("smoke", "--spend", "55")
    (task_id,) = quick_sandbox.world.tasks

    said = run("task", task_id)

    assert said.exit_code == 0
    assert "failed." in said.out
    assert "Tripo refuses one of the options." in said.out


def test_a_task_that_nobody_knows_is_an_error_with_a_sentence(run):
    said = run("task", "00000000-0000-0000-0000-000000000000")

    assert said.exit_code == 1
    assert said.err.strip().endswith(".")


@pytest.mark.parametrize("command", [("balance",), ("task", "x"), ("smoke", "--spend", "60")])
def test_without_a_key_the_setting_is_named(run, monkeypatch, command):
    monkeypatch.setenv("TRIPO_API_KEY", "")

    said = run(*command)

    assert said.exit_code == 1
    assert "TRIPO_API_KEY" in said.err


def test_a_key_that_is_refused_is_said_so(run, faults):
    faults(unauthorized=True)

    said = run("balance")

    assert said.exit_code == 1
    assert "does not accept this key" in said.err


# --- the smoke chain -----------------------------------------------------------------------------------------


def test_a_small_chain_is_carried_to_its_end_within_its_price(run, configure, version, accepted):
    configure(version)

    said = run("smoke", "--spend", "55")

    assert (said.exit_code, said.err) == (0, "")
    assert "The chain should cost 55 credits; the account has 10,000 credits." in said.out
    assert "Spent: 55 credits of the 55 credits that were allowed." in said.out
    assert "the provider is as we believe" in said.out
    assert "clips: 1" in said.out
    assert ("Seen: x-ratelimit-limit: 12000" in said.out) == (version == "v3")
    assert ("Seen: x-parallelismlimit-remain:" in said.out) == (version == "v2")
    assert re.search(r"Seen: links that live (29\d|30\d) to 30\d s", said.out)
    assert accepted() == CHAIN


def test_without_a_limit_nothing_is_ordered(run, accepted):
    said = run("smoke")

    assert said.exit_code == 1
    assert "--spend" in said.err
    assert accepted() == {}


@pytest.mark.parametrize(("limit", "credits"), [("54", 10_000), ("55", 54)])
def test_a_limit_or_a_wallet_below_the_price_orders_nothing(run, accepted, quick_sandbox, limit, credits):
    quick_sandbox.world.set_balance(credits)

    said = run("smoke", "--spend", limit)

    assert said.exit_code == 1
    assert "54 credits" in said.err
    assert "Nothing was ordered." in said.err
    assert accepted() == {}


@pytest.mark.parametrize("limit", ["0", "-5", "nan", "many"])
def test_a_senseless_limit_orders_nothing(run, accepted, limit):
    assert run("smoke", "--spend", limit).exit_code != 0
    assert accepted() == {}


@pytest.mark.parametrize(
    "fault", ["create_500_with_task", "create_lost_reply", {"create_502_html": {"with_task": True}}]
)
def test_a_lost_answer_is_never_sent_again(run, faults, accepted, fault):
    faults(**(fault if isinstance(fault, dict) else {fault: 1}))

    said = run("smoke", "--spend", "60")

    assert said.exit_code == 1
    assert "It is not sent again." in said.err
    assert accepted() == {"text_to_model": 1}


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"create_429": 1}, "places at Tripo are taken"),
        ({"wallet_empty": 1}, "too few credits"),
        ({"refused_with_200": 1}, "too few credits"),
        ({"end_failed": {"error_code": 2018}}, "too complex"),
        ({"end_cancelled": 1}, "was cancelled at Tripo"),
        ({"success_without_output": 1}, "gives no model file"),
        ({"not_riggable": True}, "does not call this model riggable"),
    ],
)
def test_a_chain_that_ends_early_says_why_and_orders_no_more(run, faults, accepted, fault, sentence):
    faults(**fault)

    said = run("smoke", "--spend", "60")

    assert said.exit_code == 1
    assert sentence in said.err
    assert "Spent: " in said.out
    assert "animate_rig" not in accepted()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"extra_fields": 1}, "which we do not know"),
        ({"topology_word": True}, "lacks rig_type"),
        ({"link_dead": 1}, "needed a fresh link"),
        ({"file_cut": {"count": 1}}, "needed a fresh link"),
        ({"read_500": {"count": 2, "type": "text_to_model"}}, "answered HTTP 500"),
    ],
)
def test_what_differs_from_what_we_believe_is_said_and_overcome(run, faults, accepted, fault, sentence):
    faults(**fault)

    said = run("smoke", "--spend", "60")

    assert said.exit_code == 0, said.err
    assert "The provider differs from what we believe:" in said.out
    assert sentence in said.out
    assert accepted() == CHAIN


def test_a_status_that_nobody_lists_is_said_and_waited_out(run, faults, quick_sandbox, monkeypatch):
    monkeypatch.setattr(smoke, "FIRST_PAUSE_SECONDS", 0.0)
    faults(status_unlisted={"word": "pondering", "count": 4}, slow_queue_seconds=0)
    quick_sandbox.world.config = quick_sandbox.world.config.model_copy(update={"speed": 100})

    said = run("smoke", "--spend", "60")

    assert said.exit_code == 0, said.err
    assert "'pondering', which we do not understand" in said.out


def test_a_price_that_is_not_ours_is_said_and_the_limit_holds(run, monkeypatch, accepted):
    monkeypatch.setattr("core.tripo.price_list.RIG", Decimal(20))

    said = run("smoke", "--spend", "50")

    assert said.exit_code == 1
    assert "The step rig cost 25 credits; our table says 20 credits." in said.out
    assert "would go over the 50 credits" in said.err
    assert "animate_retarget" not in accepted()


def test_a_task_without_an_end_is_left_with_its_id(run, monkeypatch, quick_sandbox, accepted):
    monkeypatch.setattr(smoke, "LONGEST_WAIT_SECONDS", 0.3)
    quick_sandbox.world.config = quick_sandbox.world.config.model_copy(update={"speed": 1})

    said = run("smoke", "--spend", "60")

    assert said.exit_code == 1
    (task_id,) = quick_sandbox.world.tasks
    assert f"python -m core tripo task {task_id}" in said.err
    assert "%" in run("task", task_id).out
