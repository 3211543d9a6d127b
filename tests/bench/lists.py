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
from tests.conftest import CHROMIUM_FLAGS, fresh_database, postgres_server, settings_in
from tests.install_browser import find_browser

FEW = 1_000
MANY = int(os.environ.get("BENCH_ASSETS", "100000"))
MOST = 1.5
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
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
Times = Mapping[str, tuple[float, float]]  # seconds and bytes, by page


def run() -> None:
    """Measure both databases, and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", Path(folder), [f"sqlite:///{folder}/{name}.db" for name in ("few", "many")])
    with contextlib.contextmanager(postgres_server.__wrapped__)() as server, contextlib.ExitStack() as stack:
        urls = [stack.enter_context(fresh_database(server)) for _ in range(2)]
        with tempfile.TemporaryDirectory() as folder:
            _measure("PostgreSQL", Path(folder), urls)


def _measure(name: str, folder: Path, urls: list[str]) -> None:
    for url, count in zip(urls, (FEW, MANY), strict=True):
        _fill(url, folder, count)
    with contextlib.ExitStack() as stack:
        few, many = (stack.enter_context(dashboards.running(url, folder)).address for url in urls)
        served = _alternating(few, many)
        shown = [_first_rows(address) for address in (few, many)]
    print(f"  {name}, {MANY:,} against {FEW:,} assets (targets at most {MOST:g})")
    for page in PAGES:
        (few_s, few_b), (many_s, many_b) = (each[page] for each in served)
        print(
            f"    {page:20} {many_s * 1000:6.0f} ms / {few_s * 1000:6.0f} ms = {many_s / few_s:.2f};"
            f" {many_b / 1000:6.1f} kB / {few_b / 1000:6.1f} kB = {many_b / few_b:.2f}"
        )
    print(f"    first rows in a browser: {shown[1]:.2f} s / {shown[0]:.2f} s = {shown[1] / shown[0]:.2f}")


def _fill(url: str, folder: Path, count: int) -> None:
    core = connect(settings_in(folder, database_url=url), "bench")
    core.database.migrate()
    with core.database.transaction() as session:
        ensure_first_project(session)
    fill(core, count)
    core.close()


def _alternating(few: str, many: str) -> tuple[Times, Times]:
    """Load each page of both in turn, so that what else the machine does befalls both alike."""
    found: tuple[dict[str, tuple[float, float]], ...] = ({}, {})
    for page, (path, query) in PAGES.items():
        viewers = [Viewer(address, path, query) for address in (few, many)]
        for _ in range(ROUNDS):
            for viewer in viewers:
                asyncio.run(viewer.load(1))
            time.sleep(PAUSE_SECONDS)
        for viewer, times in zip(viewers, found, strict=True):
            loads = viewer.loads[2:]  # the first ones import and prepare
            times[page] = (median([each.seconds for each in loads]), median([each.bytes for each in loads]))
    return found[0], found[1]


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
