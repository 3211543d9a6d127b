"""Times and durations in words; the exact time comes as a tooltip, in the time zone of the reader."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard.components.plain_text import as_html


def now() -> datetime:
    """Tell the time, aware and in UTC."""
    return datetime.now(UTC)


def ago(when: datetime, seen_at: datetime | None = None) -> str:
    """Say how long ago a time was: `just now`, `12 seconds ago`, `3 days ago`."""
    seconds = ((seen_at or now()) - when).total_seconds()
    return "just now" if seconds < 2 else f"{duration(seconds)} ago"


def duration(seconds: float) -> str:
    """Say a length of time in its largest fitting unit, rounded down: `45 seconds`, `2 minutes`, `3 hours`."""
    if seconds < 1:
        return "less than a second"
    whole = int(seconds)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if whole >= size:
            return _counted(whole // size, unit)
    return _counted(whole, "second")


def span(low_seconds: float, high_seconds: float) -> str:
    """Say a range of time: `12 to 18 minutes`, `50 seconds to 2 minutes`."""
    low, high = duration(max(low_seconds, 1)), duration(max(high_seconds, 1))
    if low == high:
        return f"about {low}"
    (number, unit), (_, other) = low.split(" "), high.split(" ")
    return f"{number} to {high}" if unit.rstrip("s") == other.rstrip("s") else f"{low} to {high}"


def exact(when: datetime) -> str:
    """Write a time to the second, with its zone, as the reader's clock shows it."""
    return when.astimezone(ZoneInfo(readers_zone())).strftime("%Y-%m-%d %H:%M:%S %Z")


def clock(when: datetime) -> str:
    """Write the time of day alone."""
    return when.astimezone(ZoneInfo(readers_zone())).strftime("%H:%M:%S")


def ago_html(when: datetime) -> str:
    """Write how long ago a time was as HTML, with the exact time on hover."""
    return f'<time datetime="{when.isoformat()}" title="{as_html(exact(when))}">{ago(when)}</time>'


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def readers_zone() -> str:
    """Name the reader's time zone; UTC when the browser names none that there is."""
    zone = st.context.timezone or "UTC"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
    return zone
