"""The few looks that Streamlit's theme has no setting for."""

from __future__ import annotations

from typing import Final

import streamlit as st

# The primary colour must carry white on buttons, so on a dark page it is too dark for words: they take the text's.
_CHOSEN_SEGMENT: Final = '[data-testid="stButtonGroup"] button[role="radio"][aria-checked="true"]'


def install_page_styles() -> None:
    """Let the chosen segment be read in both themes (WCAG 2.2, 1.4.3: contrast of 4.5)."""
    st.html(f"<style>{_CHOSEN_SEGMENT}, {_CHOSEN_SEGMENT} * {{ color: inherit }}</style>")
