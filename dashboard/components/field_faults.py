"""What speaks against a form's fields, beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import streamlit as st

from core.errors import OrderError
from dashboard.components.option_words import label_of
from dashboard.components.plain_text import as_markdown

_OPTION: Final = re.compile(r"(?:options\.)?\b([a-z]+[A-Z]\w*)\b")

Faults = Mapping[str, OrderError]


def show_fault(faults: Faults, field: str) -> None:
    """Say what is wrong with a field, if anything is."""
    fault = faults.get(field)
    if fault is not None:
        show_error(fault)


def show_error(fault: OrderError) -> None:
    """Say what is wrong and what to do, in the words of the form."""
    text = as_markdown(in_form_words(f"{fault.message} {fault.suggestion}".strip()))
    st.markdown(f":red[:material/error: {text}]")


def in_form_words(sentence: str) -> str:
    """Name options as the form does: `faceLimit is 5` becomes `“Most faces” is 5`."""
    return _OPTION.sub(lambda found: f"“{label_of(found[1])}”", sentence)
