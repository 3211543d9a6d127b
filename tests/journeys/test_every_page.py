"""Every page in both colour schemes, over a world of odd and long words.

axe-core finds nothing serious, it fits on a phone, words are shown as they are, and nothing is asked outside.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.every_page import KNIGHT, ODD, comment, fill, odd_world
from tests.journeys.started_product import started_product
from tests.journeys.visitor import Visitor
from tests.node_packages import npm_package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE_VERSION: Final = "4.14.1"
PHONE_PIXELS: Final = 390
SERIOUS: Final = ("serious", "critical")
RULES: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
CONTRAST: Final = {"type": "rule", "values": ["color-contrast"]}  # all that a scheme can change
WITH_A_VIEWER: Final = ("asset", "review")
IN_DIALOGS: Final = ("Retry", "Animate")  # with a price and what is left out; with chips
MARKUP: Final = (
    "b[onmouseover], a[href*='outside.example'], img[src*='outside.example'], .katex, "
    "strong:text-is('bold'), code:text-is('code'), :not(option):text-is('red')"
)
TO_FIT_MS: Final = 60_000  # a chart is drawn anew, on a busy machine too
# Streamlit dims what is redrawn for longer than a second, as it may be on a busy machine: nobody reads that then.
NEVER_DIMMED: Final = '[data-stale="true"] { opacity: 1 !important; transition: none !important; }'
WIDEST: Final = "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')].map((e) => e.scrollWidth))"
LOOKED_AT: Final = "(rules) => axe.run(document, { resultTypes: ['violations'], runOnly: rules })"


@pytest.mark.timeout(600)
def test_no_page_has_a_serious_barrier_in_either_scheme_and_none_asks_outside(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    axe = (npm_package("axe-core", AXE_VERSION) / "axe.min.js").read_text()
    found = []
    with started_product(tmp_path_factory.mktemp("product"), speed=200) as product:
        pages = fill(product, **odd_world())
        comment(product.api, KNIGHT, ODD * 4)
        product.api.post("/api/projects", json={"name": ODD[:200]}).raise_for_status()
        visitor = Visitor(browser, product.address)
        for name, address in pages.items():
            visitor.open(address)
            if name in WITH_A_VIEWER:
                visitor.viewer()
            expect(visitor.page.get_by_test_id("stSidebarNavItems")).to_have_attribute("role", "none")
            visitor.page.add_style_tag(content=NEVER_DIMMED)
            visitor.page.evaluate(axe)
            found += [f"{name}, light: {each}" for each in barriers(visitor, RULES)]
            found += too_wide(visitor, name)
            found += [f"{name} shows words as {each}" for each in taken_for_markup(visitor)]
            visitor.wear("dark")
            found += [f"{name}, dark: {each}" for each in barriers(visitor, CONTRAST)]
            visitor.wear("light")
        visitor.open("assets")
        visitor.page.evaluate(axe)
        found += barriers_in_dialogs(visitor)
        visitor.close()

    assert found == []
    assert visitor.outside == []
    assert visitor.complaints == []


def barriers_in_dialogs(visitor: Visitor) -> list[str]:
    """Open what is asked before many assets are changed, by keyboard, and say what is serious there in either scheme."""
    page, found = visitor.page, []
    page.get_by_role("button", name="Select all").click()
    visitor.says("that match selected")
    visitor.at_rest()
    for name in IN_DIALOGS:
        button = page.get_by_role("button", name=name, exact=True)
        button.press("Enter")
        page.get_by_role("dialog").get_by_text("When", exact=True).wait_for()
        visitor.at_rest()
        found += [f"{name}, light: {each}" for each in barriers(visitor, RULES)]
        visitor.wear("dark")
        found += [f"{name}, dark: {each}" for each in barriers(visitor, CONTRAST)]
        visitor.wear("light")
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
        expect(button).to_be_focused()
    return found


def barriers(visitor: Visitor, rules: dict[str, Any]) -> list[str]:
    """What is serious, each with the rule, the element and the reason."""
    told: dict[str, Any] = visitor.page.evaluate(LOOKED_AT, rules)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in told["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def taken_for_markup(visitor: Visitor) -> list[str]:
    """What became of odd words beside text, also within components."""
    return visitor.page.locator(MARKUP).evaluate_all("all => all.map((each) => each.outerHTML.slice(0, 200))")


def too_wide(visitor: Visitor, name: str) -> list[str]:
    """Say how wide a page is that has to be moved to and fro on a phone."""
    visitor.page.set_viewport_size({"width": PHONE_PIXELS, "height": 844})
    try:
        visitor.page.wait_for_function(f"{WIDEST} <= {PHONE_PIXELS}", timeout=TO_FIT_MS)
    except PlaywrightTimeout:
        wide = visitor.page.evaluate(WIDEST)
        return [f"{name} is {wide} pixels wide on a phone of {PHONE_PIXELS}"]
    finally:
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
    return []
