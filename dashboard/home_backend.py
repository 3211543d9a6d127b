"""The door to core for the Home page; a part of `dashboard.backend`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from core import overview as overview_of_core
from core.models import utc_now
from core.overview import Ended, Needs, Overview
from core.signals.slots import SlotsInUse
from dashboard import backend

FRESH_SECONDS: Final = 2.0
NEEDS_FRESH_SECONDS: Final = 10.0
SLOTS_FRESH_SECONDS: Final = 30.0  # sampled once a minute


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def overview() -> Overview:
    """Count what moves, and sum what was spent."""
    with backend.reading() as session:
        return overview_of_core.read_overview(session, utc_now())


@st.cache_data(ttl=NEEDS_FRESH_SECONDS, max_entries=1, show_spinner=False)
def needs() -> Needs:
    """Count what waits for a person."""
    with backend.reading() as session:
        return overview_of_core.read_needs(session, utc_now())


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner=False)
def ended(since: datetime) -> Ended:
    """Count what ended since a time."""
    with backend.reading() as session:
        return overview_of_core.read_ended(session, since, utc_now())


@st.cache_data(ttl=SLOTS_FRESH_SECONDS, max_entries=1, show_spinner=False)
def slots() -> tuple[SlotsInUse, ...]:
    """Say how many of the provider's places were in use over the last hours."""
    with backend.reading() as session:
        return overview_of_core.read_slots(session, utc_now())
