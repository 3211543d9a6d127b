"""The attempts at one step side by side: what changed between them stands first."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.failures.attempts import Attempt, changed_facts
from dashboard.components.moments import duration
from dashboard.components.plain_text import as_html
from dashboard.components.state_badge import TASKS
from dashboard.components.tables import show_rows

ALWAYS: Final = ("Error", "Tripo's code", "Cost")  # also where they are equal, or there is one attempt


def show_attempts(attempts: tuple[Attempt, ...]) -> None:
    """Show the attempts as columns; what is equal in all of them is folded away."""
    changed = dict.fromkeys([*changed_facts(attempts), *(n for n in ALWAYS if n in _all_facts(attempts))])
    head = ("", *(f"<b>Attempt {each.number}</b>" for each in attempts))
    states = ("State", *(as_html(TASKS[each.status].word) for each in attempts))
    took = ("Took", *(duration(each.seconds) if each.seconds is not None else "–" for each in attempts))
    show_rows([head, states, took, *(_row(name, attempts) for name in changed)], "Attempts side by side")
    same = [name for each in attempts[:1] for name in each.facts if name not in changed]
    if same:
        with st.expander("The same in all attempts" if len(attempts) > 1 else "What it was told"):
            show_rows([_row(name, attempts[:1]) for name in same], "Equal in all attempts")


def _all_facts(attempts: tuple[Attempt, ...]) -> set[str]:
    return {name for each in attempts for name in each.facts}


def _row(name: str, attempts: tuple[Attempt, ...]) -> tuple[str, ...]:
    return (as_html(name), *(as_html(each.facts.get(name, "–")) for each in attempts))
