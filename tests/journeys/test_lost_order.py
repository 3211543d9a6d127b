"""An order whose answer is lost, in a real browser: found by itself, or decided by who looks at what was found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = "first-project"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[StartedProduct]:
    with started_product(tmp_path) as product:
        yield product


def test_a_person_says_which_task_a_lost_order_became(browser: Browser, product: StartedProduct) -> None:
    faults = {"create_lost_reply": {"count": 1}, "input_hidden": True}
    product.sandbox.post("/sandbox/faults", json=faults).raise_for_status()
    body = {"projectId": PROJECT, "assetId": "barrel", "name": "Barrel", "prompt": "a wooden barrel"}
    product.api.post("/api/generate-3d", json=body).raise_for_status()

    visitor = Visitor(browser, product.address)
    page = visitor.page
    visitor.open(f"asset?project={PROJECT}&asset=barrel")
    visitor.says("Was it created? Generate the model")
    visitor.says(
        "Tripo shows one task that may be this order"
    )  # the poller has looked; the page says so by itself
    page.get_by_role("button", name="It was created: here is its id").click()
    page.get_by_label("Why? It is kept in the history.").fill("It is the only one.")
    gone_on = page.get_by_text("It goes on from here").or_(page.get_by_text("Complete"))
    visitor.press("Follow this task", brings=gone_on.first)

    visitor.says("Complete")
    visitor.viewer()
    visitor.close()
    stats = product.sandbox.get("/sandbox/stats").json()
    assert stats["accepted_by_type"] == {"text_to_model": 1}
    assert visitor.complaints == []
