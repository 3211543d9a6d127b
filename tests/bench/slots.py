"""How full the provider's places are kept while orders wait, for limits of 10, 5 and 1.

Measured as the share of place-seconds used in the generation pool, from the first create to the last, over tasks of
24 to 40 seconds; the anchor is the possible: every place taken all that time.
"""

from __future__ import annotations

import time

from sqlalchemy import select

from core.lifecycle import FINAL
from core.models import Task
from tests.bench.product import Product, running

SPEED = 2.5
ORDERS = {10: 40, 5: 20, 1: 4}
LIMIT_SECONDS = 400


def run() -> None:
    """Measure, and print a line for each limit."""
    print("places in use while orders wait (generation pool, wanted: >= 0.95 of the possible)")
    for limit, orders in ORDERS.items():
        with running(speed=SPEED, SANDBOX_LIMITS=f'{{"h_series": {limit}}}') as product:
            for n in range(orders):
                product.core.desk.generate(
                    project_id="first-project", asset_id=f"crate-{n}", prompt=f"crate {n}"
                )
            _wait(product)
            theirs = product.sandbox("tasks")["tasks"]
            refused = product.sandbox("stats")["refusals"].get("no_slot", 0)
            print(f"  limit {limit}: {_share_used(theirs, limit):.3f} of the possible; {refused} refusals")


def _share_used(theirs: list[dict], limit: int) -> float:
    begin = min(task["created_at"] for task in theirs)
    end = max(task["created_at"] for task in theirs)
    used = sum(max(min(task["ended_at"], end) - task["created_at"], 0) for task in theirs)
    return used / (limit * (end - begin))


def _wait(product: Product) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        with product.core.database.reading() as session:
            left = session.scalars(select(Task.id).where(Task.status.not_in(list(FINAL)))).all()
        if not left:
            return
        time.sleep(0.5)
    print(f"NOT ALL ENDED within {LIMIT_SECONDS} s: {len(left)} are still open")
