"""What an asset was asked for: its words as written and as sent, its options, and the image that it is made from."""

from __future__ import annotations

import streamlit as st

from core.schemas import AssetDetail
from dashboard.components.option_words import label_of, value_title
from dashboard.components.plain_text import as_html
from dashboard.components.source_image import show_image
from dashboard.components.tables import show_rows


def show_prompt(asset: AssetDetail) -> None:
    """Show all of it; what was written and what was sent are one text where nothing was added."""
    if asset.source_image is not None:
        st.subheader("Made from", anchor=False)
        show_image(asset.source_image)
    if not asset.prompt:
        return
    st.subheader("Prompt", anchor=False)
    if asset.description.strip() in ("", asset.prompt.strip()):
        st.caption("Sent as it was written.")
    else:
        st.caption("As written")
        st.text(asset.description)
        st.caption("As sent")
    st.text(asset.prompt)
    if asset.options:
        rows = [(as_html(label_of(name)), as_html(_said(value))) for name, value in asset.options.items()]
        show_rows(rows, "Options")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "On" if value else "Off"
    return value_title(value) if isinstance(value, str) else f"{value}"
