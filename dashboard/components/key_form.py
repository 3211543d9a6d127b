"""Adding a key of one's own, and choosing which key a project's orders use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.key_desk import LONGEST_NAME
from core.schemas import KeyView, ProjectView
from dashboard import backend
from dashboard.components.actions import act, acted
from dashboard.components.key_cards import OVER, key_name
from dashboard.components.live import last_known
from dashboard.components.plain_text import as_markdown
from dashboard.components.secret_input import ask_secret, take_secret

_NAME, _KEY, _REGION = "key_name", "key_secret", "key_region"
_REGIONS: Final = {
    "": "Where the shared key's account is",
    "international": "International (tripo3d.ai)",
    "china": "Mainland China (tripo3d.com)",
}
_SHARED: Final = ""


def ask_for_key() -> None:
    """Show the form for a new key; the key itself leaves the form as soon as it is sent."""
    with st.form("add_key", border=True):
        st.subheader("Add a key", anchor=False)
        st.text_input("Name", key=_NAME, max_chars=LONGEST_NAME, placeholder="For example Ada's account")
        ask_secret(
            "Key",
            _KEY,
            placeholder="tsk_…",
            help="From Tripo's console, under API keys. It is kept encrypted and never shown again.",
        )
        st.selectbox("Region", list(_REGIONS), format_func=_REGIONS.__getitem__, key=_REGION)
        st.form_submit_button("Check and add", type="primary", icon=":material/key:", on_click=_add)


def ask_for_choices(projects: Sequence[ProjectView], keys: Sequence[KeyView]) -> None:
    """Ask of each project which key its orders use."""
    own = _own_names(keys)
    shared = "The shared key" if backend.has_shared_key() else "None: it cannot order"
    with st.container(border=True):
        st.subheader("Which project uses which key", anchor=False)
        st.caption("What was ordered before keeps its key. An order may also name one of its own.")
        for project in projects:
            _ask_choice(project, {_SHARED: shared} | own)


def ask_key() -> None:
    """Ask which key an order is to use, where there is a choice."""
    own = _own_names(last_known("keys", None, backend.keys))
    if not own:
        return
    names = {_SHARED: "The project's, else the shared one"} | own
    st.selectbox("Key", list(names), format_func=lambda value: names.get(value, value), key="asset_key")


def _own_names(keys: Sequence[KeyView]) -> dict[str, str]:
    return {key.key_id: key_name(key) for key in keys if not key.shared and key.state not in OVER}


def _ask_choice(project: ProjectView, names: dict[str, str]) -> None:
    field, chosen = f"project-key-{project.project_id}", project.key_id or _SHARED
    if chosen not in names:
        names = names | {chosen: "A key that was removed: choose another"}
    st.session_state[field] = chosen
    st.selectbox(
        as_markdown(project.name),
        list(names),
        format_func=lambda value: names.get(value, value),
        key=field,
        on_change=_choose,
        args=(project.project_id, field),
    )


def _add() -> None:
    state = st.session_state
    secret, region = take_secret(_KEY), state.get(_REGION) or None  # not kept a moment longer than needed
    name = state.get(_NAME) or ""
    if acted(backend.add_key, name=name, key=secret, region=region, said="Added. The key works."):
        state[_NAME] = ""


def _choose(project_id: str, field: str) -> None:
    act(
        backend.choose_key,
        project_id,
        st.session_state[field] or None,
        said="Chosen, for what is ordered from now on.",
    )
