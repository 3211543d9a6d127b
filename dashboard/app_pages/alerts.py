"""Alerts: where news of failures, outages and finished plans is sent, and what was sent."""

import streamlit as st

from dashboard import alert_backend
from dashboard.components.alert_list import show_alerts
from dashboard.components.alert_targets import ask_for_target, show_targets
from dashboard.components.live import last_known, live


@live
def live_alerts() -> None:
    """Show addresses and alerts as they are now."""
    show_targets(last_known("alert_targets", None, alert_backend.targets))
    show_alerts(last_known("alerts", None, alert_backend.alerts))


st.title("Alerts", anchor=False)
st.markdown(
    "What happens while nobody looks is told by e-mail, Slack, Discord, Teams or any of about a hundred services. "
    "Of one cause there is at most one alert an hour, and what comes together goes out as one message. "
    "What cannot be delivered is kept and tried again for a day."
)
shown_side, form_side = st.columns([3, 2], gap="large")
with shown_side:
    live_alerts()
with form_side:
    ask_for_target()
