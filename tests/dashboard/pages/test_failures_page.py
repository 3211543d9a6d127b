"""Failures on the pages: the inbox, one cause with its tasks and attempts, and what a person says about it."""

from __future__ import annotations

import html
import json

import pytest

from core.failures.states import GroupState
from core.failures.views import GroupView
from core.settings import SANDBOX_KEY
from tests.dashboard.pages.conftest import Show, press, words
from tests.jobs.conftest import job_list
from tests.world import World

NASTY = "<b>knight</b> **bold** `x` 🐉 $a$ :red[b]"
SIGNED = f"See https://cdn.example.com/a/b.glb?X-Amz-Signature=abc123 with Bearer {SANDBOX_KEY}"
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


def test_all_causes_that_match_are_retried_together(failing: World, show: Show) -> None:
    failing.faults(end_cancelled=True)
    failing.order("c")
    failing.run_until(lambda: all(task.status == "failed" for task in failing.tasks()))
    failing.no_faults()

    page = press(show(failing, "failures", project="first-project"), "Retry all 2 causes")
    press(page, "Retry: 3 steps for 60 credits")

    assert sorted(task.attempt for task in failing.tasks()) == [1, 1, 1, 2, 2, 2]


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
    assert f"{html.escape(f'Mesh has holes {NASTY}')}" in said  # the error, though it is equal in both
    assert html.escape("a calmer knight <i>") in said
    assert "<b>knight" not in said.replace(f"Mesh has holes {NASTY}", "").replace(NASTY, "")

    assert [part.proto.popover.label for part in page.get("popover")].count("Raw truth") == 2

    page.text_area(key="note_text").set_value("*Looks* <bad>")
    press(page, "Keep it")
    assert "*Looks* <bad>" in words(page)
    page.text_input(key="assign_to").set_value("Bo")
    press(page, "Assign it")
    assert "1 cause, 2 tasks" in words(show(failing, "failures", assigned="Bo"))
    press(page, "Resolve")
    assert (the_group(failing).state, the_group(failing).assigned_to) == (GroupState.RESOLVED, "Bo")
    press(page, "Open again")
    page.radio(key="ignore_while").set_value("For a day")
    press(page, "Ignore it")
    assert the_group(failing).state is GroupState.IGNORED


def test_the_raw_truth_is_shown_and_copied_without_a_key_or_a_signature(world: World, show: Show) -> None:
    world.faults(end_failed={"error_code": 4711, "message": SIGNED})
    (failed,) = world.order(prompt="a knight in armour")
    world.run_until(lambda: world.task(failed).status == "failed")
    group = the_group(world)

    page = show(world, "failure", fingerprint=group.fingerprint)
    assert "a knight in armour" not in [code.value for code in page.code]
    page.session_state[f"raw-{failed}"] = True
    page.run()

    assert not page.exception
    order, end = (json.loads(each.value) for each in page.json)
    assert order["request"]["method"] == "POST"
    assert order["request"]["body"]["prompt"] == "a knight in armour"
    assert order["answer"]["data"]["task_id"] == world.task(failed).tripo_task_id
    assert (order["traceId"], end["answer"]["status"]) != (None, "success")
    (copied,) = (code.value for code in page.code)
    for needed in (world.task(failed).tripo_task_id, order["traceId"], "4711", "POST ", "Hatchery "):
        assert needed in copied
    assert "b.glb?(signature removed)" in copied
    said = "The order and its answer, HTTP 200; Tripo's last word; For Tripo's support"
    for words_shown in said.replace(", HTTP 200", "").split("; "):
        assert words_shown in words(page)
    everything = copied + json.dumps([order, end]) + words(page)
    for secret in (SANDBOX_KEY, "abc123", "Bearer tsk"):
        assert secret not in everything


def test_a_refused_image_is_replaced_for_all_of_a_cause_from_its_page(world: World, show: Show) -> None:
    world.faults(end_banned=True)
    for n in range(2):
        link = {"url": f"https://studio.example.com/{n}.png"}
        world.order(f"drawn-{n}", prompt=None, image=link)
    world.run_until(lambda: all(task.status == "failed" for task in world.tasks()))
    world.no_faults()

    page = show(world, "failure", fingerprint=the_group(world).fingerprint)
    assert "Fill in what is asked for above" in words(press(page, "Use another image"))
    page.session_state["bulk_image_link"] = "https://studio.example.com/calm.png"
    press(page, "Use another image")
    press(page, "Use another image: 2 assets for 60 credits")

    newest = {task.asset_pk: task.order["image"] for task in world.tasks()}
    assert list(newest.values()) == [{"url": "https://studio.example.com/calm.png"}] * 2

    world.faults(end_banned=True)
    world.run_until(lambda: all(task.status == "failed" for task in world.tasks()))
    page = show(world, "failure", fingerprint=the_group(world).fingerprint)
    page.session_state["bulk_image_way"] = "Each its own"
    for n, asset_pk in enumerate(newest):
        page.session_state[f"bulk_image_{asset_pk}_link"] = f"https://studio.example.com/own-{n}.png"
    press(page, "Use another image")
    press(page, "Use another image: 2 assets for 60 credits")
    own = {task.asset_pk: task.order["image"]["url"] for task in world.tasks()}
    assert own == {pk: f"https://studio.example.com/own-{n}.png" for n, pk in enumerate(newest)}


def test_suspect_words_are_pointed_at_and_prompts_are_changed_in_all_or_one_by_one(
    world: World, show: Show
) -> None:
    world.faults(end_banned=True)
    for n, prompt in enumerate(("a bloody knight", "a *naked* giant", "a bloody gun")):
        world.order(f"asset-{n}", prompt=prompt)
    world.run_until(lambda: all(task.status == "failed" for task in world.tasks()))
    world.no_faults()
    fingerprint = the_group(world).fingerprint

    page = show(world, "failure", fingerprint=fingerprint)
    said = words(press(page, "Change the prompt"))
    assert "**bloody** (violence, in 2 prompts), **naked** (nakedness), " in said
    assert page.text_input(key="bulk_find").value == "bloody"
    page.session_state["bulk_replace"] = "calm"
    press(page, "Change the prompt")
    press(page, "Change the prompt: 2 assets for 40 credits")
    assert sorted(task.order["prompt"] for task in world.tasks() if task.attempt == 2) == [
        "a calm gun",
        "a calm knight",
    ]

    (giant,) = [task for task in world.tasks() if "giant" in task.order["prompt"]]
    page = show(world, "failure", fingerprint=fingerprint)
    page.multiselect(key="some").set_value([giant.id]).run()
    page.button(key="some_bulk_change_prompt").click().run()
    assert "a *:red-background[naked]* giant" in words(page)
    page.session_state[f"bulk_prompt_{giant.asset_pk}"] = "a *modest* giant"
    page.button(key="some_bulk_change_prompt").click().run()
    press(page, "Change the prompt: 1 asset for 20 credits")
    newest = [task for task in world.tasks() if task.asset_pk == giant.asset_pk]
    assert [task.order["prompt"] for task in newest] == ["a *naked* giant", "a *modest* giant"]

    of_one, of_the_group = job_list(world)
    assert "1 new prompt" in words(show(world, "job", job=of_one.job_id))
    page = show(world, "job", job=of_the_group.job_id)
    assert "find: bloody" in words(page)
    assert "The cause that it is about" in [link.proto.label for link in page.get("page_link")]


def test_an_address_that_names_no_cause_says_so(world: World, show: Show) -> None:
    assert "The address names a failure that is not here." in words(show(world, "failure", fingerprint="x"))
