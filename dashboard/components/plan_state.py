"""How far a plan is, in a bar, in badges and in a line."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.asset_query import REMOVED, Query, Term
from core.lifecycle import AssetStatus
from core.plans.progress import PlanProgress, PlanView
from core.prices import credits_in_words
from dashboard.components.moments import span
from dashboard.components.plain_text import as_markdown
from dashboard.components.state_badge import ASSETS, MOVING, Look

PLAN_PAGE = "app_pages/plan.py"


def show_bar(plan: PlanView) -> None:
    """Show how many assets have ended, and why nothing is sent, if nothing is."""
    done, failed = ended_of(plan.counts)
    said = f"{done:,} of {assets_in_words(plan.assets)} done"
    st.progress(
        (done + failed) / plan.assets if plan.assets else 1.0,
        text=said + (f" · {failed:,} failed" if failed else ""),
    )
    if plan.waiting_text:
        st.markdown(f":material/pause_circle: {as_markdown(plan.waiting_text)}")


def show_counts(plan: PlanView) -> None:
    """Show how many assets are in each state; each number leads to them."""
    with st.container(horizontal=True, gap="small"):
        for status, look in ASSETS.items():
            count = plan.counts.get(status.value, 0)
            if count:
                _link(plan, status.value, look._replace(word=f"{count:,} {look.word.lower()}"))
        if plan.removed:
            words = f"{plan.removed:,} left the plan"
            _link(plan, REMOVED, Look(words, ":material/remove_circle:", "gray"))


def _link(plan: PlanView, state: str, look: Look) -> None:
    terms = (Term("plan", plan.filename), Term("project", plan.project_id), Term("state", state))
    st.page_link(
        "app_pages/assets.py",
        label=f":{look.colour}-badge[{look.icon} {look.word}]",
        query_params={"q": str(Query(terms))},
        width="content",
    )


def ended_of(counts: dict[str, int]) -> tuple[int, int]:
    """Count those that are complete, and those that failed."""
    return counts.get(AssetStatus.COMPLETE.value, 0), counts.get(AssetStatus.FAILED.value, 0)


def moving_of(counts: dict[str, int]) -> int:
    """Count those that are under way or wait to be."""
    return sum(counts.get(status.value, 0) for status in MOVING)


def spend_in_words(plan: PlanProgress) -> str:
    """Say what was spent, and what is to come."""
    spent = f"{credits_in_words(plan.credits_spent)} spent"
    to_come = Decimal(plan.credits_to_come)
    return f"{spent}, {credits_in_words(to_come)} to come" if to_come else spent


def end_in_words(plan: PlanProgress) -> str:
    """Say when the plan will likely have ended; empty when nothing of it moves."""
    ahead = plan.forecast
    return f"ends in {span(ahead.seconds_low, ahead.seconds_high)}" if ahead else ""


def assets_in_words(count: int) -> str:
    """Count assets."""
    return "1 asset" if count == 1 else f"{count:,} assets"
