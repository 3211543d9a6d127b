"""What was told lately: each alert with its lines, and whether it has arrived."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.alerts.recent import AlertView
from dashboard.components.alert_words import WHAT
from dashboard.components.moments import ago, exact
from dashboard.components.plain_text import as_markdown


def show_alerts(alerts: Sequence[AlertView]) -> None:
    """Show the newest alerts."""
    st.subheader("Lately", anchor=False)
    if not alerts:
        st.caption("There was nothing to tell so far.")
    for alert in alerts:
        with st.container(border=True):
            st.markdown(f"**{WHAT[alert.cause]}**")
            st.markdown("\n".join(f"- {as_markdown(line)}" for line in alert.lines))
            st.caption(f"{ago(alert.found_at)} · {_fate(alert)}", help=exact(alert.found_at))


def _fate(alert: AlertView) -> str:
    parts = [
        f"delivered to {alert.delivered}" if alert.delivered else "",
        f"on its way to {alert.waiting}" if alert.waiting else "",
        f"not delivered to {alert.given_up} within a day" if alert.given_up else "",
    ]
    return ", ".join(part for part in parts if part) or "nobody was to be told"
