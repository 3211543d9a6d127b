"""What people said of an asset's models."""

from __future__ import annotations

import streamlit as st

from core.lifecycle import Verdict
from core.schemas import AssetDetail, ReviewView
from dashboard.components.history import who
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_html
from dashboard.components.tables import show_rows

_WORDS = {
    Verdict.APPROVED: "✓ Approved",
    Verdict.REJECTED: "✗ Rejected",
    Verdict.COMMENTED: "Commented",
}


def show_reviews(asset: AssetDetail) -> None:
    """Show all that was said, the newest first; of the present model, and of earlier ones."""
    if not asset.reviews:
        st.caption("Nobody has said anything yet.")
        return
    show_rows([_row(review, asset.chain) for review in reversed(asset.reviews)], "Reviews")


def _row(review: ReviewView, chain: int) -> tuple[str, ...]:
    what = _WORDS[review.verdict]
    if review.chain != chain:
        what += f" (generation {review.chain})"
    said = as_html(f"{what}: {review.words}" if review.words else what)
    if review.undone_at is not None:
        said = f"<s>{said}</s> taken back {ago_html(review.undone_at)}"
    return ago_html(review.at), said, as_html(who(review.reviewer))
