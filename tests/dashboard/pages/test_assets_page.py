"""The Assets page: empty, filled, filtered, paged."""

from __future__ import annotations

import pytest

from tests.dashboard.pages.conftest import Show, press, told, words
from tests.world import KNIGHT, World


def shown(page) -> list[str]:
    return [card["id"].split("/")[1] for card in told(page, "hatchery_gallery")["cards"]]


def test_an_empty_product_explains_itself_and_offers_an_example(world: World, show: Show) -> None:
    page = show(world, "assets")
    assert "Nothing here yet" in words(page)

    page = press(page, f"Try “{KNIGHT}”")
    assert page.text_area(key="asset_prompt").value == KNIGHT
    assert page.toggle(key="asset_rig").value is True


def test_people_arrive_at_submit_until_there_is_something_to_see(world: World, show: Show) -> None:
    assert show(world, "home").title[0].value == "Submit an asset"

    world.order(send=False)
    assert show(world, "home").title[0].value == "Assets"


def test_a_card_says_how_far_its_asset_is_and_what_it_waits_for(world: World, show: Show) -> None:
    world.walking()
    world.run_until(lambda: 0 < world.tasks()[0].progress < 100)

    (card,) = told(show(world, "assets"), "hatchery_gallery")["cards"]

    assert (card["state"], card["state_label"], card["tag"]) == ("generating", "Generating", "RIG")
    assert 0 < card["progress"] < 100


def test_a_finished_asset_shows_its_picture(world: World, show: Show) -> None:
    world.walking()
    world.run_to_the_end()

    (card,) = told(show(world, "assets"), "hatchery_gallery")["cards"]

    assert (card["state"], card["progress"]) == ("complete", None)
    assert card["picture_url"].startswith("/api/artifacts/")
    assert card["href"] == "asset?project=first-project&asset=knight"


def test_a_failed_asset_says_why_and_an_unknown_one_is_flagged(world: World, show: Show) -> None:
    world.faults(end_failed={"count": 1, "message": "the figure fell apart"})
    world.order("broken")
    world.run_to_the_end("broken")
    world.faults(create_lost_reply={"count": 1})
    world.order("lost")

    lost, broken = told(show(world, "assets"), "hatchery_gallery")["cards"]

    assert lost["flag"] == "Outcome unknown"
    assert broken["state"] == "failed"
    assert broken["note"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({}, ["dragon", "well"]),
        ({"tag": "RIG"}, ["dragon"]),
        ({"state": "failed"}, []),
        ({"state": "queued"}, ["dragon", "well"]),
        ({"text": "stone"}, ["well"]),
        ({"project": "first-project"}, ["dragon", "well"]),
        ({"project": "no-such-project"}, ["dragon", "well"]),  # nonsense in an address narrows nothing
    ],
)
def test_the_address_narrows_the_list(world: World, show: Show, address, expected) -> None:
    world.order("well", send=False, prompt="a stone well")
    world.order("dragon", send=False, prompt="a dragon", should_rig=True)

    page = show(world, "assets", **address)

    assert (shown(page) if expected else []) == expected
    assert ("No asset matches these filters." in words(page)) is not bool(expected)


def test_filters_are_kept_in_the_address_and_can_be_cleared(world: World, show: Show) -> None:
    world.order("well", send=False)
    page = show(world, "assets")

    page.selectbox(key="state").set_value("failed").run()
    assert page.query_params["state"] == "failed"

    page = press(page, "Show all assets")
    assert shown(page) == ["well"]
    assert "state" not in page.query_params


def test_the_way_back_from_an_asset_restores_the_filters(world: World, show: Show) -> None:
    world.order("well", send=False)
    page = show(world, "assets")
    page.selectbox(key="state").set_value("queued").run()

    page.query_params.clear()
    page.query_params["asset"] = "well"  # what Streamlit leaves in the history
    page.run()

    assert page.query_params == {"state": "queued"}
    assert page.selectbox(key="state").value == "queued"


def test_a_long_list_has_pages(world: World, show: Show) -> None:
    for number in range(50):
        world.order(f"crate-{number:02}", send=False, prompt="a crate")

    page = show(world, "assets")
    assert len(shown(page)) == 48
    page.pagination[0].set_value(2).run()
    assert sorted(shown(page)) == ["crate-00", "crate-01"]
    assert "50 assets" in words(page)


def test_the_table_shows_the_same_assets(world: World, show: Show) -> None:
    world.order("well", send=False, name="**Well** <b>x</b>")

    (table,) = show(world, "assets", view="Table").dataframe

    assert list(table.value["Name"]) == ["**Well** <b>x</b>"]
    assert list(table.value["State"]) == ["Queued"]
