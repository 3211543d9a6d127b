"""Jobs for pages and API: preview, start, stop, look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import idempotency
from core.budgets import refuse_beyond
from core.database import Database
from core.errors import ConflictError, OrderError
from core.idempotency import AlreadyDoneError, RequestKey
from core.jobs.action import Action, Terms
from core.jobs.carrying import Carrier, stop
from core.jobs.catalogue import action_named, checked_terms
from core.jobs.drafting import JobDraft, drafted, preview_of
from core.jobs.reading import job_of
from core.jobs.scope import Scope
from core.jobs.views import JobPreview
from core.keys import KeyRing
from core.lifecycle import ItemState
from core.models import Job, JobItem, new_id
from core.tripo import Version

AT_ONCE: Final = 20  # a job of so few items is done before its person is answered
LONGEST_WAIT: Final = timedelta(days=30)


class JobDesk:
    """Takes jobs; what was shown is what is done, or its person is told that it changed."""

    def __init__(
        self,
        version: Version,
        database: Database,
        keys: KeyRing,
        clock: Callable[[], datetime],
    ) -> None:
        self._version = version
        self._database = database
        self._keys = keys
        self._now = clock
        self._carrier = Carrier(version, database, keys, clock)
        self.carry_due = self._carrier.carry_due
        self.carry_portion = self._carrier.carry_portion

    def preview(self, *, action: str, scope: Scope, terms: Mapping[str, Any] | None = None) -> JobPreview:
        """Say what a job would do and cost; nothing is written.

        Raises OrderError for an action, terms or a scope that cannot be, NotFoundError when nothing is chosen,
        BudgetError when the budget of a project does not cover it.
        """
        chosen = action_named(action)
        return preview_of(chosen, self._draft(chosen, checked_terms(chosen, terms or {}), scope))

    def start(
        self,
        request: RequestKey | None = None,
        *,
        action: str,
        scope: Scope,
        terms: Mapping[str, Any] | None = None,
        after_seconds: float = 0.0,
        fingerprint: str | None = None,
        actor: str = "api",
    ) -> str:
        """Start a job over what the scope names now, and return its id; it begins after so many seconds.

        `fingerprint` is that of the preview that a person looked at: raises ConflictError `job_changed` when it would
        not be the same any more, `job_under_way` when somebody started just this, `nothing_to_do` when all is left
        out, and what `preview` raises.
        """
        self._refuse_repeated(request)
        chosen = action_named(action)
        told = checked_terms(chosen, terms or {})
        draft = self._draft(chosen, told, scope)
        _refuse_other(draft, fingerprint)
        now = self._now()
        job = Job(
            id=new_id(),
            action=chosen.name,
            terms=told.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            scope=scope.said(),
            fingerprint=draft.fingerprint,
            items=len(draft.items),
            credits=draft.credits,
            left_out={each.sentence: each.count for each in draft.left_out},
            begin_at=now + _checked_wait(after_seconds),
            created_by=actor,
            created_at=now,
        )
        self._write(request, job, draft)
        if len(draft.items) <= AT_ONCE and not after_seconds:
            self._carrier.carry_whole(job.id)
        return job.id

    def stop(self, job_id: str, request: RequestKey | None = None, *, actor: str = "api") -> list[str]:
        """Stop a job: what was not begun stays undone. Raises NotFoundError, ConflictError when it has ended."""
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            job_of(session, job_id)
            job = session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
            if job.finished_at is not None:
                raise ConflictError(
                    "The job has ended already.",
                    suggestion="There is nothing to stop.",
                    code="already_final",
                )
            stop(session, job, actor, self._now())
            idempotency.note_made(session, request, [job.id])
            return [job.id]

    def _refuse_repeated(self, request: RequestKey | None) -> None:
        """Raise AlreadyDoneError for a request that was taken before: what it chose has changed by its own doing."""
        if request is not None:
            with self._database.reading() as session:
                if idempotency.earlier(session, request) is not None:
                    raise AlreadyDoneError("This request was taken before.")

    def _draft(self, action: Action, terms: Terms, scope: Scope) -> JobDraft:
        with self._database.reading() as session:
            draft = drafted(
                session,
                action,
                terms,
                scope,
                version=self._version,
                has_shared_key=self._keys.has_shared,
                now=self._now(),
            )
            refuse_beyond(session, draft.credits_by_project())
            return draft

    def _write(self, request: RequestKey | None, job: Job, draft: JobDraft) -> None:
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            try:
                with session.begin_nested():
                    session.add(job)
            except IntegrityError:
                raise _under_way(session, draft.fingerprint) from None
            session.execute(insert(JobItem), _rows(job.id, draft))
            idempotency.note_made(session, request, [job.id])


def _rows(job_id: str, draft: JobDraft) -> list[dict[str, Any]]:
    return [
        {
            "job_id": job_id,
            "number": number,
            "asset_pk": item.asset_pk,
            "task_id": item.task_id,
            "chain": item.chain,
            "credits": item.credits,
            "state": ItemState.WAITING,
            "sentence": "",
            "made": [],
        }
        for number, item in enumerate(draft.items, start=1)
    ]


def _refuse_other(draft: JobDraft, fingerprint: str | None) -> None:
    if fingerprint is not None and fingerprint != draft.fingerprint:
        raise ConflictError(
            "What was chosen has changed since it was shown; nothing was done.",
            suggestion="Look at the new count and price, then start it.",
            code="job_changed",
            field="fingerprint",
        )
    if not draft.items:
        first = draft.left_out[0]
        raise ConflictError(
            f"There is nothing to do. {first.sentence}", suggestion=first.suggestion, code="nothing_to_do"
        )


def _under_way(session: Session, fingerprint: str) -> ConflictError:
    other = session.scalar(select(Job).where(Job.fingerprint == fingerprint, Job.finished_at.is_(None)))
    who = f" by {other.created_by}" if other is not None else ""
    return ConflictError(
        f"Just this was started a moment ago{who}, and is under way.",
        suggestion=f"Look at job {other.id}." if other is not None else "Look at the list of jobs.",
        code="job_under_way",
    )


def _checked_wait(after_seconds: float) -> timedelta:
    if not 0 <= after_seconds <= LONGEST_WAIT.total_seconds():
        raise OrderError(
            "afterSeconds lies beyond what can be waited for.",
            suggestion=f"Use 0 to {LONGEST_WAIT.days * 86_400:,} seconds.",
            field="afterSeconds",
        )
    return timedelta(seconds=after_seconds)
