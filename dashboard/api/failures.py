"""Failures: the groups, their causes and cures, and what people say about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from core.bootstrap import Core
from core.failures.groups import group_of
from core.failures.inbox import LONGEST_NAME, LONGEST_NOTE, MOST_MORE
from core.failures.states import GroupState, Trouble
from core.failures.views import GroupDetail, GroupFilter, GroupView
from core.projects import project_of
from core.schemas import View
from dashboard.api.answers import DONE, PROBLEMS, Answer, answer, written
from dashboard.api.bodies import Body, EmptyBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import Caller, CheckedRoute, TheCaller, TheCore

MOST_GROUPS = 200
router = APIRouter(prefix="/failures", tags=["failures"], route_class=CheckedRoute)

Group = Annotated[str, Path(alias="fingerprint", max_length=200)]


class Filters(BaseModel):
    """Which groups are wanted; an empty filter is none."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    project_id: str | None = None
    state: GroupState | None = None
    trouble: Trouble | None = None
    assigned_to: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    limit: int = Field(default=50, ge=1, le=MOST_GROUPS)
    cursor: Annotated[str, Field(max_length=300)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


class GroupList(View):
    """One page of groups, the one that came last first; `left` are the tasks in all that match."""

    failures: tuple[GroupView, ...]
    total: int
    left: int
    next_cursor: str | None


class IgnoreBody(Body):
    """For how long a group is left alone; the first that comes ends it, and nothing at all means for ever."""

    until: Annotated[AwareDatetime | None, Field(strict=False)] = None
    for_count: Annotated[int | None, Field(ge=1, le=MOST_MORE, description="So many more may come.")] = None
    until_next_version: bool = False


class AssignBody(Body):
    """Who takes care of it; null for nobody."""

    to: Annotated[str | None, Field(max_length=LONGEST_NAME)]


class NoteBody(Body):
    """Something worth keeping."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


@router.get("", response_model=GroupList, responses=PROBLEMS)
def list_failures(filters: Annotated[Filters, Query()], core: TheCore) -> Response:
    """List failures in groups of one cause each; what stands still until somebody acts is among them."""
    if filters.project_id is not None:
        with core.database.reading() as session:
            project_of(session, filters.project_id)
    wanted = GroupFilter(filters.project_id, filters.state, filters.trouble, filters.assigned_to)
    found = core.failures.find(wanted, limit=filters.limit, cursor=filters.cursor)
    page = GroupList(failures=found.groups, total=found.total, left=found.left, next_cursor=found.next_cursor)
    return written(answer(DONE, page))


@router.get("/{fingerprint}", response_model=GroupDetail, responses=PROBLEMS)
def read_failure(fingerprint: Group, core: TheCore) -> Response:
    """Show one group with its notes."""
    return written(answer(DONE, core.failures.group(fingerprint)))


@router.post("/{fingerprint}/resolve", response_model=GroupDetail, responses=PROBLEMS)
def resolve_group(
    fingerprint: Group,
    core: TheCore,
    caller: TheCaller,
    order: EmptyBody | None = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Say that a group is dealt with; it opens again by itself when it comes back."""
    return _said(core, caller, core.failures.resolve, fingerprint)


@router.post("/{fingerprint}/reopen", response_model=GroupDetail, responses=PROBLEMS)
def reopen(
    fingerprint: Group,
    core: TheCore,
    caller: TheCaller,
    order: EmptyBody | None = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Say that a group is not dealt with after all."""
    return _said(core, caller, core.failures.reopen, fingerprint)


@router.post("/{fingerprint}/ignore", response_model=GroupDetail, responses=PROBLEMS)
def ignore(fingerprint: Group, core: TheCore, caller: TheCaller, order: IgnoreBody | None = None) -> Response:
    """Leave a group alone until a time, until so many more have come, until Hatchery is updated, or for ever."""
    return _said(core, caller, core.failures.ignore, fingerprint, **(order or IgnoreBody()).model_dump())


@router.post("/{fingerprint}/assign", response_model=GroupDetail, responses=PROBLEMS)
def assign(fingerprint: Group, order: AssignBody, core: TheCore, caller: TheCaller) -> Response:
    """Give a group to somebody."""
    return _said(core, caller, core.failures.assign, fingerprint, to=order.to)


@router.post("/{fingerprint}/note", response_model=GroupDetail, responses=PROBLEMS)
def note(fingerprint: Group, order: NoteBody, core: TheCore, caller: TheCaller) -> Response:
    """Keep a note on a group."""
    return _said(core, caller, core.failures.note, fingerprint, text=order.text)


def _said(
    core: Core, caller: Caller, say: Callable[..., list[str]], fingerprint: str, **details: Any
) -> Response:
    carry = partial(say, fingerprint, actor=caller.actor, **details)
    return carried_out_once(core, caller.key, carry, partial(_group_answer, core.clock()))


def _group_answer(now: datetime, session: Session, fingerprints: Sequence[str]) -> Answer:
    return answer(DONE, group_of(session, fingerprints[0], now))
