"""The list pages with 100,000 assets against 1,000: server time, bytes sent, first rows in a browser; both databases."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

from core.bootstrap import connect
from core.projects import ensure_first_project
from tests.bench import dashboards
from tests.bench.many_assets import fill
from tests.bench.viewers import Viewer, median
from tests.conftest import CHROMIUM_FLAGS, fresh_database, running_postgres, settings_in
from tests.install_browser import find_browser

FEW = 1_000
MANY = int(os.environ.get("BENCH_ASSETS", "100000"))
MOST = 1.5
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
PREPARING = 2  # loads that import and prepare
PAUSE_SECONDS = (
    1.1  # longer than any reading is kept for several viewers, so that each round asks the database
)
PAGES: Mapping[str, tuple[str, dict[str, str]]] = {
    "Home": ("", {}),
    "Assets": ("assets", {}),
    "Assets, as a table": ("assets", {"view": "Table"}),
    "Assets, failed": ("assets", {"q": "state:failed"}),
    "Assets, a word": ("assets", {"q": "knight"}),
    "Plans": ("plans", {}),
    "Failures": ("failures", {}),
}


def run() -> None:
    """Measure both databases, and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", Path(folder), [f"sqlite:///{folder}/{name}.db" for name in ("few", "many")])
    with running_postgres() as server, contextlib.ExitStack() as stack:
        urls = [stack.enter_context(fresh_database(server)) for _ in range(2)]
        with tempfile.TemporaryDirectory() as folder:
            _measure("PostgreSQL", Path(folder), urls)


def _measure(name: str, folder: Path, urls: list[str]) -> None:
    for url, count in zip(urls, (FEW, MANY), strict=True):
        filled(url, folder, count)
    compare(name, folder, urls)


def compare(name: str, folder: Path, urls: list[str]) -> None:
    """Measure both over databases that are filled already, and print what is known as soon as it is."""
    print(f"  {name}, {MANY:,} against {FEW:,} assets (targets at most {MOST:g})")
    with contextlib.ExitStack() as stack:
        few, many = (stack.enter_context(dashboards.running(url, folder)).address for url in urls)
        for page, (path, query) in PAGES.items():
            _compare_page(page, [Viewer(address, path, query) for address in (few, many)])
        shown = [_first_rows(address) for address in (few, many)]
    print(
        f"    first rows in a browser: {shown[1]:.2f} s / {shown[0]:.2f} s = {shown[1] / shown[0]:.2f}",
        flush=True,
    )


def _compare_page(page: str, viewers: list[Viewer]) -> None:
    """Load a page of both in turn, so that what else the machine does befalls both alike."""
    for _ in range(ROUNDS):
        for viewer in viewers:
            asyncio.run(viewer.load(1))
        time.sleep(PAUSE_SECONDS)
    times, sizes = (
        [median([getattr(load, what) for load in viewer.loads[PREPARING:]]) for viewer in viewers]
        for what in ("seconds", "bytes")
    )
    print(
        f"    {page:20} {times[1] * 1000:6.0f} ms / {times[0] * 1000:6.0f} ms = {times[1] / times[0]:.2f};"
        f" {sizes[1] / 1000:6.1f} kB / {sizes[0] / 1000:6.1f} kB = {sizes[1] / sizes[0]:.2f}",
        flush=True,
    )


def filled(url: str, folder: Path, count: int) -> str:
    """Fill an empty database with so many assets; its address is returned."""
    core = connect(settings_in(folder, database_url=url), "bench")
    core.database.migrate()
    with core.database.transaction() as session:
        ensure_first_project(session)
    fill(core, count)
    core.close()
    return url


def _first_rows(address: str) -> float:
    """How long a browser takes from opening the list to its first card, its files cached."""
    with _browser() as open_page:
        return median([open_page(f"{address}/assets") for _ in range(6)][1:])


@contextlib.contextmanager
def _browser() -> Iterator[Callable[[str], float]]:
    program = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 900})

        def open_page(url: str) -> float:
            page = context.new_page()
            began = time.perf_counter()
            page.goto(url)
            page.locator("[data-testid=gallery] li .title").first.wait_for()
            took = time.perf_counter() - began
            page.close()
            return took

        yield open_page
        browser.close()


if __name__ == "__main__":
    run()
