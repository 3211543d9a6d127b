"""Somebody works in a list of assets while others order more, and fills in a form while the server restarts."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from core.projects import FIRST_PROJECT
from tests.core.started_process import wait_until
from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import Visitor
from tests.tripo.pictures import noisy_picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ODD = '<b>Old</b> **bold** "said" 🐉 שלום 剣 ' + "x" * 140


def order(api: httpx.Client, asset_id: str, name: str) -> None:
    body = {"projectId": FIRST_PROJECT, "assetId": asset_id, "prompt": "an old thing", "name": name}
    api.post("/api/generate-3d", json=body).raise_for_status()


def test_a_live_list_and_a_form_hold_what_a_person_puts_into_them(browser: Browser, tmp_path: Path) -> None:
    with started_product(tmp_path, speed=0.05) as product:
        api = product.api
        for number in range(3):
            order(api, f"old-{number}", f"Old {number}")
        visitor = Visitor(browser, product.address)
        page = visitor.page
        visitor.open("assets?q=nothing+like+it")
        page.get_by_role("button", name="Show all assets").click()
        page.get_by_role("checkbox", name="Select Old 1").wait_for()
        visitor.open("assets?q=old+-new&view=Table")
        expect(page.get_by_role("searchbox", name="Search")).to_have_value("old -new")
        cards = page.get_by_test_id("gallery").locator("li")
        expect(cards).to_have_count(3)

        box = page.get_by_role("checkbox", name="Select Old 1")
        box.check()
        visitor.says("1 selected")
        order(api, "odd", ODD)
        order(api, "new", "New")
        page.get_by_role("button", name="1 newer").wait_for()  # the other one does not match
        expect(cards).to_have_count(3)
        expect(box).to_be_checked()

        more = page.get_by_role("button", name="More", exact=True)
        choose_by_keyboard(page, more, "Cancel")
        page.get_by_role("dialog").get_by_role("button", name=re.compile("Cancel: 1")).click()
        page.get_by_role("link", name="See what it does").wait_for()
        assert wait_until(lambda: _task_of(api, "old-1") == "cancelled")  # whoever carries the job
        assert "cancelled" not in (_task_of(api, "old-0"), _task_of(api, "old-2"))

        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
        expect(more).to_be_focused()
        page.get_by_role("button", name="1 newer").click()
        expect(cards).to_have_count(4)
        expect(cards.first.locator(".title")).to_contain_text(ODD[:80])
        assert cards.locator(".title b, .title strong b").count() == 0
        page.get_by_role("button", name="Clear", exact=True).click()
        page.get_by_role("button", name="Select all 4 that match").click()
        visitor.says("All 4 that match selected")
        page.wait_for_function("JSON.parse(sessionStorage.getItem('hatchery selected'))?.whole")
        page.reload()
        visitor.says("All 4 that match selected")
        page.get_by_role("button", name="Clear", exact=True).click()
        page.get_by_text("that match selected").wait_for(state="hidden")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )
        visitor.close()
        assert visitor.outside == []
        assert visitor.complaints == []
        fill_in_through_a_restart(browser, product)
        break_down(browser, product)


def choose_by_keyboard(page: Page, button: Locator, item: str) -> None:
    button.focus()
    page.keyboard.press("Enter")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    wanted = page.get_by_role("menuitem", name=item).first
    for _ in range(items.count()):
        if wanted.evaluate("item => item === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_focused()
    page.keyboard.press("Enter")


def break_down(browser: Browser, product: StartedProduct) -> None:
    visitor = Visitor(browser, product.address)
    visitor.open("assets?q=old+-new")
    visitor.page.wait_for_function("window.hatcheryWayBack")
    visitor.page.evaluate("""() => {
      document.getElementById("root").replaceChildren();
      setTimeout(() => { throw new Error("This part has no place any more."); });
    }""")
    visitor.page.get_by_role("checkbox", name="Select Old 1").wait_for()
    visitor.close()


def fill_in_through_a_restart(browser: Browser, product: StartedProduct) -> None:
    api = product.api
    api.post("/api/projects", json={"projectId": "castle", "name": "Castle"}).raise_for_status()
    visitor = Visitor(browser, product.address)
    page = visitor.page
    answers = cut_off_answers(page)
    visitor.open("submit")
    project = page.get_by_role("combobox", name="Project")
    project.click()
    page.get_by_role("option", name="Castle").click()
    page.get_by_text("Rig it, so that it can be animated").click()
    page.get_by_role("combobox", name="Animations").wait_for()
    page.get_by_text("An image", exact=True).click()
    image = {"name": "knight.png", "mimeType": "image/png", "buffer": noisy_picture()}
    page.locator("input[type=file]").set_input_files(image)
    shown = page.get_by_role("img", name="The image: knight.png")
    shown.wait_for()
    page.get_by_label("Name", exact=True).fill("Grey knight")
    page.get_by_label("Prompt", exact=True).press_sequentially("a grey knight in T-pose")
    visitor.at_rest()

    # The order is taken, and the dashboard dies before the page hears of it.
    answers.clear()
    page.get_by_role("button", name="Submit", exact=True).click()
    assert wait_until(lambda: page.title() and assets_of(api, "castle"))
    (dashboard,) = [child for child in product.process.family() if child.cmdline()[-1:] == ["dashboard"]]
    dashboard.kill()
    page.locator('[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])').wait_for()
    page.locator('[data-testid="stApp"][data-test-connection-state="CONNECTED"]').wait_for()
    visitor.at_rest()

    expect(page.get_by_label("Name", exact=True)).to_have_value("Grey knight")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a grey knight in T-pose")
    shown.wait_for()
    visitor.press("Submit", brings=page.get_by_role("heading", name="Grey knight"))
    (asset,) = assets_of(api, "castle")
    detail = api.get(f"/api/assets/castle/{asset['assetId']}").json()
    assert (detail["prompt"], detail["tag"]) == ("a grey knight in T-pose", "RIG")
    visitor.close()


def cut_off_answers(page: Page) -> threading.Event:
    """Let a switch decide whether the page hears what the server tells it; it is set again when that server has died.

    All passes while Playwright waits: the last words of a server may come long after its death.
    """
    hears = threading.Event()
    hears.set()

    def between(tab: WebSocketRoute) -> None:
        server = tab.connect_to_server()
        server.on_message(lambda told: tab.send(told) if hears.is_set() else None)

        def end(_code: int | None, _reason: str | None) -> None:
            hears.set()
            tab.close()

        server.on_close(end)

    page.route_web_socket(re.compile("/_stcore/stream"), between)
    return hears


def assets_of(api: httpx.Client, project_id: str) -> list[dict[str, Any]]:
    return api.get(f"/api/assets?projectId={project_id}").json()["assets"]


def _task_of(api: httpx.Client, asset_id: str) -> str:
    (task,) = api.get(f"/api/assets/{FIRST_PROJECT}/{asset_id}").json()["tasks"]
    return str(task["status"])
