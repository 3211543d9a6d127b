"""Keys: the shared one and people's own, and which project uses which."""

import streamlit as st

from dashboard import backend
from dashboard.components.key_cards import show_keys
from dashboard.components.key_form import ask_for_choices, ask_for_key
from dashboard.components.live import last_known, live


@live
def live_keys() -> None:
    """Show the keys as they are now."""
    keys = last_known("keys", None, backend.keys)
    if not keys:
        st.info("There is no key yet.", icon=":material/key_off:")
    show_keys(keys)


st.title("Keys", anchor=False)
st.markdown(
    "An order uses the key that it names, else its project's, else the shared one. A chosen key is the only one that "
    "is used: when it stops, its orders wait, and no other takes its place."
)
keys_side, choices_side = st.columns([3, 2], gap="large")
with keys_side:
    live_keys()
with choices_side:
    ask_for_key()
    ask_for_choices(
        last_known("projects", None, backend.projects), last_known("all_keys", None, backend.keys)
    )
