"""The door to core for signals: rates, durations and places over time; a part of `dashboard.backend`."""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st

from core.lifecycle import TaskKind
from core.models import utc_now
from core.signals.outcomes import (
    Failures,
    Outcomes,
    ProviderErrors,
    Standstill,
    failures_over_time,
    outcomes_over_time,
    provider_errors_over_time,
    standstills,
)
from core.signals.scope import Scope, scope_of
from core.signals.slots import SlotsInUse, slots_over_time
from core.signals.times import Times, queue_times, working_times
from dashboard import backend

FRESH_SECONDS: Final = 30.0  # reading a month of many tasks is work, and it moves slowly


class Signals(NamedTuple):
    """All that one look at the page shows."""

    scope: Scope
    outcomes: tuple[Outcomes, ...]
    failures: tuple[Failures, ...]
    provider_errors: tuple[ProviderErrors, ...]
    working: tuple[Times, ...]
    queued: tuple[Times, ...]
    slots: tuple[SlotsInUse, ...]
    standstills: tuple[Standstill, ...]


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def signals(reach: str, project_id: str | None, kind: TaskKind | None) -> Signals:
    """Read the signals of a reach; places and standstills are those of all projects and steps."""
    with backend.reading() as session:
        scope = scope_of(reach, utc_now(), project_id=project_id, kind=kind)
        return Signals(
            scope,
            outcomes_over_time(session, scope),
            failures_over_time(session, scope),
            provider_errors_over_time(session, scope),
            working_times(session, scope),
            queue_times(session, scope),
            slots_over_time(session, scope.since, scope.until, scope.bucket_seconds),
            standstills(session, scope),
        )
