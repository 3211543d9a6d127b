"""The form of a project's style: words around each description, options by size class, the gate of variants."""

from __future__ import annotations

import json
from typing import Any, Final, get_args

import streamlit as st
from pydantic import ValidationError

from core.errors import OrderError
from core.plans.plan import SizeClass
from core.plans.style import LONGEST_WORDS, Style, StyleVersion
from core.tripo import NEGATIVE_PROMPT_LENGTH_MOST
from dashboard import plan_backend
from dashboard.components.actions import act

_WORDS: Final = {
    "prefix": ("Before each description", "For example: low poly, hand-painted"),
    "suffix": ("After each description", "For example: muted colours, clean silhouette"),
    "pose": ("Pose of RIG assets whose description names none", "For example: T-pose, arms straight out"),
    "negative_prompt": ("Not wanted", "For example: base, pedestal"),
}
_SIZES: Final[tuple[SizeClass, ...]] = get_args(SizeClass)
_GATE, _OF = "style_gate", "style_of"


def ask_style(project_id: str, current: StyleVersion) -> None:
    """Show the style as a form; saved, it is the project's next version."""
    _take(project_id, current)
    with st.form("style", border=True):
        for name, (label, example) in _WORDS.items():
            most = NEGATIVE_PROMPT_LENGTH_MOST if name == "negative_prompt" else LONGEST_WORDS
            st.text_area(label, key=f"style_{name}", max_chars=most, height=68, placeholder=example)
        st.markdown("**Options by size class**")
        st.caption('As in a plan: a JSON object of generation options, such as {"faceLimit": 3000}.')
        columns = st.columns(2)
        for at, size in enumerate(_SIZES):
            columns[at % 2].text_input(size.capitalize(), key=f"style_size_{size}", placeholder="{}")
        st.toggle("Rig and animations of variants wait until somebody picks the best", key=_GATE)
        st.form_submit_button("Save the style", type="primary", on_click=_save, args=(project_id,))


def _take(project_id: str, current: StyleVersion) -> None:
    """Fill the form with what is kept, when it is of another project or version."""
    state = st.session_state
    if state.get(_OF) == (project_id, current.version) and _GATE in state:
        return
    state[_OF] = (project_id, current.version)
    for name in _WORDS:
        state[f"style_{name}"] = getattr(current.style, name)
    for size in _SIZES:
        options = current.style.size_classes.get(size)
        state[f"style_size_{size}"] = json.dumps(options) if options else ""
    state[_GATE] = current.style.gate


def _save(project_id: str) -> None:
    act(_set_style, project_id, said="Saved, for what is made from now on.")


def _set_style(project_id: str, *, actor: str) -> None:
    state = st.session_state
    words = {name: state.get(f"style_{name}") or "" for name in _WORDS}
    sizes = {size: _options(size) for size in _SIZES}
    try:
        style = Style(**words, size_classes={n: o for n, o in sizes.items() if o}, gate=bool(state[_GATE]))
    except ValidationError as error:
        raise OrderError("The style is too long.", suggestion="Shorten it.", code="style_invalid") from error
    plan_backend.set_style(project_id, style, actor=actor)


def _options(size: str) -> dict[str, Any]:
    text = str(st.session_state.get(f"style_size_{size}") or "").strip()
    try:
        options = json.loads(text or "{}")
    except (ValueError, RecursionError):
        options = None
    if not isinstance(options, dict):
        raise OrderError(
            f"The options of {size} are no JSON object.", suggestion='Write them as {"faceLimit": 3000}.'
        )
    return options
