"""Keys: the shared one and people's own, and which project uses which."""

from collections.abc import Hashable, Sequence

import streamlit as st

from core.schemas import KeyView
from dashboard import backend
from dashboard.components.key_cards import OVER, show_keys
from dashboard.components.key_form import ask_for_choices, ask_for_key
from dashboard.components.live import last_known, live


def read_keys() -> tuple[KeyView, ...]:
    """Read all keys."""
    return last_known("keys", None, backend.keys)


def drawn_once(keys: Sequence[KeyView]) -> Hashable:
    """Say on what the parts of the page depend that are not live."""
    return tuple((key.key_id, key.name, key.state in OVER) for key in keys)


@live
def live_keys(drawn: Hashable) -> None:
    """Show the keys as they are now; when others can be chosen by now, have the whole page drawn again."""
    keys = read_keys()
    if drawn_once(keys) != drawn:
        st.rerun()
    if not keys:
        st.info("There is no key yet.", icon=":material/key_off:")
    show_keys(keys)


st.title("Keys", anchor=False)
st.markdown(
    "An order uses the key that it names, else its project's, else the shared one. A chosen key is the only one that "
    "is used: when it stops, its orders wait, and no other takes its place."
)
known = read_keys()
keys_side, choices_side = st.columns([3, 2], gap="large")
with keys_side:
    live_keys(drawn_once(known))
with choices_side:
    ask_for_key()
    ask_for_choices(last_known("projects", None, backend.projects), known)
