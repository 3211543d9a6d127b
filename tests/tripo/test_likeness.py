"""Whether a task that the provider shows is what an order asked for."""

from __future__ import annotations

from typing import Any

import pytest
import respx

from core.tripo import (
    Generate,
    GenerationOptions,
    ImageRef,
    Likeness,
    Request,
    Retarget,
    Rig,
    RigCheck,
)
from tests.tripo.conftest import OTHER_ID, TASK_ID, mocked_client, read_path

KNIGHT = Generate(prompt="a knight", options=GenerationOptions(face_limit=5000, pbr=False))
BARREL = Generate(image=ImageRef(token="0b7e4a9e"))
RIG = Rig(source=TASK_ID, model="v1.0-20240301")
MODEL = "v3.1-20260211"

SHOWN_KNIGHT = {"prompt": "a knight", "model": MODEL, "face_limit": 5000, "pbr": False}


def likeness(
    wire: respx.MockRouter, request: Request, shown: Any, type_: str, version: Any = "v3"
) -> Likeness:
    task = {"task_id": OTHER_ID, "type": type_, "status": "running", "input": shown}
    wire.get(read_path(version, OTHER_ID)).respond(json={"code": 0, "data": task})
    with mocked_client(version) as client:
        return client.likeness(request, client.read(OTHER_ID))


@pytest.mark.parametrize(
    "shown",
    [
        SHOWN_KNIGHT,
        {"prompt": " a  knight", "model_version": MODEL, "face_limit": 5000.0, "pbr": False},
        {**SHOWN_KNIGHT, "texture": True, "quad": False, "negative_prompt": None, "type": "text_to_model"},
        {**SHOWN_KNIGHT, "model_seed": 1234},  # chosen there, since none was named
    ],
)
def test_the_same_input_is_known_again_in_either_spelling(wire: respx.MockRouter, shown: dict) -> None:
    found = likeness(wire, KNIGHT, shown, "text_to_model")

    assert (found.fit, found) == ("same", Likeness())


@pytest.mark.parametrize(
    ("shown", "type_", "differs"),
    [
        ({**SHOWN_KNIGHT, "prompt": "a knight on a horse"}, "text_to_model", "prompt"),
        ({**SHOWN_KNIGHT, "face_limit": 4000}, "text_to_model", "face_limit"),
        ({**SHOWN_KNIGHT, "pbr": True}, "text_to_model", "pbr"),
        (SHOWN_KNIGHT, "text_to_image", "type"),
    ],
)
def test_one_other_value_makes_it_another_task(
    wire: respx.MockRouter, shown: dict, type_: str, differs: str
) -> None:
    found = likeness(wire, KNIGHT, shown, type_)

    assert (found.fit, found.differs) == ("different", (differs,))


@pytest.mark.parametrize(
    ("shown", "type_", "unseen"),
    [
        ({}, "text_to_model", {"prompt", "model", "face_limit", "pbr"}),
        ("nonsense", "text_to_model", {"prompt", "model", "face_limit", "pbr"}),
        ({**SHOWN_KNIGHT, "quad": True}, "text_to_model", {"quad"}),
        ({**SHOWN_KNIGHT, "a_new_option": 1}, "text_to_model", {"a_new_option"}),
        (SHOWN_KNIGHT, "text_to_something_new", {"type"}),
    ],
)
def test_what_cannot_be_compared_is_neither_same_nor_different(
    wire: respx.MockRouter, shown: Any, type_: str, unseen: set[str]
) -> None:
    found = likeness(wire, KNIGHT, shown, type_)

    assert (found.fit, set(found.unseen)) == ("unclear", unseen)


@pytest.mark.parametrize(
    ("request_", "shown", "type_"),
    [
        (RigCheck(source=TASK_ID), {"input": TASK_ID}, "animate_prerigcheck"),
        (RigCheck(source=TASK_ID), {"original_model_task_id": TASK_ID}, "rig-check"),
        (RIG, {"input": TASK_ID, "model": "v1.0-20240301", "rig_type": "biped"}, "animate_rig"),
        (Retarget(source=TASK_ID, preset="preset:walk"), {"input": TASK_ID, "animations": ["preset:walk"]}, "retarget"),
    ],
)  # fmt: skip
def test_steps_are_known_by_the_task_that_they_work_on(
    wire: respx.MockRouter, request_: Request, shown: dict, type_: str
) -> None:
    assert likeness(wire, request_, shown, type_).fit == "same"
    assert likeness(wire, request_, {**shown, next(iter(shown)): OTHER_ID}, type_).differs == ("source",)


def test_a_picture_kept_under_another_name_proves_nothing_either_way(wire: respx.MockRouter) -> None:
    kept = {"type": "jpg", "object": {"bucket": "tripo-data", "key": "tcli_x/20260114/a/file.jpeg"}}

    assert likeness(wire, BARREL, {"input": "0b7e4a9e", "model": MODEL}, "image_to_model").fit == "same"
    rewritten = likeness(wire, BARREL, {"file": kept, "model_version": MODEL}, "image_to_model", "v2")
    assert (rewritten.fit, rewritten.unseen) == ("unclear", ("image",))
