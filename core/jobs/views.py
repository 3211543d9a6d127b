"""What pages and API show of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.lifecycle import ItemState, TaskKind, TaskStatus
from core.schemas import Credits, View


class LeftOut(View):
    """Why some of what was chosen is not part of the job: how many, and the first of them by name."""

    code: str
    sentence: str
    suggestion: str
    count: int
    names: tuple[str, ...]


class PreviewItem(View):
    """One task or asset that the job would be about; `credits` when all succeeds."""

    project_id: str
    asset_id: str
    name: str
    task_id: str | None
    kind: TaskKind | None
    preset: str | None
    credits: Credits


class JobPreview(View):
    """What a job would do and cost; `fingerprint` names exactly this, for whoever starts it.

    `items` are the first of them, `count` is how many there are.
    """

    action: str
    title: str
    count: int
    assets: int
    credits: Credits
    left_out: tuple[LeftOut, ...]
    left_out_count: int
    items: tuple[PreviewItem, ...]
    fingerprint: str


class JobView(View):
    """A job: what it is about, how far it is, what it costs when all succeeds.

    `state` is `waiting` (its time has not come), `running`, `stopped` or `done`. `credits_ordered` are the foretold
    credits of what was done.
    """

    job_id: str
    action: str
    title: str
    terms: dict[str, Any]
    scope: dict[str, Any]
    state: str
    count: int
    done: int
    skipped: int
    failed: int
    waiting: int
    credits: Credits
    credits_ordered: Credits
    left_out: dict[str, int]
    seconds_left: float | None
    begin_at: datetime
    created_by: str
    created_at: datetime
    stopped_by: str | None
    stopped_at: datetime | None
    finished_at: datetime | None


class MadeTask(View):
    """A task that a job ordered, and where it stands."""

    task_id: str
    kind: TaskKind
    preset: str | None
    status: TaskStatus
    error: str | None


class JobItemView(View):
    """One item of a job: what was done to it, or why not."""

    number: int
    project_id: str
    asset_id: str
    name: str
    task_id: str | None
    kind: TaskKind | None
    preset: str | None
    state: ItemState
    sentence: str
    credits: Credits
    made: tuple[MadeTask, ...]
    done_at: datetime | None


class JobItemPage(View):
    """One page of a job's items, by number."""

    items: tuple[JobItemView, ...]
    total: int
    next_cursor: str | None
