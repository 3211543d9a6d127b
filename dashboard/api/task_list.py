"""All tasks as a list, with its filters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from core.lifecycle import TaskKind, TaskStatus
from core.projects import project_of
from core.task_list import MOST_ROWS, TaskFilter, TaskPage, list_tasks
from dashboard.api.answers import DONE, PROBLEMS, answer, written
from dashboard.api.requests import CheckedRoute, TheCore

router = APIRouter(tags=["tasks"], route_class=CheckedRoute)


class Filters(BaseModel):
    """Which tasks are wanted; an empty filter is none."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    status: TaskStatus | None = None
    kind: TaskKind | None = None
    error_code: (
        Annotated[str, Field(max_length=60, description="Our word, or the provider's number.")] | None
    ) = None
    fingerprint: Annotated[str, Field(max_length=200, description="From GET /api/failures.")] | None = None
    project_id: str | None = None
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)
    cursor: Annotated[str, Field(max_length=300)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


@router.get("/tasks", response_model=TaskPage, responses=PROBLEMS)
def read_tasks(filters: Annotated[Filters, Query()], core: TheCore) -> Response:
    """List tasks, the newest first."""
    wanted = TaskFilter(
        filters.status, filters.kind, filters.error_code, filters.fingerprint, filters.project_id
    )
    with core.database.reading() as session:
        if filters.project_id is not None:
            project_of(session, filters.project_id)
        page = list_tasks(session, wanted, core.clock(), limit=filters.limit, cursor=filters.cursor)
    return written(answer(DONE, page))
