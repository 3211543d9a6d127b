"""What a person does and sees in the lab, in the words of the tests."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page

PATIENCE_MS = 60_000  # software rendering compiles shaders slowly
RUN = re.compile(r"^run \d+$")
RUN_AFTER = """(before) => [...document.querySelectorAll('[data-testid="stText"]')]
  .some((said) => Number(/^run (\\d+)$/.exec(said.innerText.trim())?.[1]) > before)"""
# What moves by itself moves so far in each frame, however long a frame takes here.
FRAMES = """async (count) => {
  for (; count > 0; count--) await new Promise(requestAnimationFrame);
}"""

# Counts the WebGL contexts that the page ever got, and keeps none of them alive.
COUNT_CONTEXTS = """
window.contexts = [];
window.living = () => contexts.filter((known) => known.deref() && !known.deref().isContextLost()).length;
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const context = given.call(this, kind, ...rest);
  const isKnown = contexts.some((known) => known.deref() === context);
  if (kind.startsWith("webgl") && context && !isKnown) contexts.push(new WeakRef(context));
  return context;
};
"""


class Lab:
    """A browser tab on the lab's page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.page.set_default_timeout(PATIENCE_MS)
        self.address = address
        self.requests: list[str] = []
        self.console: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    def open(self, question: str) -> None:
        """Open the page that the question (the part behind the `?`) asks for.

        What the tab remembers may start a second run before anyone has seen the first.
        """
        self.page.goto(f"{self.address}/?{question}")
        self.page.get_by_text(RUN).wait_for()

    def viewer(self, model: str) -> Viewer:
        """Open the viewer with a model (or several, with commas) and wait until it is ready or has failed."""
        self.open(f"model={model}")
        return Viewer(self.page).settled()

    def rerun(self) -> None:
        """Press the button that only reruns the script, and wait until the run is over."""
        before = int(self.page.get_by_text(RUN).inner_text().split()[1])
        self.page.get_by_role("button", name="Rerun").click()
        self.page.wait_for_function(RUN_AFTER, arg=before)
        self.at_rest()

    def switch(self, label: str) -> None:
        """Flip one of the page's toggles and wait until the run is over."""
        self.page.get_by_test_id("stCheckbox").filter(has_text=label).locator("label").click()
        self.at_rest()

    def at_rest(self) -> None:
        """Wait until no script runs."""
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()

    def asked_for(self, folder: str) -> list[str]:
        """The paths below a folder that were requested so far."""
        return [path for path in (urlsplit(url).path for url in self.requests) if path.startswith(folder)]


class Viewer:
    """The 3D viewer on the page."""

    def __init__(self, page: Page, at: int = 0) -> None:
        self.page = page
        self.root = page.get_by_test_id("model-viewer").nth(at)

    def settled(self) -> Viewer:
        """Wait until the model is shown, or the reason why it is not."""
        self.root.wait_for(timeout=PATIENCE_MS)
        self.root.and_(self.page.locator('[data-state="ready"], [data-state="failed"]')).wait_for(
            timeout=PATIENCE_MS
        )
        return self

    def state(self, name: str) -> str | None:
        """One of the viewer's `data-` attributes."""
        return self.root.get_attribute(f"data-{name}")

    def seconds(self) -> float:
        """Where the clip stands."""
        return float(self.state("time") or 0)

    def wait_until(self, script: str, argument: object = None) -> None:
        """Wait until a script over the viewer's `data-` attributes (`d`) and an argument (`a`) is true."""
        found = self.root.element_handle()
        self.page.wait_for_function(
            f"([root, a]) => {{ const d = root.dataset; return {script}; }}",
            arg=[found, argument],
            timeout=PATIENCE_MS,
        )

    def button(self, name: str) -> Locator:
        """A button of the control bar."""
        return self.root.get_by_role("button", name=name, exact=True)

    def picture(self) -> Image.Image:
        """The middle of the canvas, without the bar and the line of facts."""
        whole = Image.open(io.BytesIO(self.root.screenshot())).convert("RGB")
        wide, high = whole.size
        return whole.crop((wide // 8, high // 8, wide * 7 // 8, high * 4 // 5))

    def wait_for_picture(self, wanted: Callable[[Image.Image], bool]) -> Image.Image:
        """Look again and again, until the picture is as wanted."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not wanted(picture := self.picture()):
            assert time.monotonic() < deadline, "the picture never became as wanted"
            self.let_pass(frames=6)
        return picture

    def let_pass(self, *, frames: int) -> None:
        """Wait until so many frames were drawn, which takes longer where the machine is busy."""
        self.page.evaluate(FRAMES, frames)

    def settled_picture(self) -> Image.Image:
        """The picture once the camera has come to rest."""
        last = self.picture()

        def rests(picture: Image.Image) -> bool:
            nonlocal last
            last, before = picture, last
            return colours(picture) > 20 and not differ(before, picture, by_more_than=2)

        self.let_pass(frames=6)
        return self.wait_for_picture(rests)


def colours(picture: Image.Image) -> int:
    """How many colours there are, after joining those that nobody could tell apart."""
    return len(picture.quantize(256).convert("RGB").getcolors(1024) or [])


def differ(one: Image.Image, other: Image.Image, *, by_more_than: int = 24) -> bool:
    """Whether any part of two pictures clearly differs."""
    bounds = (
        ImageChops.difference(one, other)
        .convert("L")
        .point(lambda v: 255 if v > by_more_than else 0)
        .getbbox()
    )
    return bounds is not None
