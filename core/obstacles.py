"""Why a task is not moving right now: a pause, a stopped key, a full lane. Read once for all the tasks of an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import automatic_retries, outages, pauses
from core.lanes import COMES_BACK, NO_SLOT
from core.lifecycle import FINAL, Hold, TaskStatus
from core.models import Asset, ProviderKey, Stoppable, Task, utc_now
from core.plans.pacing import held_plans
from core.retries import AUTOMATIC
from core.schemas import Waiting
from core.stuck import Usual
from core.way_home import VAULT, host_of, stopped

SENT_LATER: Final = "Nothing is lost: the order is sent by itself when the cause is gone."
FETCHED_LATER: Final = "The model is done; its files are fetched by themselves, through a fresh link."
ASKED_LATER: Final = "Nothing is lost: it goes on by itself as soon as the provider answers."


class Obstacles(NamedTuple):
    """What stands in the way of tasks at this moment."""

    paused: Mapping[str | None, Waiting]  # by project; None: all of them
    stopped: Mapping[str | None, Waiting]  # by key; None: tasks that have no key yet
    held: Mapping[str, Waiting]  # by asset: its plan is not sent at this moment
    silent: Mapping[str | None, Waiting]  # by key that has an outage: also what was sent waits
    usual: Usual
    now: datetime
    way_home: Mapping[str, Waiting]  # the vault, or file hosts, that take or give no files
    coming_back: Collection[str | None]  # keys whose outage has just ended

    def before(self, task: Task) -> Waiting | None:
        """Say what a task waits for; None when it moves or has ended."""
        match task.status:
            case TaskStatus.WAITING if task.hold is Hold.BUDGET:
                return _kept(task)
            case TaskStatus.WAITING:
                return _HELD.get(task.hold, _EARLIER_STEP)
            case TaskStatus.READY:
                return self._pause_of(task) or self._before_sending(task)
            case TaskStatus.SUBMITTING:
                return _BEING_SENT
            case TaskStatus.QUEUED | TaskStatus.RUNNING | TaskStatus.DOWNLOADING if (
                task.key_id in self.silent
            ):
                return self.silent[task.key_id]
            case TaskStatus.QUEUED | TaskStatus.RUNNING if stuck := self.usual.waiting(task, self.now):
                return stuck
            case TaskStatus.QUEUED:
                place = f", place {task.queue_position}" if task.queue_position is not None else ""
                return Waiting(word="provider_queue", sentence=f"In the provider's queue{place}.")
            case TaskStatus.DOWNLOADING:
                stop = self.way_home.get(VAULT) or self.way_home.get(host_of(task.key_id or ""))
                if stop is not None:
                    return stop
                return _kept(task) or _BEING_FETCHED
        return None if task.status in FINAL else _kept(task)

    def shown_status(self, task: Task) -> TaskStatus:
        """Say a task's status as it is told outside: queued for what is to be sent, waiting while that is paused."""
        if task.status is TaskStatus.READY and self._pause_of(task) is not None:
            return TaskStatus.WAITING
        return TaskStatus.QUEUED if task.status in (TaskStatus.READY, TaskStatus.SUBMITTING) else task.status

    def _pause_of(self, task: Task) -> Waiting | None:
        return self.paused.get(None) or self.paused.get(task.project_id) or self.held.get(task.asset_pk)

    def _before_sending(self, task: Task) -> Waiting:
        retry_text = automatic_retries.in_words(task, self.now)
        if retry_text is not None:
            return Waiting(word=AUTOMATIC, sentence=retry_text)
        kept, cause = _kept(task), self.stopped.get(task.key_id)
        if cause is None and task.key_id in self.coming_back:
            return Waiting(word=COMES_BACK.word, sentence=COMES_BACK.sentence)
        if kept and kept.word != outages.WORD and (cause is None or cause.word == kept.word):
            return kept  # its own refusal says what to do, too
        return cause or Waiting(word=NO_SLOT.word, sentence=NO_SLOT.sentence)


def obstacles_now(session: Session, now: datetime | None = None) -> Obstacles:
    """Read what stands in the way of tasks."""
    now = now or utc_now()
    keys = session.scalars(select(ProviderKey).order_by(ProviderKey.created_at)).all()
    by_key: dict[str | None, ProviderKey] = {key.id: key for key in keys}
    shared = [key for key in keys if key.is_shared]
    if shared:  # a first step has no key yet and waits for the shared one
        by_key[None] = shared[-1]
    silent = {id: key for id, key in by_key.items() if key.stopped_word == outages.WORD}
    return Obstacles(
        paused=pauses.waiting_by_project(pauses.standing(session)),
        stopped={id: _stop_of(key, SENT_LATER) for id, key in by_key.items() if key.stopped_word},
        silent={id: _stop_of(key, ASKED_LATER) for id, key in silent.items()},
        usual=Usual(session),
        now=now,
        way_home={name: _stop_of(stop, FETCHED_LATER) for name, stop in stopped(session).items()},
        coming_back={id for id, key in by_key.items() if outages.comes_back(key, now)},
        held=_assets_of_held_plans(session, now),
    )


_EARLIER_STEP: Final = Waiting(word="earlier_step", sentence="Waits for the step before it.")
_FAILED_STEP: Final = Waiting(
    word="failed_step", sentence="A step before it did not succeed; retry that one."
)
_NOT_PICKED: Final = Waiting(
    word="not_picked", sentence="Waits until one of its variants is picked as the best."
)
_HELD: Final[Mapping[Hold | None, Waiting]] = {Hold.FAILED_STEP: _FAILED_STEP, Hold.GATE: _NOT_PICKED}
_BEING_SENT: Final = Waiting(word="provider_answer", sentence="It is being sent to the provider.")
_BEING_FETCHED: Final = Waiting(word="file", sentence="Its files are being fetched and checked.")


def _assets_of_held_plans(session: Session, now: datetime) -> dict[str, Waiting]:
    held = held_plans(session, now)
    if not held:
        return {}
    assets = session.execute(select(Asset.id, Asset.plan_id).where(Asset.plan_id.in_(list(held))))
    return {asset_pk: held[plan_id] for asset_pk, plan_id in assets if plan_id is not None}


def _kept(task: Task) -> Waiting | None:
    return Waiting(word=task.waiting_for, sentence=task.waiting_text or "") if task.waiting_for else None


def _stop_of(key: Stoppable, comfort: str) -> Waiting:
    return Waiting(word=key.stopped_word or "", sentence=f"{key.stopped_text or ''} {comfort}".strip())
