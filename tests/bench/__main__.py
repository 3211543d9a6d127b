"""`make bench`: measures the product against the local sandbox and prints ratios. Nothing here asserts a time."""

from __future__ import annotations

from tests.bench import (
    fifty_assets,
    forecasts,
    lists,
    plan_forecasts,
    plans,
    polls,
    queues,
    slots,
    through,
    ticks,
    twenty_viewers,
)

if __name__ == "__main__":
    fifty_assets.run()
    slots.run()
    plans.run()
    plan_forecasts.run()
    forecasts.run()
    ticks.run()
    polls.run()
    through.run()
    queues.run()
    lists.run()
    twenty_viewers.run()
