"""The form of the generation options, drawn from core's own description of them: a new option there is a field here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from core.tripo import GenerationOptions
from core.tripo.catalog import (
    DEFAULT_MODEL,
    GENERATION_MODELS,
    NEGATIVE_PROMPT_LENGTH_MOST,
    OPTION_DEFAULTS,
    Version,
)
from core.tripo.options import option_names
from dashboard.components.field_faults import Faults, show_error, show_fault
from dashboard.components.first_values import first_value
from dashboard.components.option_words import OPTIONS, model_title, value_title, words_of

MODEL: Final = "option_model"
_NOTHING: Final = ""
_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    name: described["anyOf"][0] if "anyOf" in described else described
    for name, described in GenerationOptions.model_json_schema(by_alias=True)["properties"].items()
}


def ask_options(faults: Faults, *, version: Version, has_image: bool) -> None:
    """Show the model and, folded away, every option that says something about it."""
    models = GENERATION_MODELS[version]
    begins_with = first_value(MODEL, DEFAULT_MODEL, models[0])
    chosen = st.session_state.get(MODEL) or begins_with
    if chosen not in models:
        models = (*models, chosen)  # stays chosen, with the fault beside it
    st.selectbox("Model", models, index=models.index(begins_with), format_func=model_title, key=MODEL)
    show_fault(faults, "options.model")
    names = _names(has_image=has_image)
    folded = st.expander("More options", icon=":material/tune:", key="asset_options", on_change="rerun")
    with folded:
        for title, fields in _grouped(names).items():
            st.markdown(f"**{title}**")
            columns = st.columns(2, gap="medium")
            for at, name in enumerate(fields):
                with columns[at % 2]:
                    _ask(name)
                    show_fault(faults, f"options.{name}")
    shown = {f"options.{name}" for name in names} if folded.open else set()
    for field, fault in faults.items():
        if field.startswith("options") and field not in {*shown, "options.model"}:
            show_error(fault)


def chosen_options(*, has_image: bool) -> dict[str, Any]:
    """Return what differs from what Tripo does by itself."""
    state = st.session_state
    said = {name: state.get(_key(name)) for name in _names(has_image=has_image)}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    chosen = {
        name: value
        for name, value in said.items()
        if value not in (None, _NOTHING) and value != OPTION_DEFAULTS.get(name)
    }
    return {"model": state.get(MODEL) or DEFAULT_MODEL, **chosen}


def fields_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Name the fields that hold these options."""
    return {_key(name): value for name, value in options.items() if name in _FIELDS}


def _names(*, has_image: bool) -> tuple[str, ...]:
    state = st.session_state
    model, is_textured = state.get(MODEL) or DEFAULT_MODEL, state.get(_key("texture")) is not False
    return option_names(model, has_image=has_image, is_textured=is_textured)


def _grouped(names: tuple[str, ...]) -> dict[str, list[str]]:
    groups = {title: [name for name in fields if name in names] for title, fields in OPTIONS.items()}
    known = {name for fields in OPTIONS.values() for name in fields}
    groups["More"] = [name for name in names if name not in known]
    return {title: fields for title, fields in groups.items() if fields}


def _key(name: str) -> str:
    return f"option_{name}"


# --- one field for each kind of value ------------------------------------------------------------------------


def _ask(name: str) -> None:
    described = _FIELDS[name]
    _KINDS["enum" if "enum" in described or "const" in described else described["type"]](name)


def _ask_yes_or_no(name: str) -> None:
    words, default = words_of(name), bool(OPTION_DEFAULTS.get(name, False))
    usually = "On" if default else "Off"
    st.toggle(
        words.label,
        value=first_value(_key(name), default, quiet=False),
        key=_key(name),
        help=f"{words.help} {usually} by default.".strip(),
    )


def _ask_word(name: str) -> None:
    words, described, default = words_of(name), _FIELDS[name], str(OPTION_DEFAULTS.get(name, _NOTHING))
    known = described.get("enum") or [described["const"]]
    values = known if default in known else [default, *known]
    st.selectbox(
        words.label,
        values,
        index=values.index(first_value(_key(name), default, values[0])),
        format_func=lambda value: value_title(value) + (" · default" if value == default else ""),
        key=_key(name),
        help=words.help or None,
    )


def _ask_number(name: str) -> None:
    words, placeholder = words_of(name), "Any"
    if name == "faceLimit":
        fewest, most = _face_range()
        placeholder = f"Adaptive; {fewest:,} to {most:,}"
    st.number_input(
        words.label,
        value=first_value(_key(name), None, None),
        step=500 if name == "faceLimit" else 1,
        key=_key(name),
        placeholder=placeholder,
        help=words.help or None,
    )


def _ask_text(name: str) -> None:
    words = words_of(name)
    st.text_input(
        words.label,
        value=first_value(_key(name), "", ""),
        key=_key(name),
        max_chars=NEGATIVE_PROMPT_LENGTH_MOST,
        help=words.help or None,
    )


_KINDS: Final[Mapping[str, Callable[[str], None]]] = {
    "boolean": _ask_yes_or_no,
    "enum": _ask_word,
    "integer": _ask_number,
    "string": _ask_text,
}


def _face_range() -> tuple[int, int]:
    """Say how many faces can be asked for with what is chosen."""
    state = st.session_state
    said = {name: state.get(_key(alias)) for name, alias in _SHAPES.items()}
    return GenerationOptions.model_construct(model=state[MODEL], **said).face_range


_SHAPES: Final = {"geometry_quality": "geometryQuality", "quad": "quad", "smart_low_poly": "smartLowPoly"}
