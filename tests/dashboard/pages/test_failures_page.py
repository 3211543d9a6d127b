"""Failures on the pages: the inbox, one cause with its tasks and attempts, and what a person says about it."""

from __future__ import annotations

import html

import pytest

from core.failures.states import GroupState
from core.failures.views import GroupView
from tests.dashboard.pages.conftest import Show, press, words
from tests.world import World

NASTY = "<b>knight</b> **bold** `x` 🐉 $a$ :red[b]"
HOLES = {"error_code": 4711, "message": f"Mesh has holes {NASTY}"}


@pytest.fixture
def failing(world: World) -> World:
    world.faults(end_failed=HOLES)
    world.order("a", name=NASTY)
    world.order("b")
    world.run_until(lambda: all(task.status == "failed" for task in world.tasks()))
    world.no_faults()
    return world


def the_group(world: World) -> GroupView:
    (group,) = world.core.failures.find().groups
    return group


def test_without_a_failure_the_inbox_says_so(world: World, show: Show) -> None:
    assert "Nothing to deal with" in words(show(world, "failures"))


def test_the_inbox_shows_each_cause_with_its_numbers_and_its_cure(failing: World, show: Show) -> None:
    page = show(failing, "failures")
    said = words(page)

    assert "1 cause, 2 tasks to deal with" in said
    assert f"Mesh has holes {NASTY}" in said
    assert "My first project" in said
    assert "Retry" in [button.label for button in page.button]
    assert "Nothing matches these filters." in words(show(failing, "failures", trouble="interrupted"))
    assert "Nothing matches these filters." in words(show(failing, "failures", state="resolved"))
    assert "1 cause" in words(show(failing, "failures", project="first-project", trouble="failed"))


def test_a_cause_is_explained_with_its_tasks_attempts_and_what_people_say(failing: World, show: Show) -> None:
    group = the_group(failing)
    retried = group.sample_task_ids[0]
    failing.faults(end_failed=HOLES)
    failing.core.desk.retry(retried, prompt="a calmer knight <i>")
    failing.run_until(lambda: all(task.status == "failed" for task in failing.tasks()))

    page = show(failing, "failure", fingerprint=group.fingerprint)
    said = words(page)
    for sentence in ("What happened:", "Why, most likely:", "What to do:", "Who:", "has cost nothing"):
        assert sentence in said
    assert html.escape(NASTY) in said
    assert "Attempt 2" in said
    assert html.escape("a calmer knight <i>") in said
    assert "<b>knight" not in said.replace(f"Mesh has holes {NASTY}", "").replace(NASTY, "")

    assert [part.proto.popover.label for part in page.get("popover")].count("Raw truth") == 2

    page.text_area(key="note_text").set_value("*Looks* <bad>")
    press(page, "Keep it")
    assert "*Looks* <bad>" in words(page)
    page.text_input(key="assign_to").set_value("Bo")
    press(page, "Assign it")
    press(page, "Resolve")
    assert (the_group(failing).state, the_group(failing).assigned_to) == (GroupState.RESOLVED, "Bo")
    press(page, "Open again")
    page.radio(key="ignore_while").set_value("For a day")
    press(page, "Ignore it")
    assert the_group(failing).state is GroupState.IGNORED


def test_an_address_that_names_no_cause_says_so(world: World, show: Show) -> None:
    assert "The address names a failure that is not here." in words(show(world, "failure", fingerprint="x"))
