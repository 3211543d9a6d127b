"""What a person can do about a plan that was applied: hold it, hasten it, choose its hours, end it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.plans.pacing import MOST_PRIORITY
from core.plans.progress import PlanView
from dashboard import plan_backend
from dashboard.components.actions import act
from dashboard.components.moments import now, readers_zone

_PRIORITY, _LATER, _DAY, _HOUR, _NIGHT, _OPENS, _CLOSES = (
    f"plan_{name}" for name in ("priority", "later", "day", "hour", "night", "opens", "closes")
)
_OF: Final = "plan_schedule_of"


def offer_pause(plan: PlanView) -> None:
    """Offer to pause a plan, or to resume it."""
    if plan.paused_at is not None:
        st.button(
            "Resume",
            key=f"resume-{plan.plan_id}",
            icon=":material/play_arrow:",
            on_click=act,
            args=(plan_backend.resume_plan, plan.plan_id),
            kwargs={"said": "Resumed. The plan is sent again."},
        )
    else:
        st.button(
            "Pause",
            key=f"pause-{plan.plan_id}",
            icon=":material/pause:",
            help="Nothing more of it is sent. What is at Tripo already is followed and fetched.",
            on_click=act,
            args=(plan_backend.pause_plan, plan.plan_id),
            kwargs={"said": "Paused. Nothing more of this plan is sent."},
        )


def offer_cancel(plan: PlanView) -> None:
    """Offer to end what was not sent; asks first."""
    with st.popover("Cancel unsent", icon=":material/cancel:"):
        st.markdown(
            "Everything of this plan that was not sent is ended. What is at Tripo goes on and is kept; "
            "applying the plan again does not begin the ended steps by itself."
        )
        st.text_input("Reason, for the others", key="plan_cancel_reason", max_chars=200)
        st.button("Cancel what is unsent", type="primary", on_click=_cancel, args=(plan.plan_id,))


def offer_schedule(plan: PlanView) -> None:
    """Offer to change the plan's priority, its start and its hours."""
    _take(plan)
    zone = readers_zone()
    with st.popover("When it is sent", icon=":material/schedule:"):
        st.number_input(
            "Priority",
            min_value=-MOST_PRIORITY,
            max_value=MOST_PRIORITY,
            step=1,
            key=_PRIORITY,
            help="Plans of a higher number go first; 0 is normal.",
        )
        if st.toggle("Start later", key=_LATER):
            day, hour = st.columns(2)
            day.date_input("On", key=_DAY)
            hour.time_input("At", key=_HOUR)
        if st.toggle("At certain hours only", key=_NIGHT):
            opens, closes = st.columns(2)
            opens.time_input("From", key=_OPENS)
            closes.time_input("To", key=_CLOSES)
        st.caption(f"Times are those of {zone}.")
        st.button("Save", type="primary", key="plan_schedule", on_click=_reschedule, args=(plan.plan_id,))


def _take(plan: PlanView) -> None:
    """Fill the form with what the plan says, when it is another plan or was changed since."""
    said = (plan.plan_id, plan.priority, plan.not_before, plan.night_window)
    state = st.session_state
    if state.get(_OF) == said and _PRIORITY in state:
        return
    window = plan.night_window
    start = (plan.not_before or now() + timedelta(hours=1)).astimezone(ZoneInfo(readers_zone()))
    state[_OF] = said
    state[_PRIORITY], state[_LATER], state[_NIGHT] = plan.priority, plan.not_before is not None, bool(window)
    state[_DAY], state[_HOUR] = start.date(), start.time().replace(second=0, microsecond=0)
    state[_OPENS] = time.fromisoformat(window.opens if window else "22:00")
    state[_CLOSES] = time.fromisoformat(window.closes if window else "06:00")


def _reschedule(plan_id: str) -> None:
    state, zone = st.session_state, readers_zone()
    start = datetime.combine(state[_DAY], state[_HOUR], ZoneInfo(zone)) if state[_LATER] else None
    hours = (f"{state[_OPENS]:%H:%M}", f"{state[_CLOSES]:%H:%M}", zone) if state[_NIGHT] else None
    act(
        plan_backend.reschedule_plan,
        plan_id,
        priority=int(state[_PRIORITY]),
        not_before=start,
        window=hours,
        said="Saved.",
    )


def _cancel(plan_id: str) -> None:
    reason = str(st.session_state.get("plan_cancel_reason") or "")
    act(plan_backend.cancel_plan, plan_id, reason, said="Cancelled what was not sent.")
