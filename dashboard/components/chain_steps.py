"""An asset's steps as they stand: state, progress, what each waits for, every attempt, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import streamlit as st

from core.failures.catalogue import actions_for
from core.jobs.scope import Scope
from core.lifecycle import FINAL, TaskKind, TaskStatus
from core.prices import credits_in_words
from core.schemas import AssetDetail, ErrorView, TaskView
from dashboard import asset_backend, backend
from dashboard.components.actions import act
from dashboard.components.bulk_bar import offer_actions
from dashboard.components.moments import ago_html, duration
from dashboard.components.plain_text import as_markdown
from dashboard.components.raw_truth import offer_raw_truth
from dashboard.components.state_badge import TASKS
from dashboard.components.step_words import step_title

_ORDER = list(TaskKind)


class Step(NamedTuple):
    """One step of a chain with all attempts at it, the newest last."""

    kind: TaskKind
    preset: str | None
    attempts: tuple[TaskView, ...]

    @property
    def newest(self) -> TaskView:
        """The attempt that counts."""
        return self.attempts[-1]


def steps_in(tasks: Iterable[TaskView], chain: int) -> list[Step]:
    """Sort the attempts of one chain into its steps, in order."""
    found: dict[tuple[TaskKind, str | None], list[TaskView]] = {}
    for task in tasks:
        if task.chain == chain:
            found.setdefault((task.kind, task.preset), []).append(task)
    steps = [Step(*step, tuple(sorted(rows, key=lambda t: t.attempt))) for step, rows in found.items()]
    return sorted(steps, key=lambda s: (_ORDER.index(s.kind), s.attempts[0].created_at))


def show_steps(asset: AssetDetail) -> None:
    """Show the steps of the current chain, and those of earlier generations folded away."""
    for step in steps_in(asset.tasks, asset.chain):
        _show_step(step)
    earlier = sorted({task.chain for task in asset.tasks} - {asset.chain}, reverse=True)
    if earlier:
        with st.expander("Earlier generations", icon=":material/history:", key="earlier_generations"):
            for chain in earlier:
                st.markdown(f"**Generation {chain}**")
                for step in steps_in(asset.tasks, chain):
                    st.markdown(_title(step))
                    for task in reversed(step.attempts):
                        _show_attempt(task, many=len(step.attempts) > 1)


def _show_step(step: Step) -> None:
    task = step.newest
    with st.expander(_title(step), key=f"step-{step.kind}-{step.preset}"):
        for attempt in reversed(step.attempts):
            _show_attempt(attempt, many=len(step.attempts) > 1)
        if task.inner_status is TaskStatus.WAITING:
            _offer_cancel(task)
    if task.inner_status is TaskStatus.FAILED and task.error is not None:
        _show_error(task.error)
        _offer_cures(task)
    if task.inner_status in (TaskStatus.FAILED, TaskStatus.CANCELLED):
        _offer_retry(task)
    elif task.inner_status is TaskStatus.UNKNOWN:
        st.caption("Its answer was lost. Decide beside the model what became of it.")
    elif task.inner_status not in FINAL | {TaskStatus.WAITING}:
        _show_progress(task)


def _title(step: Step) -> str:
    task = step.newest
    look = TASKS[task.inner_status]
    word = "Held back" if task.waiting_for == "failed_step" else look.word
    took = f" in {_took(task)}" if task.inner_status is TaskStatus.SUCCESS and _took(task) else ""
    again = f", attempt {task.attempt}" if len(step.attempts) > 1 else ""
    title = as_markdown(step_title(step.kind, step.preset))
    return f":{look.colour}[{look.icon}] {title} :gray[· {word}{took}{again}]"


def _show_progress(task: TaskView) -> None:
    if task.inner_status is TaskStatus.RUNNING:
        st.progress(task.progress / 100, text=_progress_words(task))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(as_markdown(task.waiting_text or "Under way."))
        _offer_cancel(task)


def _took(task: TaskView) -> str:
    if task.submitted_at is None or task.finished_at is None:
        return ""
    return duration((task.finished_at - task.submitted_at).total_seconds())


def _progress_words(task: TaskView) -> str:
    left = f" · about {duration(max(task.seconds_left, 1))} left" if task.seconds_left else ""
    return f"{task.progress} %{left}"


def _show_error(error: ErrorView) -> None:
    with st.container(gap="xsmall"):
        st.error(as_markdown(error.message), icon=":material/error:")
        if error.suggestion:
            st.caption(f"**What to do:** {as_markdown(error.suggestion)}")
        if error.fingerprint:
            st.page_link(
                "app_pages/failure.py",
                label="All failures of this kind",
                icon=":material/arrow_forward:",
                query_params={"fingerprint": error.fingerprint},
            )


def _offer_cures(task: TaskView) -> None:
    """Offer what else than a retry cures this one; the page asks once more before it is done."""
    fingerprint = (task.error and task.error.fingerprint) or ""
    actions = [action for action in actions_for(fingerprint) if action != "retry"]
    if actions:
        offer_actions(Scope(task_ids=(task.task_id,)), actions, key=f"cure-{task.task_id}")


def _show_attempt(task: TaskView, *, many: bool) -> None:
    look = TASKS[task.inner_status]
    head = f"**Attempt {task.attempt}** · {look.word}" if many else f"**{look.word}**"
    lines = [head, f"Ordered {ago_html(task.created_at)}"]
    if task.submitted_at is not None:
        lines.append(f"Sent after {duration((task.submitted_at - task.created_at).total_seconds())}")
    if _took(task):
        lines.append(f"Took {_took(task)}")
    if task.credits_consumed is not None:
        lines.append(f"Cost {credits_in_words(task.credits_consumed)}")
    if task.output.riggable is not None:
        can = f"Yes, as a {as_markdown(task.output.rig_type or 'biped')}" if task.output.riggable else "No"
        lines.append(f"Can be rigged: {can}")
    if task.error is not None:
        lines.append(f"{as_markdown(task.error.message)} (`{task.error.code}`)")
    for label, value in (
        ("Tripo task", task.tripo_task_id),
        ("Trace id", task.error and task.error.trace_id),
    ):
        if value:
            lines.append(f"{label} `{value}`")
    st.caption("  \n".join(lines), unsafe_allow_html=True)
    offer_raw_truth(task.task_id)


def _offer_retry(task: TaskView) -> None:
    with st.popover("Try again", icon=":material/refresh:", key=f"retry-{task.task_id}"):
        price = asset_backend.price_of_retry(task.task_id)
        costs = "" if price is None else f" It costs **{credits_in_words(price)}** when all of it succeeds."
        st.markdown(f"This orders the step, and what waits behind it, once more.{costs}")
        st.button(
            "Order it again",
            type="primary",
            key=f"do-retry-{task.task_id}",
            on_click=act,
            args=(backend.retry, task.task_id),
            kwargs={"said": "Ordered again."},
        )


def _offer_cancel(task: TaskView) -> None:
    sent = task.tripo_task_id is not None
    with st.popover("Cancel", type="tertiary", key=f"cancel-{task.task_id}"):
        st.markdown(
            "This ends the chain here. The provider works on it already, and may still finish and bill it."
            if sent
            else "This ends the chain here. It was not sent yet, so nothing is billed."
        )
        st.button(
            "End it here",
            type="primary",
            key=f"do-cancel-{task.task_id}",
            on_click=act,
            args=(backend.cancel, task.task_id),
            kwargs={"said": "Cancelled."},
        )
