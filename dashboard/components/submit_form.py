"""The form for a new asset: its fields, what speaks against them, and sending it once."""

from __future__ import annotations

import uuid
from typing import Any, Final

import streamlit as st

from core.errors import HatcheryError, OrderError
from core.schemas import ProjectView
from core.tripo import DEFAULT_MODEL, DEFAULT_RIG_MODEL, PROMPT_LENGTH_MOST, presets_for
from core.tripo.catalog import FACE_RANGE, GENERATION_MODELS
from dashboard import backend
from dashboard.components import person
from dashboard.components.key_form import ask_key
from dashboard.components.plain_text import as_markdown
from dashboard.components.prompt_counter import prompt_counter
from dashboard.components.step_words import clip_title
from dashboard.new_asset import NewAsset, faults_of

PLAIN_SIX: Final = [f"preset:{name}" for name in ("idle", "walk", "run", "jump", "climb", "dive")]
_NEW: Final = ""
_FORM, _TRIED, _REFUSED, _ORDERED = "asset_form", "asset_tried", "asset_refused", "asset_ordered"
_DEFAULTS_OF: Final = "asset_defaults_of"


def ask_for_asset(projects: tuple[ProjectView, ...]) -> NewAsset:
    """Show the form, and return what it says now."""
    _begin_anew()
    _take_defaults(projects)
    faults = _faults()
    prompt = st.text_area(
        "Prompt",
        key="asset_prompt",
        height=120,
        placeholder="a low poly knight in T-pose",
        help="One thing, in plain words. A figure that is to be rigged is best described in T-pose.",
    )
    prompt_counter(prompt or "", of="asset_prompt", most=PROMPT_LENGTH_MOST, key="prompt_counter")
    _show_fault(faults, "prompt")
    name_side, project_side = st.columns(2)
    with name_side:
        st.text_input("Name", key="asset_name", placeholder="Taken from the prompt when left empty")
        _show_fault(faults, "name")
    with project_side:
        _ask_project(projects)
        _show_fault(faults, "project")
    ask_key()
    _show_fault(faults, "key")
    st.toggle("Rig it, so that it can be animated", key="asset_rig")
    if st.session_state.get("asset_rig"):
        st.multiselect(
            "Animations",
            _animations(),
            key="asset_animations",
            format_func=clip_title,
            placeholder="None: rig only",
        )
        _show_fault(faults, "animations")
    with st.expander("Generation options", icon=":material/tune:", key="asset_options"):
        _ask_options()
    _show_fault(faults, "options")
    return new_asset()


def new_asset() -> NewAsset:
    """Put together what the form says."""
    state = st.session_state
    return NewAsset(
        prompt=state.get("asset_prompt") or "",
        name=state.get("asset_name") or "",
        project_id=state.get("asset_project") or None,
        new_project=state.get("asset_new_project") or "",
        rig=bool(state.get("asset_rig")),
        animations=tuple(state.get("asset_animations") or ()),
        options=_options(),
        key_id=state.get("asset_key") or None,
    )


def send() -> None:
    """Order what the form says; for the button's `on_click`. A second click orders nothing new."""
    st.session_state[_TRIED] = True
    st.session_state[_REFUSED] = None
    order = new_asset()
    if faults_of(order):
        return
    try:
        form = st.session_state[_FORM]
        st.session_state[_ORDERED] = backend.submit(order, form, actor=person.name() or backend.NOBODY)
    except HatcheryError as error:
        st.session_state[_REFUSED] = (order, error)


def just_ordered() -> tuple[str, str] | None:
    """Return the ids of project and asset that were just ordered, once."""
    ordered: tuple[str, str] | None = st.session_state.pop(_ORDERED, None)
    return ordered


def show_refusal() -> None:
    """Say why the order was not taken, when it was for no single field."""
    refusal = _refusal()
    if refusal is not None and not isinstance(refusal, OrderError):
        st.error(as_markdown(f"{refusal.message} {refusal.suggestion}"), icon=":material/error:")


def _begin_anew() -> None:
    """Name the form anew while it is empty or just opened: the name makes one order of the same, sent twice."""
    state = st.session_state
    just_opened = "asset_name" not in state
    if just_opened:
        state[_TRIED], state[_DEFAULTS_OF] = False, None
    if just_opened or not (state.get("asset_prompt") or state.get("asset_name")):
        state[_FORM] = uuid.uuid4().hex


def _take_defaults(projects: tuple[ProjectView, ...]) -> None:
    """Fill in what a project says of itself, when it is chosen; what it does not say stays as it is."""
    state = st.session_state
    chosen = state.get("asset_project", projects[0].project_id if projects else _NEW)
    if state[_DEFAULTS_OF] == chosen:
        return
    state[_DEFAULTS_OF] = chosen
    defaults = next((dict(p.defaults) for p in projects if p.project_id == chosen), {})
    options = defaults.get("options") or {}
    said = {
        "asset_rig": defaults.get("shouldRig"),
        "asset_animations": [p for p in defaults.get("animations") or [] if p in _animations()] or None,
        "asset_model": options.get("model"),
        "asset_faces": options.get("faceLimit"),
        "asset_negative": options.get("negativePrompt"),
    }
    state.update({key: value for key, value in said.items() if value is not None})


def _faults() -> dict[str, OrderError]:
    """Find what to say beside the fields: of those that are filled in, or of all once sending was tried."""
    found = faults_of(new_asset())
    if not st.session_state.get(_TRIED):
        found = {field: fault for field, fault in found.items() if st.session_state.get(f"asset_{field}")}
    refusal = _refusal()
    if isinstance(refusal, OrderError):
        found.setdefault(_FIELD_OF.get(refusal.field or "", refusal.field or "options"), refusal)
    return found


_FIELD_OF: Final = {"projectId": "project", "assetId": "name", "keyId": "key"}


def _refusal() -> HatcheryError | None:
    """Return why the order was refused, as long as nothing was changed since."""
    order, error = st.session_state.get(_REFUSED) or (None, None)
    return error if order == new_asset() else None


def _show_fault(faults: dict[str, OrderError], field: str) -> None:
    fault = faults.get(field)
    if fault is not None:
        text = as_markdown(f"{fault.message} {fault.suggestion}".strip())
        st.markdown(f":red[:material/error: {text}]")


def _ask_project(projects: tuple[ProjectView, ...]) -> None:
    names = {p.project_id: p.name for p in projects} | {_NEW: "New project …"}
    st.selectbox(
        "Project", list(names), format_func=lambda value: names.get(value, value), key="asset_project"
    )
    if st.session_state.get("asset_project") == _NEW:
        st.text_input("Name of the new project", key="asset_new_project")


def _animations() -> list[str]:
    rest = [preset for preset in presets_for("biped", DEFAULT_RIG_MODEL) if preset not in PLAIN_SIX]
    return PLAIN_SIX + rest


def _ask_options() -> None:
    models = GENERATION_MODELS["v2" if backend.api_version() == "v2" else "v3"]
    left, right = st.columns(2)
    with left:
        model = st.selectbox("Model", models, index=models.index(DEFAULT_MODEL), key="asset_model")
        fewest, most = FACE_RANGE[model]
        st.number_input(
            "Most faces",
            min_value=1,
            value=None,
            step=500,
            key="asset_faces",
            placeholder="As many as it takes",
            help=f"This model takes {fewest:,} to {most:,}.",
        )
    with right:
        st.selectbox("Texture", list(_TEXTURES), key="asset_texture")
        st.text_input("Not wanted", key="asset_negative", placeholder="base, pedestal", max_chars=255)
    st.toggle(
        "Quads instead of triangles",
        key="asset_quad",
        disabled=bool(st.session_state.get("asset_rig")),
        help="Comes as an FBX file, without a preview. A quad model cannot be rigged here.",
    )


_TEXTURES: Final[dict[str, dict[str, Any]]] = {
    "Standard": {},
    "Detailed": {"textureQuality": "detailed"},
    "None": {"texture": False},
}


def _options() -> dict[str, Any]:
    state = st.session_state
    wanted: dict[str, Any] = {
        "model": state.get("asset_model"),
        "faceLimit": state.get("asset_faces"),
        "negativePrompt": (state.get("asset_negative") or "").strip() or None,
        "quad": (state.get("asset_quad") and not state.get("asset_rig")) or None,
        **_TEXTURES.get(state.get("asset_texture") or "Standard", {}),
    }
    return {name: value for name, value in wanted.items() if value is not None}
