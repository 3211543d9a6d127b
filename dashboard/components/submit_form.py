"""The form for a new asset: its fields, what speaks against them, and sending it once."""

from __future__ import annotations

import uuid
from typing import Any, Final

import streamlit as st

from core.errors import HatcheryError, OrderError
from core.plans.limits import NAME_LENGTH_MOST
from core.projects import FIRST_PROJECT
from core.schemas import ProjectView
from core.tripo import PROMPT_LENGTH_MOST
from dashboard import backend
from dashboard.components import person
from dashboard.components.field_faults import show_fault
from dashboard.components.first_values import first_value, keep_first_values
from dashboard.components.form_memory import form_memory
from dashboard.components.generation_options import ask_options, chosen_options, fields_of
from dashboard.components.key_form import ask_key
from dashboard.components.plain_text import as_markdown
from dashboard.components.prompt_counter import prompt_counter
from dashboard.components.rig_options import ask_rig, chosen_rig
from dashboard.components.source_image import (
    ask_image,
    ask_source,
    bring_back_image,
    chosen_image,
    forget_image,
    kept_upload_id,
)
from dashboard.new_asset import NewAsset, faults_of

_NEW: Final = ""
_FORM, _IS_NAMED = "asset_form", "asset_form_is_named"
_TRIED, _REFUSED, _ORDERED = "asset_tried", "asset_refused", "asset_ordered"


def ask_for_asset(projects: tuple[ProjectView, ...]) -> NewAsset:
    """Show the form, and return what it says now."""
    _begin_anew(projects)
    order = new_asset()
    faults = _faults(order)
    has_image = ask_source() != "words"
    if has_image:
        ask_image(faults, of_form=_FORM)
    _ask_prompt(faults, has_image=has_image)
    name_side, project_side = st.columns(2)
    with name_side:
        named_after = "the image" if has_image else "the prompt"
        st.text_input(
            "Name",
            key="asset_name",
            max_chars=NAME_LENGTH_MOST,
            placeholder=f"Taken from {named_after} when left empty",
        )
        show_fault(faults, "name")
    with project_side:
        _ask_project(projects)
        show_fault(faults, "project")
    ask_key()
    show_fault(faults, "key")
    ask_options(faults, version=order.version, has_image=has_image)
    rig = first_value("asset_rig", usual=False, quiet=False)
    st.toggle("Rig it, so that it can be animated", value=rig, key="asset_rig")
    if st.session_state.get("asset_rig"):
        with st.container(border=True):
            ask_rig(faults, form="asset", version=order.version)
    _keep_in_mind()
    return new_asset()


def new_asset() -> NewAsset:
    """Put together what the form says."""
    state = st.session_state
    image, image_name = chosen_image()
    project_id, key_id = state.get("asset_project") or None, state.get("asset_key") or None
    return NewAsset(
        prompt=state.get("asset_prompt") or "",
        image=image,
        image_name=image_name,
        name=state.get("asset_name") or "",
        project_id=project_id,
        new_project=state.get("asset_new_project") or "",
        rig=bool(state.get("asset_rig")),
        animations=tuple(state.get("asset_animations") or ()),
        rig_options=chosen_rig("asset"),
        options=chosen_options(has_image=image is not None),
        version=backend.version_for(project_id, key_id),
        key_id=key_id,
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


def _begin_anew(projects: tuple[ProjectView, ...]) -> None:
    """Name the form anew while it is empty or just opened: the name makes one order of the same, sent twice.

    It holds until the browser tells its own name for the form, which outlives a restart (see `_keep_in_mind`).
    """
    state = st.session_state
    just_opened = "asset_name" not in state
    if just_opened:
        state[_TRIED] = state[_IS_NAMED] = False
        forget_image()
        usual = _usual_project(projects)
        keep_first_values({"asset_project": usual, **_defaults_of(usual, projects)})
    is_begun = state.get("asset_prompt") or state.get("asset_name") or chosen_image()[0]
    if not state[_IS_NAMED] and (just_opened or not is_begun):
        state[_FORM] = uuid.uuid4().hex


def _keep_in_mind() -> None:
    """Let the browser name the form and remember its image; a server that was just started hears of both."""
    state = st.session_state
    nothing = "" if state[_IS_NAMED] else None
    memory = form_memory("asset_form_memory", kept_upload_id() or nothing)
    if not memory.name or state[_IS_NAMED]:
        return
    state[_FORM], state[_IS_NAMED] = memory.name, True
    if memory.upload_id and kept_upload_id() is None and bring_back_image(memory.upload_id):
        st.rerun()


def _usual_project(projects: tuple[ProjectView, ...]) -> str:
    """Choose the project to begin with: where this person ordered last, else the first one that there was."""
    known = [project.project_id for project in projects]
    wishes = (backend.last_project_id(person.name() or backend.NOBODY), FIRST_PROJECT, *known)
    return next((wish for wish in wishes if wish in known), _NEW)


def _take_defaults(projects: tuple[ProjectView, ...]) -> None:
    """Fill in what the chosen project says of itself, what it does not say stays; for the field's `on_change`."""
    st.session_state.update(_defaults_of(st.session_state["asset_project"], projects))


def _defaults_of(project_id: str, projects: tuple[ProjectView, ...]) -> dict[str, Any]:
    """Find what a project says of itself, by the fields of the form."""
    defaults = next((dict(p.defaults) for p in projects if p.project_id == project_id), {})
    said = {"asset_rig": defaults.get("shouldRig"), "asset_animations": defaults.get("animations")}
    fields = {key: value for key, value in said.items() if value is not None}
    return fields | fields_of(defaults.get("options") or {})


def _faults(order: NewAsset) -> dict[str, OrderError]:
    """Find what to say beside the fields: of those that are filled in, or of all once sending was tried."""
    found = faults_of(order)
    if not st.session_state.get(_TRIED):
        begun = {"prompt": order.prompt, "image": order.image, "project": order.new_project}
        found = {field: fault for field, fault in found.items() if begun.get(field, True)}
    refusal = _refusal()
    if isinstance(refusal, OrderError):
        field = refusal.field or "options"
        found.setdefault("image" if field.startswith("image") else _FIELD_OF.get(field, field), refusal)
    return found


_FIELD_OF: Final = {"projectId": "project", "assetId": "name", "keyId": "key"}


def _refusal() -> HatcheryError | None:
    """Return why the order was refused, as long as nothing was changed since."""
    order, error = st.session_state.get(_REFUSED) or (None, None)
    return error if order == new_asset() else None


def _ask_prompt(faults: dict[str, OrderError], *, has_image: bool) -> None:
    prompt = st.text_area(
        "Prompt",
        key="asset_prompt",
        height=120,
        placeholder="a low poly knight in T-pose",
        help="One thing, in plain words. A figure that is to be rigged is best described in T-pose.",
    )
    prompt_counter(prompt or "", of="asset_prompt", most=PROMPT_LENGTH_MOST, key="prompt_counter")
    if has_image:
        st.caption("May stay empty: Tripo works from the image alone, and the words are kept here as a note.")
    show_fault(faults, "prompt")


def _ask_project(projects: tuple[ProjectView, ...]) -> None:
    names = {p.project_id: p.name for p in projects} | {_NEW: "New project …"}
    first = next(iter(names))
    st.selectbox(
        "Project",
        list(names),
        index=list(names).index(first_value("asset_project", first, first)),
        format_func=lambda value: names.get(value, value),
        key="asset_project",
        on_change=_take_defaults,
        args=(projects,),
    )
    if st.session_state.get("asset_project") == _NEW:
        st.text_input("Name of the new project", key="asset_new_project")
