"""What stands on Home: numbers that lead to their lists, plans, the wallet, places over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import streamlit as st

from core.asset_query import Query
from core.failures.states import Trouble
from core.overview import COUNTED, SLOTS_BUCKET_SECONDS, Ended, Needs, Overview, ended_since, moving, unknown
from core.plans.progress import PlanView
from core.prices import credits_in_words
from core.schemas import Health
from core.signals.scope import Scope
from core.signals.slots import SlotsInUse
from dashboard.components import signal_charts as charts
from dashboard.components.counts import up_to
from dashboard.components.failure_words import TROUBLES
from dashboard.components.health_cards import show_poller_and_provider
from dashboard.components.last_look import is_first_look, last_look, look_again
from dashboard.components.moments import ago, exact, now, readers_zone
from dashboard.components.plan_list import show_plan
from dashboard.components.troubles import troubles_of

ASSETS_PAGE: Final = "app_pages/assets.py"
SLOTS_HEIGHT: Final = 140  # pixels
PLACES_WORDS: Final = "Places at the provider in use, over the last six hours"


def show_numbers(overview: Overview, ended: Ended) -> None:
    """Show what moves, what ended since the last look, and what waits for a person."""
    since = last_look()
    with st.container(border=True, key="home_numbers"):
        with st.container(horizontal=True, gap="small"):
            _number("On its way", overview.moving, ":material/sync:", query=moving())
            _number(
                "Finished", ended.complete, ":material/check_circle:", query=ended_since("complete", since)
            )
            _number(
                "Failed", ended.failed, ":material/error:", query=ended_since("failed", since), is_bad=True
            )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            until = "in the last 24 hours" if is_first_look() else f"since you last looked, {ago(since)}"
            st.caption(f"Finished and failed {until}.", help=exact(since), width="content")
            st.button("I have seen them", key="seen", type="tertiary", on_click=look_again)


def show_needs(needs: Needs) -> None:
    """Show what only a person can do, or that there is nothing of the kind."""
    with st.container(border=True, key="home_needs"):
        st.subheader("Needs you", anchor=False)
        if not any(needs.model_dump().values()):
            st.markdown(":material/done_all: Nothing waits for you.")
            return
        with st.container(horizontal=True, gap="small"):
            if needs.failed_groups:
                _number(
                    "Kind of failure" if needs.failed_groups == 1 else "Kinds of failure",
                    needs.failed_groups,
                    ":material/error:",
                    page="app_pages/failures.py",
                    is_bad=True,
                )
            _causes("Standstill", needs.held_groups, Trouble.NEEDS_PERSON)
            _causes("Interruption", needs.interrupted_groups, Trouble.INTERRUPTED)
            if needs.unknown:
                _number("Outcome unknown", needs.unknown, ":material/help:", query=unknown())
            if needs.to_review:
                _number("To review", needs.to_review, ":material/rate_review:", page="app_pages/review.py")


def show_wallet(overview: Overview, health: Health) -> None:
    """Show what is left to spend, and what was spent."""
    provider = health.provider
    with st.container(border=True, height="stretch", key="home_wallet"):
        _head("Credits", "app_pages/keys.py", "Keys")
        with st.container(horizontal=True, gap="large"):
            left = "not known" if provider.balance is None else f"{Decimal(provider.balance):,.0f}"
            st.metric("Balance", left, width="content")
            st.metric("Spent in 24 hours", f"{Decimal(overview.spent):,.0f}", width="content")
        frozen = f"{credits_in_words(Decimal(provider.frozen))} set aside. " if provider.frozen else ""
        st.caption(frozen + ("Play credits of the sandbox." if provider.sandbox else "Of the shared key."))


def show_slots(slots: Sequence[SlotsInUse]) -> None:
    """Show how many of the provider's places were in use over the last hours."""
    with st.container(border=True, height="stretch", key="home_slots"):
        _head("Places in use", "app_pages/signals.py", "Signals")
        if len(slots) < 2:
            st.caption("The poller samples them once a minute; soon there is something to see.")
            return
        zone = readers_zone()
        last = slots[-1]
        over = Scope(slots[0].at, last.at, SLOTS_BUCKET_SECONDS)
        chart = charts.places([each._asdict() for each in slots], over)
        st.vega_lite_chart(chart | {"height": SLOTS_HEIGHT}, width="stretch")
        st.caption(f"{last.held:.1f} of {last.places:.0f} lately · {PLACES_WORDS.lower()} ({zone})")


def show_plans(plans: Sequence[PlanView], total: int, project_names: Mapping[str, str]) -> None:
    """Show the plans that were applied last, each with its end and its spend."""
    _head("Plans", "app_pages/plans.py", f"All {total:,} plans" if total > len(plans) else "All plans")
    if not plans:
        st.caption("No plan was applied yet.")
    for plan in plans:
        show_plan(plan, project_names.get(plan.project_id, plan.project_id))


def show_health(health: Health) -> None:
    """Show how the poller and the provider are."""
    _head("Health", "app_pages/health.py", "Queue and places")
    show_poller_and_provider(health, troubles_of(health, now()))


def _head(title: str, page: str, label: str) -> None:
    """Show what a card is about, and the way to the page that tells more."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False, width="content")
        st.page_link(page, label=label, width="content")


def _causes(noun: str, count: int, trouble: Trouble) -> None:
    """Show of one sort of trouble how many causes it has, if any."""
    if count:
        words = noun if count == 1 else f"{noun}s"
        _number(words, count, TROUBLES[trouble].icon, page="app_pages/failures.py", trouble=trouble.value)


def _number(
    label: str,
    count: int,
    icon: str,
    *,
    query: Query | None = None,
    page: str = ASSETS_PAGE,
    is_bad: bool = False,
    **parameters: str,
) -> None:
    """Show one number as a link to what it counts; what is bad is red as soon as there is one of it."""
    words = f"**{up_to(COUNTED, count)}** {label.lower()}"
    if query is not None:
        parameters["q"] = str(query)
    st.page_link(
        page,
        label=f":red[{words}]" if is_bad and count else words,
        icon=icon,
        query_params=parameters,
        width="content",
    )
