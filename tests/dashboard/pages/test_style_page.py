"""The Style page, variants side by side, and the page for a plan's author."""

from __future__ import annotations

from core.asset_lists import page_of_assets
from core.plans.plan import FORMATS, PlanRow
from core.plans.reading import read_plan
from core.plans.style import Style
from core.plans.writing import write_plan
from core.projects import FIRST_PROJECT, asset_of
from core.schemas import AssetRow
from tests.dashboard.pages.conftest import Show, press, words
from tests.dashboard.pages.test_plans_page import PLAN, applied
from tests.world import World


def test_a_style_is_saved_as_the_next_version(world: World, show: Show) -> None:
    page = show(world, "style")
    assert "No style yet" in words(page)
    page.text_area(key="style_prefix").set_value("low poly")
    page.text_input(key="style_size_prop").set_value('{"faceLimit": 3000}')
    page.toggle(key="style_gate").set_value(True)
    press(page, "Save the style")

    version, style = world.core.plans.style(FIRST_PROJECT)
    assert version == 1
    assert (style.prefix, style.size_classes, style.gate) == ("low poly", {"prop": {"faceLimit": 3000}}, True)
    assert "Version 1" in words(page)


def test_a_style_that_cannot_be_sent_is_refused_and_stays_in_the_form(world: World, show: Show) -> None:
    page = show(world, "style")
    page.text_input(key="style_size_prop").set_value("faceLimit 3000")
    press(page, "Save the style")

    assert "The options of prop are no JSON object." in words(page)
    assert page.text_input(key="style_size_prop").value == "faceLimit 3000"
    assert world.core.plans.style(FIRST_PROJECT).version == 0


def test_a_budget_is_set_on_the_style_page_and_raised_where_it_holds_orders(world: World, show: Show) -> None:
    page = show(world, "style", project=FIRST_PROJECT)
    assert "No limit is set. 0 credits spent" in words(page)
    page.number_input(key="budget_credits").set_value(20)
    press(page, "Save the budget")
    assert "Of 20 credits: 0 credits spent, 0 credits under way or ordered, **20 credits left**." in words(
        page
    )
    world.order("knight", send=False, should_rig=True)  # as if it had been placed before
    world.run_until(lambda: any(task.hold == "budget" for task in world.tasks("rig")))

    (group,) = world.core.failures.find().groups
    page = show(world, "failure", fingerprint=group.fingerprint)
    assert "A budget forbids it · Any step" in words(page)
    assert "It needs 25 credits, and nothing is left of the budget of 20 credits." in words(page)
    assert "**25 credits too few**" in words(page)
    page.number_input(key="budget_credits").set_value(45)
    press(page, "Save the budget")
    assert world.run_to_the_end("knight").status == "complete"


def test_what_an_older_style_made_is_listed_with_its_price_and_renewed(world: World, show: Show) -> None:
    applied(world, PLAN)
    world.run_until(
        lambda: all(plan.counts["complete"] == 2 for plan in world.core.plans.plans()), seconds=900
    )
    world.core.plans.set_style(FIRST_PROJECT, Style(prefix="low poly"))

    page = show(world, "style", project=FIRST_PROJECT)
    rows = page.dataframe[0].value.to_dict("records")
    assert [(row["Name"], row["Credits"]) for row in rows] == [("Diver", 55), ("Post", 20)]
    assert rows[1]["Prompt now"] == "low poly, An oak post"

    press(page, "Renew now")
    assert {task.order["prompt"] for task in world.tasks()} >= {"low poly, An oak post"}


def test_variants_stand_side_by_side_and_the_best_is_picked(world: World, show: Show) -> None:
    rows = [PlanRow(line=1, name="Hero", description="A hero", variants=3, seed=7)]
    applied(world, write_plan(rows, "json").decode(), "heroes.json")
    ids = sorted(row.asset_id for row in _assets(world))
    page = show(world, "asset", project=FIRST_PROJECT, asset=ids[0])
    assert "Variant 3 · seed 9" in words(page)

    page.button(key=f"pick-{ids[1]}").click().run()
    assert not page.exception
    with world.core.database.reading() as session:
        variants = [asset_of(session, FIRST_PROJECT, each) for each in ids]
    assert [each.picked_at is not None for each in variants] == [False, True, False]
    assert f"pick-{ids[1]}" not in [button.key for button in page.button]
    assert f"pick-{ids[0]}" in [button.key for button in page.button]


def test_an_asset_without_alternates_shows_none(world: World, show: Show) -> None:
    applied(world)
    asset = _assets(world)[0]

    page = show(world, "asset", project=FIRST_PROJECT, asset=asset.asset_id)
    assert "Variants" not in words(page)


def test_the_author_finds_templates_schema_and_a_prompt(world: World, show: Show) -> None:
    page = show(world, "plan_guide")
    page.text_input(key="plan_idea").set_value("A harbour town").run()

    assert "What it is for: A harbour town" in page.code[0].value
    assert "## A plan in Markdown" in words(page)
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels == ["Markdown", "CSV", "TSV", "XLSX", "JSON", "YAML", "JSON Schema"]
    assert len(FORMATS) == len(labels) - 1
    prompt = page.code[0].value
    example = prompt[prompt.index("```") + 3 : prompt.rindex("```")]
    assert read_plan(example).rows


def _assets(world: World) -> tuple[AssetRow, ...]:
    with world.core.database.reading() as session:
        return page_of_assets(session, page=1, per_page=50).assets
