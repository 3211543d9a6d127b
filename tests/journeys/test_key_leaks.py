"""A key is told to the provider's API and to nobody else: not to the file host, a log, a row, an answer, an error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from core.bootstrap import Core
from core.errors import HatcheryError
from tests.dashboard.api.plan import PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi
from tests.world import World

KEY, NEXT_KEY = "tsk_sandbox_9f8e7d6c5b4a3210", "tsk_sandbox_00aa11bb22cc33dd"
SECRETS = (KEY, NEXT_KEY, KEY.removeprefix("tsk_sandbox_"), NEXT_KEY.removeprefix("tsk_sandbox_"))


def leaks_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Everything that was logged, before it is redacted, with the traceback of what went wrong."""
    lines = []
    for record in caplog.records:
        lines.append(f"{record.name} {record.getMessage()} {record.args!r}")
        if record.exc_info and record.exc_info[1]:
            lines += traceback.format_exception(record.exc_info[1])
    return "\n".join(lines)


def files_below(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def rows_of(core: Core) -> str:
    with core.database.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in list(tables)]  # noqa: S608
    return repr(rows)


def test_an_own_key_is_nowhere_to_be_found_after_a_whole_chain(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers: list[httpx.Response] = []
    with ServedApi(world.core) as api:
        api.with_the_plans_project()
        api.http.event_hooks = {"response": [lambda response: (response.read(), answers.append(response))]}
        key_id = api.post("/api/keys", {"name": "Ada", "key": KEY}, Idempotency_Key="add").json()["keyId"]
        api.post("/api/keys", {"name": f"mine is {KEY}", "key": KEY})
        api.post("/api/keys", {"name": "Ada", "key": KEY, "region": "china"})
        world.faults(
            unauthorized={"count": 2},
            read_500={"count": 2},
            read_502_html={"count": 1},
            link_dead={"count": 1},
            file_html={"count": 1},
            create_429={"count": 1},
        )
        task_id = api.post("/api/generate-3d", WHOLE_CHAIN | {"keyId": key_id}).json()["taskId"]
        api.get(f"/api/generate-3d/{task_id}/status?refresh=true")
        asset = f"/api/assets/{PROJECT}/{WHOLE_CHAIN['assetId']}"

        def ended() -> bool:
            world.core.orchestrator.check_accounts()
            return api.get(asset).json()["status"] in ("complete", "failed")

        world.run_until(ended)
        assert api.get(asset).json()["status"] == "complete"
        world.faults(unauthorized=True)
        api.request("PUT", f"/api/keys/{key_id}", json={"key": NEXT_KEY})
        api.post(f"/api/keys/{key_id}/check")
        world.no_faults()
        api.request("PUT", f"/api/keys/{key_id}", json={"key": NEXT_KEY}, headers={"Idempotency-Key": "put"})
        for path in ("keys", "projects", "assets", "health", "openapi.json", f"generate-3d/{task_id}/status"):
            assert api.get(f"/api/{path}").status_code == 200
        api.request("DELETE", f"/api/keys/{key_id}")

    assert len(answers) > 20
    assert leaks_in("\n".join(f"{a.headers!r} {a.text}" for a in answers)) == []
    assert "…" in logged(caplog)
    assert leaks_in(logged(caplog)) == []
    assert leaks_in(rows_of(world.core)) == []
    assert leaks_in(files_below(world.settings.var_dir).decode("latin-1")) == []
    assert world.ask_sandbox("stats")["key_leaks"] == 0


@pytest.mark.parametrize("trouble", ["refused", "unreachable", "not a key"])
def test_no_error_quotes_a_key(make_world: Callable[..., World], trouble: str) -> None:
    world = make_world(keys=("tsk_sandbox",))
    key = KEY.replace("tsk_", "tcli_") if trouble == "not a key" else KEY
    if trouble == "unreachable":
        world.sandbox.stop()

    with pytest.raises(HatcheryError) as raised:
        world.core.key_desk.add(name="Ada", key=key)

    chained = "".join(traceback.format_exception(raised.value))
    assert leaks_in(chained + repr(vars(raised.value))) == []
    assert leaks_in(repr(world.core.clients) + repr(world.core.key_desk) + repr(world.core.keys)) == []
