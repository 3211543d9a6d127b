"""Deciding what became of an order whose answer was lost: what was found of it, and what a person may say.

Only a person may have it sent again, for a second order costs again.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.lifecycle import TaskStatus
from core.prices import credits_in_words
from core.schemas import AssetDetail, CandidateView, EvidenceView, TaskView, WalletView
from dashboard import backend
from dashboard.components.actions import act
from dashboard.components.moments import ago, exact
from dashboard.components.plain_text import as_markdown
from dashboard.components.step_words import step_title

LATE: Final = ("made_late", "made_twice")
WITH_A_WARNING: Final = ("choose", "likely_created")
ANOTHER_ID: Final = "Another id"


def unknown_tasks(asset: AssetDetail) -> list[TaskView]:
    """List the orders whose outcome nobody knows."""
    return [task for task in asset.tasks if task.inner_status is TaskStatus.UNKNOWN]


def tell_late_news(asset: AssetDetail) -> None:
    """Say what was found out about orders that had been given up for lost."""
    for task in asset.tasks:
        if task.evidence is not None and task.evidence.verdict in LATE:
            title = as_markdown(step_title(task.kind, task.preset))
            st.warning(
                f"**{title}, attempt {task.attempt}.** {as_markdown(task.evidence.sentence)}",
                icon=":material/content_copy:",
            )


def ask_outcome(task: TaskView) -> None:
    """Ask what became of one order, and show what is known of it."""
    evidence = task.evidence
    with st.container(border=True, key=f"unknown-{task.task_id}"):
        title = as_markdown(step_title(task.kind, task.preset))
        st.subheader(f"Was it created? {title}", icon=":material/help:", anchor=False)
        st.markdown(
            f"The order left {ago(evidence.sent_at if evidence else task.created_at)} and its answer was lost. "
            "It may exist at Tripo and cost credits, so it is not sent again by itself."
        )
        if evidence is not None:
            _show(evidence)
        with st.container(horizontal=True):
            _offer_to_send_again(task)
            _offer_to_follow(task)


# --- what is known -------------------------------------------------------------------------------------------


def _show(evidence: EvidenceView) -> None:
    tell = st.warning if evidence.verdict in WITH_A_WARNING else st.info
    tell(as_markdown(evidence.sentence), icon=":material/search:")
    lines = [f"**Sent** {exact(evidence.sent_at)}, given up for lost {exact(evidence.lost_at)}"]
    lines += [_candidate_line(candidate) for candidate in evidence.candidates]
    lines += _wallet_lines(evidence.wallet)
    if evidence.looked_at is not None:
        lines.append(_looked(evidence))
    st.caption("  \n".join(lines))


def _candidate_line(candidate: CandidateView) -> str:
    fits = "the same input" if candidate.fit == "same" else "an input that cannot be compared in full"
    time = "" if candidate.in_time else ", not made at the same moment"
    return f"**At Tripo** {_code(candidate.tripo_task_id)}: {_facts(candidate)}; {fits}{time}"


def _code(tripo_task_id: str) -> str:
    return f"`{tripo_task_id.replace('`', '')}`"


def _facts(candidate: CandidateView) -> str:
    made = [exact(candidate.created_at)] if candidate.created_at else []
    cost = [credits_in_words(candidate.credits)] if candidate.credits else []
    return ", ".join([as_markdown(candidate.type), as_markdown(candidate.status), *made, *cost])


def _wallet_lines(wallet: WalletView) -> list[str]:
    moments = [
        f"{credits_in_words(moment.balance)} and {credits_in_words(moment.frozen)} set aside "
        f"{word} the send ({exact(moment.at)})"
        for word, moment in (("before", wallet.before), ("after", wallet.after))
        if moment is not None
    ]
    return [f"**Wallet** {' · '.join([*moments, as_markdown(wallet.sentence)])}"]


def _looked(evidence: EvidenceView) -> str:
    asked = f"**Tripo was asked** {exact(evidence.looked_at)}" if evidence.looked_at else ""
    if evidence.next_look_at is None:
        return f"{asked}, for the last time"
    return f"{asked}, and is asked again {exact(evidence.next_look_at)}"


# --- what a person may say -----------------------------------------------------------------------------------


def _offer_to_send_again(task: TaskView) -> None:
    price = task.evidence.price if task.evidence else None
    costs = f"This costs {credits_in_words(price)}. " if price else ""
    with st.popover("It was not created: send again", icon=":material/send:"):
        st.markdown(f"{costs}Should the first one exist after all, it is made and paid twice.")
        reason = _ask_why(task, "not_created")
        st.button(
            "Send it again",
            type="primary",
            key=f"not-created-{task.task_id}",
            on_click=_decide,
            args=(task, "not_created", reason),
        )


def _offer_to_follow(task: TaskView) -> None:
    with st.popover("It was created: here is its id", icon=":material/link:"):
        chosen = _choose(task)
        if chosen == ANOTHER_ID:
            st.text_input("Its task id at Tripo", key=_id_key(task.task_id))
        reason = _ask_why(task, "created")
        st.button(
            "Follow this task",
            type="primary",
            key=f"created-{task.task_id}",
            on_click=_decide,
            args=(task, "created", reason),
        )


def _choose(task: TaskView) -> str:
    """Let a person choose among what was found; the likeliest is chosen already."""
    found = {c.tripo_task_id: _facts(c) for c in task.evidence.candidates} if task.evidence else {}
    if not found:
        return ANOTHER_ID
    options = [*found, ANOTHER_ID]
    return st.radio(
        "Which task at Tripo is it?",
        options,
        format_func=lambda each: each if each == ANOTHER_ID else _code(each),
        captions=[found.get(each, "Copy it from Tripo's console.") for each in options],
        key=_choice_key(task.task_id),
    )


def _ask_why(task: TaskView, outcome: str) -> str:
    key = f"why-{outcome}-{task.task_id}"
    st.text_input("Why? It is kept in the history.", key=key, max_chars=500)
    return key


def _decide(task: TaskView, outcome: str, reason_key: str) -> None:
    act(
        backend.resolve,
        task.task_id,
        outcome=outcome,
        tripo_task_id=_named(task) if outcome == "created" else None,
        reason=(st.session_state.get(reason_key) or "").strip(),
        said="Decided. It goes on from here.",
    )


def _named(task: TaskView) -> str | None:
    chosen = st.session_state.get(_choice_key(task.task_id), ANOTHER_ID)
    if chosen != ANOTHER_ID:
        return str(chosen)
    return (st.session_state.get(_id_key(task.task_id)) or "").strip() or None


def _choice_key(task_id: str) -> str:
    return f"tripo-choice-{task_id}"


def _id_key(task_id: str) -> str:
    return f"tripo-id-{task_id}"
