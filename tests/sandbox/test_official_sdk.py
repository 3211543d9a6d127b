"""The official Python SDK, a client that we did not write, takes the sandbox for the provider.

It runs as it is published, without the optional aiohttp: over its own HTTP client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pygltflib
import pytest

from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer

QUICK = SandboxConfig(speed=2_000, queue_seconds=0)  # a task ends within the first polls
POLL_SECONDS = 0.1
TIMEOUT_SECONDS = 60


@pytest.fixture(scope="module")
def tripo3d() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRIPO_DISABLE_GEO_DETECTION", "1")  # else it asks the internet where it is
        import tripo3d

        yield tripo3d


def outside(work: Coroutine[Any, Any, Any]) -> Any:
    """Run the SDK in a thread of its own: in this one a browser of other tests may have its event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def quick_sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(QUICK) as server:
        yield server


@pytest.fixture(scope="module")
def seen(
    tripo3d: ModuleType, quick_sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What one walk through the whole chain brought."""

    async def run() -> dict[str, Any]:
        async with tripo3d.TripoClient(api_key="tsk_sandbox", v3_base_url=quick_sandbox.url) as client:
            return await walk_through(client, tmp_path_factory.mktemp("downloads"))

    return outside(run())


async def ended(client: Any, task_id: str) -> Any:
    return await client.wait_for_task(task_id, polling_interval=POLL_SECONDS, timeout=TIMEOUT_SECONDS)


async def walk_through(client: Any, folder: Path) -> dict[str, Any]:
    """Text, rig check, rig, retarget, download."""
    model = await ended(client, await client.text_to_model("a low poly knight in T-pose"))
    check = await ended(client, await client.check_riggable(model.task_id))
    rig = await ended(
        client, await client.rig_model(model.task_id, rig_type=check.output.rig_type, out_format="glb")
    )
    walking = await ended(
        client,
        await client.retarget_animation(rig.task_id, "preset:walk", export_with_geometry=True),
    )
    return {
        "model": model,
        "check": check,
        "rig": rig,
        "walking": walking,
        "files": await client.download_task_models(walking, str(folder)),
        "balance": await client.get_balance(),
        "usage": await client.get_usage(),
        "listed": await client.list_tasks([model.task_id, "00000000-0000-0000-0000-000000000000"]),
    }


def test_the_official_sdk_gets_a_walking_character_from_the_sandbox(seen):
    assert {seen[step].status.value for step in ("model", "check", "rig", "walking")} == {"success"}
    assert seen["check"].output.riggable is True
    assert seen["check"].output.rig_type == "biped"
    model_file = pygltflib.GLTF2().load(seen["files"]["model"])
    assert len(model_file.skins) == 1
    assert len(model_file.animations) == 1
    assert Path(seen["files"]["rendered_image"]).read_bytes().startswith(b"RIFF")


def test_the_official_sdk_reads_the_wallet_and_the_history_of_the_sandbox(seen):
    spent = [seen[step].credits_consumed for step in ("model", "check", "rig", "walking")]
    assert spent == [20, 0, 25, 10]
    assert (seen["balance"].balance, seen["balance"].frozen) == (10_000 - sum(spent), 0)
    assert {row.task_id for row in seen["usage"]} == {
        seen[step].task_id for step in ("model", "check", "rig", "walking")
    }
    assert [task.task_id for task in seen["listed"].tasks.values()] == [seen["model"].task_id]


def test_the_official_sdk_uploads_a_picture_and_makes_a_model_of_it(tripo3d, quick_sandbox, tmp_path):
    picture = tmp_path / "knight.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    async def run() -> Any:
        async with tripo3d.TripoClient("tsk_sandbox_artist", v3_base_url=quick_sandbox.url) as client:
            return await ended(client, await client.image_to_model(str(picture)))

    assert outside(run()).output.model_url


def test_the_official_sdk_understands_the_sandboxs_refusals(tripo3d, quick_sandbox):
    async def order(key: str, **order: Any) -> Any:
        async with tripo3d.TripoClient(api_key=key, v3_base_url=quick_sandbox.url) as client:
            return await client.text_to_model(**order)

    with pytest.raises(tripo3d.TripoAPIError) as refusal:
        outside(order("tsk_sandbox", prompt="a knight", model_version="v9.9"))
    assert refusal.value.suggestion
    assert refusal.value.request_id

    with pytest.raises(tripo3d.TripoAPIError) as refusal:
        outside(order("tsk_somebody_elses", prompt="a knight"))
    assert refusal.value.code in (1000, 1002)
