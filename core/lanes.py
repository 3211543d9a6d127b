"""What may be sent right now: the provider's concurrency groups of each key, and why a key is stopped.

A lane is one group (pool) of one key. A refusal for want of a place blocks a lane for a while; a refused key, an empty
wallet or an outage stops the key's whole queue. After the pause a single order tries whether the cause is gone.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.lifecycle import HOLDS_SLOT
from core.models import Lane, ProviderKey, Task
from core.tripo import default_limit


class Room(NamedTuple):
    """How many orders may be sent in a lane now; with none, a word and a sentence for why."""

    free: int
    word: str = ""
    sentence: str = ""


def room_in(session: Session, key: ProviderKey, pool: str, now: datetime) -> Room:
    """Say how many orders may be sent in this lane at this moment."""
    held = slots_held(session, key.id, pool)
    if key.stopped_word is not None:
        if key.stopped_until is not None and key.stopped_until > now:
            return Room(0, key.stopped_word, key.stopped_text or "")
        return Room(1)
    lane = session.get(Lane, (key.id, pool))
    if lane is not None and lane.blocked_until is not None:
        return NO_SLOT if lane.blocked_until > now else Room(1)
    free = default_limit(pool, key.version) - held
    return Room(free) if free > 0 else NO_SLOT


NO_SLOT = Room(0, "slot", "All of the provider's places are taken; it is sent when one frees up.")


def slots_held(session: Session, key_id: str, pool: str) -> int:
    """Count the provider's places that our tasks take in this group of this key."""
    holding = Task.status.in_(HOLDS_SLOT)
    return session.scalar(select(func.count()).where(Task.key_id == key_id, Task.pool == pool, holding)) or 0


def block_lane(session: Session, key_id: str, pool: str, until: datetime) -> None:
    """The provider has no free place in this group: nothing is sent to it before `until`."""
    lane = session.get(Lane, (key_id, pool), with_for_update=True) or Lane(
        key_id=key_id, pool=pool, refusals=0
    )
    lane.blocked_until, lane.refusals = until, lane.refusals + 1
    session.add(lane)


def open_lane(session: Session, key_id: str, pool: str) -> None:
    """The provider took an order: the group is open, and so is its key."""
    lane = session.get(Lane, (key_id, pool))
    if lane is not None and lane.blocked_until is not None:
        lane.blocked_until, lane.refusals = None, 0
    key = session.get_one(ProviderKey, key_id)
    if key.stopped_word is not None:
        key.stopped_word = key.stopped_text = key.stopped_until = None
        key.stopped_tries = 0


def stop_key(session: Session, key_id: str, word: str, sentence: str, until: datetime, now: datetime) -> None:
    """Nothing is sent with this key before `until`; then one order tries whether the cause is gone."""
    key = session.get_one(ProviderKey, key_id, with_for_update=True)
    key.stopped_word, key.stopped_text, key.stopped_until = word, sentence, until
    key.stopped_tries += 1
    key.checked_at = now
