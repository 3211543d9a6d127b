"""What became of orders whose answer was lost, judged from what the provider shows. Pure: no database, no network.

An order is given a task by itself only when nothing else is possible: the very input, made when the order was sent,
and as many such tasks as there are such orders. Everything else is laid before a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from core.prices import credits_in_words
from core.schemas import CandidateView, WalletView
from core.tripo import Likeness, ProviderTask, Request

CLOCKS_DIFFER_BY: Final = timedelta(seconds=5)  # or the provider writes whole seconds
ARRIVES_WITHIN: Final = timedelta(seconds=30)  # after its answer was given up
NEAR: Final = timedelta(minutes=15)  # a clock that is wrong by more than that is noticed elsewhere
CATCHES_UP_AFTER: Final = timedelta(seconds=30)
MOST_SHOWN: Final = 20


class LostOrder(NamedTuple):
    """An order whose answer was lost. `request` is None for one that the provider no longer offers."""

    task_id: str
    request: Request | None
    sent_at: datetime
    lost_at: datetime


class Candidate(NamedTuple):
    """A task at the provider that belongs to none of our rows, with its likeness to one order."""

    theirs: ProviderTask
    likeness: Likeness
    in_time: bool

    @property
    def is_certain(self) -> bool:
        """Whether it has the order's very input and was made when the order was sent."""
        return self.likeness.fit == "same" and self.in_time


class Sighting(NamedTuple):
    """A task at the provider that a person named, as it compares with one order."""

    theirs: ProviderTask
    likeness: Likeness


class History(NamedTuple):
    """What the account's history says. `reaches_back` when it was read to before the orders were sent."""

    is_offered: bool
    trouble: str | None = None
    newest_at: datetime | None = None
    reaches_back: bool = False

    @property
    def word(self) -> str:
        """How it stands with the history, in a word."""
        if not self.is_offered:
            return "not_offered"
        return "read" if self.trouble is None else "failing"


def candidate_for(order: LostOrder, theirs: ProviderTask, likeness: Likeness) -> Candidate | None:
    """Hold a task of the provider's against an order; None when it cannot be it."""
    made_at = theirs.created_at
    if likeness.fit == "different" or not _is_near(order, theirs):
        return None
    in_time = made_at is not None and (
        order.sent_at - CLOCKS_DIFFER_BY <= made_at <= order.lost_at + ARRIVES_WITHIN
    )
    return Candidate(theirs, likeness, in_time)


def _is_near(order: LostOrder, theirs: ProviderTask) -> bool:
    """Say whether a task was made about when an order was sent; one that does not tell its time may have been."""
    made_at = theirs.created_at
    return made_at is None or order.sent_at - NEAR <= made_at <= order.lost_at + NEAR


def certain_pairs(
    orders: Sequence[LostOrder], found: Mapping[str, Sequence[Candidate]]
) -> dict[str, ProviderTask]:
    """Give orders their tasks where nothing else is possible: by the order's task id.

    Equal orders may take each other's tasks, so those that compete are served together, in the order of time, once
    there are just as many tasks as orders.
    """
    pairs: dict[str, ProviderTask] = {}
    competing = [order for order in orders if any(c.is_certain for c in found[order.task_id])]
    for group in _equal(competing):
        names = {order.task_id for order in group}
        theirs = {c.theirs.task_id: c.theirs for name in names for c in found[name] if c.is_certain}
        rivals = {
            c.theirs.task_id for order in orders if order.task_id not in names for c in found[order.task_id]
        }
        if len(theirs) != len(group) or rivals & theirs.keys():
            continue
        by_time = sorted(theirs.values(), key=lambda t: (str(t.created_at), t.task_id))
        matched = list(zip(sorted(group, key=lambda o: (o.sent_at, o.task_id)), by_time, strict=True))
        if all(_is_among(task, found[order.task_id]) for order, task in matched):
            pairs |= {order.task_id: task for order, task in matched}
    return pairs


def _equal(orders: Sequence[LostOrder]) -> list[list[LostOrder]]:
    groups: list[list[LostOrder]] = []
    for order in orders:
        if order.request is None:
            continue
        group = next((g for g in groups if g[0].request == order.request), None)
        if group is None:
            groups.append([order])
        else:
            group.append(order)
    return groups


def _is_among(theirs: ProviderTask, candidates: Sequence[Candidate]) -> bool:
    return any(c.is_certain and c.theirs.task_id == theirs.task_id for c in candidates)


def equal_orders(order: LostOrder, orders: Sequence[LostOrder]) -> int:
    """Count the other lost orders that asked for exactly the same."""
    return sum(
        other.request == order.request for other in orders if order.request and other.task_id != order.task_id
    )


# --- the verdict ---------------------------------------------------------------------------------------------


def verdict(
    order: LostOrder,
    candidates: Sequence[Candidate],
    equal: int,
    history: History,
    wallet: WalletView,
    now: datetime,
) -> tuple[str, str]:
    """Say in a word and a sentence what became of an order that no task could be given to by itself."""
    if candidates:
        return "choose", _several(candidates, equal)
    if not history.is_offered:
        return _by_wallet_alone(wallet)
    if history.trouble is not None:
        return "looking", f"Tripo's account history could not be read: {history.trouble} It is tried again."
    if not _has_caught_up(order, history, now):
        if wallet.says == "taken":
            return "likely_created", f"It is not in Tripo's account history so far, but {_taken(wallet)}"
        return "looking", (
            "It is not in Tripo's account history so far. No newer task is, either, so the history may lag behind."
        )
    if wallet.says in ("unchanged", "free"):
        why = ", and the wallet did not change" if wallet.says == "unchanged" else ""
        return "likely_not_created", (
            f"Tripo's account history shows newer tasks, but not this one{why}: it was most likely not created."
        )
    end = "Look into Tripo's console." if wallet.says == "taken" else "It was probably not created."
    return "unclear", f"Tripo's account history shows newer tasks, but not this one. {wallet.sentence} {end}"


def _several(candidates: Sequence[Candidate], equal: int) -> str:
    certain = sum(c.is_certain for c in candidates)
    if certain and (certain > 1 or equal):
        tasks = "one task" if certain == 1 else f"{certain} tasks"
        orders = "this order" if not equal else f"this order and {equal} equal to it"
        return f"Tripo shows {tasks} that fit {orders}: choose which one it became."
    count = "one task" if len(candidates) == 1 else f"{len(candidates)} tasks"
    return f"Tripo shows {count} that may be this order, but not for certain: compare, then decide."


def _by_wallet_alone(wallet: WalletView) -> tuple[str, str]:
    no_history = "This version of Tripo's API has no account history to look into."
    if wallet.says == "taken":
        taken = _taken(wallet)
        return "likely_created", f"{taken[0].upper()}{taken[1:]} Look for its id in Tripo's console."
    if wallet.says == "unchanged":
        return (
            "likely_not_created",
            "The wallet did not change across the send: it was most likely not created.",
        )
    return "unclear", f"{no_history} {wallet.sentence}"


def _taken(wallet: WalletView) -> str:
    fell = credits_in_words((wallet.fell or Decimal(0)) - (wallet.explained or Decimal(0)))
    others = " more than other orders explain" if wallet.explained else ""
    return f"the wallet fell by {fell}{others} across the send: it was probably created."


def _has_caught_up(order: LostOrder, history: History, now: datetime) -> bool:
    """Say whether the history would show the order by now: it shows tasks that are newer than it."""
    newer = history.newest_at is not None and history.newest_at > order.lost_at + CLOCKS_DIFFER_BY
    return history.reaches_back and newer and now - order.lost_at >= CATCHES_UP_AFTER


def candidate_views(candidates: Sequence[Candidate]) -> tuple[CandidateView, ...]:
    """Show candidates, the likeliest first."""
    likeliest = sorted(
        candidates,
        key=lambda c: (not c.is_certain, not c.in_time, len(c.likeness.unseen), str(c.theirs.created_at)),
    )
    return tuple(
        CandidateView(
            tripo_task_id=c.theirs.task_id,
            type=c.theirs.type,
            status=c.theirs.raw_status,
            credits=c.theirs.credits,
            created_at=c.theirs.created_at,
            fit=c.likeness.fit,
            unseen=c.likeness.unseen,
            in_time=c.in_time,
        )
        for c in likeliest[:MOST_SHOWN]
    )
