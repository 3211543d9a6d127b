"""What happened to an asset, line by line, the newest first."""

from __future__ import annotations

import streamlit as st

from core.lifecycle import TaskStatus
from core.schemas import AssetDetail, EventView
from dashboard import backend
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_html, one_line
from dashboard.components.state_badge import TASKS
from dashboard.components.step_words import step_title

_OURS = {"poller": "the poller", "api": "the HTTP API", backend.NOBODY: "the page"}


def show_history(asset: AssetDetail) -> None:
    """Show the history as a table."""
    rows = "".join(_row(event) for event in reversed(asset.events))
    st.html(f"<table>{rows}</table>")


def who(actor: str) -> str:
    """Name who acted; a name that a person gave is nobody's word but their own."""
    return _OURS.get(actor) or f"{one_line(actor, 80)} (unverified)"


def _row(event: EventView) -> str:
    cells = (
        ago_html(event.at),
        as_html(step_title(event.kind, event.preset)),
        as_html(_what(event)),
        as_html(who(event.actor)),
    )
    return "<tr>" + "".join(f'<td dir="auto">{cell}</td>' for cell in cells) + "</tr>"


def _what(event: EventView) -> str:
    state = TASKS[TaskStatus(event.to_status)].word if event.to_status else ""
    return ". ".join(part for part in (state, event.message) if part)
