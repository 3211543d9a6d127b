"""Following tasks at the provider: who is due is claimed and asked about; `core.recording` writes what was answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from core import lanes, outages, tasks
from core.automatic_retries import AutomaticRetries
from core.clients import Clients
from core.commit_points import CommitPoint, passed
from core.crews import Crews, wait_for
from core.database import Database, log_failure
from core.errors import (
    BusyError,
    HatcheryError,
    KeyRefusedError,
    ReadFailedError,
    SettingsError,
    TaskGoneError,
    TripoError,
    UnreachableError,
)
from core.forecast import Forecast, growing_delay_seconds
from core.group_commit import GroupCommit
from core.lifecycle import AT_PROVIDER, TaskStatus
from core.models import ProviderKey, Task
from core.recording import Recorder, Watched
from core.tasks import BEGIN_WITHIN_SECONDS, POLL_LEASE
from core.tripo import BATCH_MOST, ProviderTask, TripoClient

log = logging.getLogger("hatchery.polling")

AT_PROVIDER_NOW: Final = and_(
    Task.status.in_(list(AT_PROVIDER)), Task.tripo_task_id.is_not(None), Task.key_id.is_not(None)
)
# A cancelled task that was sent is followed too, slowly, until the provider is done with it.
# What belongs to a key that has an outage is left alone until that is over.
WATCHED: Final = and_(
    or_(
        AT_PROVIDER_NOW,
        and_(
            Task.status == TaskStatus.CANCELLED,
            Task.provider_done_at.is_(None),
            Task.tripo_task_id.is_not(None),
            Task.key_id.is_not(None),
        ),
    ),
    outages.its_key_answers(),
)
HAS_PLACE: Final = Task.key_id.not_in(bindparam("full_keys", expanding=True))
_COLUMNS: Final = [tasks.TASKS.c[name] for name in Watched._fields[2:]]
_CLAIM_DUE: Final = tasks.claim_statement(and_(WATCHED, HAS_PLACE), _COLUMNS)
_CLAIM_ONE: Final = tasks.claim_statement(AT_PROVIDER_NOW, _COLUMNS, is_one=True)
_NEXT_DUE: Final = select(func.min(Task.due_at)).where(WATCHED, HAS_PLACE, tasks.IS_FREE)
MOST_AT_ONCE: Final = 1000
# Half of the time between two passes: some are asked a little early instead of all a little late.
AHEAD: Final = timedelta(seconds=0.125)
WRITE_EVERY_SECONDS: Final = 0.3  # while single reads are under way
REFRESH_WAIT_SECONDS: Final = 3.0
REACHABLE_FOR: Final = timedelta(seconds=10)  # how long one answer counts as news of the provider


class News(NamedTuple):
    """What asking about some tasks of one key brought."""

    told: Sequence[tuple[Watched, ProviderTask]]
    gone: Sequence[Watched] = ()
    unreadable: Sequence[Watched] = ()
    requests: int = 1  # that were answered


class _Asking:
    """What one thread asks about tasks of one key, each by itself, in as many places of the key as are free."""

    def __init__(self, crews: Crews, key_id: str, group: Sequence[Watched]) -> None:
        self._crews = crews
        self._key_id = key_id
        self._unanswered = dict(enumerate(group))
        self._begun = self._under_way = self._taken = 0
        self._has_stopped = False

    @property
    def unanswered(self) -> list[Watched]:
        """What is neither answered nor given up."""
        return list(self._unanswered.values())

    def begins(self) -> bool:
        """Begin one more, if it has a place: the first one has that of this thread."""
        if self._has_stopped:
            return False
        if self._under_way > 0:
            if not self._crews.take(self._key_id):
                return False
            self._taken += 1
        self._begun += 1
        self._under_way += 1
        return True

    def ends(self, n: int) -> Watched:
        """Take what was answered, or failed."""
        self._under_way = max(self._under_way - 1, 0)
        if self._taken > 0:
            self._taken -= 1
            self._crews.leave(self._key_id, 1)
        return self._unanswered.pop(n)

    def stops(self) -> list[Watched]:
        """Begin no more; return what was not begun, the first time."""
        self._has_stopped = True
        return [self._unanswered.pop(n) for n in list(self._unanswered) if n >= self._begun]

    def lets_go(self) -> None:
        """Let go of the places."""
        self._crews.leave(self._key_id, self._taken)
        self._taken = 0


class Poller:
    """Asks the provider about the tasks that are due."""

    def __init__(
        self,
        database: Database,
        clients: Clients,
        forecast: Forecast,
        crews: Crews,
        owner: str,
        retries: AutomaticRetries,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._clients = clients
        self._crews = crews
        self._owner = owner
        self._now = clock
        self._forecast = forecast
        self._record = Recorder(database, forecast, retries, clock)
        self._hushed: dict[str, datetime] = {}  # keys that are to be quiet, as this process was just told
        self._failed: set[str] = set()  # keys with a read that failed since the last one that did not
        # one for each key: none waits for another's rows
        self._writing: dict[str, GroupCommit[tuple[ProviderKey, News]]] = {}

    def ask_due(self, patience_seconds: float | None = None) -> int:
        """One pass: ask about all that is due, up to a hundred tasks a request; say how many were asked about.

        It ends after `patience_seconds` even if some answers are not there yet; what belongs to a key that has no
        free place then is not claimed until it has one.
        """
        self._forecast.refresh()
        begin_by = time.monotonic() + BEGIN_WITHIN_SECONDS
        with self._database.transaction() as session:
            claimed = self._claim(
                session, _CLAIM_DUE, MOST_AT_ONCE, ahead=AHEAD, full_keys=self._crews.full()
            )
            groups = self._groups(session, claimed)
            if groups:
                passed(CommitPoint.ASK_CLAIMING)
        if groups:
            passed(CommitPoint.ASK_CLAIMED)
        parts = [(key, part) for key, group in groups for part in self._parts(key, group)]
        asks = [self._crews.give(key.id, partial(self._ask, key, part, begin_by)) for key, part in parts]
        wait_for(asks, patience_seconds)
        return len(claimed)

    def next_due_at(self) -> datetime | None:
        """Say when the next task is due; a pass that is run then finds it without a delay."""
        with self._database.reading() as session:
            values = {**tasks.moments(self._now()), "full_keys": self._crews.full()}
            return session.connection().scalar(_NEXT_DUE, values)

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
            groups = self._groups(session, self._claim(session, _CLAIM_ONE, 1, only=task_id))
        if not groups:
            self._wait_for_the_other(task_id)
            return
        key, (watched,) = groups[0]
        self._ask_one(key, watched)

    # --- claiming ---

    def _claim(
        self, session: Session, statement: ReturningUpdate[Any], most: int, **more: Any
    ) -> list[Watched]:
        rows = tasks.claim_rows(session, statement, self._owner, self._now(), POLL_LEASE, most, **more)
        return [Watched._make(row) for row in rows]

    def _groups(
        self, session: Session, claimed: Sequence[Watched]
    ) -> list[tuple[ProviderKey, list[Watched]]]:
        """Sort what was claimed by key; what belongs to a key that is to be quiet is put off."""
        by_key: dict[str, list[Watched]] = {}
        for watched in sorted(claimed, key=lambda w: w.due_at):
            by_key.setdefault(watched.key_id, []).append(watched)
        groups = []
        for key_id, group in by_key.items():
            key = session.get_one(ProviderKey, key_id)
            if key.quiet_until is not None and key.quiet_until > self._now():
                tasks.record_progress(session, group, {"due_at": [key.quiet_until] * len(group)})
            else:
                groups.append((key, group))
        return groups

    # --- asking ---

    def _parts(self, key: ProviderKey, group: list[Watched]) -> list[list[Watched]]:
        """Part what one key is to be asked: a hundred tasks a request, or each by itself.

        One thread has many requests under way; where it cannot, every free place gets some.
        """
        if self._clients.reads_many(key.id):
            return [group[n : n + BATCH_MOST] for n in range(0, len(group), BATCH_MOST)]
        if self._clients.reads_at_once(key.id):
            return [group]
        places = max(min(self._crews.free(key.id), len(group)), 1)
        return [group[n::places] for n in range(places)]

    def _ask(self, key: ProviderKey, group: list[Watched], begin_by: float) -> None:
        try:
            client = self._clients.of(key)
            if self._is_hushed(key) or time.monotonic() > begin_by:
                self._leave(key, group, None)
                return
            if client.reads_many:
                self._ask_together(client, key, group)
            if not client.reads_many:  # from the start, or as was just found out
                self._ask_each(client, key, group, begin_by)
        except (TripoError, SettingsError) as error:
            self._note_trouble(key, group, error)
        except Exception as error:  # it must not take the pass along; the leases end by themselves
            log_failure(log, f"asking about {len(group)} tasks went wrong", error)

    def _ask_each(self, client: TripoClient, key: ProviderKey, group: list[Watched], begin_by: float) -> None:
        """Ask about each with a request of its own, and no more once the provider wants none for a while."""
        asking = _Asking(self._crews, key.id, group)
        stopped_by: TripoError | None = None
        told: list[tuple[Watched, ProviderTask]] = []
        gone: list[Watched] = []
        write_at = time.monotonic() + WRITE_EVERY_SECONDS

        def write() -> None:
            nonlocal told, gone, write_at
            self._write(key, News(told, gone, requests=len(told) + len(gone)))
            told, gone, write_at = [], [], time.monotonic() + WRITE_EVERY_SECONDS

        def is_over() -> bool:
            self._hush(key, client.quiet_for_seconds)
            return stopped_by is not None or self._is_hushed(key) or time.monotonic() > begin_by

        ids = [watched.tripo_task_id for watched in group]
        answers = client.read_each(ids, len(ids), lambda: not is_over() and asking.begins())
        try:
            with closing(answers):
                for found in answers:
                    if found is not None:
                        watched, answer = asking.ends(found[0]), found[1]
                        if isinstance(answer, ProviderTask):
                            told.append((watched, answer))
                        elif isinstance(answer, TaskGoneError):
                            gone.append(watched)
                        elif stopped_by is None or isinstance(answer, ReadFailedError):
                            write()  # what was answered before counts before
                            is_out = self._note_trouble(key, [watched], answer)
                            if is_out or not isinstance(answer, ReadFailedError):
                                stopped_by = answer
                        else:
                            self._leave(key, [watched], stopped_by)
                    if found is None or time.monotonic() > write_at:
                        write()
                    if is_over():  # the last answers may be long in coming
                        self._leave(key, asking.stops(), stopped_by)
            write()
        except Exception:
            with suppress(Exception):  # else their leases end by themselves
                self._give_back(asking.unanswered)
            raise
        finally:
            asking.lets_go()
        self._leave(key, asking.unanswered, stopped_by)

    def _leave(self, key: ProviderKey, unasked: list[Watched], why: TripoError | None) -> None:
        """Give back what was not asked about, or in vain; it is due again as the provider's trouble allows."""
        if not unasked:
            return
        if why is not None and not isinstance(why, ReadFailedError):
            self._record.progress(unasked, _later(unasked, self._now(), _retry_after_seconds(why)))
        elif self._is_hushed(key):
            self._record.progress(unasked, {"due_at": [self._hushed[key.id]] * len(unasked)})
        else:
            self._give_back(unasked)

    def _hush(self, key: ProviderKey, seconds: float) -> None:
        if seconds > 0:
            self._hushed[key.id] = self._now() + timedelta(seconds=seconds)

    def _is_hushed(self, key: ProviderKey) -> bool:
        quiet_until = self._hushed.get(key.id)
        return quiet_until is not None and quiet_until > self._now()

    def _give_back(self, group: Sequence[Watched]) -> None:
        self._record.progress(group, {"due_at": [watched.due_at for watched in group]})

    def _write(self, key: ProviderKey, news: News) -> None:
        """Write what was learnt, together with what other requests of this key bring in the meantime."""
        if news.told or news.gone or news.unreadable:
            self._writing.setdefault(key.id, GroupCommit(self._write_all)).write((key, news))

    def _write_all(self, learnt: Sequence[tuple[ProviderKey, News]]) -> None:
        passed(CommitPoint.ASK_ANSWERED)
        key = learnt[-1][0]
        self._record.answers(key.version, chain.from_iterable(news.told for _, news in learnt))
        self._record.gone(chain.from_iterable(news.gone for _, news in learnt))
        self._record.unreadable(chain.from_iterable(news.unreadable for _, news in learnt))
        self._mark_reachable(key, sum(news.requests for _, news in learnt))
        passed(CommitPoint.ASK_RECORDED)

    def _ask_together(self, client: TripoClient, key: ProviderKey, group: list[Watched]) -> None:
        try:
            answers = client.read_many([w.tripo_task_id for w in group])
        except ReadFailedError:
            if client.reads_many:
                raise
            return  # there is no such route
        told = [(w, answers.tasks[w.tripo_task_id]) for w in group if w.tripo_task_id in answers.tasks]
        untold = [w for w in group if w.tripo_task_id not in answers.tasks]
        gone = [w for w in untold if w.tripo_task_id in answers.missed]
        self._write(key, News(told, gone, [w for w in untold if w.tripo_task_id not in answers.missed]))

    def _ask_one(self, key: ProviderKey, watched: Watched) -> None:
        client: TripoClient = self._clients.of(key)
        try:
            answer = client.read(watched.tripo_task_id)
        except TaskGoneError:
            self._record.gone([watched])
            raise
        except TripoError as error:
            self._note_trouble(key, [watched], error)
            raise
        self._record.answers(key.version, [(watched, answer)])

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
        if key.stopped_word == outages.WORD:
            raise UnreachableError(
                key.stopped_text or "The provider does not answer.",
                suggestion="The poller asks again by itself as soon as it does.",
            )

    # --- what a key shows ---

    def _note_trouble(self, key: ProviderKey, group: list[Watched], error: HatcheryError) -> bool:
        """A read failed: nothing is known and nothing lost; the schedule moves, no state does.

        Returns whether the provider is not to be asked for now, since it has an outage.
        """
        log.warning("reading %d tasks failed: %s (%s)", len(group), error.message, error.code)
        now = self._now()
        seconds = _retry_after_seconds(error)
        with self._database.transaction() as session:
            row = session.get_one(ProviderKey, key.id)
            row.checked_at = now
            if isinstance(error, BusyError):
                row.quiet_until = now + timedelta(seconds=seconds if seconds is not None else 2.0)
                self._hushed[key.id] = row.quiet_until
            elif isinstance(error, KeyRefusedError):
                pause = timedelta(seconds=growing_delay_seconds(row.stopped_tries + 1, first=15, longest=300))
                lanes.stop_key(session, key.id, error.code, error.message, now + pause, now)
            elif isinstance(error, ReadFailedError | TripoError):
                row.reachable = False
                outages.note(row, error, now)
                self._failed.add(key.id)
            tasks.record_progress(session, group, _later(group, now, seconds))
            return row.stopped_word == outages.WORD

    def _mark_reachable(self, key: ProviderKey, requests: int) -> None:
        """Note that the provider answers, now and then, and how long it wants no more requests."""
        now, quiet_seconds = self._now(), self._clients.of(key).quiet_for_seconds
        is_news = (
            key.reachable is not True or key.checked_at is None or abs(now - key.checked_at) > REACHABLE_FOR
        )
        if not is_news and quiet_seconds == 0 and key.failing == 0 and key.id not in self._failed:
            return
        self._failed.discard(key.id)
        with self._database.transaction() as session:
            row = session.get_one(ProviderKey, key.id)
            row.reachable, row.checked_at = True, now
            outages.note(row, None, now, requests)
            if quiet_seconds > 0:
                row.quiet_until = now + timedelta(seconds=quiet_seconds)


def _retry_after_seconds(error: HatcheryError) -> float | None:
    seconds: float | None = getattr(error, "retry_after_seconds", None)
    return seconds


def _later(group: Sequence[Watched], now: datetime, seconds: float | None) -> dict[str, list[Any]]:
    tries = [watched.tries + 1 for watched in group]
    if seconds is not None:  # a pass takes along what is due a little later: not this
        return {"due_at": [now + timedelta(seconds=seconds) + AHEAD] * len(group), "tries": tries}
    pauses = (growing_delay_seconds(n, longest=30) for n in tries)
    return {"due_at": [now + timedelta(seconds=pause) for pause in pauses], "tries": tries}
