"""Suspect pieces of a prompt are pointed at where they stand."""

from __future__ import annotations

import pytest

from core.suspects import suspects_in


@pytest.mark.parametrize(
    ("prompt", "pointed_at"),
    [
        ("a Bloody knight with a gun, Nike-like", ["Bloody", "gun"]),
        ("a begun, gunless gunpowder keg", []),
        ("ein Drache, sehr groß (naïve) … “alt” – 龍 竜, ३ पेड़", []),
        ("a crate ™ with a 🐉", ["™", "🐉"]),
        ("", []),
    ],
)
def test_whole_words_and_signs_are_pointed_at_but_no_script(prompt: str, pointed_at: list[str]) -> None:
    found = suspects_in(prompt)

    assert [each.text for each in found] == pointed_at
    assert [prompt[each.begin : each.end] for each in found] == pointed_at
