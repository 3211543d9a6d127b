"""The price before the click is what the provider then takes: random orders and whole chains, through the wire."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from core.lifecycle import TaskKind
from core.prices import credits_of, credits_of_chain, credits_of_step, prices_of_chain
from core.sandbox.catalog import POOL_LIMITS
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.tripo import (
    Generate,
    GenerationOptions,
    ImageRef,
    Request,
    Retarget,
    Rig,
    RigCheck,
    TripoClient,
    Version,
)
from core.tripo.catalog import GENERATION_MODELS, RIG_MODELS
from tests.world import World

ORDERS = 160  # of each version


# --- by hand, from the provider's price page -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "credits"),
    [
        ({}, 20),
        ({"texture": False}, 10),
        ({"texture": False, "pbr": False}, 10),
        ({"pbr": False}, 20),
        ({"texture": True, "pbr": False}, 20),
        ({"textureQuality": "detailed"}, 30),
        ({"textureQuality": "extreme"}, 40),
        ({"geometryQuality": "detailed"}, 40),
        ({"quad": True}, 25),
        ({"smartLowPoly": True}, 30),
        ({"smartLowPoly": True, "quad": True, "texture": False}, 25),
        ({"generateParts": True, "texture": False, "pbr": False}, 30),
        ({"model": "v2.5-20250123"}, 20),
        ({"model": "P1-20260311"}, 40),
        ({"model": "P1-20260311", "texture": False}, 30),
        ({"model": "P2-20260801"}, 110),
        ({"model": "P2-20260801", "textureQuality": "extreme"}, 130),
        ({"model": "P2-20260801", "texture": False}, 100),
    ],
)
def test_a_generation_costs_what_the_price_page_says(options: dict[str, Any], credits: int) -> None:
    order = {"prompt": "a crate", "options": options}

    assert credits_of_step(TaskKind.GENERATE, "", order) == Decimal(credits)


def test_a_chain_lists_what_each_of_its_steps_costs() -> None:
    order = {"prompt": "a knight", "options": {"textureQuality": "detailed"}}
    chain = {"should_rig": True, "animations": ["preset:idle", "preset:walk", "preset:idle"]}

    assert [
        (str(kind), preset, int(credits)) for kind, preset, credits in prices_of_chain(order, **chain)
    ] == [
        ("generate", "", 30),
        ("rig_check", "", 0),
        ("rig", "", 25),
        ("animate", "preset:idle", 10),
        ("animate", "preset:walk", 10),
    ]
    assert credits_of_chain(order, **chain) == 75


# --- estimate = charge ---------------------------------------------------------------------------------------


@contextmanager
def provider(version: Version) -> Iterator[tuple[SandboxServer, TripoClient]]:
    """A sandbox with room and credits for all, and a client of it."""
    limits = dict.fromkeys(POOL_LIMITS, 10**6)
    with SandboxServer(SandboxConfig(limits=limits, credits=10**7, requests_per_minute=0)) as server:
        base = server.v2_base if version == "v2" else server.v3_base
        with TripoClient("tsk_sandbox", version=version, base_url=base) as client:
            yield server, client


def finish_all(server: SandboxServer) -> None:
    httpx.post(f"{server.url}/sandbox/clock", json={"advance_seconds": 3600}).raise_for_status()


def charged(client: TripoClient, ids: list[str]) -> dict[str, Decimal | None]:
    tasks: dict[str, Decimal | None] = {}
    for start in range(0, len(ids), 100):
        tasks |= {id_: task.credits for id_, task in client.read_many(ids[start : start + 100]).tasks.items()}
    return tasks


def random_options(dice: random.Random, version: Version) -> GenerationOptions:
    """Options that are good; those that clash are thrown again."""
    choices: dict[str, list[Any]] = {
        "model": list(GENERATION_MODELS[version]),
        "texture": [True, False],
        "pbr": [True, False],
        "texture_quality": ["standard", "detailed", "extreme"],
        "geometry_quality": ["standard", "detailed"],
        "quad": [True, False],
        "smart_low_poly": [True, False],
        "generate_parts": [True, False],
        "face_limit": [1000, 5000],
        "auto_size": [True, False],
        "export_uv": [True, False],
        "compress": ["geometry"],
        "model_seed": [7],
    }
    while True:
        given = {name: dice.choice(values) for name, values in choices.items() if dice.random() < 0.4}
        try:
            return GenerationOptions.model_validate(given)
        except ValidationError:
            continue


def random_generation(dice: random.Random, version: Version) -> Generate:
    image = ImageRef(url="https://studio.example.com/knight.png") if dice.random() < 0.4 else None
    return Generate(prompt="a knight", image=image, options=random_options(dice, version))


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_the_estimate_of_random_orders_is_what_is_charged(version: Version) -> None:
    dice = random.Random(7)
    with provider(version) as (server, client):
        model = client.create(Generate(prompt="a knight")).task_id
        finish_all(server)
        rigs = [Rig(source=model, model=each) for each in RIG_MODELS[version]]
        rig_ids = [client.create(rig).task_id for rig in rigs]
        finish_all(server)
        requests: list[Request] = [random_generation(dice, version) for _ in range(ORDERS)]
        requests += [RigCheck(source=model), *rigs]
        requests += [
            Retarget(source=dice.choice(rig_ids), preset=f"preset:{name}", in_place=dice.random() < 0.5)
            for name in ("idle", "walk", "run", "jump", "biped:turn")
        ]
        estimates = {client.create(request).task_id: credits_of(request) for request in requests}
        finish_all(server)

        assert charged(client, list(estimates)) == estimates
        assert len(set(estimates.values())) > 8, "the orders were not all alike"


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_the_estimate_of_a_whole_chain_is_what_is_charged(make_world: Any, version: Version) -> None:
    world: World = make_world(version=version)
    options = {"textureQuality": "detailed", "geometryQuality": "detailed"}
    chain = {"should_rig": True, "animations": ["preset:idle"]}

    world.order(options=options, **chain)
    asset = world.run_to_the_end()

    assert asset.status == "complete"
    estimate = prices_of_chain({"prompt": asset.prompt, "options": options}, **chain)
    assert [task.credits_consumed for task in asset.tasks] == [step.credits for step in estimate]
