"""Pages of a dashboard that sends late: nothing of them is lost, whatever was redrawn meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.core.started_dashboard import started_dashboard
from tests.journeys.visitor import Visitor
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUNS = 3


def test_a_page_stays_whole_though_its_live_parts_are_redrawn_before_it_was_sent(
    browser: Browser, world: World
) -> None:
    world.order(send=False)
    with started_dashboard(world, module="tests.journeys.late_dashboard") as (_, address):
        visitor = Visitor(browser, address)
        visitor.open("asset?project=first-project&asset=knight")
        headings = visitor.page.get_by_test_id("stMain").get_by_role("heading")
        expect(headings.get_by_text("Prompt")).to_be_visible()
        whole = headings.all_inner_texts()
        for _ in range(RUNS):
            visitor.page.keyboard.press("r")  # Streamlit's own key for the whole page anew
            visitor.page.wait_for_timeout(3_000)
            visitor.at_rest()

            expect(headings).to_have_text(whole)
        assert visitor.complaints == []
        visitor.close()
