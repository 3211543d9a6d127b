"""The door to core for alerts: where they go, what was told; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st

from core.alerts.causes import Cause
from core.alerts.recent import AlertView, recent_alerts
from core.alerts.rules import Limits
from core.alerts.targets import AlertTargetView, choose_causes, let_go, list_targets
from core.bootstrap import Core
from core.models import utc_now
from dashboard import backend

FRESH_SECONDS: Final = backend.FRESH_SECONDS


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def targets() -> tuple[AlertTargetView, ...]:
    """List where alerts go, never with more of an address than its service."""
    with backend.reading() as session:
        return list_targets(session)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def alerts() -> tuple[AlertView, ...]:
    """List the newest alerts."""
    with backend.reading() as session:
        return recent_alerts(session)


def limits() -> Limits:
    """Say from when on something is told."""
    with backend.asking() as core:
        return Limits(core.settings.alert_failure_rate, core.settings.alert_wallet_credits)


def add_target(*, name: str, url: str, causes: Sequence[Cause], actor: str) -> None:
    """Keep an address for alerts; raises HatcheryError when nothing can be sent to it."""
    with _acting() as core, core.database.transaction() as session:
        core.targets.add(session, name=name, url=url, causes=causes, owner=actor, now=utc_now())


def choose(target_id: str, causes: Sequence[Cause], *, actor: str) -> None:  # noqa: ARG001 - an action like others
    """Choose of what an address is told; raises HatcheryError when that cannot be."""
    with _acting() as core, core.database.transaction() as session:
        choose_causes(session, target_id, causes)


def remove_target(target_id: str, *, actor: str) -> None:  # noqa: ARG001 - as above
    """Send nothing more to an address; raises HatcheryError when there is none."""
    with _acting() as core, core.database.transaction() as session:
        let_go(session, target_id, utc_now())


def test_target(target_id: str, *, actor: str) -> None:  # noqa: ARG001 - as above
    """Send a test message now; raises HatcheryError when it is not taken."""
    with _acting() as core:
        core.watch.test(target_id)


@contextlib.contextmanager
def _acting() -> Iterator[Core]:
    try:
        with backend.acting() as core:
            yield core
    finally:
        targets.clear()
        alerts.clear()
