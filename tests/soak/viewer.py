"""A person leaves the viewer and returns fifty times: neither the browser's memory nor its WebGL contexts run out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import CDPSession, sync_playwright

from tests.conftest import CHROMIUM_FLAGS
from tests.dashboard.component_lab.driver import COUNT_CONTEXTS, Lab
from tests.dashboard.conftest import running_lab
from tests.install_browser import find_browser

ROUNDS: Final = 50
WARM_UP: Final = 5  # what a browser keeps once for all is there after these
MOST_GROWTH: Final = 1.10


def run() -> int:
    """Run it, print its figures, and return 0 when all of it held."""
    program = find_browser()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder) / "lab.log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        page = browser.new_context(viewport={"width": 800, "height": 850}).new_page()
        page.add_init_script(COUNT_CONTEXTS)
        lab, devtools = Lab(page, address), page.context.new_cdp_session(page)
        heaps = _leave_and_return(lab, devtools)
        living = page.evaluate("living()")
        complaints = [line for line in lab.console if "Too many active WebGL contexts" in line]
        browser.close()
    growth = heaps[-1] / heaps[WARM_UP]
    print(
        f"  {ROUNDS} returns: heap {heaps[WARM_UP] / 1e6:.1f} MB after {WARM_UP}, {heaps[-1] / 1e6:.1f} MB at the end"
    )
    print(f"  living WebGL contexts: {living}; complaints of the browser: {len(complaints)}")
    return 0 if growth <= MOST_GROWTH and living == 1 and not complaints else 1


def _leave_and_return(lab: Lab, devtools: CDPSession) -> list[float]:
    """Return the heap's bytes after a forced collection, at first and after each return."""
    devtools.send("Performance.enable")
    viewer = lab.viewer("two-clips")
    heaps = [_heap(devtools)]
    for _ in range(ROUNDS):
        lab.switch("Shown")
        viewer.root.wait_for(state="detached")
        lab.switch("Shown")
        assert viewer.settled().state("state") == "ready"
        heaps.append(_heap(devtools))
    return heaps


def _heap(devtools: CDPSession) -> float:
    devtools.send("HeapProfiler.collectGarbage")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize"))
