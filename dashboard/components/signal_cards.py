"""One card for each signal: what it says in a number, its chart, and where to look further."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import streamlit as st

from core.asset_query import Term
from core.signals.times import Times
from dashboard import backend
from dashboard.components import signal_charts as charts
from dashboard.components.moments import duration
from dashboard.components.signal_words import (
    BUCKET_WORDS,
    STANDSTILL_WORDS,
    STEP_WORDS,
    cause_in_words,
    error_in_words,
)
from dashboard.signal_backend import Signals


def show_outcomes(signals: Signals) -> None:
    """Show how much fails."""
    failed = sum(each.failed for each in signals.outcomes)
    ended = failed + sum(each.succeeded for each in signals.outcomes)
    says = f"{failed / ended:.1%} of {ended:,} {'step' if ended == 1 else 'steps'} failed" if ended else ""
    with _card("Failure rate", says, "Nothing has ended in this time."):
        counts: Counter[tuple[datetime, str]] = Counter()
        for each in signals.outcomes:
            counts[each.at, "Succeeded"] += each.succeeded
            counts[each.at, "Failed"] += each.failed
        rows = [{"at": at, "Outcome": word, "Steps": count} for (at, word), count in counts.items()]
        if rows:
            colours = {"Failed": charts.BAD, "Succeeded": charts.GOOD}
            _draw(charts.bars(rows, signals.scope, "Outcome", "Steps", colours))
        _to_assets("Look at what failed", signals, "failed")


def show_causes(signals: Signals) -> None:
    """Show of what it fails."""
    total = sum(each.tasks for each in signals.failures)
    causes = len({each.code for each in signals.failures})
    says = f"{total:,} failed, of {'one cause' if causes == 1 else f'{causes} causes'}" if total else ""
    with _card("Failures by cause", says, "Nothing has failed in this time."):
        rows = [
            {
                "at": each.at,
                "Cause": cause_in_words(each.code),
                "Steps": each.tasks,
            }
            for each in signals.failures
        ]
        if rows:
            _draw(charts.bars(rows, signals.scope, "Cause", "Steps"))
        st.page_link("app_pages/failures.py", label="Look at them in groups", icon=":material/arrow_forward:")


def show_provider_errors(signals: Signals) -> None:
    """Show what the provider itself refused or ended badly, by its own numbers."""
    total = sum(each.tasks for each in signals.provider_errors)
    says = f"{total:,} {'step' if total == 1 else 'steps'} that Tripo refused or ended badly" if total else ""
    with _card("Provider errors", says, "Tripo has refused or failed nothing in this time."):
        counts: Counter[tuple[datetime, str]] = Counter()
        for each in signals.provider_errors:
            counts[each.at, error_in_words(each.number, each.code)] += each.tasks
        rows = [{"at": at, "Error": word, "Steps": count} for (at, word), count in counts.items()]
        if rows:
            _draw(charts.bars(rows, signals.scope, "Error", "Steps"))
        st.caption("By Tripo's own numbers. What it only put off, or did not answer, is in Standstill.")


def show_working(signals: Signals) -> None:
    """Show how long the provider works."""
    with _times_card("Time at the provider", signals, signals.working, "Nothing has succeeded in this time."):
        _to_assets("Look at what is under way", signals, "moving")


def show_queue(signals: Signals) -> None:
    """Show how long orders wait for a place."""
    with _times_card("Time in queue", signals, signals.queued, "Nothing was sent in this time."):
        st.caption(
            "From when a step might be sent until the provider took it, pauses and night windows included."
        )
        _to_assets("Look at what waits", signals, "queued")


def show_slots(signals: Signals) -> None:
    """Show how many of the provider's places are in use."""
    places = sum(each.places for each in signals.slots)
    says = f"{sum(each.held for each in signals.slots) / places:.0%} in use" if places else ""
    with _card(
        "Places at the provider", says, "No poller has counted in this time.", "All projects and steps."
    ):
        rows = [each._asdict() for each in signals.slots]
        if rows:
            _draw(charts.places(rows, signals.scope))
        st.page_link("app_pages/health.py", label="Look at each group", icon=":material/arrow_forward:")


def show_standstills(signals: Signals) -> None:
    """Show when keys stood still."""
    minutes = sum(each.minutes for each in signals.standstills)
    says = f"{duration(minutes * 60)} in all" if minutes else ""
    with _card("Standstill", says, "No key stood still in this time.", "Minutes of all keys, added up."):
        rows = [
            {
                "at": each.at,
                "Why": STANDSTILL_WORDS.get(each.word, each.word),
                "Minutes": each.minutes,
            }
            for each in signals.standstills
        ]
        if rows:
            _draw(charts.bars(rows, signals.scope._replace(bucket_seconds=3_600), "Why", "Minutes"))
        st.page_link("app_pages/keys.py", label="Look at the keys", icon=":material/arrow_forward:")


@contextmanager
def _card(title: str, says: str, empty: str, note: str = "") -> Iterator[None]:
    with st.container(border=True, height="stretch"):
        st.subheader(title, anchor=False)
        st.markdown(f"**{says}**" if says else empty)
        if note:
            st.caption(note)
        yield


@contextmanager
def _times_card(title: str, signals: Signals, times: Sequence[Times], empty: str) -> Iterator[None]:
    bucket = BUCKET_WORDS[signals.scope.bucket_seconds]
    says = f"{sum(each.tasks for each in times):,} steps, per {bucket}" if times else ""
    with _card(
        title, says, empty, "Half took at most the line; 95 % at most the dashed one." if times else ""
    ):
        rows = [
            {
                "at": each.at,
                "Step": STEP_WORDS[each.kind],
                "p50": each.p50_seconds,
                "p95": each.p95_seconds,
                "tasks": each.tasks,
            }
            for each in times
        ]
        if rows:
            _draw(charts.lines(rows, signals.scope, "Step"))
        yield


def _draw(chart: charts.Chart) -> None:
    st.vega_lite_chart(chart, width="stretch")


def _to_assets(label: str, signals: Signals, state: str) -> None:
    """Lead to the list of what is in this state, in the same project."""
    terms = [Term("state", state)]
    names = {project.project_id: project.name for project in backend.projects()}
    if signals.scope.project_id in names:
        terms.append(Term("project", names[signals.scope.project_id]))
    st.page_link(
        "app_pages/assets.py",
        label=label,
        icon=":material/arrow_forward:",
        query_params={"q": " ".join(str(term) for term in terms)},
    )
