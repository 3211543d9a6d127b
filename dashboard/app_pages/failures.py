"""Failures: everything that went wrong or stands still, by cause, with its cure."""

from math import ceil

import streamlit as st

from core.failures.states import GroupState, Trouble
from core.failures.views import GroupFilter
from core.jobs.scope import MOST_GROUPS, Scope
from core.schemas import ProjectView
from dashboard import backend, failure_backend
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.bulk_bar import offer_actions, show_asked
from dashboard.components.failure_list import show_group
from dashboard.components.failure_words import STATES, TROUBLES, counted_tasks
from dashboard.components.live import last_known, live
from dashboard.components.plain_text import one_line

PER_PAGE = 10
STATE_WORDS = {
    "": "Open",
    **{state.value: look.word for state, look in STATES.items() if look.word != "Open"},
}
TROUBLE_WORDS = {"": "All", **{trouble.value: look.word for trouble, look in TROUBLES.items()}}


def ask_filter(projects: tuple[ProjectView, ...]) -> GroupFilter:
    """Ask which groups are wanted; what is chosen stands in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        state = _choice("State", STATE_WORDS, "state")
        trouble = _choice("Trouble", TROUBLE_WORDS, "trouble")
        names = {"": "All projects"} | {project.project_id: project.name for project in projects}
        project = _choice("Project", names, "project")
        people = last_known("assignees", None, failure_backend.assignees)
        taken_by = {"": "Anybody's"} | {name: f"{one_line(name, 40)}'s" for name in people}
        assigned_to = _choice("Taken care of by", taken_by, "assigned") if people else ""
    return GroupFilter(
        project_id=project or None,
        state=GroupState(state or GroupState.OPEN.value),
        trouble=Trouble(trouble) if trouble else None,
        assigned_to=assigned_to or None,
    )


def _choice(label: str, words: dict[str, str], key: str) -> str:
    take_from_address(key, words)
    chosen = st.selectbox(
        label,
        list(words),
        format_func=lambda value: words.get(value, value),
        key=key,
        width=170,
        label_visibility="collapsed",
    )
    put_in_address(key, chosen)
    return str(chosen)


@live
def live_groups(wanted: GroupFilter) -> None:
    """Show one page of the groups that match."""
    page = int(st.session_state.get("page") or 1)
    found = last_known("failures", (wanted, page), lambda: failure_backend.groups(wanted, page, PER_PAGE))
    if not found.total:
        say_nothing(wanted)
        return
    groups = "1 cause" if found.total == 1 else f"{found.total:,} causes"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{groups}, {counted_tasks(found.left)} to deal with", width="content")
        offer_to_retry_all(found.failed, wanted)
    place = st.container()
    pages = ceil(found.total / PER_PAGE)
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")
    with place:
        for group in found.groups:
            show_group(group, wanted.project_id)


def offer_to_retry_all(failed: tuple[str, ...], wanted: GroupFilter) -> None:
    """Offer to retry all that match, where there is more than one cause; what needs another cure is left out."""
    if wanted.state is GroupState.OPEN and 1 < len(failed) <= MOST_GROUPS:
        scope = Scope(fingerprints=failed, project_id=wanted.project_id)
        offer_actions(scope, ["retry"], key="all", label=f"Retry all {len(failed):,} causes")


def say_nothing(wanted: GroupFilter) -> None:
    """Say that there is nothing to deal with."""
    if wanted == GroupFilter(state=GroupState.OPEN):
        with st.container(border=True, horizontal_alignment="center"):
            st.subheader(
                "Nothing to deal with", icon=":material/check_circle:", width="content", anchor=False
            )
            st.markdown(
                "Whatever fails, or waits for somebody, appears here by its cause, with what cures it.",
                text_alignment="center",
            )
    else:
        st.info("Nothing matches these filters.", icon=":material/filter_alt_off:")


st.title("Failures", anchor=False)
wanted = ask_filter(last_known("projects", None, backend.projects))
live_groups(wanted)
show_asked()
