"""The form of a rig: of what kind it is, what it plays, and quietly its version, bone names and format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from core.chain import can_be_animated
from core.rigs import playable_presets
from core.tripo import RIG_TYPES, Version
from core.tripo.catalog import OUT_FORMATS, RIG_MODELS, RIG_SPECS
from dashboard.components import option_words
from dashboard.components.field_faults import Faults, show_fault
from dashboard.components.first_values import first_value
from dashboard.components.step_words import clip_title

PLAIN_SIX: Final = tuple(f"preset:{name}" for name in ("idle", "walk", "run", "jump", "climb", "dive"))
_DETAILS: Final = ("rigModel", "spec", "outFormat")
_LEFT_OPEN: Final = ""
_OPEN: Final = {
    "rigType": "Let the check decide",
    "rigModel": "The one that can do it",
    "spec": "Tripo's own",
    "outFormat": "GLB",
}


def ask_rig(faults: Faults, *, form: str, version: Version, with_animations: bool = True) -> None:
    """Ask what the rig is to be like, and what it is to play; `form` names the form that it is part of."""
    _ask(form, "rigType", RIG_TYPES)
    show_fault(faults, "rig.rigType")
    if with_animations:
        _ask_animations(faults, chosen_rig(form), form=form)
    with st.expander("Rig options", icon=":material/accessibility_new:", key=f"{form}_rig_options"):
        values: dict[str, Sequence[str]] = {
            "rigModel": RIG_MODELS[version],
            "spec": RIG_SPECS[version][1:],
            "outFormat": OUT_FORMATS[1:],
        }
        for name in _DETAILS:
            _ask(form, name, values[name])
    for name in _DETAILS:
        show_fault(faults, f"rig.{name}")


def _ask_animations(faults: Faults, rig_order: Mapping[str, str], *, form: str) -> None:
    """Ask which animations to make, of those that such a rig can play."""
    offered = plain_first(playable_presets(rig_order))
    key = f"{form}_animations"
    if key in st.session_state:
        st.session_state[key] = [preset for preset in st.session_state[key] or () if preset in offered]
    if offered:
        st.multiselect(
            "Animations",
            offered,
            default=[preset for preset in first_value(key, (), ()) if preset in offered] or None,
            key=key,
            format_func=clip_title,
            placeholder="None: rig only",
        )
        show_fault(faults, "animations")
    elif can_be_animated(rig_order):
        st.caption("Tripo has no animations for this kind of figure.")
    else:
        st.caption("Tripo cannot animate a rig with these bone names.")


def plain_first(presets: Sequence[str]) -> list[str]:
    """Put the plain six before the rest."""
    return sorted(
        presets, key=lambda preset: PLAIN_SIX.index(preset) if preset in PLAIN_SIX else len(PLAIN_SIX)
    )


def chosen_rig(form: str) -> dict[str, str]:
    """Return what was said of the rig."""
    said = {name: st.session_state.get(_key(form, name)) for name in ("rigType", *_DETAILS)}
    return {name: value for name, value in said.items() if value}


def fill_in_rig(form: str, said: Mapping[str, str]) -> None:
    """Fill in what was said of a rig before."""
    for name in ("rigType", *_DETAILS):
        st.session_state[_key(form, name)] = said.get(name, _LEFT_OPEN)


def _ask(form: str, name: str, values: Sequence[str]) -> None:
    words, key = option_words.words_of(name), _key(form, name)
    kept = st.session_state.get(key, _LEFT_OPEN)
    if kept and kept not in values:
        values = [*values, kept]  # stays chosen, with the fault beside it
    st.selectbox(
        words.label,
        [_LEFT_OPEN, *values],
        format_func=lambda value: _title(name, value),
        key=key,
        help=words.help or None,
    )


def _title(name: str, value: str) -> str:
    if value == _LEFT_OPEN:
        return _OPEN[name]
    if name == "rigType":
        return option_words.RIG_TYPES.get(value, value)
    return value.upper() if name == "outFormat" else value


def _key(form: str, name: str) -> str:
    return f"{form}_{name}"
