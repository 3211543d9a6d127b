"""What a key's wallet held before and after an order left, and what that tells of an order whose answer was lost.

Credits are set aside when a task is created and returned when it fails (Tripo docs, balance). Others may spend from
the same wallet, so a change is evidence for a person, never proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from pydantic import ValidationError
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core.lifecycle import TaskStatus
from core.models import Inquiry, Task, WalletReading
from core.prices import credits_in_words, credits_of_step
from core.schemas import WalletMoment, WalletView
from core.tripo import Balance

KEPT_FOR: Final = timedelta(days=2)  # longer than a lost order is looked for
_SENTENCES: Final[Mapping[str, str]] = {
    "unread": "The wallet was not read both before and after the send.",
    "unclear": "The wallet says nothing certain: other credits moved at the same time.",
    "free": "The wallet says nothing, since this step is free.",
    "unchanged": "The wallet did not change across the send, but for what other orders of ours explain.",
    "taken": "The wallet fell by {credits} across the send that no other order of ours explains.",
}
NOT_READ: Final = WalletView(before=None, after=None, says="unread", sentence=_SENTENCES["unread"])
NOTICED_WITHIN: Final = timedelta(minutes=10)  # a failure at the provider, by us


def keep_reading(
    session: Session, key_id: str, wallet: Balance, asked_at: datetime, answered_at: datetime
) -> None:
    """Keep what a wallet held, and forget what is too old to tell of anything."""
    old = WalletReading.answered_at < answered_at - KEPT_FOR
    session.execute(delete(WalletReading).where(WalletReading.key_id == key_id, old))
    session.add(
        WalletReading(
            key_id=key_id,
            asked_at=asked_at,
            answered_at=answered_at,
            balance=wallet.balance,
            frozen=wallet.frozen,
        )
    )


def price_of(task: Task) -> Decimal | None:
    """Say what the provider takes for this task when it succeeds; None for what it no longer offers."""
    try:
        return credits_of_step(task.kind, task.preset, task.order)
    except (ValidationError, ValueError, KeyError):
        return None


def reading_before(session: Session, inquiry: Inquiry) -> WalletReading | None:
    """Find the last reading that was over when the order left."""
    wanted = select(WalletReading).where(
        WalletReading.key_id == inquiry.key_id, WalletReading.answered_at <= inquiry.sent_at
    )
    return session.scalar(wanted.order_by(WalletReading.answered_at.desc(), WalletReading.id.desc()).limit(1))


def reading_after(session: Session, inquiry: Inquiry) -> WalletReading | None:
    """Find the first reading that was begun after the answer was given up."""
    wanted = select(WalletReading).where(
        WalletReading.key_id == inquiry.key_id, WalletReading.asked_at >= inquiry.lost_at
    )
    return session.scalar(wanted.order_by(WalletReading.asked_at, WalletReading.id).limit(1))


def change_across(session: Session, inquiry: Inquiry, price: Decimal | None) -> WalletView:
    """Say how the wallet changed across a send, and what of it other orders of ours explain."""
    before, after = reading_before(session, inquiry), reading_after(session, inquiry)
    if before is None or after is None:
        return NOT_READ.model_copy(update={"before": _moment(before), "after": _moment(after)})
    others = _others(session, inquiry, before, after)
    fell = before.balance - after.balance
    explained = sum((other.credits for other in others if other.is_known), Decimal(0))
    lost_too = sum((other.credits for other in others if not other.is_known), Decimal(0))
    says = _says(
        price,
        unexplained=fell - explained,
        frozen_rose=after.frozen - before.frozen > explained,
        lost_too=lost_too,
        is_blurred=any(other.is_blurred for other in others),
    )
    return WalletView(
        before=_moment(before),
        after=_moment(after),
        fell=fell,
        explained=explained,
        says=says,
        sentence=_SENTENCES[says].format(credits=credits_in_words(fell - explained)),
    )


class _Other(NamedTuple):
    """Another order of this key whose credits moved, or may have, between two readings."""

    credits: Decimal
    is_known: bool  # to exist at the provider; otherwise it is of unknown outcome, too
    is_blurred: bool  # nobody can say on which side of a reading its credits moved


def _others(session: Session, inquiry: Inquiry, before: WalletReading, after: WalletReading) -> list[_Other]:
    lost = {
        row.task_id: row for row in session.scalars(select(Inquiry).where(Inquiry.key_id == inquiry.key_id))
    }
    near = select(Task).where(
        Task.key_id == inquiry.key_id,
        Task.id != inquiry.task_id,
        Task.sent_at.is_not(None),
        Task.sent_at <= after.answered_at,
        or_(
            Task.submitted_at >= before.asked_at,
            Task.finished_at >= before.asked_at,
            Task.status == TaskStatus.SUBMITTING,
            Task.id.in_(list(lost)),
        ),
    )
    found = (_other(task, lost.get(task.id), before, after) for task in session.scalars(near))
    return [other for other in found if other is not None]


def _other(task: Task, lost: Inquiry | None, before: WalletReading, after: WalletReading) -> _Other | None:
    """Say what one order may have to do with the change; None for nothing."""
    price = price_of(task) or Decimal(0)
    is_known = task.tripo_task_id is not None
    if not price or not (is_known or lost or task.status is TaskStatus.SUBMITTING):
        return None
    left = lost.sent_at if lost else task.sent_at
    arrived = lost.lost_at if lost else task.submitted_at
    assert left is not None  # noqa: S101 - only what was sent is asked for
    if arrived is None or _overlaps(left, arrived, before) or _overlaps(left, arrived, after):
        return _Other(price, is_known, is_blurred=True)
    ended = task.finished_at if is_known and _was_returned(task) else None
    if before.answered_at < left and arrived < after.asked_at:
        if ended is not None and ended <= after.asked_at:
            return None  # set aside and returned between the two
        return _Other(
            price, is_known, is_blurred=ended is not None and ended < after.answered_at + NOTICED_WITHIN
        )
    if ended is not None and before.asked_at <= ended < after.answered_at + NOTICED_WITHIN:
        return _Other(price, is_known, is_blurred=True)
    return None


def _was_returned(task: Task) -> bool:
    """Say whether the provider gave the credits back, as it does for what fails there."""
    return task.status in (TaskStatus.FAILED, TaskStatus.CANCELLED) and not task.credits


def _overlaps(left: datetime, arrived: datetime, reading: WalletReading) -> bool:
    return left < reading.answered_at and arrived > reading.asked_at


def _says(
    price: Decimal | None, *, unexplained: Decimal, frozen_rose: bool, lost_too: Decimal, is_blurred: bool
) -> str:
    if price == 0:
        return "free"
    if is_blurred or price is None:
        return "unclear"
    if unexplained == 0 and not frozen_rose:
        return "unchanged"
    return "taken" if unexplained == price + lost_too else "unclear"


def _moment(reading: WalletReading | None) -> WalletMoment | None:
    if reading is None:
        return None
    return WalletMoment(at=reading.answered_at, balance=reading.balance, frozen=reading.frozen)
