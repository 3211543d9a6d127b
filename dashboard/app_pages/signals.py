"""Signals: how well and how fast the work goes, over a day, a week or a month."""

import streamlit as st

from core.lifecycle import TaskKind
from core.signals.scope import REACHES
from dashboard import backend, signal_backend
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.live import last_known, live_every
from dashboard.components.signal_cards import (
    show_causes,
    show_outcomes,
    show_provider_errors,
    show_queue,
    show_slots,
    show_standstills,
    show_working,
)
from dashboard.components.signal_words import REACH_WORDS, STEP_WORDS

FIRST_REACH = "24h"


def ask_what() -> tuple[str, str | None, TaskKind | None]:
    """Ask how far back, of which project and of which step; the answers stand in the address."""
    names = {"": "All projects"} | {
        project.project_id: project.name for project in last_known("projects", None, backend.projects)
    }
    steps = {"": "All steps"} | {kind.value: word for kind, word in STEP_WORDS.items()}
    for key, allowed in (("reach", REACHES), ("project", names), ("step", steps)):
        take_from_address(key, allowed)
    st.session_state["reach"] = st.session_state["reach"] or FIRST_REACH
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Period", list(REACHES), format_func=REACH_WORDS.__getitem__, key="reach", width="content"
        )
        st.selectbox("Project", list(names), format_func=lambda value: names.get(value, value), key="project")
        st.selectbox("Step", list(steps), format_func=lambda value: steps.get(value, value), key="step")
    reach = st.session_state["reach"] or FIRST_REACH  # pressed again, it is let go
    project, step = st.session_state["project"] or "", st.session_state["step"] or ""
    put_in_address("reach", "" if reach == FIRST_REACH else reach)
    put_in_address("project", project)
    put_in_address("step", step)
    return reach, project or None, TaskKind(step) if step else None


@live_every(signal_backend.FRESH_SECONDS)
def live_signals(reach: str, project_id: str | None, kind: TaskKind | None) -> None:
    """Draw all charts."""
    asked = (reach, project_id, kind)
    signals = last_known("signals", asked, lambda: signal_backend.signals(*asked))
    pairs = (
        (show_outcomes, show_causes),
        (show_provider_errors, show_standstills),
        (show_working, show_queue),
        (show_slots,),
    )
    for pair in pairs:
        for column, show in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                show(signals)


st.title("Signals", anchor=False)
live_signals(*ask_what())
