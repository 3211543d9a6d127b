"""Plans in a real browser: dropped in and applied by two people at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedProduct]:
    with started_product(tmp_path_factory.mktemp("product"), speed=200) as product:
        yield product


def dropped(visitor: Visitor, name: str, content: bytes) -> None:
    visitor.open("new_plan")
    file = {"name": name, "mimeType": "text/plain", "buffer": content}
    visitor.page.locator("input[type=file]").set_input_files(files=[file])
    visitor.page.get_by_role("button", name=re.compile("^Apply")).wait_for()
    visitor.at_rest()


def test_two_people_apply_the_same_plan_in_the_same_second_and_one_is_told(
    browser: Browser, product: StartedProduct
) -> None:
    visitors = [Visitor(browser, product.address) for _ in range(2)]
    before = httpx.get(f"{product.sandbox_address}/sandbox/stats").json()["accepted_by_type"]
    for visitor in visitors:
        dropped(visitor, "race.csv", b"name,description\nRace Barrel,A barrel\nRace Cart,A cart\n")
        visitor.page.get_by_role("button", name=re.compile("^Apply")).click()
        visitor.page.get_by_role("button", name="Apply now").wait_for()
    for visitor in visitors:
        visitor.page.get_by_role("button", name="Apply now").click(no_wait_after=True)

    won = re.compile(r"/plan\?plan=")
    for visitor in visitors:
        told = visitor.page.get_by_role("button", name="Show a fresh preview")
        visitor.insist("Apply now", brings=visitor.page.get_by_text("assets done").or_(told).first)
    assert sorted(bool(won.search(visitor.page.url)) for visitor in visitors) == [False, True]
    (loser,) = [visitor for visitor in visitors if not won.search(visitor.page.url)]
    loser.page.get_by_role("button", name="Show a fresh preview").click()
    loser.says("2 unchanged")
    (winner,) = [visitor for visitor in visitors if visitor is not loser]
    winner.says("2 of 2 assets done")
    after = httpx.get(f"{product.sandbox_address}/sandbox/stats").json()["accepted_by_type"]
    assert after["text_to_model"] - before.get("text_to_model", 0) == 2
    for visitor in visitors:
        visitor.close()
