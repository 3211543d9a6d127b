"""A rig's version, type, bone names and format: what is ordered is what is sent and what its presets follow from."""

from __future__ import annotations

from typing import Any

import pytest

from core.chain import refuse_unfit_rig, rig_model_of
from core.errors import OrderError
from core.projects import FIRST_PROJECT
from tests.world import World

V1, V25, V3 = "v1.0-20240301", "v2.5-20260210", "v3.0-20260909"
OURS = {"project_id": FIRST_PROJECT, "asset_id": "knight"}


def theirs(world: World) -> dict[str, Any]:
    """The provider's newest rig."""
    return [t for t in world.ask_sandbox("tasks")["tasks"] if t["type"] == "animate_rig"][-1]


def rigged(world: World, prompt: str = "a knight", **options: Any) -> str:
    """Make a model, rig it with these options, and return the rig's id."""
    world.order(prompt=prompt)
    world.run_to_the_end()
    _, rig = world.core.desk.rig(**OURS, **options)
    world.run_to_the_end()
    return rig


def test_the_version_is_the_ordered_one_or_the_one_that_can_do_it() -> None:
    assert rig_model_of({}) == V1
    assert rig_model_of({"rigModel": V3}) == V3
    assert rig_model_of({"rigType": "avian"}) == V25
    assert rig_model_of({}, "avian") == V25
    assert rig_model_of({"spec": "vrm"}) == V25


@pytest.mark.parametrize(
    "order", [{"rigModel": V1, "rigType": "avian"}, {"rigModel": V1, "spec": "unity"}], ids=str
)
def test_what_a_version_cannot_do_is_refused_with_the_one_that_can(order: dict[str, str]) -> None:
    with pytest.raises(OrderError) as refused:
        refuse_unfit_rig(order)

    assert refused.value.code == "rig_version_unfit"
    assert V25 in refused.value.suggestion


def test_what_is_ordered_is_what_is_sent(world: World) -> None:
    rigged(world, rig_model=V3, rig_type="biped", spec="unreal", out_format="fbx")

    sent = theirs(world)
    assert world.asset().status == "complete"
    assert sent["model"] == V3
    assert (sent["input"]["spec"], sent["input"]["out_format"]) == ("unreal", "fbx")


def test_a_rig_offers_the_presets_of_its_own_version(world: World) -> None:
    rigged(world, rig_model=V25)

    with pytest.raises(OrderError) as refused:
        world.core.desk.animate(**OURS, animations=["preset:biped:cheer"])
    world.core.desk.animate(**OURS, animations=["preset:biped:turn"])

    assert refused.value.code == "preset_not_playable"
    assert "preset:idle" in refused.value.suggestion
    assert world.run_to_the_end().status == "complete"


def test_the_first_version_has_all_presets_for_bipeds(world: World) -> None:
    rigged(world)

    world.core.desk.animate(**OURS, animations=["preset:biped:cheer"])

    assert theirs(world)["model"] == V1
    assert world.run_to_the_end().status == "complete"


def test_a_version_that_cannot_do_what_the_check_finds_ends_unpaid_and_may_be_ordered_anew(
    world: World,
) -> None:
    rig = rigged(world, "a grey wolf", rig_model=V1)

    task = world.task(rig)
    assert (task.status, task.error_code) == ("failed", "rig_version_unfit")
    assert "quadruped" in (task.error_message or "")
    assert "animate_rig" not in world.creates()
    with pytest.raises(OrderError) as refused:
        world.core.desk.retry(rig)
    assert refused.value.code == "rig_version_unfit"

    world.core.desk.rig(**OURS)
    assert world.run_to_the_end().status == "complete"
    assert theirs(world)["model"] == V25
