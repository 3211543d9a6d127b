"""Carrying jobs: a portion at a time, each item together with its effect in one transaction, so never twice.

Any number of processes may carry the same job. Who dies in the middle leaves whole items: done, or still waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from core.asset_chain import read_chain
from core.commit_points import CommitPoint, passed
from core.database import Database
from core.errors import ConflictError, HatcheryError, OrderError
from core.jobs.action import Action, Case, Doing, Done, Terms
from core.jobs.catalogue import action_named, checked_terms
from core.keys import KeyRing
from core.lifecycle import ItemState
from core.models import Asset, Job, JobItem, Task
from core.moves import LeaseLostError
from core.prices import credits_in_words
from core.tripo import Version

log = logging.getLogger("hatchery.jobs")

PORTION: Final = 20  # items in one transaction at most
PORTION_SECONDS: Final = (
    0.25  # after it no further item is begun: a database with one writer has others waiting
)
WORK_SECONDS: Final = 1.5  # of one pass
CHANGED: Final = "It changed at this very moment; nothing was done."
BROKE: Final = "An error of Hatchery kept it from being done; the poller's log says which."


class Carrier:
    """Does what jobs say, as far as their time has come."""

    def __init__(
        self, version: Version, database: Database, keys: KeyRing, clock: Callable[[], datetime]
    ) -> None:
        self._version = version
        self._database = database
        self._keys = keys
        self._now = clock

    def carry_due(self) -> int:
        """One pass: carry some items of each job that is due, and say how many."""
        until, carried = time.monotonic() + WORK_SECONDS, 0
        while some := sum(self.carry_portion(job_id) for job_id in self._due()):
            carried += some
            if time.monotonic() > until:
                break
        return carried

    def carry_whole(self, job_id: str) -> None:
        """Carry all of a small job at once."""
        while self.carry_portion(job_id):
            pass

    def carry_portion(self, job_id: str) -> int:
        """Carry the next items of a job, and say how many; 0 when it has none left, was stopped or has to wait."""
        carried = 0
        with self._database.transaction() as session:
            job = self._held(session, job_id)
            items = self._taken(session, job) if job is not None else []
            if job is not None and items:
                carried = self._carry(session, job, items)
                passed(CommitPoint.JOB_CARRYING)
        if carried:
            passed(CommitPoint.JOB_CARRIED)
        elif job is not None:
            self._finish(job_id)
        return carried

    # --- what is taken ---

    def _due(self) -> Sequence[str]:
        with self._database.reading() as session:
            wanted = select(Job.id).where(Job.finished_at.is_(None), Job.begin_at <= self._now())
            return session.scalars(wanted.order_by(Job.created_at)).all()

    def _held(self, session: Session, job_id: str) -> Job | None:
        """Hold a job that goes on, so that a stop of it waits for this portion; several may hold it."""
        wanted = select(Job).where(Job.id == job_id, Job.finished_at.is_(None), Job.begin_at <= self._now())
        return session.scalar(wanted.with_for_update(read=True))

    def _taken(self, session: Session, job: Job) -> list[JobItem]:
        waiting = select(JobItem).where(JobItem.job_id == job.id, JobItem.state == ItemState.WAITING)
        some = waiting.order_by(JobItem.number).limit(PORTION).with_for_update(skip_locked=True)
        return sorted(session.scalars(some), key=lambda item: item.asset_pk)  # as all others lock assets

    def _finish(self, job_id: str) -> None:
        """End a job of which nothing waits any more; another process may still be at its last portion."""
        is_left = exists().where(JobItem.job_id == job_id, JobItem.state == ItemState.WAITING)
        with self._database.transaction() as session:
            session.execute(
                update(Job)
                .where(Job.id == job_id, Job.finished_at.is_(None), ~is_left)
                .values(finished_at=self._now())
                .execution_options(synchronize_session=False)
            )

    # --- doing it ---

    def _carry(self, session: Session, job: Job, items: Sequence[JobItem]) -> int:
        doing, until = Doing(job.created_by, self._now()), time.monotonic() + PORTION_SECONDS
        try:
            action = action_named(job.action)
            terms = checked_terms(action, job.terms)
        except OrderError as error:  # it was started under another version of the product
            for item in items:
                _write(session, item, ItemState.SKIPPED, error.message, doing.now)
            return len(items)
        for carried, item in enumerate(items, start=1):
            state, done = self._done(session, item, action, terms, doing)
            _write(session, item, state, done.sentence, doing.now, done.made)
            if time.monotonic() > until:
                return carried
        return len(items)

    def _done(
        self, session: Session, item: JobItem, action: Action, terms: Terms, doing: Doing
    ) -> tuple[ItemState, Done]:
        try:
            with session.begin_nested():
                return ItemState.DONE, self._do(session, item, action, terms, doing)
        except OperationalError:  # the database's own: the portion as a whole is tried again
            raise
        except (LeaseLostError, IntegrityError):
            return ItemState.SKIPPED, Done(CHANGED)
        except HatcheryError as error:
            return ItemState.SKIPPED, Done(error.message)
        except Exception:  # one odd item must not stop the others
            log.exception("job %s: item %d went wrong", item.job_id, item.number)
            return ItemState.FAILED, Done(BROKE)

    def _do(self, session: Session, item: JobItem, action: Action, terms: Terms, doing: Doing) -> Done:
        asset = session.get_one(Asset, item.asset_pk, with_for_update=True, populate_existing=True)
        if asset.chain != item.chain:
            raise ConflictError("It was made anew since the job was started; nothing was done.")
        chain = read_chain(session, asset)
        task = session.get(Task, item.task_id) if item.task_id else None
        case = Case(session, chain, task, self._version, self._keys.has_shared)
        intent = action.intend(case, terms)
        if intent.credits != item.credits:
            raise ConflictError(_other_price(intent.credits, item.credits))
        return intent.carry(doing)


def stop(session: Session, job: Job, actor: str, now: datetime) -> int:
    """Stop a job: what was not begun stays undone; returns how many items that are."""
    job.stopped_at = job.finished_at = now
    job.stopped_by = actor
    session.flush()
    undone = session.execute(
        update(JobItem)
        .where(JobItem.job_id == job.id, JobItem.state == ItemState.WAITING)
        .values(state=ItemState.SKIPPED, sentence="The job was stopped before its turn came.", done_at=now)
        .returning(JobItem.number)
        .execution_options(synchronize_session=False)
    )
    return len(undone.all())


def _write(
    session: Session, item: JobItem, state: ItemState, sentence: str, now: datetime, made: Sequence[str] = ()
) -> None:
    session.execute(
        update(JobItem)
        .where(JobItem.job_id == item.job_id, JobItem.number == item.number)
        .values(state=state, sentence=sentence, made=list(made), done_at=now)
        .execution_options(synchronize_session=False)
    )


def _other_price(now: Decimal, then: Decimal) -> str:
    return f"It would now cost {credits_in_words(now)} instead of {credits_in_words(then)}; nothing was done."
