"""What every page says at its top, and the Health page that says the same at length."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st

from core.lanes import stop_key
from core.models import ProviderKey, utc_now
from tests.dashboard.pages.conftest import FRAME, Show, poller_beats, told, words
from tests.world import World

PAGES = ["submit", "assets", "health"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_it_is_the_sandbox(world: World, show: Show, page: str) -> None:
    shown = show(world, page)

    assert "models are made here and cost nothing" in words(shown)
    assert not shown.get("skeleton")  # no grey bar stays


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_when_no_poller_runs(world: World, show: Show, page: str) -> None:
    assert "No poller is running: orders are kept but nothing moves." in words(show(world, page))

    poller_beats(world)
    said = words(show(world, page))
    assert "No poller is running" not in said
    assert "Live · data of" in said


def test_a_poller_that_went_silent_is_missed(world: World, show: Show) -> None:
    poller_beats(world, utc_now() - timedelta(minutes=5))

    assert "It was last seen 5 minutes ago." in words(show(world, "assets"))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_when_there_is_no_key(make_world, show: Show, page: str) -> None:
    world = make_world(settings={"tripo_api_key": ""})

    said = words(show(world, page))

    assert "No Tripo key is set" in said
    assert "cost nothing" not in said


def test_a_live_key_has_no_sandbox_banner(make_world, show: Show) -> None:
    world = make_world(settings={"tripo_api_key": "tsk_" + "a" * 40})

    assert "Sandbox" not in words(show(world, "assets"))


def test_a_stopped_key_is_told_with_its_sentence(world: World, show: Show) -> None:
    world.order()
    now = utc_now()
    with world.core.database.transaction() as session:
        key = session.query(ProviderKey).one()
        stop_key(
            session,
            key.id,
            "provider_wallet_empty",
            "There are too few credits.",
            now + timedelta(hours=1),
            now,
        )

    said = words(show(world, "assets"))

    assert "There are too few credits." in said
    assert "Top up the wallet" in said


def test_a_provider_that_does_not_answer_is_told(world: World, show: Show) -> None:
    world.sandbox.stop()
    world.order()

    assert "Orders wait and are sent by themselves once the connection is back." in words(
        show(world, "health")
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_database_that_does_not_answer_is_words_and_not_a_traceback(
    world: World, show: Show, page: str, tmp_path: Path
) -> None:
    break_database(world, tmp_path)

    said = words(show(world, page))

    assert "The database does not answer." in said


def test_what_was_shown_stays_while_the_database_is_away_with_its_age(
    world: World, show: Show, tmp_path: Path
) -> None:
    world.order("well", send=False, name="Stone well")
    page = show(world, "assets", view="Table")

    break_database(world, tmp_path)
    st.cache_data.clear()
    page.run()

    assert not page.exception
    assert "What you see is" in words(page)
    assert [card["title"] for card in told(page, "hatchery_gallery")["cards"]] == ["Stone well"]


def test_health_says_that_all_is_well_and_how_much_is_under_way(world: World, show: Show) -> None:
    poller_beats(world)
    world.walking()
    world.core.orchestrator.check_accounts()

    page = show(world, "health")
    said = words(page)

    assert "Trouble" not in said
    assert [(metric.label, metric.value) for metric in page.metric] == [
        ("Waiting", "4"),
        ("Under way", "1"),
        ("Outcome unknown", "0"),
    ]
    assert "Models: 1 of 10" in said
    assert "API v3. Play balance" in said


def test_the_settings_that_keep_pages_fast_and_quiet_are_shipped() -> None:
    shipped = tomllib.loads((FRAME.parent / ".streamlit" / "config.toml").read_text())
    expected = {
        "runner.postScriptGC": False,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "server.fileWatcherType": "none",
    }

    for name, value in expected.items():
        st.get_option(name)  # raises when Streamlit no longer knows it
        section, option = name.split(".")
        assert shipped[section][option] == value


def break_database(world: World, folder: Path) -> None:
    """Put a file that is no database in the place of the real one."""
    world.core.database.close()
    for file in folder.glob("hatchery.db*"):
        file.unlink()
    (folder / "hatchery.db").write_bytes(b"this is no database" * 200)
