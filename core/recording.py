"""What the provider's answers change in our rows: what many tasks share in few statements, the rest one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy.orm import Session

from core import tasks
from core.automatic_retries import AutomaticRetries
from core.bulk import Columns
from core.commit_points import CommitPoint, passed
from core.database import NO_ANSWER, Database
from core.errors import IllegalMoveError
from core.exchanges import keep_ends
from core.forecast import LONGEST_SECONDS, SILENT_LONGEST_SECONDS, Forecast, growing_delay_seconds
from core.lifecycle import AT_PROVIDER, TaskKind, TaskStatus
from core.models import Task
from core.moves import Reason
from core.past import worked_seconds
from core.tasks import Claim
from core.tripo import ProviderStatus, ProviderTask, Version, explain_failure

log = logging.getLogger("hatchery.polling")

MOVES_A_COMMIT: Final = 50  # each with statements of its own; others wait for their locks
MOVED_TOGETHER: Final = 500  # with a few statements for all
GONE_ANSWERS: Final = 3  # one such answer may be a hiccup: only these, over GONE_FOR, end a paid task
GONE_FOR: Final = timedelta(minutes=10)
GONE_ASK_SECONDS: Final = 301.0
CANCELLED_ASK_SECONDS: Final = 30.0

ODD: Final = (ProviderStatus.UNKNOWN, ProviderStatus.UNLISTED)
IS_THERE: Final[Mapping[str, int | None]] = {"gone_answers": 0, "gone_since": None}
AS_IT_SHOULD_BE: Final[Mapping[str, int | None]] = {
    **IS_THERE,
    "tries": 0,
    "waiting_for": None,
    "waiting_text": None,
}

NO_RIG_ANSWER: Final = Reason(
    "no_rig_answer",
    "The provider ended the rig check without saying whether the model can be rigged.",
    "Retry the check; it is free.",
    retryable=True,
)


class Watched(NamedTuple):
    """A task as it was when it was claimed, as far as asking about it and judging the answer need it."""

    id: str
    fence: int
    asset_pk: str
    key_id: str
    tripo_task_id: str
    kind: TaskKind
    status: TaskStatus
    progress: int
    tries: int
    due_at: datetime
    submitted_at: datetime | None
    created_at: datetime
    answered_at: datetime | None
    pace: str | None
    foretold_seconds: float | None
    progressed_at: datetime | None

    @property
    def claim(self) -> Claim:
        """The right under which its answer is written."""
        return Claim(self.id, self.fence)


T = TypeVar("T")
Answered = tuple[Watched, ProviderTask]
Write = Callable[[Session, Sequence[tuple[Watched, T]]], None]


class Recorder:
    """Writes what was learnt of claimed tasks, each under its claim."""

    def __init__(
        self,
        database: Database,
        forecast: Forecast,
        retries: AutomaticRetries,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._retries = retries
        self._forecast = forecast
        self._now = clock

    def answers(self, version: Version, answers: Iterable[Answered]) -> None:
        """Write what the provider, asked in this version, answered about each task."""
        plain: list[Answered] = []
        odd: list[Answered] = []
        others: list[Answered] = []
        moved: dict[TaskStatus, list[Answered]] = {status: [] for status in _WRITTEN_TOGETHER}
        for watched, answer in answers:
            to = _moves_to(watched, answer)
            if to is None:
                others.append((watched, answer))
            elif to is not watched.status:
                moved[to].append((watched, answer))
            else:
                (odd if answer.status in ODD else plain).append((watched, answer))
        self.progress([watched for watched, _ in plain], self._news(plain), AS_IT_SHOULD_BE)
        self.progress([watched for watched, _ in odd], self._odd_news(odd), IS_THERE)
        for to in AT_PROVIDER:
            self._write_moves(moved[to], partial(self._advance, to=to), MOVED_TOGETHER)
        self._write_moves(moved[TaskStatus.DOWNLOADING], self._begin_downloads, MOVED_TOGETHER)
        self._write_moves(others, _each(partial(self._move, version)))

    def progress(
        self, watched: Sequence[Watched], news: Columns, same: Mapping[str, int | None] | None = None
    ) -> None:
        """Write the same columns of many tasks that do not move, and end their claims."""
        if not watched:
            return
        with self._database.transaction() as session:
            tasks.record_progress(session, watched, news, same)

    def gone(self, watched: Iterable[Watched]) -> None:
        """The provider says that it does not know these."""
        self._write_moves([(each, None) for each in watched], _each(self._gone))

    def unreadable(self, watched: Iterable[Watched]) -> None:
        """What the provider said of these makes no sense."""
        self._write_moves([(each, None) for each in watched], _each(self._unreadable))

    def _write_moves(
        self, moves: Sequence[tuple[Watched, T]], write: Write[T], most: int = MOVES_A_COMMIT
    ) -> None:
        """Write many in one commit; if one cannot be written, it stops none of the others."""
        in_order = sorted(
            moves, key=lambda move: move[0].asset_pk
        )  # in which others take the assets' locks too
        for first in range(0, len(in_order), most):
            self._write_some(in_order[first : first + most], write)

    def _write_some(self, moves: Sequence[tuple[Watched, T]], write: Write[T]) -> None:
        """Write these in one commit, or each half of them in one of its own, until what cannot be written is alone."""
        if len(moves) == 1:
            self._write_alone(moves[0], write)
        elif not self._write_together(moves, write):
            half = len(moves) // 2
            self._write_some(moves[:half], write)
            self._write_some(moves[half:], write)

    def _write_together(self, moves: Sequence[tuple[Watched, T]], write: Write[T]) -> bool:
        try:
            with self._database.transaction() as session:
                write(session, moves)
                passed(CommitPoint.ASK_RECORDING)
        except Exception as error:  # whatever it was: what is alone at last says it
            log.info("%d moves are written in parts: %s", len(moves), type(error).__name__)
            return False
        return True

    def _write_alone(self, move: tuple[Watched, T], write: Write[T]) -> None:
        try:
            with self._database.transaction() as session:
                write(session, [move])
                passed(CommitPoint.ASK_RECORDING)
        except IllegalMoveError as error:
            log.warning("not written, it was claimed or moved by somebody else: %s", error.message)
        except NO_ANSWER:
            raise  # to the others it would not answer either; their leases end by themselves
        except Exception:  # one odd row must not stop the others; its lease ends by itself
            log.exception("task %s: its answer could not be recorded", move[0].id)

    # --- what an answer means ---

    def _news(self, answered: Sequence[tuple[Watched, ProviderTask]]) -> dict[str, list[Any]]:
        """What each answer changes in the row of a task that goes on."""
        now = self._now()
        asks = self._forecast.next_asks(answered)
        return {
            "due_at": [due_at for due_at, _ in asks],
            "foretold_seconds": [seconds for _, seconds in asks],
            "progress": [max(answer.progress, watched.progress) for watched, answer in answered],
            "progressed_at": [
                now if answer.progress > watched.progress else watched.progressed_at
                for watched, answer in answered
            ],
            "seconds_left": [answer.seconds_left for _, answer in answered],
            "queue_position": [answer.queue_position for _, answer in answered],
            "answered_at": [now] * len(answered),
            "updated_at": [now] * len(answered),
        }

    def _odd_news(self, answered: Sequence[tuple[Watched, ProviderTask]]) -> dict[str, list[Any]]:
        """As `_news`, of tasks whose state the provider does not know, or names by a word never heard of."""
        now, tries = self._now(), [watched.tries + 1 for watched, _ in answered]
        pauses = (growing_delay_seconds(n, first=2.0, longest=SILENT_LONGEST_SECONDS) for n in tries)
        return self._news(answered) | {
            "due_at": [now + timedelta(seconds=pause) for pause in pauses],
            "tries": tries,
            "waiting_for": ["provider_status_unknown"] * len(answered),
            "waiting_text": [
                f"The provider answers with the status {answer.raw_status[:40]!r}." for _, answer in answered
            ],
        }

    def _advance(self, session: Session, moved: Sequence[Answered], to: TaskStatus) -> None:
        watched = [watched for watched, _ in moved]
        tasks.advance(session, watched, to, self._now(), self._news(moved), AS_IT_SHOULD_BE)

    def _begin_downloads(self, session: Session, ended: Sequence[Answered]) -> None:
        now = self._now()
        news: dict[str, list[Any]] = {
            "links": [_links(answer) for _, answer in ended],
            "credits": [answer.credits for _, answer in ended],
            "worked_seconds": [worked_seconds(watched, answer, now) for watched, answer in ended],
        }
        tasks.begin_downloads(session, [watched for watched, _ in ended], news, now)
        keep_ends(session, ((watched.id, answer) for watched, answer in ended), now)

    def _move(self, version: Version, session: Session, watched: Watched, answer: ProviderTask) -> None:
        now = self._now()
        if answer.status.is_final:
            keep_ends(session, [(watched.id, answer)], now)
        if watched.status is TaskStatus.CANCELLED:
            self._record_late(session, watched, answer)
        elif answer.status is ProviderStatus.SUCCESS:
            self._succeed(session, watched, version, answer)
        elif not answer.status.is_final:  # of a state that nobody knows
            news = self._odd_news([(watched, answer)])
            tasks.advance(session, [watched], _status_shown(answer), now, news, IS_THERE)
        else:
            credits = {"credits": answer.credits} if answer.credits is not None else {}
            self._fail(session, watched, _reason(version, answer), answered_at=now, **credits)

    def _fail(self, session: Session, watched: Watched, reason: Reason, **changes: Any) -> None:
        tasks.fail(session, watched.claim, reason, self._now(), **changes)
        self._retries.after(session, session.get_one(Task, watched.id))

    def _succeed(self, session: Session, watched: Watched, version: Version, answer: ProviderTask) -> None:
        now, claim = self._now(), watched.claim
        if watched.kind is TaskKind.RIG_CHECK:
            if answer.riggable is None:
                self._fail(session, watched, NO_RIG_ANSWER, credits=answer.credits)
                return
            found = {"riggable": answer.riggable, "rig_type": answer.rig_type, "credits": answer.credits}
            worked = worked_seconds(watched, answer, now)
            tasks.complete(
                session, claim, now, provider_done_at=now, answered_at=now, worked_seconds=worked, **found
            )
        else:  # with a model it is written together with others
            tasks.fail(
                session, claim, _reason(version, answer), now, credits=answer.credits, provider_done_at=now
            )

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
            learnt["links"] = {**_links(answer), "at": now.isoformat()}
        due_at = now if answer.model_url is not None else None
        tasks.give_back(session, watched.claim, due_at, **learnt)

    def _gone(self, session: Session, watched: Watched, _: None) -> None:
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

    def _unreadable(self, session: Session, watched: Watched, _: None) -> None:
        task = tasks.held(session, watched.claim)
        delay = growing_delay_seconds(task.tries + 1, longest=LONGEST_SECONDS)
        due_at = self._now() + timedelta(seconds=delay)
        tasks.give_back(session, watched.claim, due_at, tries=task.tries + 1)


_WRITTEN_TOGETHER: Final = (*AT_PROVIDER, TaskStatus.DOWNLOADING)


def _each(write: Callable[[Session, Watched, T], None]) -> Write[T]:
    """Write one after the other."""

    def write_each(session: Session, moves: Sequence[tuple[Watched, T]]) -> None:
        for watched, answer in moves:
            write(session, watched, answer)

    return write_each


def _moves_to(watched: Watched, answer: ProviderTask) -> TaskStatus | None:
    """Say where an answer leads, if it leads there together with others; None when it is a case of its own."""
    if watched.status not in AT_PROVIDER:
        return None
    if not answer.status.is_final:
        to = _status_shown(answer)
        return to if answer.status not in ODD or to is watched.status else None
    has_model = answer.status is ProviderStatus.SUCCESS and answer.model_url is not None
    return TaskStatus.DOWNLOADING if has_model and watched.kind is not TaskKind.RIG_CHECK else None


def _links(answer: ProviderTask) -> dict[str, str | None]:
    return {"model": answer.model_url, "rendered_image": answer.image_url}


def _status_shown(answer: ProviderTask) -> TaskStatus:
    """Translate the provider's open states; a word never heard of counts as running."""
    return TaskStatus.QUEUED if answer.status is ProviderStatus.QUEUED else TaskStatus.RUNNING


def _reason(version: Version, answer: ProviderTask) -> Reason:
    why = explain_failure(version, answer.status, answer.error_code, answer.error_message)
    return Reason(
        why.code,
        why.message,
        why.suggestion,
        why.retryable,
        provider_code=answer.error_code,
        trace_id=answer.trace_id,
        said_by=version,
    )
