"""The words, icons and parts for jobs that their pages and dialogs share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from core.jobs.views import JobItemView, JobPreview, JobView
from core.lifecycle import ItemState
from core.prices import credits_in_words
from dashboard.components.moments import duration, exact
from dashboard.components.plain_text import as_html, as_markdown, one_line
from dashboard.components.state_badge import TASKS, Look
from dashboard.components.step_words import step_title
from dashboard.components.tables import show_rows

ACTION_ICONS: Final = {
    "retry": ":material/replay:",
    "change_prompt": ":material/edit:",
    "add_pose": ":material/accessibility_new:",
    "lower_faces": ":material/density_small:",
    "change_model": ":material/deployed_code_update:",
    "change_image": ":material/image:",
    "change_options": ":material/tune:",
    "make_again": ":material/autorenew:",
    "rig": ":material/accessibility_new:",
    "rig_otherwise": ":material/accessibility_new:",
    "animate": ":material/directions_run:",
    "make_static": ":material/chair:",
    "fetch": ":material/download:",
    "follow": ":material/sync:",
    "cancel": ":material/cancel:",
    "cancel_and_retry": ":material/restart_alt:",
    "not_created": ":material/help:",
    "approve": ":material/thumb_up:",
    "reject": ":material/thumb_down:",
    "set_category": ":material/folder:",
}
JOB_LOOKS: Final = {
    "waiting": Look("Waits for its time", ":material/schedule:", "gray"),
    "running": Look("Under way", ":material/play_circle:", "blue"),
    "stopped": Look("Stopped", ":material/stop_circle:", "orange"),
    "done": Look("Done", ":material/check_circle:", "green"),
}
ITEM_WORDS: Final = {
    ItemState.WAITING: "Waits",
    ItemState.DONE: "Done",
    ItemState.SKIPPED: "Skipped",
    ItemState.FAILED: "Went wrong",
}


def counted(noun: str, count: int) -> str:
    """Count something: `1 asset`, `1,200 assets`."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def what_is_left_out(shown: JobPreview) -> None:
    """Say how many of what was chosen are left out, and why."""
    if not shown.left_out:
        return
    with st.expander(
        f"{shown.left_out_count:,} left out", icon=":material/filter_alt:", expanded=not shown.count
    ):
        for each in shown.left_out:
            names = ", ".join(one_line(name, 60) for name in each.names)
            more = f" and {each.count - len(each.names)} more" if each.count > len(each.names) else ""
            st.markdown(f"**{each.count:,}**: {as_markdown(each.sentence)} {as_markdown(each.suggestion)}")
            st.caption(f"{as_markdown(names)}{more}")


def show_progress(job: JobView) -> None:
    """Show how far a job is: a bar, a percentage, what is left, how long that takes."""
    settled = job.count - job.waiting
    share = settled / job.count if job.count else 1.0
    text = f"{settled:,} of {job.count:,} ({share:.0%})"
    if job.seconds_left is not None:
        text += f" · about {duration(max(job.seconds_left, 1))} left"
    if job.state == "waiting":
        text += f" · begins at {exact(job.begin_at)}"
    st.progress(share, text=text)


def outcome_in_words(job: JobView) -> str:
    """Say in a line what came of a job so far."""
    parts = [f"{job.done:,} done"]
    parts += [f"{job.skipped:,} skipped"] if job.skipped else []
    parts += [f"{job.failed:,} went wrong"] if job.failed else []
    if job.credits:
        parts.append(
            f"{credits_in_words(Decimal(job.credits_ordered))} ordered of {credits_in_words(Decimal(job.credits))}"
        )
    return " · ".join(parts)


def terms_in_words(terms: dict[str, Any]) -> str:
    """Say what a job was told."""
    counts = {"prompts": "new prompt", "images": "new image"}  # each asset has its own
    said = [f"{name}: {one_line(str(value), 80)}" for name, value in terms.items() if name not in counts]
    said += [counted(noun, len(terms[name])) for name, noun in counts.items() if name in terms]
    return " · ".join(said)


def show_items(items: tuple[JobItemView, ...]) -> None:
    """List what became of each item, with a link to its asset."""
    show_rows([_row(item) for item in items], "What the job did")


def _row(item: JobItemView) -> tuple[str, ...]:
    address = as_html(f"asset?{urlencode({'project': item.project_id, 'asset': item.asset_id})}")
    step = step_title(item.kind, item.preset) if item.kind else ""
    return (
        f'<a href="{address}" style="color: inherit">{as_html(one_line(item.name, 120))}</a>',
        as_html(step),
        as_html(ITEM_WORDS[item.state]),
        as_html(item.sentence),
        as_html(_since(item)),
    )


def _since(item: JobItemView) -> str:
    """Say where the tasks stand that it ordered."""
    made = [f"{step_title(task.kind, task.preset)}: {TASKS[task.status].word.lower()}" for task in item.made]
    return one_line("; ".join(made), 200)
