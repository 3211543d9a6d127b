"""Plans in a real browser: dropped in, edited, applied, followed to the end; by two people at once; very long."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.plans.plan import PlanRow
from core.plans.writing import write_plan
from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import PATIENCE_MS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRID_MOVES_WITHIN_MS = 5_000
COLUMN = "chosen => Number(chosen[0]?.getAttribute('aria-colindex') ?? 0)"  # 0 while no cell is
PLAN = """\
## Crew
- [RIG] Diver
  - Description: Low poly diver in T-pose
  - Animations: idle
## Props
- [STATIC] Post
  - Description: An oak post
"""


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


def apply(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=re.compile("^Apply")).click()
    visitor.page.get_by_role("button", name="Apply now").click()


def edit(visitor: Visitor, column: str, row: int, text: str) -> None:
    """Type into a cell: the grid is a canvas, so one clicks its first column and goes on by the arrow keys."""
    page = visitor.page
    grid = page.get_by_test_id("stDataFrame")
    heading = grid.locator('[role="columnheader"]', has_text=column).first
    wanted = int(heading.get_attribute("aria-colindex") or 0)
    chosen = grid.locator('[role="gridcell"][aria-selected="true"]')
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (at := chosen.evaluate_all(COLUMN)) != wanted:
        assert time.monotonic() < deadline, f"{column} cannot be reached"
        if at:
            page.keyboard.press("ArrowRight" if at < wanted else "ArrowLeft")
        else:
            box = grid.locator("canvas").first.bounding_box() or {"x": 0, "y": 0}
            page.mouse.click(box["x"] + 20, box["y"] + 35 + 35 * row + 17)
        with contextlib.suppress(AssertionError):  # then it is done again
            expect(chosen.first).not_to_have_attribute("aria-colindex", str(at), timeout=GRID_MOVES_WITHIN_MS)
    page.keyboard.press("Enter")
    field = page.locator(".gdg-input").first
    field.fill(text)
    field.press("Enter")


def models_made(product: StartedProduct) -> int:
    made: dict[str, int] = product.sandbox.get("/sandbox/stats").json()["accepted_by_type"]
    return made.get("text_to_model", 0)


def plans_of(product: StartedProduct) -> dict[str, dict]:
    found = product.api.get("/api/plans").json()["plans"]
    return {plan["filename"]: plan for plan in found}


def test_a_plan_is_dropped_in_edited_applied_and_followed_to_its_end(
    browser: Browser, product: StartedProduct
) -> None:
    visitor = Visitor(browser, product.address)
    before = models_made(product)
    dropped(visitor, "town.md", PLAN.encode())

    edit(visitor, "Description", 1, "A birch post")
    visitor.says("1 row is edited")
    visitor.page.get_by_role("button", name="Update the preview").click()
    expect(visitor.page.get_by_text("edited here")).to_be_visible()
    visitor.at_rest()
    apply(visitor)

    expect(visitor.page).to_have_url(re.compile(r"/plan\?plan="), timeout=PATIENCE_MS)
    visitor.says("2 of 2 assets done")
    assert models_made(product) - before == 2
    assets = product.api.get("/api/assets").json()["assets"]
    assert {asset["name"] for asset in assets} >= {"Diver", "Post"}
    visitor.close()
    assert visitor.outside == []
    assert visitor.complaints == []


def test_two_people_apply_the_same_plan_in_the_same_second_and_one_is_told(
    browser: Browser, product: StartedProduct
) -> None:
    visitors = [Visitor(browser, product.address) for _ in range(2)]
    before = models_made(product)
    for visitor in visitors:
        dropped(visitor, "race.csv", b"name,description\nRace Barrel,A barrel\nRace Cart,A cart\n")
        visitor.page.get_by_role("button", name=re.compile("^Apply")).click()
        visitor.page.get_by_role("button", name="Apply now").wait_for()
    for visitor in visitors:
        visitor.page.get_by_role("button", name="Apply now").click(no_wait_after=True)

    won = re.compile(r"/plan\?plan=")
    for visitor in visitors:
        told = visitor.page.get_by_role("button", name="Show a fresh preview")
        expect(visitor.page.get_by_text("assets done").or_(told).first).to_be_visible(timeout=PATIENCE_MS)
    assert sorted(bool(won.search(visitor.page.url)) for visitor in visitors) == [False, True]
    (loser,) = [visitor for visitor in visitors if not won.search(visitor.page.url)]
    loser.press("Show a fresh preview", brings=loser.page.get_by_text("2 unchanged"))
    (winner,) = [visitor for visitor in visitors if visitor is not loser]
    winner.says("2 of 2 assets done")
    assert models_made(product) - before == 2
    for visitor in visitors:
        visitor.close()


def test_a_plan_of_ten_thousand_assets_is_checked_previewed_edited_and_applied(
    browser: Browser, tmp_path: Path
) -> None:
    rows = [PlanRow(line=1, name=f"Crate {n}", description=f"A wooden crate, {n}") for n in range(10_000)]
    with started_product(tmp_path) as product:
        visitor = Visitor(browser, product.address)
        dropped(visitor, "crates.csv", write_plan(rows, "csv"))
        visitor.says("10,000 new")
        visitor.says("Rows 1 to 100 of 10,000")
        visitor.page.get_by_role("button", name="Next page").click()
        visitor.says("Rows 101 to 200 of 10,000")

        edit(visitor, "Description", 1, "A cupboard")
        visitor.page.get_by_role("button", name="Update the preview").click()
        visitor.says("edited here")
        visitor.at_rest()

        apply(visitor)
        expect(visitor.page).to_have_url(re.compile(r"/plan\?plan="), timeout=PATIENCE_MS)
        visitor.says("of 10,000 assets done")

        plan = plans_of(product)["crates.csv"]
        assert plan["assets"] == 10_000
        visitor.close()
        assert visitor.complaints == []
