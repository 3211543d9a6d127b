"""One card for each part of the product: how it is, and what to do when it is not well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from core.health import MOST_COUNTED
from core.prices import credits_in_words
from core.schemas import Health, LaneHealth
from dashboard.components.moments import ago, exact
from dashboard.components.plain_text import as_markdown
from dashboard.components.state_badge import Look, badge
from dashboard.components.troubles import SANDBOX_SENTENCE, Trouble

WELL = Look("Well", ":material/check_circle:", "green")
TROUBLE = Look("Trouble", ":material/error:", "red")
_POOLS = {
    "generation": "Models",
    "generation_p": "Low-poly models",
    "animation": "Rigs and animations",
    "rig_check": "Rig checks",
    "rig": "Rigs",
    "retarget": "Animations",
}


def show_poller_and_provider(health: Health, troubles: Sequence[Trouble]) -> None:
    """Show the two that every order needs, side by side."""
    poller, provider = st.columns(2)
    with poller:
        _show_poller(health, troubles)
    with provider:
        _show_provider(health, troubles)


def _show_poller(health: Health, troubles: Sequence[Trouble]) -> None:
    """Say whether a poller is alive."""
    with _card("Poller", "poller", troubles):
        last = health.poller.last_seen_at
        if last is not None:
            st.markdown(f"Last seen {ago(last)}.", help=exact(last))
        st.caption("Sends orders, follows them, fetches their files. No page has to be open.")


def _show_provider(health: Health, troubles: Sequence[Trouble]) -> None:
    """Say who makes the models, and what is left in the wallet."""
    provider = health.provider
    with _card("Local sandbox" if provider.sandbox else "Tripo", "provider", troubles):
        st.markdown(f"API {as_markdown(provider.version)}. {_balance(health)}")
        if provider.circuit == "half_open":
            st.markdown("It answers again: what waited goes out a few at a time.")
        asked = f"Last asked {ago(provider.checked_at)}. " if provider.checked_at else ""
        st.caption(asked + (SANDBOX_SENTENCE if provider.sandbox else ""))


def show_queue(health: Health) -> None:
    """Say how much is waiting and under way."""
    with st.container(border=True, height="stretch"):
        st.subheader("Queue", anchor=False)
        with st.container(horizontal=True, gap="large"):
            st.metric("Waiting", health.queue.waiting, width="content")
            st.metric("Under way", health.queue.in_flight, width="content")
            st.metric("Outcome unknown", health.queue.unknown, width="content")
            if health.stuck:
                st.metric("Stuck", health.stuck, width="content")
        if health.stuck:
            st.caption(
                "No progress for far longer than usual. They are still followed; look at their assets."
            )
        if health.queue.unknown:
            st.caption("An order's answer was lost. Open its asset and decide what became of it.")


def show_database(health: Health, troubles: Sequence[Trouble]) -> None:
    """Say whether the database answers."""
    with _card("Database", "database", troubles):
        total = sum(health.asset_counts.values())
        more = "at least " if MOST_COUNTED in health.asset_counts.values() else ""
        st.markdown(f"It holds {total} asset." if total == 1 else f"It holds {more}{total:,} assets.")


def show_places(health: Health) -> None:
    """Say how many of the provider's places are taken, group by group."""
    if not health.lanes:
        return
    with st.container(border=True):
        st.subheader("Places at the provider", anchor=False)
        st.caption(
            "It works on so many tasks of a kind at once. What finds no place waits, and is sent by itself."
        )
        for lane in health.lanes:
            _show_lane(lane)


@contextmanager
def _card(title: str, part: str, troubles: Sequence[Trouble]) -> Iterator[None]:
    mine = [trouble for trouble in troubles if trouble.part == part]
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(title, anchor=False, width="content")
            badge(TROUBLE if mine else WELL)
        for trouble in mine:
            st.markdown(as_markdown(trouble.sentence))
            st.markdown(f"**What to do:** {trouble.cure}")
        yield


def _balance(health: Health) -> str:
    provider = health.provider
    if provider.balance is None:
        return "The balance is not known yet."
    kind = "play " if provider.sandbox else ""
    frozen = f", {credits_in_words(provider.frozen)} set aside for running tasks" if provider.frozen else ""
    return f"{kind}Balance {credits_in_words(provider.balance)}{frozen}.".capitalize()


def _show_lane(lane: LaneHealth) -> None:
    full = " · full" if lane.held >= lane.limit or lane.blocked_until else ""
    name = _POOLS.get(lane.pool, lane.pool)
    st.progress(
        min(lane.held / lane.limit, 1.0), text=f"{as_markdown(name)}: {lane.held} of {lane.limit}{full}"
    )
