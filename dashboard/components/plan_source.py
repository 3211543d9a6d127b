"""Where a plan comes from: a file that is dropped in, pasted text, or one that was applied before."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.errors import HatcheryError, NotFoundError, PlanRefusedError
from core.plans.decoding import plain_text
from core.plans.limits import WORKBOOK_BYTES_MOST
from core.plans.notes import Notes
from core.projects import FIRST_PROJECT
from core.schemas import ProjectView
from dashboard import backend, plan_backend
from dashboard.components import person
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.plan_state import assets_in_words
from dashboard.plan_draft import PlanDraft

DRAFT: Final = "plan_draft"
_PROJECT, _FILE, _TEXT, _NAME, _WAY = (
    "plan_project",
    "plan_file",
    "plan_text",
    "plan_filename",
    "plan_way",
)
_REFUSED, _NEW_PROJECT, _TAKEN = "plan_refused", "plan_new_project", "plan_file_taken"
_FROM: Final = "from"  # in the address: the plan to begin with
_LONGEST_TEXT_TO_MEND: Final = 300_000  # bytes that a text field still carries well


def draft_at_hand() -> PlanDraft | None:
    """Return the plan that is being looked at."""
    draft: PlanDraft | None = st.session_state.get(DRAFT)
    return draft


def keep_draft(draft: PlanDraft | None) -> None:
    """Look at this plan from now on."""
    st.session_state[DRAFT] = draft


def open_applied() -> None:
    """Take up the plan that the address names, once; a plan that is not there is refused in words."""
    plan_id = st.query_params.get(_FROM)
    if not plan_id:
        return
    del st.query_params[_FROM]
    keep_draft(None)
    try:
        plan, content = plan_backend.plan_file(plan_id)
    except NotFoundError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[_PROJECT] = plan.project_id
    _begin(plan.filename, content)


def ask_project(projects: tuple[ProjectView, ...]) -> None:
    """Ask for which project the plan is; turns the draft to it."""
    state = st.session_state
    names = {p.project_id: p.name for p in projects}
    if state.get(_PROJECT) not in names:
        usual = (backend.last_project_id(person.name() or backend.NOBODY), FIRST_PROJECT, *names)
        state[_PROJECT] = next((each for each in usual if each in names), None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Project",
            list(names),
            format_func=lambda value: names.get(value, value),
            key=_PROJECT,
            on_change=_turn,
            width=320,
        )
        with st.popover("New project", icon=":material/add:"):
            st.text_input("Name of the new project", key=_NEW_PROJECT)
            st.button("Make it", type="primary", key="plan_make_project", on_click=_make_project)


def ask_source() -> None:
    """Ask for a file or for text."""
    way = st.segmented_control(
        "Where from", ["File", "Text"], default="File", required=True, key=_WAY, label_visibility="collapsed"
    )
    if way == "Text":
        st.text_area(
            "Plan", key=_TEXT, height=320, placeholder="## Characters\n- [RIG] Gate Guard\n  - Description: …"
        )
        st.text_input(
            "Name of the plan",
            key=_NAME,
            placeholder="plan.md",
            help="The same name again is the next revision of the same plan. Its ending names the format.",
        )
        st.button("Preview", type="primary", icon=":material/preview:", on_click=_take_text)
    else:
        st.file_uploader(
            "Drop a plan here: Markdown, CSV, TSV, XLSX, JSON or YAML",
            key=_FILE,
            max_upload_size=WORKBOOK_BYTES_MOST // 1_000_000,
            on_change=_take_file,
        )
    show_refusal()


def show_refusal() -> None:
    """Say why a file was not taken."""
    error: HatcheryError | None = st.session_state.get(_REFUSED)
    if error is None:
        return
    line = f"Line {error.line}: " if isinstance(error, PlanRefusedError) and error.line else ""
    st.error(as_markdown(f"{line}{error.message} {error.suggestion}".strip()), icon=":material/error:")


def show_draft(draft: PlanDraft, assets: int) -> None:
    """Name the plan that is being looked at, and offer what can be done with its file."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        edited = " · edited here" if draft.is_edited else ""
        st.markdown(
            f":material/description: **{as_markdown(one_line(draft.filename, 80))}** · "
            f"{assets_in_words(assets)}{edited}",
            width="content",
        )
        st.download_button(
            "Download",
            draft.content,
            file_name=draft.filename,
            key="plan_download",
            icon=":material/download:",
            on_click="ignore",
            help="The plan as it is shown here, with what you edited.",
        )
        if draft.format != "xlsx" and len(draft.content) <= _LONGEST_TEXT_TO_MEND:
            st.button("Edit as text", icon=":material/edit:", on_click=_mend_text)
        st.button("Another plan", icon=":material/restart_alt:", on_click=keep_draft, args=(None,))


def _begin(filename: str, content: bytes) -> None:
    state = st.session_state
    keep_draft(None)
    try:
        keep_draft(PlanDraft.of(state.get(_PROJECT) or FIRST_PROJECT, filename, content))
        state[_REFUSED] = None
    except HatcheryError as error:
        state[_REFUSED] = error


def _take_file() -> None:
    """Take up what was dropped, once: the browser names the file again with what is done next, which is no drop."""
    file = st.session_state.get(_FILE)
    if file is not None and file.file_id != st.session_state.get(_TAKEN):
        st.session_state[_TAKEN] = file.file_id
        _begin(file.name, file.getvalue())


def _take_text() -> None:
    state = st.session_state
    _begin((state.get(_NAME) or "").strip() or "plan.md", (state.get(_TEXT) or "").encode())


def _mend_text() -> None:
    draft = draft_at_hand()
    if draft is not None:
        state = st.session_state
        state[_TEXT], state[_NAME] = plain_text(draft.content, Notes()), draft.filename
        state[_WAY] = "Text"
        keep_draft(None)


def _turn() -> None:
    draft = draft_at_hand()
    if draft is not None:
        keep_draft(draft.for_project(st.session_state[_PROJECT]))


def _make_project() -> None:
    state = st.session_state
    try:
        name = state.get(_NEW_PROJECT) or ""
        state[_PROJECT] = plan_backend.make_project(name, actor=person.name() or backend.NOBODY)
    except HatcheryError as error:
        st.toast(as_markdown(f"{error.message} {error.suggestion}".strip()), icon=":material/error:")
        return
    state[_NEW_PROJECT] = ""
    _turn()
