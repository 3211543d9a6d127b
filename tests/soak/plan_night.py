"""A plan of 200 assets overnight: a real poller, faults of many kinds, places for ten, and nobody watching.

Sandbox time is scaled so that a model takes 16 to 26 seconds. It holds when every task has ended, is unknown or waits
behind one that is, each failure has its sentence, the provider's places were taken while orders waited, and the
forecast that the plan had when it was applied held the real end.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import httpx
from sqlalchemy import select

from core.lifecycle import FINAL, Hold, TaskStatus
from core.models import Task
from core.plans.plan import PlanRow
from core.plans.progress import PlanForecast
from core.plans.writing import write_plan
from core.projects import FIRST_PROJECT
from tests.bench.product import Product, running

SPEED: Final = 4.0
ASSETS: Final = 200
PLACES: Final = 10
LEAST_USED: Final = 0.95
WIDEST: Final = 0.2  # of the time that is left, to each side
LIMIT_SECONDS: Final = 720
CALM_SECONDS: Final = 12.0  # nothing has moved for so long: what is unknown by now stays so

# One in twenty of the creates, of the endings, of the rig checks, of the reads and of the files goes wrong.
FAULTS: Final[dict[str, Any]] = {
    "create_lost_reply": {"share": 0.02},
    "create_500_without_task": {"share": 0.01},
    "create_502_html": {"share": 0.01},
    "rate_limited_1007": {"share": 0.01, "on": "create", "retry_after": 1},
    "end_failed": {"share": 0.02},
    "end_banned": {"share": 0.01},
    "success_without_output": {"share": 0.01},
    "null_output": {"share": 0.01},
    "not_riggable": {"share": 0.05},
    "read_500": {"share": 0.05},
    "link_dead": {"share": 0.02, "count": 1},
    "file_cut": {"share": 0.02, "count": 1},
    "file_html": {"share": 0.01, "count": 1},
}


def run() -> int:
    """Run the night, print its figures, and return 0 when all of it held."""
    print(f"{ASSETS} assets, static, rigged and animated; sandbox at {SPEED:g}x, places for {PLACES}")
    limits = f'{{"h_series": {PLACES}, "animation": {PLACES}}}'
    with running(speed=SPEED, SANDBOX_LIMITS=limits) as product:
        faults = httpx.post(f"{product.sandbox_url}/sandbox/faults", json=FAULTS, timeout=30)
        faults.raise_for_status()
        content = write_plan(plan_rows(ASSETS), "json")
        outcome = product.core.plans.apply(
            project_id=FIRST_PROJECT, filename="night.json", content=content, actor="night"
        )
        plan_id = outcome.preview.plan_id
        assert plan_id is not None
        forecast = product.core.plans.progress(plan_id).forecast
        _wait(product)
        return 1 if _report(product, forecast) else 0


def plan_rows(assets: int) -> list[PlanRow]:
    """Write a plan's rows: of ten, six are static, two are rigged, two are animated, with one preset and with two."""
    kinds: Sequence[tuple[str, tuple[str, ...]]] = (
        ("STATIC", ()),
        ("RIG", ()),
        ("STATIC", ()),
        ("RIG", ("preset:walk",)),
        ("STATIC", ()),
        ("STATIC", ()),
        ("RIG", ()),
        ("STATIC", ()),
        ("RIG", ("preset:idle", "preset:walk")),
        ("STATIC", ()),
    )
    return [
        PlanRow(
            line=n + 1,
            name=f"Figure {n}" if tag == "RIG" else f"Thing {n}",
            category=f"Group {n % 8}",
            tag=tag,
            description=f"a low poly farmer, the {n}th, in T-pose" if tag == "RIG" else f"a crate, the {n}th",
            animations=animations,
        )
        for n, (tag, animations) in ((n, kinds[n % len(kinds)]) for n in range(assets))
    ]


# --- the night -----------------------------------------------------------------------------------------------


def _wait(product: Product) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    calm_since: float | None = None
    while time.monotonic() < deadline:
        time.sleep(3)
        rows = _tasks(product)
        if _moving(rows):
            calm_since = None
        elif calm_since is None:
            calm_since = time.monotonic()
        elif time.monotonic() - calm_since > CALM_SECONDS:
            return


def _tasks(product: Product) -> Sequence[Task]:
    with product.core.database.reading() as session:
        return session.scalars(select(Task)).all()


def _moving(rows: Sequence[Task]) -> list[Task]:
    """List what neither has ended nor is unknown, nor waits behind what is unknown or went wrong."""
    stuck = {row.asset_pk for row in rows if row.status is TaskStatus.UNKNOWN}
    return [row for row in rows if row.status not in FINAL and not _rests(row, stuck)]


def _rests(row: Task, stuck: set[str]) -> bool:
    if row.status is TaskStatus.WAITING:
        return row.hold is Hold.FAILED_STEP or row.asset_pk in stuck
    return row.status is TaskStatus.UNKNOWN


# --- what came of it -----------------------------------------------------------------------------------------


def _report(product: Product, forecast: PlanForecast | None) -> bool:
    """Print the figures; true when something did not hold."""
    rows = _tasks(product)
    theirs = product.sandbox("tasks")["tasks"]
    stats = product.sandbox("stats")
    print("  tasks: " + _counted(str(row.status) for row in rows))
    print("  failures: " + _counted(row.error_code or "WITHOUT A REASON" for row in _failed(rows)))
    print("  faults that struck: " + ", ".join(f"{n} {w}" for w, n in sorted(stats["faults_struck"].items())))
    print(
        f"  creates at the provider {len(theirs)}, refused for want of a place "
        f"{stats['refusals'].get('no_slot', 0)}"
    )
    misses = [
        _missed("open and not moving by themselves", len(_moving(rows)), 0),
        _missed("failed without a sentence", sum(not row.error_message for row in _failed(rows)), 0),
        _missed("creates beyond our attempts", max(len(theirs) - len(rows), 0), 0),
        _places("generation, while models wait", _share_used(_generated(theirs)), LEAST_USED),
        _foretold(rows, forecast),
    ]
    print(f"  seconds that a freed place stayed empty: {_empty_seconds(_generated(theirs)):.2f}")
    _places("animation, all of it", _share_used([t for t in theirs if t["pool"] == "animation"]), 0.0)
    return any(misses)


def _failed(rows: Sequence[Task]) -> list[Task]:
    return [row for row in rows if row.status is TaskStatus.FAILED]


def _generated(theirs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [task for task in theirs if task["type"] == "text_to_model"]


def _share_used(theirs: Sequence[dict[str, Any]]) -> float:
    """Share of the place-seconds used, from the first create until fewer orders than places are left to send."""
    begin = min(task["created_at"] for task in theirs)
    end = sorted(task["created_at"] for task in theirs)[-PLACES]
    used = sum(
        max(min(task["ended_at"] or end, end) - task["created_at"], 0)
        for task in theirs
        if task["created_at"] < end
    )
    return float(used / (PLACES * (end - begin)))


def _foretold(rows: Sequence[Task], forecast: PlanForecast | None) -> bool:
    if forecast is None:
        print("  MISSED: there was no forecast")
        return True
    took = (_end(rows) - forecast.as_of).total_seconds()
    low, high = forecast.seconds_low, forecast.seconds_high
    middle = (low + high) / 2
    holds = low <= took <= high and high - low <= 2 * WIDEST * middle + 2
    print(
        f"  forecast {low} to {high} s (+-{(high - low) / 2 / middle:.0%}); the end came after {took:.0f} s"
        + ("" if holds else "  MISSED")
    )
    return not holds


def _end(rows: Sequence[Task]) -> datetime:
    return max(row.finished_at for row in rows if row.finished_at is not None)


def _empty_seconds(theirs: Sequence[dict[str, Any]]) -> float:
    """Say for how long a place stayed empty after each end, on average, while orders waited."""
    creates = sorted(task["created_at"] for task in theirs)
    gone = creates[-PLACES] - creates[0]
    return (1 - _share_used(theirs)) * gone * PLACES / max(len(creates) - 2 * PLACES, 1)


def _places(what: str, share: float, least: float) -> bool:
    print(
        f"  places used, {what}: {share:.3f}" + ("" if share >= least else f"  MISSED (at least {least:g})")
    )
    return share < least


def _missed(what: str, count: int, most: int) -> bool:
    print(f"  {what}: {count}" + ("" if count <= most else "  MISSED"))
    return count > most


def _counted(words: Any) -> str:
    return ", ".join(f"{count} {word}" for word, count in Counter(words).most_common()) or "none"


if __name__ == "__main__":
    raise SystemExit(run())
