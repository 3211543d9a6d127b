"""Failure: one cause, what happened, why, what cures it, and every task that it hit."""

from collections.abc import Hashable, Sequence
from math import ceil
from urllib.parse import urlencode

import streamlit as st

from core.errors import NotFoundError
from core.failures.catalogue import Cure
from core.failures.states import GroupState
from core.failures.views import GroupDetail
from core.jobs.scope import Scope
from dashboard import failure_backend
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.attempts_compared import show_attempts
from dashboard.components.budget_form import ask_budget
from dashboard.components.bulk_bar import offer_actions, show_asked
from dashboard.components.failure_list import show_badges
from dashboard.components.failure_settle import offer_to_settle, show_notes
from dashboard.components.failure_words import COST, WHO, facts_html, step_word, trend_html
from dashboard.components.live import last_known, live
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_html, as_markdown, one_line
from dashboard.components.raw_truth import offer_raw_truth
from dashboard.components.state_badge import TASKS
from dashboard.components.step_words import step_title
from dashboard.components.tables import show_rows
from dashboard.failure_backend import TaskOfGroup

PER_PAGE = 20


def read_group() -> GroupDetail:
    """Read the group that the address names."""
    return last_known("failure", fingerprint, lambda: failure_backend.group(fingerprint))


def drawn_once(group: GroupDetail) -> Hashable:
    """Say on what the parts of the page depend that are not live."""
    return group.state, group.assigned_to, len(group.notes), group.sample_task_ids, bool(group.left)


@live
def live_numbers(drawn: Hashable) -> None:
    """Show how many there are and how they come; when the rest is out of date, have it drawn again."""
    group = read_group()
    if drawn_once(group) != drawn:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_badges(group)
        st.html(trend_html(group.trend), width="content")
    st.caption(facts_html(group), unsafe_allow_html=True)


def explain(group: GroupDetail) -> None:
    """Say what happened, why, what to do, who can, and what it costs."""
    if group.message:
        st.markdown(f"**What happened:** {as_markdown(group.message)}")
    if group.their_words:
        st.markdown(f"**Tripo says:** {as_markdown(group.their_words)}")
    st.markdown(f"**Why, most likely:** {as_markdown(group.why)}")
    if group.suggestion:
        st.markdown(f"**What to do:** {as_markdown(group.suggestion)}")
    st.markdown(f"**Who:** {WHO[group.who]} {COST[group.cost]}")


def offer_cures(group: GroupDetail) -> None:
    """Offer every cure: as a button where a job can do it, else where it is done, and why there."""
    actions = actions_of(group)
    if actions and group.left:
        st.caption("Count and price are shown before anything is done.")
        offer_actions(Scope(fingerprint=group.fingerprint, project_id=project_id), actions, key="cures")
    for cure in group.cures:
        if cure.elsewhere is not None:
            st.markdown(f":material/healing: **{cure.words}.** {cure.elsewhere}")
        if cure.name is Cure.RAISE_BUDGET:
            ask_budget(group.projects[0].project_id)
        elif cure.name in (Cure.FIX_KEY, Cure.TOP_UP):
            st.page_link("app_pages/keys.py", label="Keys", icon=":material/key:")


def actions_of(group: GroupDetail) -> list[str]:
    """Name the actions of jobs that cure it."""
    return list(dict.fromkeys(cure.action for cure in group.cures if cure.action is not None))


def ask_project(group: GroupDetail) -> str | None:
    """Ask for one of the projects that it hit, None for all; the answer stands in the address."""
    names = {"": "All projects"} | {each.project_id: each.name for each in group.projects}
    if len(group.projects) == 1:
        return None
    take_from_address("project", names)
    chosen = st.selectbox(
        "Project", list(names), format_func=lambda value: names.get(value, value), key="project", width=300
    )
    put_in_address("project", chosen)
    return chosen or None


def show_tasks(group: GroupDetail) -> Sequence[TaskOfGroup]:
    """List one page of the tasks that it hit, each with the way to its asset."""
    st.subheader("Tasks", anchor=False)
    count = next((each.count for each in group.projects if each.project_id == project_id), group.count)
    pages = ceil(count / PER_PAGE)
    place = st.container()
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    question = (fingerprint, project_id, page)
    tasks = last_known("failed", question, lambda: failure_backend.tasks_of(*question, PER_PAGE))
    with place:
        show_rows([_task_row(each) for each in tasks], "Tasks with this failure")
    return tasks


def _task_row(each: TaskOfGroup) -> tuple[str, ...]:
    task = each.task
    address = as_html("asset?" + urlencode({"project": task.project_id, "asset": task.asset_id}))
    return (
        f'<a href="{address}" target="_self" style="color: inherit">{as_html(one_line(each.asset_name, 80))}</a>',
        as_html(step_title(task.kind, task.preset)),
        f"attempt {task.attempt}",
        TASKS[task.inner_status].word,
        ago_html(task.updated_at),
    )


def names_of(tasks: Sequence[TaskOfGroup]) -> dict[str, str]:
    """Name tasks by their ids."""
    return {
        each.task.task_id: f"{one_line(each.asset_name, 60)}, attempt {each.task.attempt}" for each in tasks
    }


def cure_some(group: GroupDetail, tasks: Sequence[TaskOfGroup]) -> None:
    """Offer the cures for some of the tasks that are shown; they are chosen by id, so that nothing moves."""
    names, actions = names_of(tasks), actions_of(group)
    if not actions or len(names) < 2:
        return
    st.session_state["some"] = [each for each in st.session_state.get("some", []) if each in names]
    some = st.multiselect(
        "Cure only some of them",
        list(names),
        format_func=lambda task_id: names.get(task_id, task_id),
        key="some",
        placeholder="Choose tasks",
    )
    if some:
        offer_actions(Scope(task_ids=tuple(some)), actions, key="some")


def compare_attempts(tasks: Sequence[TaskOfGroup]) -> None:
    """Show the attempts at one of the tasks side by side."""
    if not tasks:
        return
    st.subheader("Attempts", anchor=False)
    names = names_of(tasks)
    chosen = st.selectbox("Of", list(names), format_func=lambda task_id: names[task_id], key="compared")
    attempts = failure_backend.attempts(chosen)
    show_attempts(attempts)
    for attempt in attempts:
        if len(attempts) > 1:
            st.caption(f"**Attempt {attempt.number}**")
        offer_raw_truth(attempt.task_id)


fingerprint = st.query_params.get("fingerprint", "")
st.page_link("app_pages/failures.py", label="All failures", icon=":material/arrow_back:")
try:
    group = read_group()
except NotFoundError:
    st.title("No such failure")
    st.markdown("The address names a failure that is not here. What stood still may have gone on by itself.")
    st.stop()

st.title(f"{as_markdown(group.title)} · {step_word(group.step)}", anchor=False)
live_numbers(drawn_once(group))
offer_to_settle(group)
project_id = ask_project(group)
cause_side, notes_side = st.columns([3, 2], gap="large")
with cause_side:
    explain(group)
    if group.state is not GroupState.RESOLVED:
        offer_cures(group)
with notes_side:
    show_notes(group)
tasks = show_tasks(group)
if group.state is not GroupState.RESOLVED:
    cure_some(group, tasks)
compare_attempts(tasks)
show_asked()
