"""The Review page: the playlist, what is said, and what is taken back."""

from __future__ import annotations

from itertools import count

from streamlit.testing.v1 import AppTest

from core.projects import FIRST_PROJECT
from tests.dashboard.pages.conftest import Show, told, words
from tests.world import World

NUMBERS = count()


def do(page: AppTest, act: str, asset_id: str, said: str = "") -> AppTest:
    """Do as the desk's buttons and keys do."""
    done = {"number": next(NUMBERS), "act": act, "project": FIRST_PROJECT, "asset": asset_id, "words": said}
    page.session_state["review_desk"] = {"done": done}
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def on_the_desk(page: AppTest) -> str:
    return str(told(page, "hatchery_review_desk")["asset"])


def test_models_are_decided_one_after_the_other_and_words_are_taken_back(world: World, show: Show) -> None:
    page = show(world, "review")
    assert "Nothing waits for a review." in words(page)
    for asset_id in ("knight", "mage", "bard"):
        world.order(asset_id, name=asset_id.capitalize())
    for asset_id in ("knight", "mage", "bard"):
        world.run_to_the_end(asset_id)
    before = world.asset("knight")

    page = show(world, "review")
    assert on_the_desk(page) == "knight"
    assert told(page, "hatchery_review_desk")["place"] == "1 of 3 · 3 to decide"
    assert told(page, "hatchery_review_desk")["next"] == world.asset("mage").tasks[0].output.model_url
    assert "Triangles" in words(page)
    assert "No fault found" in words(page)

    do(page, "approve", "knight")
    assert (world.asset("knight").approval, on_the_desk(page)) == ("approved", "mage")
    do(page, "comment", "mage", "The hat is long.")
    assert on_the_desk(page) == "mage"
    assert "The hat is long." in words(page)
    do(page, "reject", "mage", "No <b>hands</b>.")
    assert (world.asset("mage").approval, on_the_desk(page)) == ("rejected", "bard")
    do(page, "undo", "bard")
    assert (world.asset("mage").approval, on_the_desk(page)) == ("pending", "mage")
    assert "<s>✗ Rejected: No &lt;b&gt;hands&lt;/b&gt;.</s> taken back" in words(page)
    do(page, "next", "mage")
    do(page, "previous", "bard")
    assert on_the_desk(page) == "mage"
    assert page.query_params["asset"] == "mage"
    do(page, "approve", "mage")
    do(page, "approve", "bard")
    assert "Nothing waits for a review." in words(page)

    after = world.asset("knight")
    assert (after.status, after.tasks, after.events) == (before.status, before.tasks, before.events)


def test_a_word_is_about_what_was_on_the_screen_when_it_was_said(world: World, show: Show) -> None:
    for asset_id in ("knight", "mage"):
        world.order(asset_id)
    for asset_id in ("knight", "mage"):
        world.run_to_the_end(asset_id)
    page = show(world, "review", project=FIRST_PROJECT, asset="mage")
    assert on_the_desk(page) == "mage"

    do(page, "approve", "knight")

    assert (world.asset("knight").approval, world.asset("mage").approval) == ("approved", "pending")


def test_what_cannot_be_taken_back_is_said(world: World, show: Show) -> None:
    world.order()
    world.run_to_the_end()
    page = do(show(world, "review"), "undo", "knight")

    assert "There is nothing of yours to take back." in words(page)
