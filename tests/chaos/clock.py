"""A history's own time: it passes only when the history says so, for the product and its sandbox alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FIRST_MOMENT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Clock:
    """True time, which the provider keeps."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def now(self) -> datetime:
        return FIRST_MOMENT + self.passed

    def seconds(self) -> float:
        """Unix seconds, as the sandbox counts them."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        self.passed += timedelta(seconds=seconds)


class Watch:
    """What one process believes the time to be: it may be wrong, and be set at any moment."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.wrong_by = timedelta()

    def now(self) -> datetime:
        return self._clock.now() + self.wrong_by
