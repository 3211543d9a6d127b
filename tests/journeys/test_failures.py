"""From the red number on Home to a cured group of failures, in a real browser and in at most four clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = "first-project"
NAME = "Barrel <b>&</b> **lid** 🐉"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[StartedProduct]:
    with started_product(tmp_path) as product:
        yield product


def test_a_whole_group_is_cured_from_home_in_at_most_four_clicks(
    browser: Browser, product: StartedProduct
) -> None:
    product.sandbox.post("/sandbox/faults", json={"end_cancelled": {"count": 3}}).raise_for_status()
    for number in range(3):
        body = {"projectId": PROJECT, "assetId": f"b{number}", "name": NAME, "prompt": "a wooden barrel"}
        product.api.post("/api/generate-3d", json=body).raise_for_status()
    visitor = Visitor(browser, product.address)
    page = visitor.page
    visitor.open()

    page.get_by_role("link", name="1 kind of failure").click()  # one
    visitor.says("1 cause, 3 tasks to deal with")
    visitor.says("Cancelled at Tripo")
    visitor.press("Retry", brings=page.get_by_role("button", name="Retry: 3 steps for"))  # two
    do_it = page.get_by_role("button", name="Retry: 3 steps for")
    do_it.click(no_wait_after=True)  # three
    visitor.says("Nothing to deal with")

    visitor.open("assets?q=state:complete")
    visitor.says("3 assets")
    visitor.close()
    made = product.sandbox.get("/sandbox/stats").json()["accepted_by_type"]
    assert made == {"text_to_model": 6}  # three that failed, and one more for each
    assert visitor.outside == []
    assert visitor.complaints == []
