"""With what the fields of a form begin.

Such a value is given to a field, never written into the session: a tab that comes back to a restarted server brings
what was chosen in it, and the session, which is new then, would overrule it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

_FIRST: Final = "first_values"


def keep_first_values(values: Mapping[str, Any]) -> None:
    """Say with what the fields of a form that was just opened begin, by their keys."""
    st.session_state[_FIRST] = dict(values)


def first_value(key: str, usual: Any, quiet: Any) -> Any:
    """Return what a field begins with; `quiet`, which says nothing, once its value is known."""
    if key in st.session_state:
        return quiet
    return st.session_state.get(_FIRST, {}).get(key, usual)
