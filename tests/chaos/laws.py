"""What must hold at the end of every history, whatever happened in it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.chain import steps_behind
from core.lifecycle import FINAL, OPEN, Hold, ItemState, StepState, TaskKind, TaskStatus, asset_status
from core.models import Artifact, Asset, Inquiry, Job, JobItem, Task, TaskEvent
from core.sandbox.tasks import Task as TheirTask
from core.sandbox.tasks import life_of
from tests.chaos.likeness import of_row, of_theirs
from tests.chaos.people import NAME, SAME_WORDS
from tests.chaos.small_files import task_in_model

if TYPE_CHECKING:
    from tests.chaos.history import History

GONE: Final = "provider_task_gone"


class LawBrokenError(AssertionError):
    """A promise was not kept in a history."""


def broken(history: History, what: list[str]) -> NoReturn:
    """Say what was broken, and how to see it again."""
    kind = "sqlite" if history.dashboard.core.database.is_sqlite else "postgres"
    again = f"python -m tests.chaos --seed {history.seed} --histories 1 --database {kind}"
    raise LawBrokenError("\n  ".join([f"seed {history.seed}:", *what, f"again: {again}"]))


def judge(history: History) -> None:
    """Hold a finished history against every law; raises LawBrokenError with all that was broken."""
    with history.dashboard.core.database.reading() as session:
        found = [f"{law.__name__}: {what}" for law in LAWS for what in law(history, session)]
    if found:
        broken(history, found)


def summary(history: History) -> Counter[str]:
    """What struck, and what came of the orders."""
    struck = Counter(history.trouble.struck) + Counter(history.sandbox.sandbox.faults.struck)
    with history.dashboard.core.database.reading() as session:
        rows = list(session.scalars(select(Task)))
    struck.update({f"= {name}": 0 for name in ("orders accepted", "tasks ended", "tasks unknown")})
    struck["= histories"] = 1
    struck["= orders accepted"] = sum(bool(o.ids) for o in history.people.orders)
    struck["= tasks ended"] = sum(t.status in FINAL for t in rows)
    struck["= tasks succeeded"] = sum(t.status is TaskStatus.SUCCESS for t in rows)
    struck["= tasks unknown"] = sum(t.status is TaskStatus.UNKNOWN for t in rows)
    struck["= tasks waiting"] = sum(t.status is TaskStatus.WAITING for t in rows)
    struck["= tasks at the provider"] = len(history.sandbox.world.tasks)
    struck["= virtual minutes"] = int(history.clock.passed.total_seconds() // 60)
    return struck


# --- the laws ------------------------------------------------------------------------------------------------


def no_accepted_order_is_lost(history: History, session: Session) -> Iterator[str]:
    """Accepted = ended + open + unknown, and who repeats an order under its key, or a job, orders it once."""
    for order in history.people.orders:
        yield from (
            f"{order.request.key}: task {id_} is gone" for id_ in order.ids if not session.get(Task, id_)
        )
    again = _made_again(session)
    firsts = Counter(
        of_row(session, task).subject
        for task in _tasks(session)
        if task.kind is TaskKind.GENERATE and task.attempt == 1 and task.id not in again
    )
    yield from (f"{subject!r} was taken as {n} orders" for subject, n in firsts.items() if n > 1)
    retried = [
        task
        for task in _tasks(session)
        if task.attempt > 1 and not task.automatic_retries and not _is_by_a_person(session, task)
    ]
    yield from (f"task {task.id} is attempt {task.attempt}, and nobody asked for it" for task in retried)
    accepted = {id_ for order in history.people.orders for id_ in order.ids}
    stands = Counter(task.status for task in _tasks(session) if task.id in accepted)
    if sum(stands[s] for s in (*FINAL, *OPEN)) != len(accepted):
        yield f"{len(accepted)} accepted, {dict(stands)}"


def something_has_ended(history: History, session: Session) -> Iterator[str]:
    """A history in which nothing ends shows nothing."""
    accepted = sum(bool(o.ids) for o in history.people.orders)
    ended = sum(t.kind is TaskKind.GENERATE and t.status in FINAL for t in _tasks(session))
    unknown = sum(t.status is TaskStatus.UNKNOWN for t in _tasks(session))
    if not accepted or ended + unknown < accepted:
        yield f"{accepted} orders accepted, {ended} generations ended, {unknown} tasks unknown"


def at_most_one_paid_task_per_attempt(history: History, session: Session) -> Iterator[str]:
    """What the provider made is no more than our rows; a row more is a person's retry or decision."""
    allowed = Counter(of_row(session, task) for task in _tasks(session) if task.sent_at is not None)
    made = Counter(of_theirs(theirs) for theirs in _theirs(history))
    yield from (f"{like}: {n} made for {allowed[like]}" for like, n in made.items() if n > allowed[like])


def nothing_in_doubt_is_sent_again(history: History, session: Session) -> Iterator[str]:
    """By the wire: each further create after one that was not refused needs a row of its own, which is a person's doing."""
    allowed = Counter(of_row(session, task) for task in _tasks(session))
    sent = Counter(s.likeness for s in history.trouble.sent if not s.is_refused)
    yield from (
        f"{like}: sent {n} times for {allowed[like]}" for like, n in sent.items() if n > allowed[like]
    )


def only_people_free_what_is_unknown(history: History, session: Session) -> Iterator[str]:
    """By our own log: unless it is found at the provider, an order of unknown outcome waits for a person."""
    for event in session.scalars(select(TaskEvent).where(TaskEvent.from_status == TaskStatus.UNKNOWN)):
        if event.to_status not in (None, TaskStatus.QUEUED, TaskStatus.UNKNOWN) and event.actor != NAME:
            yield f"task {event.task_id}: unknown -> {event.to_status} by {event.actor}"


def what_was_heard_is_known(history: History, session: Session) -> Iterator[str]:
    """An id that the provider told a process that lived on stands in a row, in its history, or is looked up."""
    known = {task.tripo_task_id for task in _tasks(session)}
    known |= set(
        chain.from_iterable(session.scalars(select(Inquiry.named).where(Inquiry.due_at.is_not(None))))
    )
    notes = " ".join(session.scalars(select(TaskEvent.message)))
    yield from (
        f"{id_} was told and is lost" for id_ in history.trouble.told if id_ not in known and id_ not in notes
    )


def every_known_task_is_followed_to_its_end(history: History, session: Session) -> Iterator[str]:
    """A row with a provider's id ends as its task did."""
    world = history.sandbox.world
    for task in _known(session):
        theirs = life_of(world.tasks[task.tripo_task_id], world.now()).status
        if task.status not in FINAL:
            yield f"task {task.id} is {task.status}, theirs {theirs}"
        elif task.status is TaskStatus.CANCELLED and task.provider_done_at is None:
            yield f"task {task.id} was cancelled and its end ({theirs}) never seen"
        elif task.status is TaskStatus.SUCCESS and theirs != "success":
            yield f"task {task.id} is a success, theirs {theirs}"
        elif task.status is TaskStatus.FAILED and task.error_code is None:
            yield f"task {task.id} failed without a reason"


def credits_are_what_was_charged(history: History, session: Session) -> Iterator[str]:
    """Of every known task; one that the provider says it does not know has no price that we could see."""
    world = history.sandbox.world
    for task in _known(session):
        theirs = world.tasks[task.tripo_task_id]
        charged = theirs.price if life_of(theirs, world.now()).status == "success" else 0
        if (task.credits or 0) != charged and task.error_code != GONE:
            yield f"task {task.id} ({task.kind}, {task.status}): {task.credits} recorded, {charged} charged"


def every_stored_file_is_whole_and_its_own(history: History, session: Session) -> Iterator[str]:
    """Read anew, by other code than the vault's: hash, structure, and that it is this very task's model."""
    vault = history.dashboard.core.vault
    for artifact, task in session.execute(select(Artifact, Task).join(Task, Task.id == Artifact.task_id)):
        content = b"".join(vault.read(artifact.sha256))
        if hashlib.sha256(content).hexdigest() != artifact.sha256 or len(content) != artifact.bytes:
            yield f"artifact {artifact.id}: not the bytes that were recorded"
        try:
            of = task_in_model(content) if artifact.role == "model" else None
        except (AssertionError, ValueError, KeyError) as error:
            yield f"artifact {artifact.id}: {error}"
            continue
        if of is not None and of != task.tripo_task_id:
            yield f"artifact {artifact.id} of task {task.tripo_task_id} is the model of {of}"
    have = set(session.scalars(select(Artifact.task_id).where(Artifact.role == "model")))
    for task in _tasks(session):
        if task.status is TaskStatus.SUCCESS and task.kind is not TaskKind.RIG_CHECK and task.id not in have:
            yield f"task {task.id} ({task.kind}) is a success without a model"


def statuses_of_assets_follow_from_their_tasks(history: History, session: Session) -> Iterator[str]:
    """What is kept in the row is what its tasks say."""
    for asset in session.scalars(select(Asset)):
        tasks = [t for t in _tasks(session) if t.asset_pk == asset.id and t.chain == asset.chain]
        newest = {(t.kind, t.preset): t for t in sorted(tasks, key=lambda t: t.attempt)}
        won = {(t.kind, t.preset) for t in tasks if t.status is TaskStatus.SUCCESS}
        now = asset_status(StepState(t.kind, t.status, step in won, t.hold) for step, t in newest.items())
        if asset.status is not now:
            yield f"{asset.asset_id} is {asset.status}, its tasks say {now}"
        if asset.has_unknown != any(t.status is TaskStatus.UNKNOWN for t in tasks):
            yield f"{asset.asset_id}: has_unknown is {asset.has_unknown}"


def nothing_is_left_hanging(history: History, session: Session) -> Iterator[str]:
    """No lease, no open row that nobody will ever touch."""
    tasks = _tasks(session)
    for task in tasks:
        if task.lease_until is not None or task.lease_owner is not None:
            yield f"task {task.id} ({task.status}) is still leased by {task.lease_owner}"
        if task.status in OPEN - {TaskStatus.UNKNOWN, TaskStatus.WAITING}:
            yield f"task {task.id} ({task.kind}) is still {task.status}, due {task.due_at}"
        if task.status is TaskStatus.WAITING and not _waits_for_something(task, tasks):
            yield f"task {task.id} ({task.kind}, {task.hold}) waits for nothing"


def _waits_for_something(task: Task, tasks: list[Task]) -> bool:
    """An earlier step of its chain is open, or ended badly and could be retried."""
    before = [
        t
        for t in tasks
        if (t.asset_pk, t.chain) == (task.asset_pk, task.chain) and task.kind in steps_behind(t.kind)
    ]
    is_open = any(t.status in OPEN and t.hold is not Hold.FAILED_STEP for t in before)
    newest = {t.kind: t for t in sorted(before, key=lambda t: t.attempt)}
    is_broken = any(t.status in (TaskStatus.FAILED, TaskStatus.CANCELLED) for t in newest.values())
    return is_broken if task.hold is Hold.FAILED_STEP else is_open


def a_job_does_each_of_its_items_once(history: History, session: Session) -> Iterator[str]:
    """Each job has ended, none of its items went wrong, and what one made no other one made too."""
    yield from (f"job {job.id} goes on" for job in session.scalars(select(Job).filter_by(finished_at=None)))
    items = session.scalars(select(JobItem).order_by(JobItem.job_id, JobItem.number)).all()
    made = Counter(id_ for item in items for id_ in item.made)
    yield from (f"task {id_} was made by {n} items" for id_, n in made.items() if n > 1)
    for item in items:
        if item.state in (ItemState.WAITING, ItemState.FAILED):
            yield f"item {item.number} of job {item.job_id} is {item.state}: {item.sentence}"
        if not all(session.get(Task, id_) for id_ in item.made):
            yield f"item {item.number} of job {item.job_id} names a task that is not there"


def nothing_odd_was_logged(history: History, session: Session) -> Iterator[str]:
    """No error but the database's own ended any work."""
    yield from history.oddities


LAWS: Final[list[Callable[[History, Session], Iterator[str]]]] = [
    no_accepted_order_is_lost,
    something_has_ended,
    at_most_one_paid_task_per_attempt,
    nothing_in_doubt_is_sent_again,
    only_people_free_what_is_unknown,
    what_was_heard_is_known,
    every_known_task_is_followed_to_its_end,
    credits_are_what_was_charged,
    every_stored_file_is_whole_and_its_own,
    statuses_of_assets_follow_from_their_tasks,
    nothing_is_left_hanging,
    a_job_does_each_of_its_items_once,
    nothing_odd_was_logged,
]


def _made_again(session: Session) -> set[str]:
    """What a person ordered anew by the same words; that each item of a job did so once is a law of its own."""
    made = select(JobItem.made).join(Job, Job.id == JobItem.job_id).where(Job.action == SAME_WORDS)
    return {id_ for ids in session.scalars(made) for id_ in ids}


def _is_by_a_person(session: Session, task: Task) -> bool:
    return session.scalar(select(TaskEvent.id).filter_by(task_id=task.id, actor=NAME).limit(1)) is not None


def _tasks(session: Session) -> list[Task]:
    return list(session.scalars(select(Task).order_by(Task.created_at, Task.attempt)))


def _known(session: Session) -> list[Task]:
    return [task for task in _tasks(session) if task.tripo_task_id is not None]


def _theirs(history: History) -> list[TheirTask]:
    return list(history.sandbox.world.tasks.values())
