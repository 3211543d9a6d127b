"""The variants of a row side by side, and picking the best of them."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.schemas import AssetDetail
from dashboard import plan_backend
from dashboard.components.actions import act
from dashboard.components.live import EVERY_SECONDS, last_known, live_every
from dashboard.components.plain_text import as_html
from dashboard.components.state_badge import asset_badge

_PICTURE = "width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 8px; display: block"


@live_every(EVERY_SECONDS, has_skeleton=False)
def live_variants(asset: AssetDetail) -> None:
    """Show the alternates of an asset, if it has any, each with its picture, seed and state."""
    place = (asset.project_id, asset.asset_id)
    found = last_known("variants", place, lambda: plan_backend.variants(*place))
    if not found:
        return
    st.subheader("Variants", anchor=False)
    with st.container(horizontal=True, gap="small", key="variants"):
        for each in found:
            with st.container(border=True, width=190):
                _show(each, is_shown=each.row.asset_id == asset.asset_id)


def _show(variant: plan_backend.Variant, *, is_shown: bool) -> None:
    row = variant.row
    address = as_html("asset?" + urlencode({"project": row.project_id, "asset": row.asset_id}))
    if row.picture_url:
        picture = f'<img src="{as_html(row.picture_url)}" alt="Variant {variant.number}" style="{_PICTURE}">'
        st.html(f'<a href="{address}" target="_self">{picture}</a>')
    seed = f" · seed {variant.seed}" if variant.seed is not None else ""
    st.caption(f"Variant {variant.number}{seed}{' · shown here' if is_shown else ''}")
    asset_badge(row.status, has_unknown=row.has_unknown)
    if variant.is_picked:
        st.badge("Picked", icon=":material/star:", color="green")
    else:
        st.button(
            "Pick as best",
            key=f"pick-{row.asset_id}",
            icon=":material/star:",
            on_click=act,
            args=(plan_backend.pick, row.project_id, row.asset_id),
            kwargs={"said": "Picked. The others stay as alternates."},
        )
