"""One message for all that is to be told: short, plain, the same for every service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.alerts.causes import Cause
from core.logs import redact
from core.models import Alert

MOST_LINES: Final = 10  # of each alert


def digest(mail: Sequence[Alert], pages: str) -> tuple[str, str]:
    """Write the title and the text of one message; `pages` is where the dashboard is."""
    titles = list(dict.fromkeys(Cause(alert.cause).headline for alert in mail))
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    parts = [_part(alert) for alert in mail]
    return f"Hatchery: {titles[0]}{more}", "\n\n".join([*parts, f"Look at {pages}"])


def lines_of(alert: Alert) -> list[str]:
    """Write what an alert says, line by line."""
    lines = [redact(str(line)) for line in list(alert.lines.values())[:MOST_LINES]]
    left = len(alert.lines) - len(lines)
    return [*lines, f"… and {left} more."] if left > 0 else lines


def _part(alert: Alert) -> str:
    head = f"{Cause(alert.cause).headline} ({alert.found_at:%Y-%m-%d %H:%M} UTC)"
    return "\n".join([head, *(f"- {line}" for line in lines_of(alert))])
