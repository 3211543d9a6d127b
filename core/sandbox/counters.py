"""What was asked of the sandbox since it started, so that a test can prove what a client did not do."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

_WINDOW_SECONDS = 60.0


@dataclass
class Counters:
    """Counts of requests; accepted creates are counted from the tasks themselves, which outlive a restart."""

    requests: Counter[str] = field(default_factory=Counter)
    creates: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    reads_single: int = 0
    reads_batch: int = 0
    reads_usage: int = 0
    ids_per_batch: list[int] = field(default_factory=list)
    told_final: Counter[str] = field(default_factory=Counter)  # how often each task was read as ended
    downloads: Counter[str] = field(default_factory=Counter)
    key_leaks: int = 0
    webhooks: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """The counts by name."""
        return {
            "requests_by_status": dict(self.requests),
            "creates": dict(self.creates),
            "refusals": dict(self.refusals),
            "reads": {
                "single": self.reads_single,
                "batch": self.reads_batch,
                "ids_per_batch": self.ids_per_batch,
                "after_the_end": self.told_final.total() - len(self.told_final),
            },
            "history_reads": self.reads_usage,
            "downloads": dict(self.downloads),
            "key_leaks": self.key_leaks,
            "webhooks": dict(self.webhooks),
        }


class RequestRate:
    """Requests of each key within the last minute."""

    def __init__(self, per_minute: int) -> None:
        self.limit = per_minute
        self._times: dict[str, deque[float]] = {}

    def take(self, owner: str) -> int:
        """Count one request; how many are left of the minute, negative when there were too many."""
        times = self._times.setdefault(owner, deque())
        now = time.monotonic()
        while times and times[0] <= now - _WINDOW_SECONDS:
            times.popleft()
        left = self.limit - len(times) - 1
        if left >= 0:
            times.append(now)
        return left

    def seconds_until_next(self, owner: str) -> float:
        """Seconds until the oldest of the counted requests is a minute old."""
        times = self._times.get(owner)
        return max(0.0, times[0] + _WINDOW_SECONDS - time.monotonic()) if times else 0.0
