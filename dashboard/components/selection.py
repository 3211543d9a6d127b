"""What is selected in a list of assets: ids, never places, so that a list that moves changes nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import streamlit as st

from core.asset_query import Query

_VERSION, _PICKED, _WHOLE, _FROZEN = "selection_version", "selection", "selection_whole", "selection_list"
MOST: Final = 5_000


class Scope(NamedTuple):
    """What an action is asked for: these rows (ids of assets), or all that match a query."""

    asset_pks: tuple[str, ...] = ()
    query: Query | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing is meant."""
        return not self.asset_pks and self.query is None


def scope() -> Scope:
    """Say what is selected now."""
    whole: Query | None = st.session_state.get(_WHOLE)
    return Scope(query=whole) if whole is not None else Scope(st.session_state.get(_PICKED, ()))


def version() -> int:
    """Number the selection; it grows whenever the page, not the person in the list, changes it."""
    return int(st.session_state.get(_VERSION, 0))


def take(told: Any, query: Query) -> None:
    """Take over what the list in the browser says is selected, unless the page changed it since.

    `query` is what the list shows: all that match another one, which is not seen any more, are not selected.
    """
    if isinstance(told, dict) and told.get("version") == version():
        if told.get("whole") == str(query):
            st.session_state[_PICKED], st.session_state[_WHOLE] = (), query
            return
        if told.get("whole") is not None:
            clear()
            return
        ids = [each for each in told.get("ids", ()) if isinstance(each, str)][:MOST]
        if tuple(ids) != st.session_state.get(_PICKED, ()):
            st.session_state[_PICKED] = tuple(ids)
            st.session_state.pop(_WHOLE, None)


def leave_other(query: Query) -> None:
    """Select nothing any more if all that match was selected, and the list now shows what matches another query."""
    if st.session_state.get(_WHOLE, query) != query:
        clear()


def clear() -> None:
    """Select nothing; for a button's `on_click`."""
    _set((), None)


def select_all(query: Query) -> None:
    """Select all that match a query, now and when the action begins; for a button's `on_click`."""
    _set((), query)


def shown_ids(question: object, fresh: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Say which rows to show while something is selected: those of the first look, and how many are newer.

    Nothing moves under the hand of who is choosing; without a selection, or for another question, it is what is
    there now.
    """
    kept = st.session_state.get(_FROZEN)
    if scope().is_empty or kept is None or kept[0] != question:
        kept = st.session_state[_FROZEN] = (question, tuple(fresh))
    return kept[1], len(set(fresh) - set(kept[1]))


def thaw() -> None:
    """Show what is there now and keep the selection; for a button's `on_click`."""
    st.session_state.pop(_FROZEN, None)


def _set(ids: tuple[str, ...], whole: Query | None) -> None:
    st.session_state[_PICKED], st.session_state[_VERSION] = ids, version() + 1
    if whole is None:
        st.session_state.pop(_WHOLE, None)
    else:
        st.session_state[_WHOLE] = whole
