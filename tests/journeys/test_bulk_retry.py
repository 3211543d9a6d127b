"""Many failures cured at once, in a real browser: selected in the list, shown with their price, done, looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.core.started_process import wait_until
from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import PATIENCE_MS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAILED = 3


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedProduct]:
    """A product in which three models failed."""
    with started_product(tmp_path_factory.mktemp("product"), speed=200) as product:
        product.sandbox.post("/sandbox/faults", json={"end_failed": {"count": FAILED}}).raise_for_status()
        for n in range(FAILED):
            order = {"projectId": "first-project", "assetId": f"crate-{n}", "prompt": f"a crate, number {n}"}
            product.api.post("/api/generate-3d", json=order).raise_for_status()
        assert wait_until(lambda: failed_in(product) == FAILED), product.process.output
        yield product


def failed_in(product: StartedProduct) -> int:
    return len(product.api.get("/api/assets?status=failed").json()["assets"])


def test_all_that_failed_is_retried_at_the_price_that_was_shown(
    browser: Browser, product: StartedProduct
) -> None:
    visitor = Visitor(browser, product.address)
    page = visitor.page
    visitor.open("assets?q=state%3Afailed")

    visitor.press(
        f"Select all {FAILED} that match", brings=page.get_by_role("button", name="Retry", exact=True)
    )
    dialog = page.get_by_role("dialog")
    visitor.press("Retry", brings=dialog.get_by_text(f"{FAILED} steps", exact=True))
    do_it = dialog.get_by_role("button", name=re.compile(rf"^Retry: {FAILED} steps for \d+ credits$"))
    price = int(re.findall(r"\d+", do_it.inner_text())[-1])
    do_it.click()
    dialog.get_by_role("link", name="See what it does").click()

    expect(page).to_have_url(re.compile(r"/job\?job="), timeout=PATIENCE_MS)
    visitor.says(f"{FAILED} of {FAILED} (100%)")
    visitor.says("Generate the model: done")  # the new attempts, without a reload
    expect(page.get_by_text("Generate the model: done")).to_have_count(FAILED, timeout=PATIENCE_MS)
    page.get_by_role("link", name="Crate 1").or_(page.get_by_role("link", name="crate-1")).first.click()
    visitor.says("Complete")
    made = product.sandbox.get("/sandbox/tasks").json()["tasks"]
    assert len(made) == 2 * FAILED
    assert sum(task["credits"] for task in made if task["status"] == "success") == price
    visitor.close()
    assert visitor.outside == []
    assert visitor.complaints == []
