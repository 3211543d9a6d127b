"""A state as icon, word and colour: none of the three is needed to understand the other two."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import streamlit as st

from core.lifecycle import Approval, AssetStatus, TaskStatus

Colour = Literal["gray", "blue", "violet", "green", "red", "orange"]


class Look(NamedTuple):
    """How a state is shown."""

    word: str
    icon: str
    colour: Colour


ASSETS: Final = {
    AssetStatus.READY: Look("Planned", ":material/edit_note:", "gray"),
    AssetStatus.QUEUED: Look("Queued", ":material/schedule:", "gray"),
    AssetStatus.GENERATING: Look("Generating", ":material/deployed_code:", "blue"),
    AssetStatus.GENERATED: Look("Generated", ":material/deployed_code:", "blue"),
    AssetStatus.RIGGING: Look("Rigging", ":material/accessibility_new:", "violet"),
    AssetStatus.RIGGED: Look("Rigged", ":material/accessibility_new:", "violet"),
    AssetStatus.ANIMATING: Look("Animating", ":material/directions_run:", "violet"),
    AssetStatus.COMPLETE: Look("Complete", ":material/check_circle:", "green"),
    AssetStatus.FAILED: Look("Failed", ":material/error:", "red"),
}
TASKS: Final = {
    TaskStatus.WAITING: Look("Waits", ":material/hourglass_empty:", "gray"),
    TaskStatus.READY: Look("Ready", ":material/schedule:", "gray"),
    TaskStatus.SUBMITTING: Look("Sending", ":material/upload:", "blue"),
    TaskStatus.UNKNOWN: Look("Outcome unknown", ":material/help:", "orange"),
    TaskStatus.QUEUED: Look("Queued", ":material/schedule:", "blue"),
    TaskStatus.RUNNING: Look("Running", ":material/play_circle:", "blue"),
    TaskStatus.DOWNLOADING: Look("Fetching files", ":material/download:", "blue"),
    TaskStatus.SUCCESS: Look("Done", ":material/check_circle:", "green"),
    TaskStatus.FAILED: Look("Failed", ":material/error:", "red"),
    TaskStatus.CANCELLED: Look("Cancelled", ":material/cancel:", "gray"),
}
APPROVALS: Final = {
    Approval.PENDING: Look("Not reviewed", ":material/rate_review:", "gray"),
    Approval.APPROVED: Look("Approved", ":material/thumb_up:", "green"),
    Approval.REJECTED: Look("Rejected", ":material/thumb_down:", "red"),
}
MOVING: Final = frozenset(AssetStatus) - {AssetStatus.READY, AssetStatus.COMPLETE, AssetStatus.FAILED}
UNKNOWN: Final = TASKS[TaskStatus.UNKNOWN]


def asset_badge(status: AssetStatus, *, has_unknown: bool = False) -> None:
    """Show where an asset stands, and beside it whether the outcome of one of its steps is unknown."""
    badge(ASSETS[status])
    if has_unknown:
        badge(UNKNOWN)


def approval_badge(approval: Approval) -> None:
    """Show what is thought of a model."""
    badge(APPROVALS[approval])


def badge(look: Look) -> None:
    """Show any state."""
    st.badge(look.word, icon=look.icon, color=look.colour)
