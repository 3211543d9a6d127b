"""An asset's steps along time: how long each attempt waited, and how long it took; exact times on hover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from core.lifecycle import FINAL, TaskStatus
from core.schemas import AssetDetail, TaskView
from dashboard.components.chain_steps import steps_in
from dashboard.components.moments import duration, exact, now
from dashboard.components.plain_text import as_html
from dashboard.components.state_badge import TASKS
from dashboard.components.step_words import step_title

_ROW: Final = (
    "display: grid; grid-template-columns: minmax(9rem, 1fr) minmax(6rem, 2fr) minmax(9rem, 1.4fr); gap: 0 0.9rem;"
    " align-items: center; padding: 0.3rem 0; font-size: 0.9rem"
)
_TRACK: Final = "position: relative; display: block; height: 12px"
_BAR: Final = "position: absolute; top: 0; bottom: 0; min-width: 2px; border-radius: 3px"
# Waiting is hatched and working is solid, so that they are told apart without colour.
_WAITED: Final = (
    "background: repeating-linear-gradient(135deg, currentColor 0 1px, transparent 1px 5px); opacity: 0.6"
)
_WORKED: Final = "background: var(--primary-color, #0e8277)"
_FAILED: Final = "background: #c2410c"


def show_timeline(asset: AssetDetail) -> None:
    """Show all attempts of the current chain."""
    attempts = [task for step in steps_in(asset.tasks, asset.chain) for task in step.attempts]
    if not attempts:
        return
    seen_at = now()
    first = min(task.created_at for task in attempts)
    last = max(_end(task, seen_at) for task in attempts)
    rows = "".join(_row(task, attempts, first, last, seen_at) for task in attempts)
    st.html(f'<div role="list" aria-label="Timeline">{rows}</div>')


def _row(
    task: TaskView, attempts: Sequence[TaskView], first: datetime, last: datetime, seen_at: datetime
) -> str:
    many = sum((each.kind, each.preset) == (task.kind, task.preset) for each in attempts) > 1
    title = step_title(task.kind, task.preset) + (f", attempt {task.attempt}" if many else "")
    whole = max((last - first).total_seconds(), 0.001)
    sent = task.submitted_at or _end(task, seen_at)
    waited = _bar(task.created_at, sent, first, whole, _WAITED)
    look = _FAILED if task.inner_status is TaskStatus.FAILED else _WORKED
    worked = _bar(task.submitted_at, _end(task, seen_at), first, whole, look) if task.submitted_at else ""
    hover = as_html(_exactly(task))
    return (
        f'<div role="listitem" style="{_ROW}" title="{hover}"><span dir="auto">{as_html(title)}</span>'
        f'<span aria-hidden="true" style="{_TRACK}">{waited}{worked}</span>'
        f"<span>{as_html(_words(task, seen_at))}</span></div>"
    )


def _bar(begin: datetime, end: datetime, first: datetime, whole: float, look: str) -> str:
    left = (begin - first).total_seconds() / whole * 100
    width = max((end - begin).total_seconds(), 0) / whole * 100
    return f'<span style="{_BAR}; left: {left:.2f}%; width: {width:.2f}%; {look}"></span>'


def _end(task: TaskView, seen_at: datetime) -> datetime:
    return task.finished_at or max(seen_at, task.created_at)


def _words(task: TaskView, seen_at: datetime) -> str:
    """Say how long it waited and took: `waited 3 seconds, took 2 minutes`."""
    if task.submitted_at is None:
        state = TASKS[task.inner_status].word.lower()
        if task.inner_status in FINAL:
            return state
        return f"{state} for {duration((seen_at - task.created_at).total_seconds())}"
    waited = duration((task.submitted_at - task.created_at).total_seconds())
    took = duration((_end(task, seen_at) - task.submitted_at).total_seconds())
    return f"waited {waited}, {'took' if task.finished_at else 'runs for'} {took}"


def _exactly(task: TaskView) -> str:
    told = [("Ordered", task.created_at), ("sent", task.submitted_at), ("ended", task.finished_at)]
    times = ", ".join(f"{word} {exact(at)}" for word, at in told if at is not None)
    if task.submitted_at is None or task.finished_at is None:
        return times
    return f"{times}; took {(task.finished_at - task.submitted_at).total_seconds():.1f} s"
