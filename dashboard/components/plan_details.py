"""What a plan's own page shows beside the bar: spend and forecast, categories, failures, its file."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.plans.progress import PlanFailure, PlanProgress
from core.prices import credits_in_words
from dashboard import plan_backend
from dashboard.components.moments import span
from dashboard.components.plain_text import as_html
from dashboard.components.plan_state import assets_in_words, ended_of, moving_of
from dashboard.components.step_words import step_title
from dashboard.components.tables import show_rows


def show_outlook(plan: PlanProgress) -> None:
    """Show what was spent, what is to come, and when it will likely have ended."""
    with st.container(horizontal=True, gap="large"):
        st.metric("Spent", credits_in_words(plan.credits_spent), width="content")
        st.metric("To come", credits_in_words(plan.credits_to_come), width="content")
        if plan.forecast is not None or plan.waiting_for:
            st.metric("Ends in", _end(plan), width="content", help="From measured times and free places.")
    if plan.awaiting_pick:
        rows = "1 row waits" if plan.awaiting_pick == 1 else f"{plan.awaiting_pick:,} rows wait"
        st.markdown(f":material/touch_app: {rows} for somebody to pick the best variant, on an asset's page.")
    if plan.changed:
        st.caption(
            f"{assets_in_words(plan.changed)} with other words than their model was made from. "
            "Apply the plan again to choose which are made anew."
        )


def show_categories(plan: PlanProgress) -> None:
    """Show how far each category is, once there are several."""
    if len(plan.categories) < 2:
        return
    st.subheader("Categories", anchor=False)
    st.dataframe(
        [_category_row(name, counts) for name, counts in plan.categories.items()],
        hide_index=True,
        alt="How far each category is",
        column_config={
            "Ended": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent"),
        },
    )


def show_failures(plan: PlanProgress) -> None:
    """List the steps that failed and were not made good since."""
    if not plan.failures:
        return
    st.subheader("Failed", anchor=False)
    show_rows([_failure_row(plan.project_id, each) for each in plan.failures], "Failed steps")


def offer_files(plan: PlanProgress) -> None:
    """Offer the plan as a file, with what became of each row."""
    st.download_button(
        "Download with results",
        lambda: plan_backend.exported(plan.plan_id),
        file_name=plan.filename,
        key="plan_export",
        icon=":material/download:",
        help="The plan in its own format, each asset with its state, its id and the hashes of its files.",
        on_click="ignore",
    )


def _end(plan: PlanProgress) -> str:
    ahead = plan.forecast
    return span(ahead.seconds_low, ahead.seconds_high) if ahead is not None else "held"


def _category_row(name: str, counts: dict[str, int]) -> dict[str, object]:
    done, failed = ended_of(counts)
    total = sum(counts.values())
    return {
        "Category": name,
        "Ended": (done + failed) / total if total else 1.0,
        "Assets": total,
        "Complete": done,
        "Under way": moving_of(counts),
        "Failed": failed,
    }


def _failure_row(project_id: str, failure: PlanFailure) -> tuple[str, ...]:
    address = as_html("asset?" + urlencode({"project": project_id, "asset": failure.asset_id}))
    return (
        f'<a href="{address}" target="_self" style="color: inherit">{as_html(failure.name)}</a>',
        as_html(step_title(failure.kind, failure.preset)),
        as_html(failure.error.message),
    )
