"""Pausing and resuming on the pages, and who did it told everywhere."""

from __future__ import annotations

import pytest

from core import pauses
from core.projects import FIRST_PROJECT
from tests.dashboard.pages.conftest import Show, poller_beats, press, words
from tests.world import World


@pytest.mark.parametrize("page", ["submit", "assets", "health", "keys"])
def test_every_page_says_who_paused_everything_and_why(world: World, show: Show, page: str) -> None:
    with world.core.database.transaction() as session:
        pauses.pause(session, None, actor="Ann", reason="The *style* is not agreed.", now=world.now())

    said = words(show(world, page))

    assert "Everything was paused by Ann (unverified)" in said
    assert "The *style* is not agreed." in said


def test_everything_is_paused_and_resumed_on_the_health_page(world: World, show: Show) -> None:
    poller_beats(world)
    page = show(world, "health")
    page.text_input(key="pause-reason-").set_value("Lunch.")
    press(page, "Pause")

    with world.core.database.reading() as session:
        (pause,) = pauses.standing(session)
    assert (pause.project_id, pause.reason) == (None, "Lunch.")
    assert "Paused. Nothing more is sent." in words(page)

    press(page, "Resume everything")
    with world.core.database.reading() as session:
        assert pauses.standing(session) == ()


def test_a_project_is_paused_and_resumed_beside_its_assets(world: World, show: Show) -> None:
    page = show(world, "assets", project=FIRST_PROJECT)
    press(page, "Pause")
    with world.core.database.reading() as session:
        assert [pause.project_id for pause in pauses.standing(session)] == [FIRST_PROJECT]
    world.order(send=False)

    page = show(world, "assets", project=FIRST_PROJECT)
    assert "“My first project” was paused" in words(page)
    press(page, "Resume project")
    with world.core.database.reading() as session:
        assert pauses.standing(session) == ()
