"""Fifteen minutes of twenty people who watch the live list of assets: its refreshes keep coming, its memory is flat."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from tests.bench import dashboards
from tests.bench.lists import filled
from tests.bench.twenty_viewers import VIEWERS, watch_all
from tests.bench.viewers import Viewer

MINUTES = float(os.environ.get("SOAK_MINUTES", "15"))
LOOKS = 5
MOST_GROWTH = 1.10  # from the end of the first look to the end of the last
LEAST_KEPT = 0.8


def run() -> int:
    """Watch, look at the memory in between, and say whether it held."""
    with tempfile.TemporaryDirectory() as folder:
        url = filled(f"sqlite:///{folder}/list.db", Path(folder), 1_000)
        with dashboards.running(url, Path(folder)) as dashboard:
            viewers = [Viewer(dashboard.address, "assets", {}) for _ in range(VIEWERS)]
            memory = asyncio.run(_watched(dashboard, viewers))
    kept = sum(len(v.refreshes) for v in viewers) / sum(v.due(MINUTES * 60) for v in viewers)
    growth = memory[-1] / memory[0]
    print(f"memory {', '.join(f'{each:.0f}' for each in memory)} MB: {growth:.3f} (at most {MOST_GROWTH:g})")
    print(f"{kept:.0%} of the refreshes that were due came (at least {LEAST_KEPT:.0%})")
    return 0 if growth <= MOST_GROWTH and kept >= LEAST_KEPT else 1


async def _watched(dashboard: dashboards.Dashboard, viewers: list[Viewer]) -> list[float]:
    """Have all of them watch to the end, each in one tab: one that is left is kept a while, for its return."""
    watching = asyncio.ensure_future(watch_all(viewers, MINUTES * 60))
    memory = []
    for _ in range(LOOKS):
        await asyncio.sleep(MINUTES * 60 / (LOOKS + 1))
        memory.append(dashboard.memory_mb())
    await watching
    return memory
