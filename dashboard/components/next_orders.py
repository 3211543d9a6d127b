"""What can be ordered next for an asset that has its model: a rig, animations; with the price before the click."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import streamlit as st

from core.errors import OrderError
from core.lifecycle import FINAL, TaskKind, TaskStatus
from core.prices import credits_in_words, credits_of_step
from core.rigs import checked_rig, refuse_unoffered_rig
from core.schemas import AssetDetail
from core.tripo import Version
from dashboard import backend
from dashboard.components.actions import act
from dashboard.components.chain_steps import steps_in
from dashboard.components.rig_options import ask_rig, chosen_rig, plain_first
from dashboard.components.step_words import clip_title

_RIG, _CLIPS, _IN_PLACE, _AS_FBX = "next_rig", "next_animations", "next_in_place", "next_as_fbx"
_ENDED_BADLY: Final = (TaskStatus.FAILED, TaskStatus.CANCELLED)
_GLB: Final = "model/gltf-binary"


def offer_next_orders(asset: AssetDetail) -> None:
    """Offer what can follow on what the asset has."""
    can_rig, left = next_orders(asset)
    with st.container(horizontal=True, gap="small"):
        if can_rig:
            with st.popover("Rig it", icon=":material/accessibility_new:", key="offer_rig"):
                _offer_rig(asset)
        if left:
            with st.popover("Add animations", icon=":material/directions_run:", key="offer_animations"):
                _offer_animations(asset, left)


def next_orders(asset: AssetDetail) -> tuple[bool, tuple[str, ...]]:
    """Say whether a rig can be ordered, and which animations that are neither made nor under way."""
    newest = {
        (step.kind, step.preset): step.newest.inner_status for step in steps_in(asset.tasks, asset.chain)
    }
    check, rig = newest.get((TaskKind.RIG_CHECK, None)), newest.get((TaskKind.RIG, None))
    is_under_way = any(status not in FINAL for status in (check, rig) if status is not None)
    taken = {preset for (_, preset), status in newest.items() if status not in _ENDED_BADLY}
    left = [preset for preset in asset.playable if preset not in taken]
    can_rig = _has_draft(asset) and not is_under_way and rig is not TaskStatus.SUCCESS
    return can_rig, tuple(plain_first(left))


def _has_draft(asset: AssetDetail) -> bool:
    """Say whether there is a model that can be rigged; quads come as FBX, and cannot."""
    drafts = [file for file in asset.artifacts if file.current and file.kind is TaskKind.GENERATE]
    return any(file.media_type == _GLB for file in drafts)


def _offer_rig(asset: AssetDetail) -> None:
    version = backend.version_for(asset.project_id, None)
    faults = _rig_faults(chosen_rig(_RIG), version)
    ask_rig(faults, form=_RIG, version=version, with_animations=False)
    price = sum((credits_of_step(kind, "", {}) for kind in (TaskKind.RIG_CHECK, TaskKind.RIG)), Decimal(0))
    st.markdown(
        f"**{credits_in_words(price)}** when it succeeds. Before it a free check says whether it can be."
    )
    st.button(
        "Order the rig",
        type="primary",
        key="order_rig",
        disabled=bool(faults),
        on_click=act,
        args=(backend.order_rig, asset.project_id, asset.asset_id, chosen_rig(_RIG), _form(asset)),
        kwargs={"said": "The rig is ordered."},
    )


def _offer_animations(asset: AssetDetail, left: Sequence[str]) -> None:
    state = st.session_state
    state[_CLIPS] = [preset for preset in state.get(_CLIPS) or () if preset in left]
    chosen = st.multiselect(
        "Animations", list(left), key=_CLIPS, format_func=clip_title, placeholder="What this rig can play"
    )
    st.toggle("In place, without moving forward", key=_IN_PLACE)
    st.toggle("As FBX, without a preview", key=_AS_FBX)
    prices = [credits_of_step(TaskKind.ANIMATE, preset, {}) for preset in chosen or left[:1]]
    price = credits_in_words(sum(prices, Decimal(0)))
    st.markdown(f"**{price}** when all succeed." if chosen else f"{price} each.")
    options = {"in_place": bool(state.get(_IN_PLACE)), "out_format": "fbx" if state.get(_AS_FBX) else "glb"}
    st.button(
        "Order them",
        type="primary",
        key="order_animations",
        disabled=not chosen,
        on_click=act,
        args=(
            backend.order_animations,
            asset.project_id,
            asset.asset_id,
            tuple(chosen),
            options,
            _form(asset),
        ),
        kwargs={"said": "The animations are ordered."},
    )


def _rig_faults(options: dict[str, str], version: Version) -> dict[str, OrderError]:
    try:
        refuse_unoffered_rig(checked_rig(options, "rig."), version, "rig.")
    except OrderError as error:
        return {error.field or "rig.rigType": error}
    return {}


def _form(asset: AssetDetail) -> str:
    """Name the form after what it stands on: a second click is the same order, one after a new attempt another."""
    return max(asset.tasks, key=lambda task: task.created_at).task_id
