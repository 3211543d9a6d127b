"""Following tasks at the provider: who is due is claimed, asked about in batches, and what was answered is recorded."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, wait
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core import lanes, tasks
from core.clients import Clients
from core.commit_points import CommitPoint, passed
from core.database import Database
from core.errors import (
    BusyError,
    HatcheryError,
    KeyRefusedError,
    ReadFailedError,
    SettingsError,
    TaskGoneError,
    TripoError,
)
from core.forecast import LONGEST_SECONDS, SILENT_LONGEST_SECONDS, growing_delay_seconds, next_ask_seconds
from core.lifecycle import AT_PROVIDER, TaskKind, TaskStatus
from core.models import ProviderKey, Task
from core.moves import LeaseLostError, Reason
from core.tasks import POLL_LEASE, Claim
from core.tripo import BATCH_MOST, ProviderStatus, ProviderTask, TripoClient, Version, explain_failure

log = logging.getLogger("hatchery.polling")

# A cancelled task that was sent is followed too, slowly, until the provider is done with it.
WATCHED: Final = or_(
    Task.status.in_(list(AT_PROVIDER)),
    and_(Task.status == TaskStatus.CANCELLED, Task.provider_done_at.is_(None)),
)
AT_PROVIDER_NOW: Final = Task.status.in_(list(AT_PROVIDER))
MOST_AT_ONCE: Final = 1000
GONE_ANSWERS: Final = 3  # one such answer may be a hiccup: only these, over GONE_FOR, end a paid task
GONE_FOR: Final = timedelta(minutes=10)
GONE_ASK_SECONDS: Final = 301.0
CANCELLED_ASK_SECONDS: Final = 30.0
REFRESH_WAIT_SECONDS: Final = 3.0


NO_RIG_ANSWER: Final = Reason(
    "no_rig_answer",
    "The provider ended the rig check without saying whether the model can be rigged.",
    "Retry the check; it is free.",
    retryable=True,
)


class Watched(NamedTuple):
    """A claimed task, with what is needed to ask about it and to judge the answer."""

    claim: Claim
    tripo_task_id: str
    task: Task  # as it was at the claim; detached, read only
    version: Version  # of the API that made it


class Poller:
    """Asks the provider about the tasks that are due."""

    def __init__(
        self,
        database: Database,
        clients: Clients,
        workers: Executor,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._clients = clients
        self._workers = workers
        self._owner = owner
        self._now = clock

    def ask_due(self) -> int:
        """One pass: ask about all that is due, up to a hundred tasks a request; say how many were asked about."""
        with self._database.transaction() as session:
            claims = tasks.claim_due(session, WATCHED, self._owner, self._now(), POLL_LEASE, MOST_AT_ONCE)
            groups = self._grouped(session, claims)
            if groups:
                passed(CommitPoint.ASK_CLAIMING)
        if groups:
            passed(CommitPoint.ASK_CLAIMED)
        wait([self._workers.submit(self._ask, key, group) for key, group in groups])
        return len(claims)

    def ask_now(self, task_id: str) -> None:
        """Ask about one task at once, through the same claim as the passes.

        At most one request a second goes out for a task; who comes second waits for the first one's answer.
        Raises BusyError (429), TaskGoneError, or another TripoError when the provider gave no answer.
        """
        with self._database.transaction() as session:
            task = session.get(Task, task_id)
            if task is None or task.status not in AT_PROVIDER or task.key_id is None:
                return
            self._refuse_while_quiet(session.get_one(ProviderKey, task.key_id))
            claims = tasks.claim_due(
                session, AT_PROVIDER_NOW, self._owner, self._now(), POLL_LEASE, 1, only=task_id
            )
            groups = self._grouped(session, claims)
        if not groups:
            self._wait_for_the_other(task_id)
            return
        key, (watched,) = groups[0]
        self._ask_one(key, watched)

    # --- asking ---

    def _grouped(self, session: Session, claims: Sequence[Claim]) -> list[tuple[ProviderKey, list[Watched]]]:
        fences = {claim.task_id: claim for claim in claims}
        rows = session.scalars(select(Task).where(Task.id.in_(list(fences)))).all()
        keys: dict[str, ProviderKey] = {}
        by_key: dict[str, list[Watched]] = {}
        for task in rows:
            if task.key_id is None or task.tripo_task_id is None:
                continue
            key = keys.setdefault(task.key_id, session.get_one(ProviderKey, task.key_id))
            by_key.setdefault(key.id, []).append(
                Watched(fences[task.id], task.tripo_task_id, task, key.version)
            )
        groups = []
        for key_id, watched in by_key.items():
            key = keys[key_id]
            if key.quiet_until is not None and key.quiet_until > self._now():
                self._postpone(session, watched, key.quiet_until)
                continue
            groups += [(key, watched[n : n + BATCH_MOST]) for n in range(0, len(watched), BATCH_MOST)]
        return groups

    def _ask(self, key: ProviderKey, group: list[Watched]) -> None:
        try:
            answers = self._clients.of(key).read_many([w.tripo_task_id for w in group])
        except (TripoError, SettingsError) as error:
            self._note_trouble(key, group, error)
            return
        except Exception:  # a bug of ours must not take the pass along; the leases end by themselves
            log.exception("asking about %d tasks went wrong", len(group))
            return
        passed(CommitPoint.ASK_ANSWERED)
        with self._database.transaction() as session:
            self._mark_reachable(session, key)
        self._apply([(w, answers.tasks[w.tripo_task_id]) for w in group if w.tripo_task_id in answers.tasks])
        for watched in group:
            if watched.tripo_task_id in answers.missed:
                self._each(watched, self._gone)
            elif watched.tripo_task_id not in answers.tasks:
                self._each(watched, self._unreadable)
        passed(CommitPoint.ASK_RECORDED)

    def _ask_one(self, key: ProviderKey, watched: Watched) -> None:
        client: TripoClient = self._clients.of(key)
        try:
            answer = client.read(watched.tripo_task_id)
        except TaskGoneError:
            self._each(watched, self._gone)
            raise
        except TripoError as error:
            self._note_trouble(key, [watched], error)
            raise
        self._apply([(watched, answer)])

    def _wait_for_the_other(self, task_id: str) -> None:
        """Somebody else asks about this task right now: give the answer a moment to arrive."""
        deadline = time.monotonic() + REFRESH_WAIT_SECONDS
        while time.monotonic() < deadline:
            with self._database.reading() as session:
                lease = session.execute(select(Task.lease_until, Task.status).where(Task.id == task_id)).one()
            if (
                lease.lease_until is None
                or lease.lease_until < self._now()
                or lease.status not in AT_PROVIDER
            ):
                return
            time.sleep(0.05)

    def _refuse_while_quiet(self, key: ProviderKey) -> None:
        if key.quiet_until is not None and key.quiet_until > self._now():
            left = (key.quiet_until - self._now()).total_seconds()
            raise BusyError(
                "The provider asked us to slow down.",
                suggestion="Wait, then ask again; the poller goes on by itself.",
                retry_after_seconds=left,
                http_status=429,
            )

    # --- recording ---

    def _apply(self, answers: Iterable[tuple[Watched, ProviderTask]]) -> None:
        moved: list[tuple[Watched, ProviderTask]] = []
        progressed: list[tuple[Watched, ProviderTask]] = []
        for watched, answer in answers:
            plain = _status_shown(answer) is watched.task.status and not answer.status.is_final
            (progressed if plain else moved).append((watched, answer))
        if progressed:
            with self._database.transaction() as session:
                tasks.record_progress(session, [self._progress_row(w, a) for w, a in progressed])
        for watched, answer in moved:
            self._each(watched, partial(self._move, answer=answer))

    def _each(self, watched: Watched, write: Callable[[Session, Watched], None]) -> None:
        """Write one task's news in its own transaction, so that one odd row never stops the others."""
        try:
            with self._database.transaction() as session:
                write(session, watched)
                passed(CommitPoint.ASK_RECORDING)
        except LeaseLostError as error:
            log.warning("not written, somebody else has the task now: %s", error.message)
        except Exception:  # one odd row must not stop the others; its lease ends by itself
            log.exception("task %s: its answer could not be recorded", watched.claim.task_id)

    def _progress_row(self, watched: Watched, answer: ProviderTask) -> dict[str, Any]:
        return {
            "claimed_id": watched.claim.task_id,
            "claimed_fence": watched.claim.fence,
            **self._news(watched.task, answer),
        }

    def _news(self, task: Task, answer: ProviderTask) -> dict[str, Any]:
        now = self._now()
        started = task.submitted_at or task.created_at
        seconds = next_ask_seconds((now - started).total_seconds(), answer.progress, answer.seconds_left)
        if answer.status in (ProviderStatus.UNKNOWN, ProviderStatus.UNLISTED):
            seconds = growing_delay_seconds(task.tries + 1, first=2.0, longest=SILENT_LONGEST_SECONDS)
        if task.status is TaskStatus.CANCELLED:
            seconds = CANCELLED_ASK_SECONDS
        odd = answer.status in (ProviderStatus.UNKNOWN, ProviderStatus.UNLISTED)
        return {
            "due_at": now + timedelta(seconds=seconds),
            "progress": max(answer.progress, task.progress),
            "seconds_left": answer.seconds_left,
            "queue_position": answer.queue_position,
            "answered_at": now,
            "updated_at": now,
            "tries": task.tries + 1 if odd else 0,
            "waiting_for": "provider_status_unknown" if odd else None,
            "waiting_text": f"The provider answers with the status {answer.raw_status[:40]!r}."
            if odd
            else None,
            "gone_answers": 0,
            "gone_since": None,
        }

    def _move(self, session: Session, watched: Watched, answer: ProviderTask) -> None:
        now = self._now()
        if watched.task.status is TaskStatus.CANCELLED:
            self._record_late(session, watched, answer)
        elif answer.status is ProviderStatus.SUCCESS:
            self._succeed(session, watched, answer)
        elif answer.status.is_final:
            credits = {"credits": answer.credits} if answer.credits is not None else {}
            tasks.fail(session, watched.claim, _reason(watched, answer), now, answered_at=now, **credits)
        else:
            tasks.advance(
                session, watched.claim, _status_shown(answer), now, **self._news(watched.task, answer)
            )

    def _succeed(self, session: Session, watched: Watched, answer: ProviderTask) -> None:
        now, claim = self._now(), watched.claim
        if watched.task.kind is TaskKind.RIG_CHECK:
            if answer.riggable is None:
                tasks.fail(session, claim, NO_RIG_ANSWER, now, credits=answer.credits)
                return
            found = {"riggable": answer.riggable, "rig_type": answer.rig_type, "credits": answer.credits}
            tasks.complete(session, claim, now, provider_done_at=now, answered_at=now, **found)
        elif answer.model_url is None:
            tasks.fail(
                session, claim, _reason(watched, answer), now, credits=answer.credits, provider_done_at=now
            )
        else:
            links = {"model": answer.model_url, "rendered_image": answer.image_url}
            tasks.begin_download(session, claim, links, answer.credits, now)

    def _record_late(self, session: Session, watched: Watched, answer: ProviderTask) -> None:
        """What became of a cancelled task: a note and its credits; its files are fetched beside it."""
        now = self._now()
        task = tasks.held(session, watched.claim)
        if not answer.status.is_final:
            tasks.give_back(
                session, watched.claim, now + timedelta(seconds=CANCELLED_ASK_SECONDS), answered_at=now
            )
            return
        billed = f", {answer.credits} credits" if answer.credits is not None else ""
        tasks.note(
            session, task, f"After the cancel the provider ended it as {answer.raw_status}{billed}.", now
        )
        learnt: dict[str, Any] = {"credits": answer.credits, "answered_at": now, "provider_done_at": now}
        if answer.model_url is not None:
            learnt["links"] = {
                "model": answer.model_url,
                "rendered_image": answer.image_url,
                "at": now.isoformat(),
            }
        due_at = now if answer.model_url is not None else None
        tasks.give_back(session, watched.claim, due_at, **learnt)

    def _gone(self, session: Session, watched: Watched) -> None:
        now = self._now()
        task = tasks.held(session, watched.claim)
        answers, since = task.gone_answers + 1, task.gone_since or now
        if task.status is not TaskStatus.CANCELLED and answers >= GONE_ANSWERS and now - since >= GONE_FOR:
            reason = Reason(
                "provider_task_gone",
                "The provider no longer knows this task.",
                "Its result cannot be had any more; retry the step (it is paid again).",
                retryable=True,
            )
            tasks.fail(session, watched.claim, reason, now)
            return
        delay = timedelta(seconds=GONE_ASK_SECONDS)
        tasks.give_back(session, watched.claim, now + delay, gone_answers=answers, gone_since=since)

    def _unreadable(self, session: Session, watched: Watched) -> None:
        task = tasks.held(session, watched.claim)
        delay = growing_delay_seconds(task.tries + 1, longest=LONGEST_SECONDS)
        due_at = self._now() + timedelta(seconds=delay)
        tasks.give_back(session, watched.claim, due_at, tries=task.tries + 1)

    def _note_trouble(self, key: ProviderKey, group: list[Watched], error: HatcheryError) -> None:
        """A read failed: nothing is known and nothing lost; the schedule moves, no state does."""
        log.warning("reading %d tasks failed: %s (%s)", len(group), error.message, error.code)
        now = self._now()
        seconds = getattr(error, "retry_after_seconds", None)
        with self._database.transaction() as session:
            row = session.get_one(ProviderKey, key.id)
            row.checked_at = now
            if isinstance(error, BusyError):
                row.quiet_until = now + timedelta(seconds=seconds if seconds is not None else 2.0)
            elif isinstance(error, KeyRefusedError):
                pause = timedelta(seconds=growing_delay_seconds(row.stopped_tries + 1, first=15, longest=300))
                lanes.stop_key(session, key.id, error.code, error.message, now + pause, now)
            elif isinstance(error, ReadFailedError | TripoError):
                row.reachable = False
            rows = [self._later_row(watched, now, seconds) for watched in group]
            tasks.record_progress(session, rows)

    def _later_row(self, watched: Watched, now: datetime, seconds: float | None) -> dict[str, Any]:
        tries = watched.task.tries + 1
        pause = seconds if seconds is not None else growing_delay_seconds(tries, longest=30)
        return {
            "claimed_id": watched.claim.task_id,
            "claimed_fence": watched.claim.fence,
            "due_at": now + timedelta(seconds=pause),
            "tries": tries,
        }

    def _postpone(self, session: Session, watched: Sequence[Watched], due_at: datetime) -> None:
        rows = [
            {"claimed_id": w.claim.task_id, "claimed_fence": w.claim.fence, "due_at": due_at} for w in watched
        ]
        tasks.record_progress(session, rows)

    def _mark_reachable(self, session: Session, key: ProviderKey) -> None:
        if (
            key.reachable is not True
            or key.checked_at is None
            or self._now() - key.checked_at > timedelta(seconds=10)
        ):
            row = session.get_one(ProviderKey, key.id)
            row.reachable, row.checked_at = True, self._now()
        seconds = self._clients.of(key).quiet_for_seconds
        if seconds > 0:
            session.get_one(ProviderKey, key.id).quiet_until = self._now() + timedelta(seconds=seconds)


def _status_shown(answer: ProviderTask) -> TaskStatus:
    """Translate the provider's open states; a word never heard of counts as running."""
    return TaskStatus.QUEUED if answer.status is ProviderStatus.QUEUED else TaskStatus.RUNNING


def _reason(watched: Watched, answer: ProviderTask) -> Reason:
    why = explain_failure(watched.version, answer.status, answer.error_code, answer.error_message)
    return Reason(
        why.code,
        why.message,
        why.suggestion,
        why.retryable,
        provider_code=answer.error_code,
        trace_id=answer.trace_id,
    )
