"""Deciding what became of an order whose answer was lost: only a person may, for a second order costs again."""

from __future__ import annotations

import streamlit as st

from core.lifecycle import TaskStatus
from core.schemas import AssetDetail, TaskView
from dashboard import backend
from dashboard.components.actions import act
from dashboard.components.moments import ago
from dashboard.components.plain_text import as_markdown
from dashboard.components.step_words import step_title


def unknown_tasks(asset: AssetDetail) -> list[TaskView]:
    """List the orders whose outcome nobody knows."""
    return [task for task in asset.tasks if task.inner_status is TaskStatus.UNKNOWN]


def ask_outcome(task: TaskView) -> None:
    """Ask what became of one order."""
    with st.container(border=True, key=f"unknown-{task.task_id}"):
        title = as_markdown(step_title(task.kind, task.preset))
        st.subheader(f"Was it created? {title}", icon=":material/help:", anchor=False)
        st.markdown(
            f"The order left {ago(task.created_at)} and its answer was lost. It may exist at Tripo and cost credits, "
            "so it is not sent again by itself. Look for it among the tasks in Tripo's console, then decide."
        )
        with st.popover("It was not created: send again", icon=":material/send:"):
            st.markdown("Should it exist after all, it is made and paid twice.")
            st.button(
                "Send it again",
                type="primary",
                key=f"not-created-{task.task_id}",
                on_click=_decide,
                args=(task.task_id, "not_created"),
            )
        with st.popover("It was created: here is its id", icon=":material/link:"):
            st.text_input("Its task id at Tripo", key=_id_key(task.task_id))
            st.button(
                "Follow this task",
                type="primary",
                key=f"created-{task.task_id}",
                on_click=_decide,
                args=(task.task_id, "created"),
            )


def _decide(task_id: str, outcome: str) -> None:
    known = (st.session_state.get(_id_key(task_id)) or "").strip() or None
    act(
        backend.resolve,
        task_id,
        outcome=outcome,
        tripo_task_id=known if outcome == "created" else None,
        said="Decided. It goes on from here.",
    )


def _id_key(task_id: str) -> str:
    return f"tripo-id-{task_id}"
