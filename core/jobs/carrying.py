"""Carrying jobs: a portion at a time, each item together with its effect in one transaction, so never twice.

Any number of processes may carry the same job. Who dies in the middle leaves whole items: done, or still waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from core.asset_chain import AssetChain, read_chain, read_chains
from core.commit_points import CommitPoint, passed
from core.database import Database
from core.errors import ConflictError, HatcheryError, OrderError
from core.jobs.action import Action, Case, Doing, Done, Intent, Terms
from core.jobs.catalogue import action_named, checked_terms
from core.keys import KeyRing
from core.lifecycle import ItemState
from core.models import Asset, Job, JobItem, Project, ProviderKey, Task
from core.moves import LeaseLostError, written_together
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


End = tuple[ItemState, Done]


class _Known(NamedTuple):
    """What a portion's items ask for: chains by asset, and rows that the session would forget otherwise."""

    chains: Mapping[str, AssetChain]
    beside: Sequence[Project | ProviderKey]


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
            _write_all(session, items, [(ItemState.SKIPPED, Done(error.message))] * len(items), doing.now)
            return len(items)
        try:
            ends = self._together(session, items, action, terms, doing, until)
        except OperationalError:  # the database's own: the portion as a whole is tried again
            raise
        except Exception:  # nothing of the portion is written: whose fault it is shows when each goes alone
            log.debug("job %s: the items of this portion go one by one", job.id, exc_info=True)
            ends = self._one_by_one(session, items, action, terms, doing, until)
        _write_all(session, items, ends, doing.now)
        return len(ends)

    def _together(
        self,
        session: Session,
        items: Sequence[JobItem],
        action: Action,
        terms: Terms,
        doing: Doing,
        until: float,
    ) -> list[End]:
        """Carry items with few statements; raises what any of them raises while it is carried."""
        known = self._read(session, items)
        ends: list[End] = []
        with session.begin_nested(), written_together(session, list(known.chains), doing.now):
            met: set[str] = set()
            for item in items:
                chain = known.chains[item.asset_pk]
                if item.asset_pk in met:  # an item before it has changed its chain
                    session.flush()
                    chain = read_chain(session, chain.asset)
                met.add(item.asset_pk)
                try:
                    intent = self._intent(session, item, chain, action, terms)
                except HatcheryError as error:
                    ends.append((ItemState.SKIPPED, Done(error.message)))
                else:
                    ends.append((ItemState.DONE, intent.carry(doing)))
                if time.monotonic() > until:
                    break
        return ends

    def _read(self, session: Session, items: Sequence[JobItem]) -> _Known:
        """Lock the assets of these items in order, and read what all their intents ask for."""
        asset_pks = sorted({item.asset_pk for item in items})
        wanted = select(Asset).where(Asset.id.in_(asset_pks)).order_by(Asset.id).with_for_update()
        assets = session.scalars(wanted.execution_options(populate_existing=True)).all()
        its_projects = select(Project).where(Project.id.in_({asset.project_id for asset in assets}))
        beside = [*session.scalars(its_projects), *session.scalars(select(ProviderKey))]
        return _Known(read_chains(session, assets), beside)

    def _one_by_one(
        self,
        session: Session,
        items: Sequence[JobItem],
        action: Action,
        terms: Terms,
        doing: Doing,
        until: float,
    ) -> list[End]:
        ends: list[End] = []
        for item in items:
            ends.append(self._done(session, item, action, terms, doing))
            if time.monotonic() > until:
                break
        return ends

    def _done(self, session: Session, item: JobItem, action: Action, terms: Terms, doing: Doing) -> End:
        try:
            with session.begin_nested():
                asset = session.get_one(Asset, item.asset_pk, with_for_update=True, populate_existing=True)
                intent = self._intent(session, item, read_chain(session, asset), action, terms)
                return ItemState.DONE, intent.carry(doing)
        except OperationalError:  # the database's own: the portion as a whole is tried again
            raise
        except (LeaseLostError, IntegrityError):
            return ItemState.SKIPPED, Done(CHANGED)
        except HatcheryError as error:
            return ItemState.SKIPPED, Done(error.message)
        except Exception:  # one odd item must not stop the others
            log.exception("job %s: item %d went wrong", item.job_id, item.number)
            return ItemState.FAILED, Done(BROKE)

    def _intent(
        self, session: Session, item: JobItem, chain: AssetChain, action: Action, terms: Terms
    ) -> Intent:
        """Say what is to be done to an item; raises HatcheryError where that is not what was shown any more."""
        if chain.asset.chain != item.chain:
            raise ConflictError("It was made anew since the job was started; nothing was done.")
        task = session.get(Task, item.task_id) if item.task_id else None
        intent = action.intend(Case(session, chain, task, self._version, self._keys.has_shared), terms)
        if intent.credits != item.credits:
            raise ConflictError(_other_price(intent.credits, item.credits))
        return intent


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


def _write_all(session: Session, items: Sequence[JobItem], ends: Sequence[End], now: datetime) -> None:
    """Write how the first of these items ended."""
    rows = [
        {
            "job_id": item.job_id,
            "number": item.number,
            "state": state,
            "sentence": done.sentence,
            "made": list(done.made),
            "done_at": now,
        }
        for item, (state, done) in zip(items, ends, strict=False)
    ]
    session.execute(update(JobItem), rows, execution_options={"synchronize_session": None})


def _other_price(now: Decimal, then: Decimal) -> str:
    return f"It would now cost {credits_in_words(now)} instead of {credits_in_words(then)}; nothing was done."
