"""The inbox of failures: every group with its cause, its cures, its numbers and what people said about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from core.cursors import cursor_at, place_of
from core.errors import NotFoundError
from core.failures.catalogue import ACTION_OF, CURE_WORDS, ELSEWHERE, PAID, Cure, entry_of, is_new
from core.failures.fingerprint import Fingerprint, their_words
from core.failures.held import HeldGroup, held_groups
from core.failures.inbox import notes_on, state_of
from core.failures.states import INTERRUPTED, GroupState, Trouble
from core.failures.tallies import TREND_HOURS, Tally, samples, tally_failures, tally_held, trends
from core.failures.views import (
    CureView,
    FoundGroups,
    GroupDetail,
    GroupFilter,
    GroupProject,
    GroupView,
    NoteView,
)
from core.lifecycle import TaskStatus
from core.models import FailureGroup, Project, Task

_UNKNOWN: Mapping[str, Trouble] = {
    INTERRUPTED: Trouble.INTERRUPTED,
    "outcome_unknown": Trouble.NEEDS_PERSON,
}
_RETRIES = frozenset({Cure.RETRY, Cure.WAIT_AND_RETRY})
_TOLD = ' Tripo says: "'


class _Found(NamedTuple):
    fingerprint: Fingerprint
    which: ColumnElement[bool]
    tally: Tally
    trouble: Trouble
    sentence: str | None  # what is said of tasks that have not ended


def find_groups(
    session: Session,
    wanted: GroupFilter,
    now: datetime,
    *,
    limit: int = 50,
    after: int = 0,
    cursor: str | None = None,
) -> FoundGroups:
    """List the groups that match, `limit` of them beginning `after` so many, or where a cursor says.

    Raises OrderError for a cursor that is not ours.
    """
    all_found = list(_found(session, wanted.project_id, now))
    said = {row.fingerprint: row for row in session.scalars(select(FailureGroup))}
    states = dict.fromkeys(GroupState, 0)
    matching: list[tuple[_Found, GroupState, bool]] = []
    for found in all_found:
        kept = said.get(str(found.fingerprint))
        if wanted.trouble not in (None, found.trouble) or not _is_of(kept, wanted.assigned_to):
            continue
        state, came_back = state_of(kept, found.tally, now)
        states[state] += 1
        if wanted.state in (None, state):
            matching.append((found, state, came_back))
    matching.sort(key=lambda each: _place(each[0]), reverse=True)
    begun = place_of(cursor) if cursor else None
    rest = [each for each in matching if begun is None or _place(each[0]) < begun][after:]
    page = rest[:limit]
    return FoundGroups(
        groups=_views(session, page, said, now),
        total=len(matching),
        left=sum(found.tally.left for found, _, _ in matching),
        states=states,
        failed=tuple(str(each[0].fingerprint) for each in matching if each[0].trouble is Trouble.FAILED),
        next_cursor=cursor_at(*_place(page[-1][0])) if len(rest) > limit else None,
    )


def _place(found: _Found) -> tuple[datetime, str]:
    return found.tally.last_at, str(found.fingerprint)


def group_of(session: Session, fingerprint: str, now: datetime) -> GroupDetail:
    """Show one group with its notes; raises NotFoundError when nothing is in it."""
    found = found_group(session, fingerprint, now)
    kept = session.get(FailureGroup, fingerprint)
    state, came_back = state_of(kept, found.tally, now)
    (view,) = _views(session, [(found, state, came_back)], {fingerprint: kept} if kept else {}, now)
    notes = tuple(NoteView(at=n.at, author=n.author, text=n.text) for n in notes_on(session, fingerprint))
    return GroupDetail(**dict(view), notes=notes)


def found_group(session: Session, fingerprint: str, now: datetime) -> _Found:
    """Find one group; raises NotFoundError when nothing is in it."""
    read = Fingerprint.read(fingerprint)
    if read is not None:
        tallies = tally_failures(session, fingerprint=fingerprint)
        if fingerprint in tallies:
            return _ended(read, tallies[fingerprint])
        for held in held_groups(session, now):
            tally = tally_held(session, held) if held.fingerprint == read else None
            if tally is not None:
                return _held(held, tally)
    raise NotFoundError(
        "There is no failure of this kind.",
        suggestion="GET /api/failures lists those that there are; what stood still may have gone on.",
        code="failure_not_found",
        field="fingerprint",
    )


def tasks_in(session: Session, fingerprints: Collection[str], now: datetime) -> ColumnElement[bool]:
    """Say in SQL of a task whether it belongs to one of these groups; to what is no group, none does."""
    held = {str(each.fingerprint): each.which for each in held_groups(session, now)}
    ended = [name for name in fingerprints if name not in held and Fingerprint.read(name)]
    parts = [held[name] for name in fingerprints if name in held]
    return or_(*parts, Task.fingerprint.in_(ended) if ended else false())


def open_groups(
    session: Session, now: datetime, project_id: str | None = None, *, but: Collection[str] = ()
) -> Mapping[Trouble, tuple[int, int]]:
    """Count what waits for somebody: of each sort of trouble the open groups, and the tasks in them.

    Causes of the words in `but` are left out.
    """
    said = {row.fingerprint: row for row in session.scalars(select(FailureGroup))}
    counts = dict.fromkeys(Trouble, (0, 0))
    for found in _found(session, project_id, now):
        state, _ = state_of(said.get(str(found.fingerprint)), found.tally, now)
        if state is GroupState.OPEN and found.fingerprint.word not in but:
            groups, tasks = counts[found.trouble]
            counts[found.trouble] = (groups + 1, tasks + found.tally.left)
    return counts


def _found(session: Session, project_id: str | None, now: datetime) -> Iterable[_Found]:
    for name, tally in tally_failures(session, project_id).items():
        read = Fingerprint.read(name)
        if read is not None:
            yield _ended(read, tally)
    for held in held_groups(session, now):
        tally_of_held = tally_held(session, held, project_id)
        if tally_of_held is not None:
            yield _held(held, tally_of_held)


def _ended(fingerprint: Fingerprint, tally: Tally) -> _Found:
    trouble = _UNKNOWN.get(fingerprint.word, Trouble.FAILED)
    return _Found(fingerprint, Task.fingerprint == str(fingerprint), tally, trouble, None)


def _held(held: HeldGroup, tally: Tally) -> _Found:
    return _Found(held.fingerprint, held.which, tally, held.trouble, held.sentence)


def _is_of(said: FailureGroup | None, assigned_to: str | None) -> bool:
    return assigned_to is None or (said is not None and said.assigned_to == assigned_to)


def _views(
    session: Session,
    page: Sequence[tuple[_Found, GroupState, bool]],
    said: Mapping[str, FailureGroup],
    now: datetime,
) -> tuple[GroupView, ...]:
    names = _project_names(session, {p for found, _, _ in page for p in found.tally.projects})
    hours = trends(session, [str(found.fingerprint) for found, _, _ in page], now)
    return tuple(
        _view(
            found,
            state,
            came_back,
            samples(session, found.which),
            said.get(str(found.fingerprint)),
            names,
            hours.get(str(found.fingerprint), (0,) * TREND_HOURS),
        )
        for found, state, came_back in page
    )


def _view(
    found: _Found,
    state: GroupState,
    came_back: bool,
    newest: Sequence[Task],
    said: FailureGroup | None,
    names: Mapping[str, str],
    trend: tuple[int, ...],
) -> GroupView:
    entry, sample = entry_of(found.fingerprint), newest[0] if newest else None
    message, suggestion, told = _sentences(found, sample)
    return GroupView(
        fingerprint=str(found.fingerprint),
        title=entry.title,
        step=found.fingerprint.step,
        trouble=found.trouble,
        state=state,
        new=is_new(found.fingerprint),
        came_back=came_back,
        error_code=found.fingerprint.word,
        provider_code=found.fingerprint.provider_code,
        said_by=found.fingerprint.said_by,
        message=message,
        their_words=told,
        suggestion=suggestion,
        why=entry.why,
        cure=CURE_WORDS[entry.cure],
        cures=tuple(cure_view(cure) for cure in entry.cures),
        who=entry.by,
        cost=entry.cost,
        retryable=bool(_RETRIES & set(entry.cures)),
        count=found.tally.total,
        left=found.tally.left,
        first_at=found.tally.first_at,
        last_at=found.tally.last_at,
        projects=tuple(
            GroupProject(project_id=project_id, name=names.get(project_id, project_id), count=count)
            for project_id, count in sorted(found.tally.projects.items(), key=lambda each: -each[1])
        ),
        sample_task_ids=tuple(task.id for task in newest),
        trend=trend,
        assigned_to=said.assigned_to if said else None,
        changed_by=said.changed_by if said else None,
        changed_at=said.changed_at if said else None,
        ignored_until=said.ignored_until if said else None,
        ignored_for=said.ignored_for if said else None,
        ignored_until_update=said is not None and said.ignored_in is not None,
    )


def cure_view(cure: Cure) -> CureView:
    """Describe one cure."""
    return CureView(
        name=cure,
        words=CURE_WORDS[cure],
        free=cure not in PAID,
        action=ACTION_OF.get(cure),
        elsewhere=ELSEWHERE.get(cure),
    )


def _sentences(found: _Found, sample: Task | None) -> tuple[str, str, str]:
    """Say what happened, what to do, and what the provider said; as its newest task has it."""
    if found.sentence is not None or sample is None:
        return found.sentence or "", "", ""
    if sample.status is TaskStatus.UNKNOWN:
        return sample.waiting_text or "", "", ""
    message = sample.error_message or ""
    return message.partition(_TOLD)[0], sample.error_suggestion or "", their_words(message)


def _project_names(session: Session, project_ids: Collection[str]) -> dict[str, str]:
    rows = session.execute(select(Project.id, Project.name).where(Project.id.in_(list(project_ids))))
    return dict(rows.all())
