"""The door to core for reviewing: what waits, and what people say; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import streamlit as st
from sqlalchemy.orm import Session

from core import approvals
from core.models import Asset, utc_now
from core.playlist import to_review
from core.projects import asset_of
from core.schemas import AssetPage
from dashboard import backend

FRESH_SECONDS: Final = backend.FRESH_SECONDS
MOST_AT_ONCE: Final = 100  # of the playlist; more follow as these are decided


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def playlist(project_id: str | None) -> AssetPage:
    """List what waits for a decision, of one project or of all, with the number of all that does."""
    with backend.reading() as session:
        return to_review(session, project_id=project_id, limit=MOST_AT_ONCE)


def approve(project_id: str, asset_id: str, *, actor: str) -> None:
    """Approve an asset's model; raises HatcheryError when there is none."""
    with _changing(project_id, asset_id) as (session, asset):
        approvals.approve(session, asset, actor=actor, now=utc_now())


def reject(project_id: str, asset_id: str, reason: str, *, actor: str) -> None:
    """Reject an asset's model; raises HatcheryError without a reason or a model."""
    with _changing(project_id, asset_id) as (session, asset):
        approvals.reject(session, asset, reason=reason, actor=actor, now=utc_now())


def comment(project_id: str, asset_id: str, text: str, *, actor: str) -> None:
    """Say something of an asset's model; raises HatcheryError without words or a model."""
    with _changing(project_id, asset_id) as (session, asset):
        approvals.comment(session, asset, text=text, actor=actor, now=utc_now())


def undo(project_id: str, asset_id: str, *, actor: str) -> None:
    """Take back one's own newest word; raises HatcheryError when there is none."""
    with _changing(project_id, asset_id) as (session, asset):
        approvals.undo(session, asset, actor=actor, now=utc_now())


@contextlib.contextmanager
def _changing(project_id: str, asset_id: str) -> Iterator[tuple[Session, Asset]]:
    try:
        with backend.acting() as core, core.database.transaction() as session:
            yield session, asset_of(session, project_id, asset_id)
    finally:
        playlist.clear()
