"""Plans on the pages: the list, a plan's own page, and what a person does about one."""

from __future__ import annotations

import html
from urllib.parse import parse_qs

from core.asset_lists import page_of_assets
from core.plans.progress import PlanProgress
from core.prices import credits_in_words
from core.projects import FIRST_PROJECT
from tests.dashboard.pages.conftest import Show, poller_beats, press, words
from tests.world import World

PLAN = """\
## Crew
- [RIG] Diver
  - Description: A stocky diver in T-pose
  - Animations: idle
## Props
- [STATIC] Post
  - Description: An oak post
"""


def applied(world: World, text: str = PLAN, filename: str = "town.md") -> str:
    outcome = world.core.plans.apply(project_id=FIRST_PROJECT, filename=filename, content=text, actor="Ann")
    assert outcome.preview.plan_id
    return outcome.preview.plan_id


def progress_of(world: World, plan_id: str) -> PlanProgress:
    return world.core.plans.progress(plan_id)


def test_without_a_plan_the_page_says_what_one_is(world: World, show: Show) -> None:
    assert "A plan is a list of assets in a document." in words(show(world, "plans"))


def test_the_list_says_how_far_each_plan_is(world: World, show: Show) -> None:
    applied(world)
    said = words(show(world, "plans"))

    assert "0 of 2 assets done" in said
    assert "0 credits spent, 75 credits to come" in said
    assert "My first project" in said
    assert "by Ann (unverified)" in said
    assert "ends in" in said


def test_a_plan_is_paused_and_resumed_in_the_list(world: World, show: Show) -> None:
    plan_id = applied(world)
    page = press(show(world, "plans"), "Pause")
    assert progress_of(world, plan_id).paused_by == "dashboard"
    assert "“town.md” is paused" in words(page)

    press(page, "Resume")
    assert progress_of(world, plan_id).paused_at is None


def test_a_plan_that_ended_says_what_it_cost_and_what_failed(world: World, show: Show) -> None:
    world.faults(end_failed={"count": 1, "message": "The figure has no legs."})
    plan_id = applied(world)
    world.run_until(lambda: sum(progress_of(world, plan_id).counts[s] for s in ("complete", "failed")) == 2)

    page = show(world, "plan", plan=plan_id)

    assert "1 of 2 assets done · 1 failed" in words(page)
    plan = progress_of(world, plan_id)
    spent, to_come = (each.value for each in page.metric)
    assert (spent, to_come) == tuple(map(credits_in_words, (plan.credits_spent, plan.credits_to_come)))
    counted = {link.proto.label: parse_qs(link.proto.query_string) for link in page.get("page_link")}
    (asked,) = (query["q"][0] for label, query in counted.items() if "1 failed" in label)
    with world.core.database.reading() as session:
        found = page_of_assets(session, asked, page=1, per_page=9)
    assert [asset.status for asset in found.assets] == ["failed"]
    (failure,) = plan.failures
    assert html.escape(failure.error.message) in words(page)


def test_what_is_unsent_is_cancelled_after_a_question(world: World, show: Show) -> None:
    plan_id = applied(world)
    page = show(world, "plan", plan=plan_id)
    page.text_input(key="plan_cancel_reason").set_value("Not needed.")
    press(page, "Cancel what is unsent")

    assert set(progress_of(world, plan_id).task_counts) == {"cancelled"}


def test_priority_start_and_hours_are_chosen_in_one_form(world: World, show: Show) -> None:
    poller_beats(world)
    plan_id = applied(world)
    page = show(world, "plan", plan=plan_id)
    page.number_input(key="plan_priority").set_value(7)
    page.toggle(key="plan_later").set_value(True)
    page.toggle(key="plan_night").set_value(True).run()
    press(page, "Save")

    plan = progress_of(world, plan_id)
    assert plan.priority == 7
    assert plan.not_before is not None
    assert plan.night_window is not None
    assert (plan.night_window.opens, plan.night_window.closes) == ("22:00", "06:00")

    page.toggle(key="plan_later").set_value(False)
    page.toggle(key="plan_night").set_value(False).run()
    press(page, "Save")
    plan = progress_of(world, plan_id)
    assert (plan.priority, plan.not_before, plan.night_window) == (7, None, None)


def test_an_address_of_no_plan_says_so(world: World, show: Show) -> None:
    assert "The address names a plan that is not here." in words(show(world, "plan", plan="none"))
