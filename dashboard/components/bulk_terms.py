"""What an action of many wants to be told, asked for in its dialog."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from core.jobs.replacements import OPTION_NAMES
from core.jobs.scope import Scope
from core.rigs import playable_presets
from core.tripo import RIG_TYPES
from core.tripo.catalog import ALL_MODELS, DEFAULT_MODEL, RIG_MODELS
from dashboard import job_backend
from dashboard.components.image_terms import ask_images
from dashboard.components.option_words import label_of, model_title, value_title
from dashboard.components.prompt_terms import ask_prompts
from dashboard.components.rig_options import PLAIN_SIX, plain_first
from dashboard.components.step_words import clip_title

Asked = Mapping[str, Any] | None  # None: something is missing yet
NO_CHOICE: Final = ""


def ask_terms(action: str, scope: Scope) -> Asked:
    """Ask what an action wants to know about what was chosen; None while something of it is missing."""
    if action in _ASKED_ABOUT:
        return _ASKED_ABOUT[action](scope)
    ask = _ASKED.get(action)
    return ask() if ask else {}


def _pose() -> Asked:
    pose = st.segmented_control(
        "Pose", ["T", "A"], default="T", required=True, key="bulk_pose", format_func=lambda p: f"{p}-pose"
    )
    return {"pose": pose}


def _faces() -> Asked:
    limit = st.number_input(
        "Faces at most", min_value=48, max_value=2_000_000, value=5_000, step=500, key="bulk_faces"
    )
    return {"faceLimit": int(limit)}


def _model() -> Asked:
    models = list(ALL_MODELS)
    model = st.selectbox(
        "Model version",
        models,
        index=models.index(DEFAULT_MODEL),
        format_func=model_title,
        key="bulk_model",
    )
    return {"model": model}


def _options() -> Asked:
    """Ask for one option and what it is to be; left empty, it is the provider's choice."""
    name = st.selectbox("Option", OPTION_NAMES, index=None, format_func=label_of, key="bulk_option")
    text = st.text_input(
        "What it is to be", key="bulk_option_value", max_chars=1024, help="Empty: as Tripo does by itself."
    ).strip()
    return {"options": {name: _value(text)}} if name else None


def _value(text: str) -> object:
    """Read a number, true or false; anything else is a word."""
    try:
        read = json.loads(text or "null")
    except ValueError:
        return text
    return read if read is None or isinstance(read, bool | int | float) else text


def _decision() -> Asked:
    st.warning("If one of them was made after all, it is paid twice.", icon=":material/payments:")
    reason = st.text_input("How do you know?", key="bulk_decision", max_chars=500).strip()
    return {"reason": reason} if reason else None


def _rig() -> Asked:
    types = st.selectbox(
        "Rig type",
        [NO_CHOICE, *RIG_TYPES],
        format_func=lambda t: value_title(t) if t else "Let the check decide",
        key="bulk_rig_type",
    )
    versions = st.selectbox(
        "Rig version",
        [NO_CHOICE, *RIG_MODELS[job_backend.spoken_version()]],
        format_func=lambda v: v or "The one that can do it",
        key="bulk_rig_model",
    )
    return {name: value for name, value in (("rigType", types), ("rigModel", versions)) if value}


def _other_rig() -> Asked:
    return _rig() or None


def _animations() -> Asked:
    offered = plain_first(playable_presets({}))
    chosen = st.multiselect(
        "Animations",
        offered,
        default=[p for p in PLAIN_SIX[:2] if p in offered],
        key="bulk_animations",
        format_func=clip_title,
    )
    return {"animations": chosen} if chosen else None


def _category() -> Asked:
    category = st.text_input("Category", key="bulk_category", max_chars=100).strip()
    return {"category": category} if category else None


def _rejection() -> Asked:
    reason = st.text_area("Why?", key="bulk_reject_reason", max_chars=2000, height=80).strip()
    return {"reason": reason} if reason else None


def _cancel() -> Asked:
    reason = st.text_input("Reason, for the others", key="bulk_cancel_reason", max_chars=200).strip()
    return {"reason": reason} if reason else {}


_ASKED_ABOUT: Final[Mapping[str, Callable[[Scope], Asked]]] = {
    "change_prompt": ask_prompts,
    "change_image": ask_images,
}
_ASKED: Final[Mapping[str, Callable[[], Asked]]] = {
    "add_pose": _pose,
    "lower_faces": _faces,
    "change_model": _model,
    "change_options": _options,
    "not_created": _decision,
    "rig": _rig,
    "rig_otherwise": _other_rig,
    "animate": _animations,
    "set_category": _category,
    "reject": _rejection,
    "cancel": _cancel,
}
