"""The keys that there are: state in words, balance, who uses each, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.prices import credits_in_words
from core.schemas import KeyView
from dashboard import backend
from dashboard.components.actions import act
from dashboard.components.history import who
from dashboard.components.moments import ago, exact
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.secret_input import ask_secret, take_secret
from dashboard.components.state_badge import Look, badge
from dashboard.components.troubles import KEY_CURES

_STATES: Final = {
    "works": Look("Works", ":material/check_circle:", "green"),
    "stopped": Look("Stopped", ":material/error:", "red"),
    "unreachable": Look("Not reachable", ":material/cloud_off:", "orange"),
    "unchecked": Look("Not checked yet", ":material/help:", "gray"),
    "replaced": Look("Replaced", ":material/hourglass_empty:", "gray"),
    "removed": Look("Removed", ":material/hourglass_empty:", "gray"),
}
_SENTENCES: Final = {
    "unreachable": "The provider could not be asked with it. Orders wait and go on by themselves.",
    "unchecked": "The provider was not asked with it yet.",
    "replaced": "No order can choose it any more. What it began is carried to its end with it, then it is wiped.",
    "removed": "Nothing is sent with it any more. What is at the provider is followed to its end, then it is wiped.",
}
_REGIONS: Final = {"local": "this machine", "international": "international", "china": "mainland China"}
OVER: Final = ("replaced", "removed")


def key_name(key: KeyView) -> str:
    """Name a key for people: its name, and the end of it."""
    return f"{one_line(key.name, 60)} (…{key.last_four})"


def show_keys(keys: Sequence[KeyView]) -> None:
    """Show a card for each key."""
    for key in keys:
        with st.container(border=True, key=f"key-{key.key_id}"):
            _show_key(key)


def _show_key(key: KeyView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(as_markdown(key_name(key)), anchor=False, width="content")
        badge(_STATES[key.state])
        if key.shared:
            st.badge("Shared", icon=":material/groups:", color="blue")
    sentence = _sentence(key)
    if sentence:
        st.markdown(sentence)
    st.markdown(f"{_balance(key)} {_users(key)}")
    st.caption(_origin(key), help=exact(key.checked_at) if key.checked_at else None)
    if key.state not in OVER:
        _offer_actions(key)


def _sentence(key: KeyView) -> str:
    if key.state == "stopped":
        cure = KEY_CURES.get(key.stopped_for or "", "It is tried again by itself.")
        return f"{as_markdown(key.stopped_text or 'Nothing is sent with it.')} **What to do:** {cure}"
    return _SENTENCES.get(key.state, "")


def _balance(key: KeyView) -> str:
    if key.balance is None:
        return "The balance is not known yet."
    frozen = f", {credits_in_words(key.frozen)} set aside for running tasks" if key.frozen else ""
    return f"Balance {credits_in_words(key.balance)}{frozen}."


def _users(key: KeyView) -> str:
    names = ", ".join(as_markdown(project.name) for project in key.projects)
    used = f"Used by {names}." if names else "No project uses it."
    if key.shared:
        used = "Used wherever no other key was chosen."
    if not key.open_tasks:
        return used
    return f"{used} {key.open_tasks} open {'task' if key.open_tasks == 1 else 'tasks'}."


def _origin(key: KeyView) -> str:
    by = f" by {as_markdown(who(key.owner))}" if key.owner else ""
    by_setting = "The local sandbox's own" if key.name == "sandbox" else "Set by `TRIPO_API_KEY`"
    added = by_setting if key.shared else f"Added {ago(key.created_at)}{by}"
    asked = f" · asked {ago(key.checked_at)}" if key.checked_at else ""
    return (
        f"{added} · {_REGIONS.get(key.region, 'an address of your own')} · {as_markdown(key.version)}{asked}"
    )


# --- what can be done ----------------------------------------------------------------------------------------


def _offer_actions(key: KeyView) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Check",
            key=f"check-{key.key_id}",
            icon=":material/network_check:",
            help="Asks for the balance; costs nothing.",
            on_click=act,
            args=(backend.check_key, key.key_id),
            kwargs={"said": "Asked. The answer stands beside the key."},
        )
        if key.shared:
            return
        with st.popover("Replace", icon=":material/swap_horiz:"):
            _ask_replacement(key)
        with st.popover("Remove", icon=":material/delete:"):
            _confirm_removal(key)


def _ask_replacement(key: KeyView) -> None:
    st.markdown(
        "Its projects, and orders that are not sent yet, go over to the new key. What the old one began is carried "
        "to its end with it, for only the key that made a model can work on it: keep it valid at Tripo until then."
    )
    ask_secret("The new key", _new_key(key))
    st.button(
        "Check and replace",
        type="primary",
        key=f"replace-{key.key_id}",
        on_click=_replace,
        args=(key.key_id, _new_key(key)),
    )


def _confirm_removal(key: KeyView) -> None:
    st.markdown(
        "Nothing more is sent with it. What is at the provider is followed to its end and kept; orders and steps "
        "that are not sent yet fail, unpaid. Its projects order nothing until another key is chosen for them."
    )
    if key.open_tasks:
        st.markdown(f"**It has {key.open_tasks} open {'task' if key.open_tasks == 1 else 'tasks'}.**")
    st.button(
        "Remove it",
        type="primary",
        key=f"remove-{key.key_id}",
        on_click=act,
        args=(backend.remove_key, key.key_id),
        kwargs={"said": "Removed. Nothing more is sent with it."},
    )


def _replace(key_id: str, field: str) -> None:
    act(backend.replace_key, key_id, key=take_secret(field), said="Replaced. The new key works.")


def _new_key(key: KeyView) -> str:
    return f"new-key-{key.key_id}"
