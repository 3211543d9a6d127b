"""From one prompt to a walking knight, in a real browser, with the product started as anyone starts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.core.started_process import wait_until
from tests.dashboard.component_lab.driver import Viewer, colours, differ
from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import PATIENCE_MS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WALKING_KNIGHT = {
    "projectId": "first-project",
    "assetId": "knight",
    "name": "Knight",
    "prompt": "a low poly knight in T-pose",
    "shouldRig": True,
    "animations": ["preset:idle", "preset:walk"],
}


@pytest.fixture
def empty_product(tmp_path: Path) -> Iterator[StartedProduct]:
    """A product in which nothing was ordered yet."""
    with started_product(tmp_path) as product:
        yield product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedProduct]:
    """A product with one finished, walking knight."""
    with started_product(tmp_path_factory.mktemp("product")) as product:
        ordered = product.api.post("/api/generate-3d", json=WALKING_KNIGHT)
        assert ordered.status_code == 202, ordered.text
        assert wait_until(lambda: knight_in(product)["status"] == "complete"), product.process.output
        yield product


def knight_in(product: StartedProduct) -> dict[str, Any]:
    return product.api.get("/api/assets/first-project/knight").json()


@pytest.fixture
def visitor(browser: Browser, product: StartedProduct) -> Iterator[Visitor]:
    visitor = Visitor(browser, product.address)
    yield visitor
    visitor.close()


def test_a_prompt_becomes_a_walking_knight(browser: Browser, empty_product: StartedProduct) -> None:
    sandbox = empty_product.sandbox
    sandbox.post("/sandbox/faults", json={"slow_queue_seconds": {"count": 1, "seconds": 10**6}})
    visitor = Visitor(browser, empty_product.address)
    page = visitor.page
    visitor.open()
    page.get_by_role("link", name="Write my own").click()  # there is nothing yet
    expect(page).to_have_url(re.compile("/submit$"))
    visitor.says("You are working with the local sandbox")

    page.get_by_role("textbox", name="Prompt").fill("a low poly knight in T-pose")
    expect(page.get_by_test_id("prompt-counter")).to_have_text("27 of 1024 characters")
    page.get_by_text("Rig it, so that it can be animated").click()
    page.get_by_role("combobox", name="Animations").click()
    page.get_by_role("option", name="Idle", exact=True).click()
    page.get_by_role("option", name="Walk", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Submit", exact=True).dblclick()

    expect(page).to_have_url(
        re.compile(r"/asset\?project=first-project&asset=a-low-poly-knight"), timeout=PATIENCE_MS
    )
    visitor.says("Animate: walk")
    visitor.says("of all steps")
    (model,) = sandbox.get("/sandbox/tasks").json()[
        "tasks"
    ]  # held until its page was seen to tell of progress
    sandbox.post(
        f"/sandbox/tasks/{model['task_id']}/end"
    ).raise_for_status()  # all that follows without a reload
    expect(page.get_by_role("radio", name="Draft")).to_be_visible(timeout=PATIENCE_MS)
    visitor.says("Complete")
    expect(page.get_by_role("radio", name="Walk")).to_be_checked(timeout=PATIENCE_MS)

    viewer = visitor.viewer()
    viewer.wait_until("d.clip.includes('walk') && d.playing === 'true' && Number(d.joints) > 10")
    walking = viewer.wait_for_picture(lambda picture: colours(picture) > 60)
    viewer.wait_for_picture(lambda picture: differ(walking, picture))

    viewer.button("Pause animation").click()
    viewer.wait_until("d.playing === 'false'")
    viewer.page.mouse.move(5, 5)  # nothing that lights up under the pointer
    at = viewer.seconds()
    standing = viewer.picture()
    page.wait_for_timeout(2500)  # longer than a refresh of the page
    assert viewer.seconds() == at
    assert not differ(standing, viewer.picture())

    page.get_by_role("radio", name="Draft").click()
    viewer.wait_until("d.state === 'ready' && d.joints === '0'")
    expect(page).to_have_url(re.compile("view=generate"))

    stats = sandbox.get("/sandbox/stats").json()
    assert stats["accepted_by_type"]["text_to_model"] == 1  # the double click made one order
    visitor.close()
    assert visitor.outside == []
    assert visitor.complaints == []


def test_the_finished_knight_is_found_again_and_can_be_taken_home(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open()
    visitor.says("Needs you")  # now there is something
    page.get_by_role("link", name="Assets", exact=True).click()

    page.get_by_role("searchbox", name="Search").fill("knight")
    expect(page).to_have_url(re.compile(r"q=knight"))
    page.get_by_test_id("gallery").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/asset\?"))
    visitor.viewer()

    with page.expect_download() as taken:
        page.get_by_role("row", name=re.compile("^Walk(?!, picture)")).get_by_role(
            "link", name="Download"
        ).click()
    assert Path(taken.value.path()).read_bytes()[:4] == b"glTF"
    assert taken.value.suggested_filename.endswith(".glb")

    page.go_back()
    expect(page).to_have_url(re.compile(r"/assets\?q=knight$"))
    assert visitor.outside == []
    assert visitor.complaints == []


def test_what_is_typed_outlives_the_refreshes(visitor: Visitor) -> None:
    visitor.open("submit")
    prompt = visitor.page.get_by_role("textbox", name="Prompt")
    prompt.press_sequentially("a fox that")
    visitor.page.wait_for_timeout(4000)  # more than one refresh of the banners
    prompt.press_sequentially(" waits")

    expect(prompt).to_have_value("a fox that waits")
    expect(visitor.page.get_by_test_id("prompt-counter")).to_have_text("16 of 1024 characters")


def test_names_are_asked_once_and_kept(visitor: Visitor) -> None:
    visitor.open("submit")
    visitor.page.get_by_role("button", name="Who are you?").press("Enter")
    name = visitor.page.get_by_role("textbox", name="Your name")
    expect(name).to_be_focused()
    name.fill("Ada **Lovelace**")
    visitor.page.keyboard.press("Enter")
    sidebar = visitor.page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("Ada **Lovelace**")).to_be_visible()
    visitor.page.wait_for_function("document.cookie.includes('hatchery_person=Ada')")

    visitor.open("health")

    expect(visitor.page.get_by_test_id("stSidebar").get_by_text("Ada **Lovelace**")).to_be_visible()


def test_a_model_is_reviewed_by_keyboard_and_compared_in_step(
    visitor: Visitor, product: StartedProduct
) -> None:
    page = visitor.page
    visitor.open("review")
    visitor.viewer()
    page.keyboard.press("r")
    words = page.get_by_role("textbox", name="Why is it rejected?")
    expect(words).to_be_focused()
    words.press_sequentially("car: no arms")  # letters that are keys elsewhere
    words.press("Enter")
    visitor.says("Nothing waits for a review.")
    assert [(said["verdict"], said["words"]) for said in knight_in(product)["reviews"]] == [
        ("rejected", "car: no arms")
    ]

    before = knight_in(product)
    visitor.open("review?project=first-project&asset=knight")
    visitor.says("Rejected: car: no arms")
    page.get_by_test_id("review-desk").wait_for()
    page.keyboard.press("u")
    visitor.says("taken back")
    page.keyboard.press("a")
    visitor.says("Nothing waits for a review.")
    after = knight_in(product)
    assert after["approval"] == "approved"
    assert (after["status"], after["tasks"]) == (before["status"], before["tasks"])

    draft = next(file for file in after["artifacts"] if (file["kind"], file["role"]) == ("generate", "model"))
    visitor.open(f"asset?project=first-project&asset=knight&compare={draft['artifactId']}")
    left, right = (Viewer(page, at).settled() for at in (0, 1))
    assert (left.state("clip"), right.state("joints")) == ("preset:walk", "0")
    right.root.locator("canvas").focus()
    page.keyboard.press("+")
    left.wait_until("d.view?.endsWith(' 0.85')")
    assert visitor.outside == []
    assert visitor.complaints == []
