"""Buttons that do one thing to many: pressed, they show count and price and what is left out, and ask once more.

`offer_actions(scope, ["retry", ...], key="...")` draws the buttons, also in live parts of a page; the page itself
calls `show_asked()` once, outside of any live part: it draws the question.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import streamlit as st

from core.errors import ConflictError, HatcheryError
from core.jobs.catalogue import ACTIONS
from core.jobs.scope import Scope
from core.jobs.views import JobPreview
from core.prices import credits_in_words
from dashboard import backend, job_backend
from dashboard.components import person
from dashboard.components.bulk_terms import Asked, ask_terms
from dashboard.components.job_words import ACTION_ICONS, counted, what_is_left_out
from dashboard.components.plain_text import as_markdown

JOB_PAGE: Final = "app_pages/job.py"
SHOWN_AT_FIRST: Final = 4  # buttons; the rest fold into one more
_ASKED, _STARTED, _FAILED = "bulk_asked", "bulk_started", "bulk_failed"
_WHEN: Final = {"Now": 0, "In 5 minutes": 300, "In 1 hour": 3_600, "In 8 hours": 28_800}


class Question(NamedTuple):
    """An action that was pressed, about what, and under which name its start is sent."""

    action: str
    scope: Scope
    form: str


def offer_actions(scope: Scope, actions: Sequence[str], *, key: str, label: str | None = None) -> None:
    """Draw a button for each action; `key` names the bar on its page, `label` a single action's button."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"{key}_bulk"):
        for name in actions[:SHOWN_AT_FIRST]:
            if st.button(label or ACTIONS[name].title, key=f"{key}_bulk_{name}", icon=ACTION_ICONS.get(name)):
                _ask_about(name, scope)
        if len(actions) > SHOWN_AT_FIRST:
            # A menu closes before the question opens and has the focus back after it; a popover does neither.
            chosen = st.menu_button(
                "More",
                actions[SHOWN_AT_FIRST:],
                key=f"{key}_bulk_more",
                icon=":material/more_horiz:",
                format_func=lambda name: f"{ACTION_ICONS.get(name, '')} {ACTIONS[name].title}".strip(),
            )
            if chosen:
                _ask_about(chosen, scope)


def show_asked() -> None:
    """Ask once more about the action that was pressed, if any was; for the page itself, once."""
    asked: Question | None = st.session_state.pop(_ASKED, None)
    if asked is not None:
        st.dialog(ACTIONS[asked.action].title, width="medium", icon=ACTION_ICONS.get(asked.action))(_ask)(
            asked
        )


def _ask_about(name: str, scope: Scope) -> None:
    """Have the page ask once more about an action that was pressed."""
    st.session_state[_ASKED] = Question(name, scope, uuid.uuid4().hex)
    st.session_state.pop(_FAILED, None)
    st.session_state.pop(_STARTED, None)
    st.rerun()  # the question is drawn outside of live parts, which would draw it away again


def _ask(question: Question) -> None:
    """Draw the question; whatever is changed in it draws only itself again."""
    form, job_id = st.session_state.get(_STARTED, ("", ""))
    if form == question.form:
        _tell_started(job_id)
        return
    terms = ask_terms(question.action, question.scope)
    when = st.selectbox("When", list(_WHEN), key="bulk_when")
    shown = _previewed(question, terms)
    failed: HatcheryError | None = st.session_state.get(_FAILED)
    if failed is not None:
        text = as_markdown(f"{failed.message} {failed.suggestion}".strip())
        st.warning(text, icon=":material/group:" if isinstance(failed, ConflictError) else ":material/error:")
    st.button(
        _label(question.action, shown) if shown else "Do it",
        type="primary",
        key="bulk_do",
        disabled=shown is None or not shown.count,
        on_click=_start,
        args=(question, terms, _WHEN[when], shown.fingerprint if shown else ""),
    )


def _previewed(question: Question, terms: Asked) -> JobPreview | None:
    if terms is None:
        st.caption("Fill in what is asked for above; then count and price are shown here.")
        return None
    try:
        with st.spinner("Counting, and working out the price …"):
            shown = job_backend.preview(question.action, question.scope, terms)
    except backend.DataUnavailableError:
        raise
    except HatcheryError as error:
        st.error(as_markdown(f"{error.message} {error.suggestion}".strip()), icon=":material/error:")
        return None
    _show(question.action, shown)
    return shown


def _show(action: str, shown: JobPreview) -> None:
    if shown.count:
        price = credits_in_words(Decimal(shown.credits)) if shown.credits else "nothing"
        of = f" of {counted('asset', shown.assets)}" if shown.assets != shown.count else ""
        st.markdown(f"**{_items(action, shown.count)}**{of}. It costs **{price}** when all succeed.")
    else:
        st.markdown("There is nothing to do.")
    what_is_left_out(shown)


def _items(action: str, count: int) -> str:
    return counted("asset" if ACTIONS[action].tasks_of is None else "step", count)


def _label(action: str, shown: JobPreview) -> str:
    what = f"{ACTIONS[action].title}: {_items(action, shown.count)}"
    return f"{what} for {credits_in_words(Decimal(shown.credits))}" if shown.credits else what


def _start(question: Question, terms: dict[str, Any], after_seconds: int, fingerprint: str) -> None:
    actor = person.name() or backend.NOBODY
    try:
        job_id = job_backend.start(
            question.action,
            question.scope,
            terms,
            after_seconds=after_seconds,
            fingerprint=fingerprint,
            form=question.form,
            actor=actor,
        )
    except HatcheryError as error:
        st.session_state[_FAILED] = error
        return
    st.session_state.pop(_FAILED, None)
    st.session_state[_STARTED] = (question.form, job_id)
    st.toast(f"{ACTIONS[question.action].title}: started.", icon=":material/check_circle:")


def _tell_started(job_id: str) -> None:
    st.success(
        "Started. It goes on by itself, also when this page is closed.", icon=":material/check_circle:"
    )
    st.page_link(JOB_PAGE, label="See what it does", icon=":material/task_alt:", query_params={"job": job_id})
