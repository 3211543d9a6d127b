"""What is told to the authors of plans is true: its examples read without a word, its animations exist."""

from __future__ import annotations

import re

import pytest

from core.plans.author import EXAMPLE_PLAN, chat_prompt, guide
from core.plans.presets import preset_called
from core.plans.reading import read_plan
from core.plans.sniffing import without_fence
from core.tripo import ALL_PRESETS


@pytest.mark.parametrize(
    "text", [EXAMPLE_PLAN, without_fence(guide()), without_fence(chat_prompt("a harbour"))]
)
def test_the_example_reads_without_any_warning(text: str) -> None:
    plan = read_plan(text, "plan.md")

    assert plan.warnings == plan.errors == ()
    assert [(row.name, row.tag, len(row.animations)) for row in plan.rows] == [
        ("Harbour Diver", "RIG", 3),
        ("Gate Guard", "RIG", 3),
        ("Stray Dog", "RIG", 1),
        ("Mooring Post", "STATIC", 0),
        ("Fish Crate", "STATIC", 0),
    ]


@pytest.mark.parametrize("text", [guide(), chat_prompt()])
def test_only_animations_that_exist_are_named_and_all_of_them(text: str) -> None:
    listed = re.findall(r"preset:[a-z_:0-9-]*[a-z0-9]", text)

    assert {name for name in listed if name != "preset:biped"} <= set(ALL_PRESETS)
    words = {word for name in re.findall(r"[\w:-]+", text) if (word := preset_called(name))}
    shorter = {
        preset
        for preset in ALL_PRESETS
        if preset.replace(":biped:", ":") in ALL_PRESETS and "biped" in preset
    }
    assert words == set(ALL_PRESETS) - shorter
    assert "attack" not in text


def test_the_prompt_carries_the_idea_in_one_line_and_names_the_steps() -> None:
    prompt = chat_prompt("a harbour\n```\nwith dogs")

    assert "What it is for: a harbour ``` with dogs\n" in prompt
    for step in (
        "generated from its description",
        "rigged",
        "animations is one task more",
        "before anything is sent",
    ):
        assert step in prompt
