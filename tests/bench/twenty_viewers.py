"""Twenty people watch the live list of assets: our settings against Streamlit's default ones, in one run."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from tests.bench import dashboards
from tests.bench.lists import filled
from tests.bench.viewers import Viewer, median

ASSETS = 1_000
VIEWERS = 20
SECONDS = float(os.environ.get("BENCH_SECONDS", "40"))
MOST_CPU, MOST_REFRESH = 1 / 3, 1 / 10
OURS, DEFAULT = "dashboard", "tests.bench.default_dashboard"


def run() -> None:
    """Measure both, and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        url = filled(f"sqlite:///{folder}/list.db", Path(folder), ASSETS)
        ours, default = (_watched(url, Path(folder), module) for module in (OURS, DEFAULT))
    for name, (cpu, refresh, kept) in {"ours": ours, "Streamlit's default": default}.items():
        print(
            f"  {name}: {cpu:.0%} of a core, refresh {refresh * 1000:.0f} ms, {kept:.0%} of the refreshes due"
        )
    print(
        f"  {VIEWERS} viewers: CPU {ours[0] / default[0]:.2f} of the default's (target at most {MOST_CPU:.2f}), refresh "
        f"{ours[1] / default[1]:.3f} (target at most {MOST_REFRESH:.2f})"
    )


def _watched(url: str, folder: Path, module: str) -> tuple[float, float, float]:
    """Share of a core, median seconds of a refresh, and the share of refreshes that came when they were due."""
    with dashboards.running(url, folder, module=module) as dashboard:
        asyncio.run(Viewer(dashboard.address, "assets", {}).load(3))
        viewers = [Viewer(dashboard.address, "assets", {}) for _ in range(VIEWERS)]
        before = dashboard.cpu_seconds()
        asyncio.run(watch_all(viewers, SECONDS))
        cpu = (dashboard.cpu_seconds() - before) / SECONDS
    refreshes = [each.seconds for viewer in viewers for each in viewer.refreshes]
    return cpu, median(refreshes), len(refreshes) / sum(viewer.due(SECONDS) for viewer in viewers)


async def watch_all(viewers: list[Viewer], seconds: float) -> None:
    """Have all of them open the page, one shortly after the other, and keep it open for so long."""

    async def begin(number: int, viewer: Viewer) -> None:
        await asyncio.sleep(number * 0.1)
        await viewer.watch(seconds - number * 0.1)

    await asyncio.gather(*(begin(number, viewer) for number, viewer in enumerate(viewers)))


if __name__ == "__main__":
    run()
