"""What happened to an asset, line by line, the newest first."""

from __future__ import annotations

import re

from core.lifecycle import TaskStatus
from core.schemas import AssetDetail, EventView
from dashboard import backend
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_html, one_line
from dashboard.components.state_badge import TASKS
from dashboard.components.step_words import step_title
from dashboard.components.tables import show_rows

_OURS = {"poller": "the poller", "api": "the HTTP API", backend.NOBODY: "the page"}
_PROCESS = re.compile(r"(poller|dashboard)-.*-[0-9a-f]{8}")  # how a process of ours calls itself


def show_history(asset: AssetDetail) -> None:
    """Show the newest lines of the history."""
    show_rows([_row(event) for event in reversed(asset.events)], "History")


def who(actor: str) -> str:
    """Name who acted; a name that a person gave is nobody's word but their own."""
    process = _PROCESS.fullmatch(actor)
    return _OURS.get(process[1] if process else actor) or f"{one_line(actor, 80)} (unverified)"


def _row(event: EventView) -> tuple[str, ...]:
    what = f"{step_title(event.kind, event.preset)}: {_what(event)}"
    return ago_html(event.at), as_html(what), as_html(who(event.actor))


def _what(event: EventView) -> str:
    state = TASKS[TaskStatus(event.to_status)].word.lower() if event.to_status else ""
    return ". ".join(part for part in (state, event.message) if part)
