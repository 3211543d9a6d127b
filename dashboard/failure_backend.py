"""The door to core for what pages ask and do about failures; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

import streamlit as st
from sqlalchemy import select

from core.bootstrap import Core
from core.failures import inbox
from core.failures.attempts import Attempt, attempts_of
from core.failures.states import Trouble
from core.failures.truth import TaskTruth, truth_of
from core.failures.views import FoundGroups, GroupDetail, GroupFilter
from core.models import Asset
from core.projects import task_of
from core.schemas import TaskView
from core.task_list import page_of_group
from dashboard import backend

FRESH_SECONDS: Final = backend.FRESH_SECONDS


class TaskOfGroup(NamedTuple):
    """A task in a group, with the name of its asset."""

    task: TaskView
    asset_name: str


# --- reads ---------------------------------------------------------------------------------------------------


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def groups(wanted: GroupFilter, page: int, per_page: int) -> FoundGroups:
    """Read one numbered page (from 1) of the groups that match."""
    with backend.asking() as core:
        return core.failures.find(wanted, limit=per_page, after=(page - 1) * per_page)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def group(fingerprint: str) -> GroupDetail:
    """Read one group with its notes; raises NotFoundError."""
    with backend.asking() as core:
        return core.failures.group(fingerprint)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def assignees() -> tuple[str, ...]:
    """Name everybody who takes care of a group."""
    with backend.reading() as session:
        return tuple(inbox.assignees(session))


@st.cache_data(ttl=FRESH_SECONDS, max_entries=10, show_spinner=False)
def open_groups(project_id: str | None = None) -> Mapping[Trouble, tuple[int, int]]:
    """Count the open groups of each sort of trouble, and the tasks in them."""
    with backend.asking() as core:
        return core.failures.open_groups(project_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def tasks_of(fingerprint: str, project_id: str | None, page: int, per_page: int) -> tuple[TaskOfGroup, ...]:
    """Read one numbered page (from 1) of a group's tasks, in one project or in all."""
    with backend.asking() as core, core.database.reading() as session:
        found = page_of_group(
            session, fingerprint, core.clock(), project_id=project_id, page=page, per_page=per_page
        )
        ids = [each.asset_id for each in found]
        rows = session.execute(
            select(Asset.project_id, Asset.asset_id, Asset.name).where(Asset.asset_id.in_(ids))
        )
        names = {(project_id, asset_id): name for project_id, asset_id, name in rows}
        return tuple(
            TaskOfGroup(each, names.get((each.project_id, each.asset_id), each.asset_id)) for each in found
        )


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def attempts(task_id: str) -> tuple[Attempt, ...]:
    """List all attempts at the step of a task; raises NotFoundError."""
    with backend.reading() as session:
        return attempts_of(session, task_of(session, task_id))


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def truth(task_id: str) -> TaskTruth:
    """Read what was said to the provider and back about a task; raises NotFoundError."""
    with backend.reading() as session:
        return truth_of(session, task_of(session, task_id))


# --- actions -------------------------------------------------------------------------------------------------


def resolve(fingerprint: str, *, actor: str) -> None:
    """Say that a group is dealt with; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.failures.resolve(fingerprint, actor=actor)


def reopen(fingerprint: str, *, actor: str) -> None:
    """Say that a group is not dealt with after all; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.failures.reopen(fingerprint, actor=actor)


def ignore(
    fingerprint: str,
    *,
    until: datetime | None,
    for_count: int | None,
    until_next_version: bool,
    actor: str,
) -> None:
    """Leave a group alone for a while; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.failures.ignore(
            fingerprint,
            until=until,
            for_count=for_count,
            until_next_version=until_next_version,
            actor=actor,
        )


def assign(fingerprint: str, to: str | None, *, actor: str) -> None:
    """Give a group to somebody, None for nobody; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.failures.assign(fingerprint, to=to, actor=actor)


def note(fingerprint: str, text: str, *, actor: str) -> None:
    """Keep a note on a group; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.failures.note(fingerprint, text=text, actor=actor)


@contextlib.contextmanager
def _acting() -> Iterator[Core]:
    try:
        with backend.acting() as core:
            yield core
    finally:
        for read in (groups, group, assignees, open_groups, tasks_of):
            read.clear()
