"""Applying a plan: asked once more with count and credits, done once, and told when somebody else was faster."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import Final

import streamlit as st

from core.errors import ConflictError, HatcheryError
from core.plans.desk import PlanInvalidError
from core.plans.views import PlanPreview
from core.prices import credits_in_words
from dashboard import backend, plan_backend
from dashboard.components import person
from dashboard.components.plain_text import as_markdown
from dashboard.components.plan_source import keep_draft
from dashboard.components.plan_state import PLAN_PAGE, assets_in_words
from dashboard.components.plan_table import pending_edits, take_edits
from dashboard.plan_draft import PlanDraft

_PREVIEW, _ASKED, _FAILED = "plan_preview", "plan_apply_asked", "plan_apply_failed"
_MEANWHILE: Final = "plan_changed_meanwhile"
_LOOK_SECONDS: Final = 0.2


def previewed(draft: PlanDraft) -> PlanPreview:
    """Return the preview of a draft, worked out once; raises HatcheryError when there can be none."""
    kept = st.session_state.get(_PREVIEW)
    if kept is None or kept[0] != draft:
        with st.spinner("Working out what it does and costs …", show_time=True):
            kept = st.session_state[_PREVIEW] = (draft, plan_backend.preview(draft))
        st.session_state[_FAILED] = None
    preview: PlanPreview = kept[1]
    return preview


def offer_apply(draft: PlanDraft, preview: PlanPreview) -> None:
    """Offer to apply; first to take up what was edited."""
    pending = {line: edit for line, edit in pending_edits(draft).items() if edit}
    if pending:
        rows = "1 row is" if len(pending) == 1 else f"{len(pending):,} rows are"
        st.button(
            "Update the preview",
            type="primary",
            icon=":material/refresh:",
            key="plan_take_edits",
            on_click=take_edits,
            args=(draft, preview),
        )
        st.caption(f"{rows} edited: see what that does and costs before applying.")
    is_empty = not any(row.line is not None for row in preview.assets)
    with st.popover(
        _label(preview),
        type="secondary" if pending else "primary",
        icon=":material/rocket_launch:",
        disabled=bool(pending or preview.errors or is_empty),
        key="plan_apply",
    ):
        st.markdown(_question(preview))
        st.button("Apply now", type="primary", key="plan_apply_now", on_click=_ask, args=(draft,))
    _show_failure()


def apply_if_asked(draft: PlanDraft, preview: PlanPreview) -> None:
    """Apply the draft when that was confirmed, and go to the plan's own page."""
    if st.session_state.pop(_ASKED, None) != draft:
        return
    actor = person.name() or backend.NOBODY
    try:
        plan_id = _applied(draft, preview, actor)
    except PlanInvalidError as error:
        st.session_state[_PREVIEW] = (draft, error.preview)
        st.rerun()
    except HatcheryError as error:
        st.session_state[_FAILED] = error
        return
    keep_draft(None)
    st.session_state[_PREVIEW] = None
    st.toast(
        f"Applied. {preview.estimate.tasks:,} tasks are ordered." if preview.estimate.tasks else "Applied.",
        icon=":material/check_circle:",
    )
    st.switch_page(PLAN_PAGE, query_params={"plan": plan_id})


def _applied(draft: PlanDraft, preview: PlanPreview, actor: str) -> str:
    """Apply, and show how far that is.

    It is written by a thread of its own: a click meanwhile ends this run of the page, never the writing.
    """
    told = (0, len(preview.assets))

    def tell(written: int, of: int) -> None:
        nonlocal told
        told = (written, of)

    place = st.empty()
    with ThreadPoolExecutor(1, "apply") as writer:
        writing = writer.submit(partial(plan_backend.apply_plan, draft, preview.revision, tell, actor=actor))
        while not writing.done():
            written, of = told
            words = f"{written:,} of {assets_in_words(of)} written" if written else "Checking once more …"
            place.progress(written / max(of, 1), text=words)
            wait([writing], _LOOK_SECONDS)
        place.empty()
        return writing.result()


def _label(preview: PlanPreview) -> str:
    ahead = preview.estimate
    return f"Apply for {credits_in_words(ahead.credits)}" if ahead.tasks else "Apply"


def _question(preview: PlanPreview) -> str:
    ahead, counts = preview.estimate, preview.counts
    new, gone = counts.get("added", 0), counts.get("removed", 0)
    parts = [f"{new:,} new" if new else "", f"{counts.get('changed', 0):,} changed", f"{gone:,} leave it"]
    told = ", ".join(part for part in parts if part and not part.startswith("0 "))
    if not ahead.tasks:
        return f"Nothing is ordered. Assets: {told or 'none changes'}."
    tasks = "1 task" if ahead.tasks == 1 else f"{ahead.tasks:,} tasks"
    return (
        f"This orders **{tasks}** for **{credits_in_words(ahead.credits)}** when all succeed. Assets: {told}."
    )


def _ask(draft: PlanDraft) -> None:
    st.session_state[_ASKED] = draft


def _show_failure() -> None:
    error: HatcheryError | None = st.session_state.get(_FAILED)
    if error is None:
        return
    text = as_markdown(f"{error.message} {error.suggestion}".strip())
    if isinstance(error, ConflictError) and error.code == _MEANWHILE:
        st.warning(text, icon=":material/group:")
        st.button("Show a fresh preview", icon=":material/refresh:", on_click=_look_again)
    else:
        st.error(text, icon=":material/error:")


def _look_again() -> None:
    st.session_state[_PREVIEW] = None
