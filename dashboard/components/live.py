"""Parts of a page that stay true while it is open: drawn again every two seconds, without touching the rest.

They rest while a person says so, and while nobody sees them: in a tab that is hidden.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Hashable, Iterator
from typing import Final, ParamSpec, TypeVar

import streamlit as st

from dashboard import backend
from dashboard.components import tab
from dashboard.components.plain_text import as_markdown

EVERY_SECONDS: Final = 2

SKELETON_BARS: Final = 3
SKELETON_HEIGHT: Final = 96  # pixels

_RESTS, _SWITCH, _DRAWN = "live_rests", "live_switch", "live_drawn"
_WHAT_IT_DOES: Final = (
    "Refreshed every two seconds. Switched off, pages stay as they are until you do something."
)

P = ParamSpec("P")
T = TypeVar("T")


def live(body: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page live; while the data cannot be had it says so, and comes back by itself."""
    return live_every(EVERY_SECONDS)(body)


def live_every(
    seconds: float, *, has_skeleton: bool = True
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Do as `live` does, at another pace: for what moves slowly. What is small needs no skeleton."""

    def made_live(body: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(body)
        def with_words(*args: P.args, **kwargs: P.kwargs) -> None:
            with skeleton_at_first(body.__name__) if has_skeleton else contextlib.nullcontext():
                try:
                    body(*args, **kwargs)
                except backend.DataUnavailableError as error:
                    say_unavailable(error)

        @functools.wraps(body)
        def alive(*args: P.args, **kwargs: P.kwargs) -> None:
            st.fragment(with_words, run_every=every(seconds))(*args, **kwargs)

        return alive

    return made_live


@contextlib.contextmanager
def skeleton_at_first(name: str) -> Iterator[None]:
    """Let grey bars stand below what a part of the page draws, until it is drawn for the first time in a session."""
    drawn: set[str] = st.session_state.setdefault(_DRAWN, set())
    place, rest = st.container(), st.empty()
    if name not in drawn:
        with rest.container():
            for _ in range(SKELETON_BARS):
                st.skeleton(height=SKELETON_HEIGHT)
    try:
        with place:
            yield
        drawn.add(name)
    finally:
        rest.empty()


def every(seconds: float) -> float | None:
    """Say how often a live part is drawn anew; None while the page rests."""
    return None if st.session_state.get(_RESTS) or tab.is_hidden() else seconds


def offer_rest() -> None:
    """Offer to stop refreshing, and to go on."""
    st.toggle(
        "Live", value=not st.session_state.get(_RESTS), key=_SWITCH, on_change=_switch, help=_WHAT_IT_DOES
    )


def _switch() -> None:
    st.session_state[_RESTS] = not st.session_state[_SWITCH]


def last_known(name: str, question: Hashable, read: Callable[[], T]) -> T:
    """Read something, or return what was last read for the same question while the database does not answer.

    One answer is kept per `name` and session. The banners say how old it is. Raises DataUnavailableError when
    there is none.
    """
    kept = st.session_state.setdefault("last_known", {})
    try:
        kept[name] = (question, read())
    except backend.DataUnavailableError:
        if name not in kept or kept[name][0] != question:
            raise
    answer: T = kept[name][1]
    return answer


def say_unavailable(error: backend.DataUnavailableError) -> None:
    """Say that the data cannot be had, and what to do."""
    with st.container(border=True):
        st.markdown(f":material/database_off: {as_markdown(error.message)}")
        st.caption(error.suggestion)
