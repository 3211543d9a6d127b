"""The Assets page: empty, filled, filtered, paged."""

from __future__ import annotations

import pytest
import streamlit as st

from core.asset_query import read_query
from core.saved_views import saved_views
from core.schemas import SavedViewView
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
        ({"q": "tag:rig"}, ["dragon"]),
        ({"q": "state:failed"}, []),
        ({"q": "stone -dragon", "view": "Table"}, ["well"]),
        ({"q": "sate:queued"}, ["dragon", "well"]),  # what cannot be read narrows nothing
        ({"sort": "name"}, ["dragon", "well"]),
        ({"sort": "oldest"}, ["well", "dragon"]),
        ({"tag": "RIG", "state": "queued"}, ["dragon"]),  # an address of before there were queries
    ],
)
def test_the_address_narrows_the_list(world: World, show: Show, address, expected) -> None:
    world.order("well", send=False, prompt="a stone well")
    world.order("dragon", send=False, prompt="a dragon", should_rig=True)

    page = show(world, "assets", **address)

    assert (shown(page) if expected else []) == expected
    assert ("No asset matches this search." in words(page)) is not bool(expected)
    assert ("Did you mean state:queued?" in words(page)) is (address.get("q") == "sate:queued")


def test_filters_write_the_query_and_it_stands_in_the_address(world: World, show: Show) -> None:
    world.order("well", send=False)
    page = show(world, "assets", q="well")

    page.selectbox(key="filter-state").set_value("failed").run()
    assert page.text_input(key="q").value == page.query_params["q"] == "state:failed well"

    page.text_input(key="q").set_value("state:queued we").run()
    assert page.selectbox(key="filter-state").value == "queued"
    page.text_input(key="q").set_value("cat").run()
    page.button(key="completion-0").click().run()
    assert page.text_input(key="q").value == "category:"

    page.text_input(key="q").set_value("state:failed").run()
    page = press(page, "Show all assets")
    assert shown(page) == ["well"]
    assert "q" not in page.query_params


def test_the_way_back_from_an_asset_restores_the_search(world: World, show: Show) -> None:
    world.order("well", send=False)
    page = show(world, "assets", q="state:queued")

    page.query_params.clear()
    page.query_params["asset"] = "well"  # what Streamlit leaves in the history
    page.run()

    assert page.query_params == {"q": "state:queued"}
    assert page.selectbox(key="filter-state").value == "queued"


def test_a_view_is_saved_opened_renamed_and_deleted(world: World, show: Show) -> None:
    world.order("well", send=False)
    page = show(world, "assets", q="state:queued", sort="name", view="Table")
    assert "No view is saved yet" in words(page)

    page.text_input(key="view-name").set_value("**Tonight** <b>")
    page = press(page, "Save view")
    (view,) = saved(world)
    assert (view.name, view.query, view.sort, view.shape) == (
        "**Tonight** <b>",
        "state:queued",
        "name",
        "Table",
    )
    (link,) = [link for link in page.get("page_link") if "Tonight" in link.proto.label]
    assert link.proto.query_string == "q=state%3Aqueued&sort=name&view=Table"
    page.text_input(key="view-name").set_value("**TONIGHT** <b>")
    page = press(page, "Save view")
    assert "already" in words(page)

    page.text_input(key=f"view-rename-{view.view_id}").set_value("Mornings")
    page = press(page, "Rename")
    assert [each.name for each in saved(world)] == ["Mornings"]
    press(page, "Delete")
    assert saved(world) == ()


def saved(world: World) -> tuple[SavedViewView, ...]:
    with world.core.database.reading() as session:
        return saved_views(session)


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

    list_ = told(show(world, "assets", view="Table"), "hatchery_gallery")

    assert list_["shape"] == "table"
    (row,) = list_["cards"]
    assert (row["title"], row["state_label"]) == ("**Well** <b>x</b>", "Queued")


def test_all_that_match_can_be_selected_and_taken_home(world: World, show: Show) -> None:
    world.order("well", send=False)
    page = show(world, "assets", q="state:queued")
    links = [link.proto.url for link in page.get("link_button")]
    assert "/api/assets.csv?q=state%3Aqueued&sort=newest" in links

    page = press(page, "Select all 1 that match")
    assert page.session_state["selection_whole"] == read_query("state:queued")
    assert "All 1 that match selected" in words(page)

    world.order("later", send=False)  # while something is selected nothing moves
    st.cache_data.clear()
    page.run()
    assert shown(page) == ["well"]
    page = press(page, "1 newer")
    assert shown(page) == ["later", "well"]
    page = press(page, "Clear")
    assert "selected" not in words(page)
