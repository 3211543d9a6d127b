"""A person at a browser tab on the product's pages; what the tab asks for and complains of is noted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.dashboard.component_lab.driver import Viewer

PATIENCE_MS = 90_000
ANSWER_MS = 10_000  # of a page that is alive
# Streamlit looks for its base path below the page's own first, and finds it one level up.
_LOOKS_FOR_BASE_PATH = re.compile(r"/\w+/_stcore/(health|host-config)$")
# The page is dark when its text is lighter than its ground.
WEARS = """(scheme) => {
  const app = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  return (light(app.color) > light(app.backgroundColor)) === (scheme === "dark");
}"""


class Visitor:
    """One tab, in one colour scheme and size."""

    def __init__(self, browser: Browser, address: str, *, scheme: str = "light", width: int = 1280) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id="Europe/Berlin",
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.address = address
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("console", self._hear)

    def close(self) -> None:
        self._context.close()

    def open(self, path: str = "") -> None:
        """Open a page by its address."""
        self.page.goto(f"{self.address}/{path}")
        self.at_rest()

    def at_rest(self) -> None:
        """Wait until the page has been drawn and no script runs."""
        self.page.get_by_test_id("stMain").get_by_role("heading").first.wait_for()
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()

    def wear(self, scheme: Literal["light", "dark"]) -> None:
        """Change the browser's colour scheme, and wait until the page has followed."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function(WEARS, arg=scheme)

    def says(self, text: str) -> Locator:
        """Wait until the page says this; if it never does, the failure tells what it says instead."""
        found = self.page.get_by_text(text).first
        try:
            found.wait_for()
        except PlaywrightTimeout:
            raise AssertionError(f"the page never says {text!r}, but: {self._told()}") from None
        return found

    def _told(self) -> str:
        try:
            return self.page.locator("body").inner_text(timeout=ANSWER_MS)
        except PlaywrightTimeout:
            return (
                f"nothing within {ANSWER_MS / 1000:.0f} s at {self.page.url}; complaints: {self.complaints}"
            )

    def press(self, name: str, *, brings: Locator) -> None:
        """Press a button until something comes of it, as people do where a passing note asks to try again."""
        button = self.page.get_by_role("button", name=name)
        button.click()
        for _ in range(4):
            try:
                brings.wait_for(timeout=PATIENCE_MS / 4)
                return
            except PlaywrightTimeout:
                if button.is_visible():
                    button.click(no_wait_after=True)
        brings.wait_for()

    def viewer(self) -> Viewer:
        """The 3D viewer, once it has settled."""
        return Viewer(self.page).settled()

    def photograph(self, file: Path) -> None:
        """Take a picture of the whole page."""
        size = self.page.viewport_size or {"width": 1280, "height": 900}
        high = self.page.get_by_test_id("stMain").evaluate("e => e.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": min(max(high, 700), 4000)})
        self.page.wait_for_timeout(600)  # for pictures that load when they come into view
        self.page.screenshot(path=file)
        self.page.set_viewport_size(size)

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.outside.append(url)

    def _hear(self, message) -> None:
        if message.type == "error" and not _LOOKS_FOR_BASE_PATH.search(message.location.get("url", "")):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")
