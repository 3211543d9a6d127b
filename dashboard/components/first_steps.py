"""What is said where there is nothing yet."""

from __future__ import annotations

from typing import Final

import streamlit as st

EXAMPLE: Final = "a low poly knight in T-pose"


def explain_first_steps() -> None:
    """Explain an empty product, and offer an example to begin with."""
    with st.container(border=True, horizontal_alignment="center", key="first_steps"):
        st.subheader("Nothing here yet", icon=":material/egg:", width="content", anchor=False)
        st.markdown(
            "Describe a thing in a sentence. Hatchery has it modelled, rigged and animated, "
            "and keeps the files. You can close the page meanwhile.",
            text_alignment="center",
        )
        st.button(f"Try “{EXAMPLE}”", type="primary", icon=":material/lightbulb:", key="try_example")
        st.page_link("app_pages/submit.py", label="Write my own", icon=":material/edit:")
    if st.session_state.get("try_example"):
        st.session_state["asset_prompt"] = EXAMPLE
        st.session_state["asset_rig"] = True
        st.switch_page("app_pages/submit.py")
