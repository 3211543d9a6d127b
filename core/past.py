"""What past tasks teach: how long those of each pace took, and how right the provider's word about them was."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core.durations import Law, law_of
from core.lifecycle import AT_PROVIDER, TaskKind
from core.models import Task
from core.tripo import Generate, ProviderTask, Request, Retarget, Rig, Version
from core.trust import Trust, learnt_trust

# Typical seconds per step at the provider (Comfy-Org's Tripo nodes' estimates, 2026-09), until there is a past.
TYPICAL_SECONDS: Final = {
    TaskKind.GENERATE: 80.0,
    TaskKind.RIG_CHECK: 5.0,
    TaskKind.RIG: 180.0,
    TaskKind.ANIMATE: 30.0,
}
PAST_TASKS: Final = 300  # of each step and cohort, the newest
ENOUGH_TASKS: Final = 20  # of one pace; with fewer, all of its step count


class Followed(Protocol):
    """What of a task's row says when to ask about it again."""

    @property
    def key_id(self) -> str | None: ...  # noqa: D102 - as in the row
    @property
    def kind(self) -> TaskKind: ...  # noqa: D102
    @property
    def pace(self) -> str | None: ...  # noqa: D102
    @property
    def progress(self) -> int: ...  # noqa: D102
    @property
    def foretold_seconds(self) -> float | None: ...  # noqa: D102
    @property
    def submitted_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def answered_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def created_at(self) -> datetime: ...  # noqa: D102


class Known(NamedTuple):
    """What the past says of one pace."""

    law: Law
    trust: Trust


def guess_of(kind: TaskKind) -> Known:
    """What is believed of a step without any past."""
    return Known(law_of((), (), TYPICAL_SECONDS[kind]), Trust())


def pace_of(request: Request, version: Version, *, is_local: bool) -> str:
    """Name the pace of a task: the same for all that should take alike.

    A sandbox, which is much faster, has paces of its own.
    """
    match request:
        case Generate():
            step, detail = TaskKind.GENERATE, request.options.model
        case Rig():
            step, detail = TaskKind.RIG, request.model
        case Retarget():
            step, detail = TaskKind.ANIMATE, request.preset
        case _:
            step, detail = TaskKind.RIG_CHECK, ""
    return f"{version}{'-local' if is_local else ''}/{step}/{detail}"


def worked_seconds(task: Followed, answer: ProviderTask, now: datetime) -> float:
    """Say how long the provider worked on a task that has just been found ended.

    By the provider's own clock where it tells both times; else the end is put halfway between this answer and the
    one before, or in the second half of the time where there was none.
    """
    if answer.created_at is not None and answer.ended_at is not None:
        return max((answer.ended_at - answer.created_at).total_seconds(), 0.0)
    began = task.submitted_at or task.created_at
    age = (now - began).total_seconds()
    last_open = (task.answered_at - began).total_seconds() if task.answered_at is not None else age / 2
    return max((age + last_open) / 2, 0.0)


class Seen(NamedTuple):
    """What was seen of one task: how long it took, or for how long it is known to have been open."""

    pace: str
    kind: TaskKind
    seconds: float
    has_ended: bool
    foretold: float | None
    is_settled: bool  # all that came before it have ended too


def past_tasks(session: Session) -> list[Seen]:
    """Read the newest tasks of each step, ended or open, and the newest of those that came before all open ones."""
    return [seen for kind in TaskKind for seen in _past_of(session, kind)]


def _past_of(session: Session, kind: TaskKind) -> Iterator[Seen]:
    is_open, has_ended = Task.status.in_(list(AT_PROVIDER)), Task.worked_seconds > 0
    of_kind = and_(Task.kind == kind, Task.pace.is_not(None), Task.submitted_at.is_not(None))
    oldest_open = session.scalar(select(func.min(Task.submitted_at)).where(of_kind, is_open))
    cohorts = [and_(of_kind, has_ended)]
    if oldest_open is not None:
        before, since = Task.submitted_at < oldest_open, Task.submitted_at >= oldest_open
        cohorts = [and_(of_kind, has_ended, before), and_(of_kind, since, or_(has_ended, is_open))]
    columns = (Task.pace, Task.submitted_at, Task.answered_at, Task.worked_seconds, Task.foretold_seconds)
    for number, cohort in enumerate(cohorts):
        newest = select(*columns).where(cohort).order_by(Task.submitted_at.desc(), Task.id).limit(PAST_TASKS)
        for pace, submitted_at, answered_at, worked, foretold in session.execute(newest):
            if worked and pace is not None:
                yield Seen(pace, kind, worked, True, foretold, number == 0)
            elif answered_at is not None and submitted_at is not None and pace is not None:
                yield Seen(pace, kind, (answered_at - submitted_at).total_seconds(), False, None, False)


def what_is_known(seen: Iterable[Seen]) -> dict[str, Known]:
    """Learn of each pace with enough past tasks, and of each step."""
    by_name: dict[str, list[Seen]] = defaultdict(list)
    for task in seen:
        by_name[task.pace].append(task)
        by_name[step_of(task.pace)].append(task)
    return {
        name: _known(some)
        for name, some in by_name.items()
        if sum(task.has_ended for task in some) >= ENOUGH_TASKS or name == step_of(some[0].pace)
    }


def _known(seen: Sequence[Seen]) -> Known:
    ended = [task for task in seen if task.has_ended]
    foretold = [task for task in ended if task.foretold]
    settled = [
        task for task in foretold if task.is_settled
    ]  # of a burst the early ends are those foretold too late
    judged = settled if len(settled) >= ENOUGH_TASKS else foretold
    errors = [math.log(task.seconds / task.foretold) for task in judged if task.foretold]
    law = law_of(
        [task.seconds for task in ended],
        [task.seconds for task in seen if not task.has_ended],
        TYPICAL_SECONDS[seen[0].kind],
    )
    return Known(law, learnt_trust(errors))


def step_of(pace: str) -> str:
    """Name what all paces of one step share."""
    return pace.rpartition("/")[0]


def kind_of(pace: str) -> TaskKind:
    """Name the step of a pace."""
    return TaskKind(pace.split("/")[1])
