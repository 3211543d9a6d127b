"""When a plan will have ended: chains played through the provider's places."""

from __future__ import annotations

import pytest

from core.plans.forecasting import Course, Piece, range_of, seconds_to_the_end

PLACES = {"generation": 2, "animation": 1}


def course(*steps: tuple[Piece, ...], **more: object) -> Course:
    return Course(steps, **more)


def test_places_are_taken_in_turn_and_steps_follow_each_other() -> None:
    model, rig = Piece("generation", (10,)), Piece("animation", (5,))

    assert seconds_to_the_end([], PLACES, 0) == 0
    assert seconds_to_the_end([course((model,))] * 2, PLACES, 0) == 10
    assert seconds_to_the_end([course((model,))] * 3, PLACES, 0) == 20
    assert seconds_to_the_end([course((model,), (rig,))], PLACES, 1) == 10 + 1 + 5 + 1
    assert seconds_to_the_end([course((model,), (rig, rig))], PLACES, 0) == 10 + 2 * 5
    assert seconds_to_the_end([course((model,), (rig,))] * 2, PLACES, 0) == 10 + 2 * 5


@pytest.mark.parametrize(("priority", "ends"), [(0, 20), (1, 10)])
def test_a_higher_priority_ends_sooner_among_others(priority: int, ends: int) -> None:
    model = Piece("generation", (10,))
    others = [course((model,), is_asked_about=False, priority=0)] * 2

    asked = course((model,), priority=priority)

    assert seconds_to_the_end([*others, asked], PLACES, 0) == ends


def test_projects_take_turns() -> None:
    model = Piece("animation", (10,))
    large = [course((model,), project_id="large", is_asked_about=False)] * 5

    assert seconds_to_the_end([*large, course((model,), project_id="small")], {"animation": 2}, 0) == 10


def test_what_has_begun_holds_its_place() -> None:
    begun = course((Piece("animation", (3,)),), has_begun=True, is_asked_about=False)

    assert seconds_to_the_end([course((Piece("animation", (10,)),)), begun], PLACES, 0) == 13


def test_the_range_is_at_most_a_fifth_to_each_side() -> None:
    low, high = range_of(1000)

    assert 800 <= low < 1000 < high <= 1200
