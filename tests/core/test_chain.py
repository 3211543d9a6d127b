"""Which steps an asset takes, and what each asks for."""

from __future__ import annotations

import pytest

from core.chain import can_be_animated, checked_presets, request_for, rig_model_for, steps_for
from core.errors import OrderError
from core.lifecycle import TaskKind
from core.rigs import refuse_unplayable_by
from core.tripo import Generate, Retarget, Rig, RigCheck


def test_a_static_asset_is_only_generated() -> None:
    assert [s.kind for s in steps_for(should_rig=False, animations=["preset:walk"])] == [TaskKind.GENERATE]


def test_a_rigged_asset_takes_a_check_a_rig_and_one_step_for_each_animation_once() -> None:
    steps = steps_for(should_rig=True, animations=["preset:idle", "preset:walk", "preset:idle"])

    assert [(s.kind.value, s.preset) for s in steps] == [
        ("generate", ""),
        ("rig_check", ""),
        ("rig", ""),
        ("animate", "preset:idle"),
        ("animate", "preset:walk"),
    ]


@pytest.mark.parametrize("preset", ["walk", "preset:moonwalk", "", "preset:"])
def test_an_animation_that_does_not_exist_is_refused_with_those_that_do(preset: str) -> None:
    with pytest.raises(OrderError) as refused:
        checked_presets([preset])

    assert refused.value.code == "preset_unknown"
    assert "preset:walk" in refused.value.suggestion


def test_a_preset_that_this_rig_type_cannot_play_is_refused_with_the_list_of_those_it_can() -> None:
    with pytest.raises(OrderError) as refused:
        refuse_unplayable_by({"rigType": "quadruped"}, ["preset:walk"])

    assert refused.value.code == "preset_not_playable"
    assert "preset:quadruped:walk" in refused.value.suggestion


def test_the_rig_version_is_the_one_that_can_do_the_rig_type() -> None:
    assert rig_model_for("biped").startswith("v1.0")
    assert rig_model_for("quadruped").startswith("v2.5")
    assert rig_model_for("biped", "unity").startswith("v2.5")


def test_only_the_tripo_skeleton_can_be_animated() -> None:
    assert can_be_animated({})
    assert not can_be_animated({"spec": "mixamo"})


def test_each_step_asks_for_its_own_thing() -> None:
    assert isinstance(request_for(TaskKind.GENERATE, "", {"prompt": "a crate"}, None), Generate)
    assert isinstance(request_for(TaskKind.RIG_CHECK, "", {}, "t1"), RigCheck)
    rig = request_for(TaskKind.RIG, "", {"rigType": "hexapod"}, "t1")
    walk = request_for(TaskKind.ANIMATE, "preset:walk", {"inPlace": True}, "t2")

    assert isinstance(rig, Rig)
    assert (rig.rig_type, rig.model[:4], rig.spec) == ("hexapod", "v2.5", "tripo")
    assert isinstance(walk, Retarget)
    assert (walk.preset, walk.in_place, walk.source) == ("preset:walk", True, "t2")


def test_a_step_without_its_source_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no source"):
        request_for(TaskKind.RIG, "", {}, None)
