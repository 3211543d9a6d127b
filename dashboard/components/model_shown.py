"""The model of an asset in the viewer: the farthest result so far, until a person picks another."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.lifecycle import AssetStatus, TaskKind
from core.schemas import ArtifactView, AssetDetail
from dashboard import backend
from dashboard.components import person
from dashboard.components.step_words import result_title
from dashboard.components.viewer import model_viewer

_ORDER = list(TaskKind)
_PICKED = "picked_result"


def current_models(asset: AssetDetail) -> list[ArtifactView]:
    """List the models of the current chain: draft, rigged, then the animations as they were ordered."""
    models = [file for file in asset.artifacts if file.role == "model" and file.current]
    asked = list(asset.animations)
    return sorted(
        models,
        key=lambda file: (_ORDER.index(file.kind), asked.index(file.preset) if file.preset in asked else 0),
    )


def show_model(asset: AssetDetail, *, group: str | None = None) -> ArtifactView | None:
    """Show one of the asset's models, with the choice between all of them; return it, None while there is none.

    Its camera and clip move in step with those of other viewers of the same `group`.
    """
    models = current_models(asset)
    if not models:
        _show_nothing_yet(asset)
        return None
    shown = _choose(asset, models)
    title = result_title(shown.kind, shown.preset)
    pictured = model_viewer(
        shown.url,
        key="viewer",
        height=520,
        poster=_picture_of(asset),
        label=f"{asset.name}: {title}",
        group=group,
        thumbnail=f"{shown.url}/thumbnail",
        actor=person.name(),
    )
    if pictured:
        backend.forget()
    return shown


def _choose(asset: AssetDetail, models: Sequence[ArtifactView]) -> ArtifactView:
    known = {_word(file): file for file in models}
    whose = (asset.project_id, asset.asset_id)
    if st.session_state.get(_PICKED, (None, None))[0] != whose:
        st.session_state[_PICKED] = (whose, st.query_params.get("view"))
    picked = st.session_state[_PICKED][1]
    expected = picked if picked in known else list(known)[-1]
    shown = st.segmented_control(
        "Shown",
        list(known),
        default=expected,
        format_func=lambda word: (
            result_title(known[word].kind, known[word].preset) if word in known else word
        ),
        key=f"shown {' '.join(known)}",  # new choices make a new control, so that the browser shows what we expect
        required=True,
        label_visibility="collapsed",
    )
    if shown is not None and shown != expected:
        st.session_state[_PICKED] = (whose, shown)
        st.query_params["view"] = shown
    return known[shown or expected]


def _word(file: ArtifactView) -> str:
    return file.preset or file.kind.value


def _picture_of(asset: AssetDetail) -> str | None:
    pictures = [file.url for file in asset.artifacts if file.role == "rendered_image" and file.current]
    return pictures[-1] if pictures else None


def _show_nothing_yet(asset: AssetDetail) -> None:
    words = "The model appears here as soon as it is made."
    if asset.status is AssetStatus.FAILED:
        words = "There is no model: its generation failed."
    elif asset.has_unknown:
        words = "There is no model yet: the order waits for your decision."
    elif asset.status is AssetStatus.READY:
        words = "There is no model: nothing was made."
    with st.container(border=True, height=320, horizontal_alignment="center", vertical_alignment="center"):
        st.markdown(f":gray[:material/view_in_ar:] {words}", width="content")
