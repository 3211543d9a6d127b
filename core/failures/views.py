"""The frozen values in which groups of failures reach pages and programs (camelCase outside)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from core.failures.catalogue import Cost, Cure, Role
from core.failures.states import GroupState, Trouble
from core.schemas import View


class CureView(View):
    """One cure: its name for programs, its words for people, and whether it costs nothing.

    `action` is the job's that applies it to many; where there is none, `elsewhere` says who does it, where and why.
    """

    name: Cure
    words: str
    free: bool
    action: str | None
    elsewhere: str | None = None


class GroupProject(View):
    """A project in which a failure occurred, and how often."""

    project_id: str
    name: str
    count: int


class NoteView(View):
    """What somebody wrote, or did, about a group."""

    at: datetime
    author: str
    text: str


class GroupView(View):
    """Failures with one cause. `count` is of all that ever were, `left` of those not yet ordered again."""

    fingerprint: str
    title: str
    step: str  # generate, rig_check, rig, animate, or any
    trouble: Trouble
    state: GroupState
    new: bool  # nobody has described this cause yet
    came_back: bool  # after somebody had resolved or ignored it
    error_code: str
    provider_code: int | None
    said_by: str  # v2, v3 or ours
    message: str
    their_words: str  # the provider's own, if it said any
    suggestion: str
    why: str
    cure: str
    cures: tuple[CureView, ...]
    who: Role
    cost: Cost
    retryable: bool
    count: int
    left: int
    first_at: datetime
    last_at: datetime
    projects: tuple[GroupProject, ...]
    sample_task_ids: tuple[str, ...]
    trend: tuple[int, ...]  # failures in each of the last 24 hours, the present one last
    assigned_to: str | None
    changed_by: str | None
    changed_at: datetime | None
    ignored_until: datetime | None
    ignored_for: int | None
    ignored_until_update: bool


class GroupDetail(GroupView):
    """A group with its notes."""

    notes: tuple[NoteView, ...]


class GroupFilter(NamedTuple):
    """Which groups are wanted; None is all."""

    project_id: str | None = None
    state: GroupState | None = None
    trouble: Trouble | None = None
    assigned_to: str | None = None


class FoundGroups(NamedTuple):
    """The groups that match, the one that came last first, and how many there are by state."""

    groups: tuple[GroupView, ...]
    total: int
    left: int  # tasks in all of these
    states: Mapping[GroupState, int]  # of all that match but for the state
    failed: tuple[str, ...]  # the fingerprints of all that match and are of tasks that ended badly
    next_cursor: str | None = None  # where those after these begin
