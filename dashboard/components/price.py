"""The steps of an order and what they cost, before the click."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.prices import credits_in_words
from dashboard.components.step_words import step_title
from dashboard.new_asset import NewAsset


def show_price(asset: NewAsset) -> None:
    """List the steps with their credits, and the sum; only the steps while an option is at fault."""
    prices = asset.prices()
    if not prices:
        st.markdown("\n".join(f"{n}. {step_title(*step)}" for n, step in enumerate(asset.steps(), 1)))
        return
    lines = [
        f"{n}. {step_title(kind, preset)} · {_credits(cost)}"
        for n, (kind, preset, cost) in enumerate(prices, 1)
    ]
    st.markdown("\n".join(lines))
    st.markdown(f"**{_credits(sum((cost for _, _, cost in prices), Decimal(0)))}** when every step succeeds")


def _credits(amount: Decimal) -> str:
    return credits_in_words(amount) if amount else "free"
