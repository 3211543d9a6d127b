"""The page Signals: charts of what the rows tell, words where there is nothing, and ways on to the lists."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from streamlit.testing.v1 import AppTest

from core.lifecycle import TaskKind
from core.models import utc_now
from tests.dashboard.pages.conftest import Show, words
from tests.signals.planted import plant
from tests.world import World


def charts(page: AppTest) -> list[dict[str, Any]]:
    """The charts as the browser gets them."""
    return [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]


def test_charts_follow_the_reach_and_the_step_in_the_address(world: World, show: Show) -> None:
    page = show(world, "signals")
    for sentence in ("Nothing has ended in this time.", "No poller has counted in this time."):
        assert sentence in words(page)
    assert charts(page) == []

    database = world.core.database
    plant(database, utc_now() - timedelta(hours=2), 9, worked_seconds=50)
    plant(database, utc_now() - timedelta(hours=1), 1, error_code="not_riggable", kind=TaskKind.RIG)
    plant(database, utc_now() - timedelta(days=3), 10, error_code="moderated")
    world.order("knight")  # the key is known from here on
    world.core.sampler.take()

    page = show(world, "signals")
    assert "10.0% of 10 steps failed" in words(page)
    assert len(charts(page)) == 5  # but no key stood still, and Tripo failed nothing
    assert "Tripo has refused or failed nothing in this time." in words(page)
    assert "No key stood still in this time." in words(page)

    page = show(world, "signals", reach="7d")
    assert "55.0% of 20 steps failed" in words(page)
    page = show(world, "signals", reach="7d", step="rig")
    assert "100.0% of 1 step failed" in words(page)
    page = show(world, "signals", reach="nonsense", step="nonsense", project="nobody's")
    assert "10.0% of 10 steps failed" in words(page)
