"""What may be sent right now: the provider's concurrency groups of each key, and why a key is stopped.

A lane is one group (pool) of one key. Its limit is the documented one until the provider shows another: by a header,
or by refusing an order for want of a place. A refused key or an empty wallet stops the key's whole queue; after the
pause a single order tries whether the cause is gone. An outage stops it too, and is probed at no cost (`core.outages`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from core import outages
from core.clock import CLOCKS_DIFFER
from core.lifecycle import HOLDS_SLOT, TaskStatus
from core.models import Lane, ProviderKey, Task
from core.pauses import is_paused
from core.schemas import Waiting
from core.tasks import is_due
from core.tripo import default_limit
from core.tripo.catalog import CREATES_PER_MINUTE_MOST

# A limit learnt from a refusal is doubted with time: places may have been taken by others, or bought.
FORGET_ONE_AFTER: Final = timedelta(minutes=1)
CROSSED_WITHIN: Final = timedelta(seconds=5)
# The provider asks for an hour at most (`tripo.envelope`); what lies further ahead was written by a wrong clock, and so
# was what was learnt later than now.
LONGEST_QUIET: Final = timedelta(minutes=70)
STILL_THERE: Final = timedelta(minutes=5)  # what was lost so long ago has ended, if it was made at all


class Room(NamedTuple):
    """How many orders may be sent in a lane now; with none, a word and a sentence for why."""

    free: int
    word: str = ""
    sentence: str = ""


NO_SLOT: Final = Room(0, "slot", "All of the provider's places are taken; it is sent when one frees up.")
TOO_FAST: Final = Room(0, "rate", "The provider takes only so many requests a minute; it is sent shortly.")


COMES_BACK: Final = Room(
    0, outages.WORD, "The provider answers again; what waited is sent, a few at a time at first."
)


def room_in(session: Session, key: ProviderKey, pool: str, now: datetime) -> Room:
    """Say how many orders may be sent in this lane at this moment."""
    if key.quiet_until is not None and key.quiet_until > now:
        return TOO_FAST
    if key.stopped_word == outages.WORD:
        return Room(0, key.stopped_word, key.stopped_text or "")
    if key.stopped_word is not None:
        if key.stopped_until is not None and key.stopped_until > now:
            return Room(0, key.stopped_word, key.stopped_text or "")
        return (
            Room(0, key.stopped_word, key.stopped_text or "") if _is_being_tried(session, key.id) else Room(1)
        )
    lane = session.get(Lane, (key.id, pool))
    if lane is not None and lane.blocked_until is not None and lane.blocked_until > now:
        return NO_SLOT
    allowance = CREATES_PER_MINUTE_MOST - _sent_since(session, key.id, now - timedelta(minutes=1), now)
    if allowance < 1:
        return TOO_FAST
    if key.well_at is not None and outages.comes_back(key, now):
        allowance = min(
            allowance,
            outages.allowed_since_well(key, now) - _sent_since(session, key.id, key.well_at, now),
        )
        if allowance < 1:
            return COMES_BACK
    free = limit_of(lane, key, pool, now) - slots_held(session, key.id, pool)
    return Room(min(free, allowance)) if free > 0 else NO_SLOT


def limit_of(lane: Lane | None, key: ProviderKey, pool: str, now: datetime) -> int:
    """Say how many tasks this lane is believed to take at once.

    What a refusal taught is forgotten by one place a minute, up to the documented limit.
    """
    documented = default_limit(pool, key.version)
    if lane is None or lane.limit_learnt is None or lane.learnt_at is None:
        return documented
    if lane.limit_learnt >= documented:
        return lane.limit_learnt
    return min(documented, lane.limit_learnt + max((now - lane.learnt_at) // FORGET_ONE_AFTER, 0))


def slots_held(session: Session, key_id: str, pool: str) -> int:
    """Count the provider's places that our tasks take in this group of this key."""
    holding = Task.status.in_(HOLDS_SLOT)
    return session.scalar(select(func.count()).where(Task.key_id == key_id, Task.pool == pool, holding)) or 0


def in_fair_order(
    key_id: str | None, pool: str, now: datetime, most: int, held: Mapping[str, Waiting] | None = None
) -> Select[Task]:
    """Select what is ready in a lane in the order in which it should be sent.

    A higher priority goes first; within one, projects take turns, whoever holds fewest places first, so that a plan
    of hundreds does not hold up a single order of somebody else. What is paused is not among it, nor
    what belongs to a plan that is `held`.
    """
    same_key = Task.key_id.is_(None) if key_id is None else Task.key_id == key_id
    holding = (
        select(Task.project_id, func.count().label("held"))
        .where(Task.pool == pool, Task.status.in_(HOLDS_SLOT))
        .group_by(Task.project_id)
        .subquery()
    )
    turn = func.row_number().over(
        partition_by=(Task.project_id, Task.priority), order_by=(Task.created_at, Task.id)
    )
    ready = (
        select(Task.id, turn.label("turn"))
        .where(
            Task.status == TaskStatus.READY,
            is_due(now),
            same_key,
            Task.pool == pool,
            ~is_paused(held or {}),
        )
        .subquery()
    )
    return (
        select(Task)
        .join(ready, ready.c.id == Task.id)
        .outerjoin(holding, holding.c.project_id == Task.project_id)
        .order_by(
            Task.priority.desc(), ready.c.turn + func.coalesce(holding.c.held, 0), Task.created_at, Task.id
        )
        .limit(most)
    )


def block_lane(session: Session, key_id: str, pool: str, until: datetime, now: datetime) -> None:
    """The provider has no free place in this group: nothing is sent to it before `until`.

    What we hold at this moment, with what was lost a while ago and may well be there, is all that it takes.
    """
    lane = session.get(Lane, (key_id, pool), with_for_update=True) or Lane(key_id=key_id, pool=pool)
    lane.blocked_until = until
    held, lost = slots_held(session, key_id, pool), _lost_lately(session, key_id, pool, now)
    documented = default_limit(pool, session.get_one(ProviderKey, key_id).version)
    lane.limit_learnt, lane.learnt_at = max(held, min(held + lost, documented), 1), now
    session.add(lane)


def open_lane(session: Session, key_id: str, pool: str, slots_left: int | None, now: datetime) -> None:
    """The provider took an order: its key works, and a header may have said how many places are left."""
    if slots_left is not None:
        _learn(session, key_id, pool, slots_left, now)
    key = session.get_one(ProviderKey, key_id)
    if key.stopped_word is not None and key.stopped_word != outages.WORD:
        key.stopped_word = key.stopped_text = key.stopped_until = None
        key.stopped_tries = 0


def stop_key(session: Session, key_id: str, word: str, sentence: str, until: datetime, now: datetime) -> None:
    """Nothing is sent with this key before `until`; then one order tries whether the cause is gone."""
    key = session.get_one(ProviderKey, key_id, with_for_update=True)
    if key.stopped_word != word:
        key.stopped_at = now
    key.stopped_word, key.stopped_text, key.stopped_until = word, sentence, until
    key.stopped_tries += 1
    key.checked_at = now


def forget_the_future(session: Session, now: datetime) -> None:
    """Forget what a clock that was far ahead has written of lanes and keys: nobody waits until it is true."""
    was_ahead = or_(Lane.learnt_at > now + CLOCKS_DIFFER, Lane.blocked_until > now + LONGEST_QUIET)
    session.execute(
        update(Lane)
        .where(was_ahead)
        .values(blocked_until=None, limit_learnt=None, learnt_at=None)
        .execution_options(synchronize_session=False)
    )
    keys = update(ProviderKey).execution_options(synchronize_session=False)
    session.execute(keys.where(ProviderKey.quiet_until > now + LONGEST_QUIET).values(quiet_until=None))
    session.execute(keys.where(ProviderKey.stopped_until > now + LONGEST_QUIET).values(stopped_until=now))


def _learn(session: Session, key_id: str, pool: str, slots_left: int, now: datetime) -> None:
    """Add what is left to what is known to be there; only a refusal teaches less than the documents say.

    Of answers that crossed, the smallest sum counts.
    """
    there = Task.status.in_([TaskStatus.QUEUED, TaskStatus.RUNNING])
    known = session.scalar(select(func.count()).where(Task.key_id == key_id, Task.pool == pool, there)) or 0
    lane = session.get(Lane, (key_id, pool)) or Lane(key_id=key_id, pool=pool)
    limit = max(known + slots_left, default_limit(pool, session.get_one(ProviderKey, key_id).version))
    if lane.limit_learnt is not None and lane.learnt_at is not None and now - lane.learnt_at < CROSSED_WITHIN:
        limit = min(limit, lane.limit_learnt)
    lane.limit_learnt, lane.learnt_at = limit, now
    session.add(lane)


def _is_being_tried(session: Session, key_id: str) -> bool:
    """Whether an order is on its way that will show if the key works again: one is enough."""
    on_its_way = Task.status == TaskStatus.SUBMITTING
    return session.scalar(select(Task.id).where(Task.key_id == key_id, on_its_way).limit(1)) is not None


def _lost_lately(session: Session, key_id: str, pool: str, now: datetime) -> int:
    """Count what was sent and then lost: if it was made, it takes a place that we do not see."""
    lost = (Task.status == TaskStatus.UNKNOWN, Task.sent_at.between(now - STILL_THERE, now + CLOCKS_DIFFER))
    return session.scalar(select(func.count()).where(Task.key_id == key_id, Task.pool == pool, *lost)) or 0


def _sent_since(session: Session, key_id: str, moment: datetime, now: datetime) -> int:
    sent = Task.sent_at.between(moment, now + CLOCKS_DIFFER)
    return session.scalar(select(func.count()).where(Task.key_id == key_id, sent)) or 0
