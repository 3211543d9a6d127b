"""Health: whether everything that must run does, and what to do where it does not."""

import streamlit as st

from dashboard import backend
from dashboard.components.health_cards import (
    show_database,
    show_places,
    show_poller_and_provider,
    show_queue,
)
from dashboard.components.live import live
from dashboard.components.moments import now
from dashboard.components.pause_controls import show_pauses
from dashboard.components.troubles import troubles_of


@live
def live_health() -> None:
    """Show each part of the product."""
    health = backend.health()
    troubles = troubles_of(health, now())
    show_poller_and_provider(health, troubles)
    queue, database = st.columns(2)
    with queue:
        show_queue(health)
    with database:
        show_database(health, troubles)
    show_pauses(health.pauses)
    show_places(health)


st.title("Health", anchor=False)
live_health()
