"""What a person says about a group of failures: resolve, ignore for a while, give to somebody, keep a note."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import streamlit as st

from core.failures.inbox import LONGEST_NAME, LONGEST_NOTE
from core.failures.states import GroupState
from core.failures.views import GroupDetail
from dashboard import failure_backend
from dashboard.components import person
from dashboard.components.actions import act
from dashboard.components.history import who
from dashboard.components.moments import ago, now
from dashboard.components.plain_text import as_markdown

_HOURS: Final = {"For an hour": 1, "For a day": 24, "For a week": 7 * 24}
_UNTIL_UPDATE: Final = "Until Hatchery is updated"
_UNTIL_MORE: Final = "Until more have come"
_FOR_EVER: Final = "For ever"
_WHILES: Final = (*_HOURS, _UNTIL_MORE, _UNTIL_UPDATE, _FOR_EVER)


def offer_to_settle(group: GroupDetail) -> None:
    """Offer what can be said about a group."""
    with st.container(horizontal=True, gap="small", key="settle"):
        if group.state is GroupState.OPEN:
            st.button(
                "Resolve",
                icon=":material/check_circle:",
                key="resolve",
                help="It opens again by itself when it comes back.",
                on_click=act,
                args=(failure_backend.resolve, group.fingerprint),
                kwargs={"said": "Resolved."},
            )
            _offer_ignore(group)
        else:
            st.button(
                "Open again",
                icon=":material/mark_email_unread:",
                key="reopen",
                on_click=act,
                args=(failure_backend.reopen, group.fingerprint),
                kwargs={"said": "Opened again."},
            )
        _offer_assign(group)


def _offer_ignore(group: GroupDetail) -> None:
    with st.popover("Ignore", icon=":material/notifications_off:", key="ignore"):
        st.radio("For how long?", _WHILES, key="ignore_while")
        if st.session_state.get("ignore_while") == _UNTIL_MORE:
            st.number_input("How many more?", 1, 1_000_000, 10, key="ignore_count")
        st.button("Ignore it", type="primary", key="do_ignore", on_click=_ignore, args=(group.fingerprint,))


def _ignore(fingerprint: str) -> None:
    chosen = st.session_state.get("ignore_while", _FOR_EVER)
    hours = _HOURS.get(chosen)
    act(
        failure_backend.ignore,
        fingerprint,
        until=now() + timedelta(hours=hours) if hours else None,
        for_count=int(st.session_state.get("ignore_count") or 10) if chosen == _UNTIL_MORE else None,
        until_next_version=chosen == _UNTIL_UPDATE,
        said="Ignored.",
    )


def _offer_assign(group: GroupDetail) -> None:
    with st.popover("Assign", icon=":material/person_add:", key="assign"):
        st.text_input(
            "Who takes care of it?",
            value=group.assigned_to or person.name() or "",
            key="assign_to",
            max_chars=LONGEST_NAME,
        )
        st.button("Assign it", type="primary", key="do_assign", on_click=_assign, args=(group.fingerprint,))


def _assign(fingerprint: str) -> None:
    act(failure_backend.assign, fingerprint, st.session_state.get("assign_to") or None, said="Assigned.")


def show_notes(group: GroupDetail) -> None:
    """Show what was written and done about a group, and take another note."""
    st.subheader("Notes", anchor=False)
    with st.form("note_form", clear_on_submit=True, border=False):
        st.text_area("Add a note", key="note_text", max_chars=LONGEST_NOTE, height=80)
        st.form_submit_button("Keep it", on_click=_keep_note, args=(group.fingerprint,))
    for note in group.notes:
        st.markdown(as_markdown(note.text))
        st.caption(f"{as_markdown(who(note.author))}, {ago(note.at)}")


def _keep_note(fingerprint: str) -> None:
    act(failure_backend.note, fingerprint, st.session_state.get("note_text") or "", said="Kept.")
