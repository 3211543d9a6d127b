"""Assets that were made under an older style: which, at what price they are renewed, and doing so."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from core.plans.renewing import OutdatedAsset
from core.prices import credits_in_words
from dashboard import plan_backend
from dashboard.components.actions import acted
from dashboard.components.plan_state import assets_in_words

_FORM: Final = "renew_form"


def offer_renewal(project_id: str, found: Sequence[OutdatedAsset]) -> None:
    """List them, and offer to have the chosen ones made anew; none chosen are all."""
    st.subheader("Made under an older style", anchor=False)
    if not found:
        st.caption("Nothing: every asset is as this style would make it, or was not made by a plan.")
        return
    ids = tuple(each.asset_id for each in found)
    picked: Any = st.dataframe(
        [_row(each) for each in found],
        key=f"outdated-{hash(ids)}",  # rows that moved are not picked by their old place
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        alt="Assets made under an older style",
    )
    chosen = [found[n] for n in picked.selection.rows] or list(found)
    price = credits_in_words(sum((each.credits for each in chosen), Decimal(0)))
    with st.popover(f"Renew {assets_in_words(len(chosen))} for {price}", icon=":material/replay:"):
        st.markdown(
            f"{assets_in_words(len(chosen))} made anew from today's style, each with its whole chain, for **{price}**. "
            "What is there stays among the files of earlier attempts."
        )
        st.button(
            "Renew now",
            type="primary",
            key="renew_now",
            on_click=_renew,
            args=(project_id, [each.asset_id for each in chosen]),
        )


def _renew(project_id: str, asset_ids: list[str]) -> None:
    form = st.session_state.setdefault(_FORM, uuid.uuid4().hex)
    said = "Ordered. They are made anew."
    if acted(plan_backend.renew, project_id, asset_ids, form, said=said):
        st.session_state.pop(_FORM)


def _row(each: OutdatedAsset) -> dict[str, object]:
    return {
        "Name": each.name,
        "Category": each.category,
        "Made under": f"version {each.style_version}",
        "Credits": float(each.credits),
        "Prompt then": each.prompt_then,
        "Prompt now": each.prompt,
    }
