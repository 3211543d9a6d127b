"""Making an asset's model anew with other words, options, seed or rig, beside the one that there is."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from core.lifecycle import FINAL
from core.prices import credits_in_words
from core.schemas import ArtifactView, AssetDetail
from core.tripo.catalog import DEFAULT_MODEL, GENERATION_MODELS, PROMPT_LENGTH_MOST
from dashboard import asset_backend, backend
from dashboard.components.actions import acted
from dashboard.components.comparison import ADDRESS
from dashboard.components.field_faults import show_error
from dashboard.components.option_words import label_of, model_title
from dashboard.components.rig_options import ask_rig, chosen_rig, fill_in_rig
from dashboard.new_asset import NewAsset, faults_of

_PROMPT, _MODEL, _SEED, _FACES, _TEXTURE = (
    "anew_prompt",
    "anew_model",
    "anew_seed",
    "anew_faces",
    "anew_texture",
)
_FORM: Final = "anew"
_ASKED: Final = ("model", "modelSeed", "faceLimit", "texture")
_LARGEST_SEED: Final = 2**31 - 1


def offer_to_make_anew(asset: AssetDetail, shown: ArtifactView | None) -> None:
    """Offer to order the whole chain again; its price stands before the click, and the old model beside the new."""
    folded = st.expander("Make it anew", icon=":material/autorenew:", key="make_anew", on_change="rerun")
    if not folded.open:
        return
    with folded:
        if any(task.inner_status not in FINAL for task in asset.tasks):
            st.caption("It can be made anew as soon as nothing of it is under way.")
            return
        _fill_in(asset)
        st.text_area("Prompt", key=_PROMPT, height=110, max_chars=PROMPT_LENGTH_MOST)
        left, right = st.columns(2)
        with left:
            st.selectbox("Model", _models(asset), format_func=model_title, key=_MODEL)
            st.toggle("Texture", key=_TEXTURE)
        with right:
            st.number_input(
                label_of("modelSeed"), value=None, min_value=0, max_value=_LARGEST_SEED, step=1, key=_SEED
            )
            st.button("Another seed", icon=":material/casino:", on_click=_roll)
            st.number_input(label_of("faceLimit"), value=None, step=500, key=_FACES, placeholder="Adaptive")
        _offer(asset, shown)


def _fill_in(asset: AssetDetail) -> None:
    state, options = st.session_state, asset.options
    if state.get("anew_of") == (asset.asset_id, asset.chain) and _PROMPT in state:
        return
    state["anew_of"] = (asset.asset_id, asset.chain)
    state[_PROMPT], state[_MODEL] = asset.prompt, options.get("model") or DEFAULT_MODEL
    state[_SEED], state[_FACES] = options.get("modelSeed"), options.get("faceLimit")
    state[_TEXTURE] = options.get("texture") is not False
    if asset.tag == "RIG":
        fill_in_rig(_FORM, asset_backend.last_rig(asset.project_id, asset.asset_id))


def _roll() -> None:
    st.session_state[_SEED] = random.randint(0, _LARGEST_SEED)  # noqa: S311 - no secret


def _models(asset: AssetDetail) -> list[str]:
    offered = list(GENERATION_MODELS[backend.version_for(asset.project_id, None)])
    chosen = st.session_state[_MODEL]
    return offered if chosen in offered else [*offered, chosen]


def _offer(asset: AssetDetail, shown: ArtifactView | None) -> None:
    options, version = _options(asset), backend.version_for(asset.project_id, None)
    order = NewAsset(
        prompt=st.session_state[_PROMPT] or "",
        image={"url": "https://example.com/kept.png"} if asset.source_image else None,
        name=asset.name[:200],
        project_id=asset.project_id,
        rig=asset.tag == "RIG",
        animations=asset.animations,
        rig_options=chosen_rig(_FORM),
        options=options,
        version=version,
    )
    faults = {field: fault for field, fault in faults_of(order).items() if field != "animations"}
    if order.rig:
        ask_rig(faults, form=_FORM, version=version, with_animations=False)
    for field, fault in faults.items():
        if not field.startswith("rig."):
            show_error(fault)
    price = sum((step.credits for step in order.prices()), Decimal(0))
    what = "The model, and its rig and animations after it" if asset.tag == "RIG" else "The model"
    st.markdown(
        f"{what}: **{credits_in_words(price)}** when all succeed. What there is now stays, and is compared."
    )
    st.button(
        "Order it anew",
        type="primary",
        key="order_anew",
        disabled=bool(faults),
        on_click=_order,
        args=(asset, order.prompt, options, chosen_rig(_FORM), shown.artifact_id if shown else None),
    )


def _options(asset: AssetDetail) -> dict[str, Any]:
    state = st.session_state
    said = {"model": state[_MODEL], "modelSeed": state[_SEED], "faceLimit": state[_FACES]}
    kept = {name: value for name, value in asset.options.items() if name not in _ASKED}
    if not state[_TEXTURE]:
        said["texture"] = False
        kept = {name: value for name, value in kept.items() if not name.startswith(("texture", "pbr"))}
    return {**kept, **{name: value for name, value in said.items() if value is not None}}


def _order(
    asset: AssetDetail, prompt: str, options: dict[str, Any], rig: dict[str, str], old: str | None
) -> None:
    form = f"{asset.asset_id} after {asset.chain}"
    place = (asset.project_id, asset.asset_id)
    done = acted(
        asset_backend.make_anew,
        *place,
        prompt,
        options,
        rig,
        form,
        said="Ordered. The new model appears beside the old.",
    )
    if done:
        st.query_params.pop("view", None)
        st.session_state.pop(_PROMPT, None)
        if old:
            st.query_params[ADDRESS] = old
