"""The New plan page: reading, previewing, editing, deciding, applying once."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.plans.plan import PlanRow
from core.plans.writing import write_plan
from core.projects import FIRST_PROJECT
from tests.dashboard.pages.conftest import Show, press, words
from tests.dashboard.pages.test_plans_page import PLAN, applied
from tests.world import World


def dropped(page: AppTest, content: bytes | str = PLAN, name: str = "town.md") -> AppTest:
    raw = content.encode() if isinstance(content, str) else content
    page.file_uploader[0].upload(name, raw).run()
    assert not page.exception, page.exception[0].message
    return page


def table(page: AppTest) -> list[dict[str, Any]]:
    """The rows of the preview as they are shown."""
    return page.dataframe[0].value.to_dict("records")


def edited(page: AppTest, row: int, **cells: Any) -> AppTest:
    key = page.session_state["plan_frame"][0]
    page.session_state[key] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def can_be_applied(page: AppTest) -> bool:
    (popover,) = [p.proto.popover for p in page.get("popover") if p.proto.popover.label.startswith("Apply")]
    return not popover.disabled


def names_of(world: World) -> set[str]:
    return {task.order["prompt"] for task in world.tasks()}


def test_a_dropped_plan_shows_what_it_would_do_and_cost(world: World, show: Show) -> None:
    page = dropped(show(world, "new_plan"))

    diver, post = table(page)
    assert (diver["Change"], diver["Kind"], diver["Category"], diver["Name"]) == (
        "New",
        "RIG",
        "Crew",
        "Diver",
    )
    assert post["Prompt as sent"] == "An oak post"
    shown = {each.label: each.value for each in page.metric}
    assert (shown["Tasks"], shown["Cost"]) == ("5", "75 credits")
    assert world.core.plans.plans() == ()


def test_a_plan_is_applied_once_and_its_page_opened(world: World, show: Show) -> None:
    page = press(dropped(show(world, "new_plan")), "Apply now")

    (plan,) = world.core.plans.plans()
    assert page.title[0].value == r"town\.md"
    assert page.query_params == {"plan": plan.plan_id}
    assert "0 of 2 assets done" in words(page)
    assert len(world.tasks()) == 2


def test_pasted_text_is_a_plan_too(world: World, show: Show) -> None:
    page = show(world, "new_plan")
    page.segmented_control[0].set_value("Text").run()
    page.text_area(key="plan_text").set_value(PLAN)
    press(page, "Preview")

    assert len(table(page)) == 2
    assert "plan.md" in words(page)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.pdf", b"%PDF-1.7 whatever", "PDF"),
        ("plan.xlsx", b"PK\x03\x04 broken", ""),
        ("plan.json", b'{"assets": [', "JSON"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_a_sentence(
    world: World, show: Show, name: str, content: bytes, sentence: str
) -> None:
    page = dropped(show(world, "new_plan"), content, name)

    assert not page.metric
    (error,) = page.error
    assert sentence in error.value


def test_problems_are_shown_with_line_and_column_and_keep_it_from_being_applied(
    world: World, show: Show
) -> None:
    page = dropped(show(world, "new_plan"), "name,tag,priority\nDiver,RIG,high\nPost,STATIC,1\n", "town.csv")

    said = words(page)
    assert "1 problem keeps this plan from being applied." in said
    assert "Line 2" in said
    assert "priority" in said
    assert not can_be_applied(page)


def test_an_edited_row_is_previewed_applied_and_kept_in_the_download(world: World, show: Show) -> None:
    page = edited(dropped(show(world, "new_plan")), 1, Description="A birch post", Name="Birch Post")
    press(page, "Update the preview")

    assert table(page)[1]["Prompt as sent"] == "A birch post"
    assert b"- [STATIC] Birch Post" in page.session_state["plan_draft"].content
    press(page, "Apply now")
    assert names_of(world) == {"A stocky diver in T-pose", "A birch post"}


def test_what_was_edited_has_to_be_previewed_before_it_is_applied(world: World, show: Show) -> None:
    page = dropped(show(world, "new_plan"))
    assert can_be_applied(page)
    edited(page, 0, **{"Leave out": True})

    assert "1 row is edited" in words(page)
    assert not can_be_applied(page)
    press(page, "Update the preview")
    assert [row["Name"] for row in table(page)] == ["Post"]


def test_rows_are_filtered_by_what_the_address_says(world: World, show: Show) -> None:
    applied(world)
    page = show(world, "new_plan", change="added")
    page = dropped(page, PLAN + "- [STATIC] Crate\n")

    assert [row["Name"] for row in table(page)] == ["Crate"]
    page.selectbox(key="change").set_value("unchanged").run()
    assert [row["Name"] for row in table(page)] == ["Diver", "Post"]
    assert page.query_params["change"] == "unchanged"


def test_changed_words_are_made_anew_only_when_asked_and_with_the_price(world: World, show: Show) -> None:
    applied(world)
    page = dropped(show(world, "new_plan"), PLAN.replace("An oak", "A birch"))
    assert "1 asset with changed words." in words(page)
    assert {each.label: each.value for each in page.metric}["Tasks"] == "0"

    press(page, "Make it anew for 20 credits")
    assert {each.label: each.value for each in page.metric}["Cost"] == "20 credits"
    press(page, "Apply now")
    assert "A birch post" in names_of(world)


def test_a_rename_is_offered_and_taken_only_by_a_person(world: World, show: Show) -> None:
    applied(world)
    page = dropped(show(world, "new_plan"), PLAN.replace("] Post", "] Mooring Post"))
    assert "is “Mooring Post” the former “Post”? (same description)" in words(page)
    assert [row["Change"] for row in table(page)] == ["Unchanged", "New", "Left the plan"]

    press(page, "It is")
    assert [row["Change"] for row in table(page)] == ["Unchanged", "Changed: name"]
    press(page, "Apply now")
    assert len(world.tasks()) == 2


def test_who_applied_meanwhile_is_told_and_offers_a_fresh_preview(world: World, show: Show) -> None:
    page = dropped(show(world, "new_plan"))
    applied(world)

    press(page, "Apply now")
    assert "Show a fresh preview" in [button.label for button in page.button]
    press(page, "Show a fresh preview")
    assert [row["Change"] for row in table(page)] == ["Unchanged", "Unchanged"]
    assert len(world.tasks()) == 2


def test_a_plan_that_was_applied_is_taken_up_again(world: World, show: Show) -> None:
    page = show(world, "new_plan", **{"from": applied(world)})

    assert [row["Change"] for row in table(page)] == ["Unchanged", "Unchanged"]
    assert page.session_state["plan_draft"].project_id == FIRST_PROJECT


def test_a_long_plan_is_shown_a_page_at_a_time(world: World, show: Show) -> None:
    rows = [PlanRow(line=1, name=f"Crate {n}", description=f"A crate, number {n}") for n in range(250)]
    page = dropped(show(world, "new_plan"), write_plan(rows, "csv"), "crates.csv")

    assert len(table(page)) == 100
    assert "Rows 1 to 100 of 250" in words(page)
    page.get("pagination")[0].set_value(3).run()
    assert table(page)[0]["Name"] == "Crate 200"


def test_a_new_project_is_made_for_a_plan(world: World, show: Show) -> None:
    page = dropped(show(world, "new_plan"))
    page.text_input(key="plan_new_project").set_value("Castle")
    press(page, "Make it")
    press(page, "Apply now")

    (plan,) = world.core.plans.plans()
    assert plan.project_id != FIRST_PROJECT
