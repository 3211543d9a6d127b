"""Where alerts go: each address with its state in words, a test, and a form for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.alerts.causes import Cause
from core.alerts.targets import LONGEST_NAME, AlertTargetView
from dashboard import alert_backend
from dashboard.components.actions import act, acted
from dashboard.components.alert_words import WHAT, causes_in_words
from dashboard.components.history import who
from dashboard.components.moments import ago, exact
from dashboard.components.plain_text import as_markdown
from dashboard.components.secret_input import ask_secret, take_secret
from dashboard.components.state_badge import Look, badge

_NAME, _URL, _CAUSES = "alert_name", "alert_url", "alert_causes"
_WORKS: Final = Look("Works", ":material/check_circle:", "green")
_FAILS: Final = Look("Not delivered", ":material/error:", "red")
_UNTRIED: Final = Look("Nothing sent yet", ":material/help:", "gray")


def show_targets(targets: Sequence[AlertTargetView]) -> None:
    """Show a card for each address."""
    if not targets:
        st.info(
            "Alerts go nowhere yet. Add an address here, or set `ALERT_URLS`.",
            icon=":material/notifications_off:",
        )
    for target in targets:
        with st.container(border=True, key=f"target-{target.target_id}"):
            _show(target)


def ask_for_target() -> None:
    """Show the form for a new address; the address leaves the form as soon as it is sent."""
    st.session_state.setdefault(_CAUSES, list(Cause))
    with st.form("add_target", border=True):
        st.subheader("Add an address", anchor=False)
        st.text_input("Name", key=_NAME, max_chars=LONGEST_NAME, placeholder="For example the team's channel")
        ask_secret(
            "Address",
            _URL,
            placeholder="slack://…",
            help="As Apprise writes it: mailto://user:password@example.com, slack://TokenA/TokenB/TokenC, "
            "discord://id/token, and so on. It is kept encrypted and never shown again.",
        )
        st.pills("Told of", list(Cause), selection_mode="multi", format_func=WHAT.__getitem__, key=_CAUSES)
        st.form_submit_button("Add", type="primary", icon=":material/add_alert:", on_click=_add)
    limits = alert_backend.limits()
    st.caption(
        f"Too much fails: more than {limits.failure_rate:.0%} of an hour's steps, of at least 20 "
        f"(`ALERT_FAILURE_RATE`). A wallet is low: below {limits.wallet_credits:f} credits (`ALERT_WALLET_CREDITS`)."
    )


def _show(target: AlertTargetView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(as_markdown(target.name), anchor=False, width="content")
        badge(_FAILS if target.fault else _WORKS if target.delivered_at else _UNTRIED)
        st.badge(as_markdown(f"{target.service}://…"), icon=":material/lock:", color="gray")
    if target.fault:
        again = f" {target.waiting} waiting; tried again by itself." if target.waiting else ""
        st.markdown(f"{as_markdown(target.fault)}{again}")
    if target.given_up:
        told = "alert" if target.given_up == 1 else "alerts"
        st.markdown(
            f":red[{target.given_up} {told} could not be delivered within a day.] The list below has them."
        )
    st.markdown(causes_in_words(target.causes))
    by = "Set by `ALERT_URLS`" if target.is_shared else f"Added by {as_markdown(who(target.owner or ''))}"
    last = f"last delivery {ago(target.delivered_at)}" if target.delivered_at else "no delivery yet"
    st.caption(f"{by} · {last}", help=exact(target.delivered_at) if target.delivered_at else None)
    _offer_actions(target)


def _offer_actions(target: AlertTargetView) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Send a test",
            key=f"test-{target.target_id}",
            icon=":material/send:",
            on_click=act,
            args=(alert_backend.test_target, target.target_id),
            kwargs={"said": "The service took the message."},
        )
        with st.popover("Change", icon=":material/tune:"):
            _ask_causes(target)
        if target.is_shared:
            return
        with st.popover("Remove", icon=":material/delete:"):
            st.markdown("Nothing more is sent to it, and it is forgotten.")
            st.button(
                "Remove it",
                type="primary",
                key=f"remove-{target.target_id}",
                on_click=act,
                args=(alert_backend.remove_target, target.target_id),
                kwargs={"said": "Removed."},
            )


def _ask_causes(target: AlertTargetView) -> None:
    field = f"causes-{target.target_id}"
    st.session_state.setdefault(field, list(target.causes))
    st.pills("Told of", list(Cause), selection_mode="multi", format_func=WHAT.__getitem__, key=field)
    st.button("Save", type="primary", key=f"save-{field}", on_click=_choose, args=(target.target_id, field))


def _choose(target_id: str, field: str) -> None:
    act(alert_backend.choose, target_id, st.session_state[field], said="Saved.")


def _add() -> None:
    state = st.session_state
    url = take_secret(_URL)  # not kept a moment longer than needed
    name, causes = state.get(_NAME) or "", state.get(_CAUSES) or []
    if acted(alert_backend.add_target, name=name, url=url, causes=causes, said="Added. Send it a test."):
        state[_NAME] = ""
