"""What is refused before anything is sent or paid, and what can be animated."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from core.tripo import (
    ALL_PRESETS,
    DEFAULT_MODEL,
    DEFAULT_RIG_MODEL,
    GENERIC_RIG_MODEL,
    RIG_TYPES,
    Generate,
    GenerationOptions,
    Rig,
    is_known_preset,
    presets_for,
    text_fault,
)


def options(**given: Any) -> GenerationOptions:
    return GenerationOptions.model_validate(given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"model": "v3.0-20250812", "faceLimit": 1_000_000},
        {"model": "v3.1-20260211", "face_limit": 1_500_000},
        {"model": "v3.1-20260211", "faceLimit": 2_000_000, "geometryQuality": "detailed"},
        {"model": "v2.5-20250123", "faceLimit": 500_000},
        {"model": "P1-20260311", "faceLimit": 50},
        {"model": "P2-20260801", "faceLimit": 25_000, "quad": True},
        {"quad": True, "faceLimit": 150_000},
        {"smartLowPoly": True, "faceLimit": 1000},
        {"smartLowPoly": True, "quad": True, "faceLimit": 10_000},
        {"generateParts": True, "texture": False, "pbr": False},
        {"negativePrompt": "x" * 255},
        {"texture": True, "pbr": True, "textureQuality": "extreme", "autoSize": True},
        {"modelSeed": 0, "imageSeed": 2**31 - 1, "textureSeed": 5},
        {"exportUv": False, "compress": "geometry"},
    ],
)
def test_good_options_pass(given: dict[str, Any]) -> None:
    assert options(**given).model == given.get("model", DEFAULT_MODEL)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"model": "v1.4-20240625"}, "no such model"),
        ({"faceLimit": -1}, "may be 1 to 1500000"),
        ({"faceLimit": 1_500_001}, "may be 1 to 1500000"),
        ({"model": "v3.0-20250812", "faceLimit": 1_000_001}, "may be 1 to 1000000"),
        ({"geometryQuality": "detailed", "faceLimit": 2_000_001}, "may be 1 to 2000000"),
        ({"model": "v2.5-20250123", "faceLimit": 500_001}, "may be 1 to 500000"),
        ({"model": "P1-20260311", "faceLimit": 49}, "may be 50 to 20000"),
        ({"model": "P2-20260801", "faceLimit": 25_001, "quad": True}, "may be 48 to 25000"),
        ({"quad": True, "faceLimit": 150_001}, "may be 1 to 150000"),
        ({"smartLowPoly": True, "faceLimit": 999}, "may be 1000 to 20000"),
        ({"smartLowPoly": True, "quad": True, "faceLimit": 10_001}, "may be 1000 to 10000"),
        ({"model": "P1-20260311", "quad": True}, "quad is not possible with P1"),
        ({"model": "P1-20260311", "smartLowPoly": True}, "smartLowPoly is not possible with P1"),
        ({"model": "P1-20260311", "generateParts": True}, "generateParts is not possible with P1"),
        ({"model": "v2.5-20250123", "geometryQuality": "detailed"}, "needs a model of v3"),
        ({"generateParts": True}, "needs texture false and pbr false"),
        ({"generateParts": True, "quad": True}, "together with quad"),
        ({"texture": False, "pbr": True}, "pbr turns the texture on"),
        ({"texture": False, "textureQuality": "detailed"}, "texture is false"),
        ({"texture": False, "autoSize": True}, "textured models only"),
        ({"negativePrompt": "x" * 256}, "The negative prompt has 256 characters"),
        ({"negativePrompt": "😀"}, "The negative prompt has a character"),
        ({"faceLimit": "many"}, "valid integer"),
        ({"quad": "yes"}, "valid boolean"),
        ({"compress": "zip"}, "'geometry'"),
        ({"modelSeed": -1}, "greater than or equal to 0"),
        ({"modelSeed": 2**31}, "less than or equal"),
        ({"style": "gold"}, "Extra inputs"),
        ({"facelimit": 5}, "Extra inputs"),
    ],
)
def test_bad_options_say_what_is_wrong(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        options(**given)


def test_only_what_was_set_is_sent() -> None:
    assert options().to_wire() == {}
    assert options(faceLimit=5000, exportUv=False).to_wire() == {"face_limit": 5000, "export_uv": False}


def test_a_model_without_texture_is_not_billed_for_one() -> None:
    assert options(texture=False).to_wire() == {"texture": False, "pbr": False}


def test_options_are_written_in_camel_case_outside() -> None:
    value = options(faceLimit=5000, negative_prompt="blood")

    assert value.model_dump(by_alias=True, exclude_unset=True) == {
        "faceLimit": 5000,
        "negativePrompt": "blood",
    }


@pytest.mark.parametrize(
    "prompt", ["x" * 1024, "A knight, 90° turned\n«wie gewünscht» — 骑士", "شوالیه‌ها", "clay © 2026™"]
)
def test_prompts_in_any_script_pass(prompt: str) -> None:
    assert text_fault(prompt) is None
    assert Generate(prompt=prompt).prompt == prompt


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ("x" * 1025, "has 1025 characters; 1024 is the most"),
        ("a 🗡 knight", "U\\+1F5E1"),
        ("a ❤️ knight", "heart"),
        ("☃", "snowman"),
        ("1️⃣", "U\\+FE0F"),
        ("bell\x07", "a control character"),
        ("\ud800", "U\\+D800"),
        ("\ue000", "U\\+E000"),
        ("tag\u202e", "right-to-left override"),
    ],
)
def test_prompts_that_the_provider_would_refuse_are_refused_unsent(prompt: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as refused:
        Generate(prompt=prompt)

    assert "input_value" not in str(refused.value)


def test_a_rig_of_the_first_version_is_for_bipeds() -> None:
    with pytest.raises(ValidationError, match="bipeds only"):
        Rig(source="x", rig_type="avian", model=DEFAULT_RIG_MODEL)
    with pytest.raises(ValidationError, match=r"v2\.5 or newer"):
        Rig(source="x", model=DEFAULT_RIG_MODEL, spec="vrm")
    assert Rig(source="x", rig_type="avian", model=GENERIC_RIG_MODEL).spec == "tripo"


def test_a_value_is_frozen_and_takes_no_unknown_name() -> None:
    rig = Rig(source="x", model=DEFAULT_RIG_MODEL)
    with pytest.raises(ValidationError):
        rig.source = "y"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Rig(source="x", model=DEFAULT_RIG_MODEL, colour="red")  # type: ignore[call-arg]


def test_there_are_as_many_presets_as_the_provider_documents() -> None:
    assert len(presets_for("biped", DEFAULT_RIG_MODEL)) == 11 + 101
    assert len(presets_for("biped", GENERIC_RIG_MODEL)) == 11 + 12
    assert [len(presets_for(each, GENERIC_RIG_MODEL)) for each in RIG_TYPES[1:]] == [1, 1, 1, 0, 1, 1]
    assert presets_for("others", GENERIC_RIG_MODEL) == ()
    assert len(ALL_PRESETS) == len(set(ALL_PRESETS)) == 16 + 101


@pytest.mark.parametrize(
    ("preset", "is_known"),
    [
        ("preset:walk", True),
        ("preset:biped:press-up", True),
        ("preset:serpentine:march", True),
        ("preset:biped:defeat_01", False),
        ("walk", False),
        ("preset:avian:walk", False),
    ],
)
def test_a_preset_is_known_by_its_whole_name(preset: str, is_known: bool) -> None:
    assert is_known_preset(preset) is is_known
