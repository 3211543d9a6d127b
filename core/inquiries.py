"""Looking for orders whose answer was lost: asks the provider's history and the wallet, and acts on what is certain.

It is asked for as long as something may still be found, at growing intervals, also after a person has decided: late
truth is noted beside the task. Nothing is ever sent again from here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import tasks
from core.accounts import Accounts
from core.clients import Clients
from core.database import Database, log_failure
from core.errors import HatcheryError
from core.evidence import (
    Candidate,
    History,
    LostOrder,
    Sighting,
    candidate_for,
    candidate_views,
    certain_pairs,
    equal_orders,
    verdict,
)
from core.forecast import growing_delay_seconds
from core.history import Found, read_history
from core.lifecycle import TaskStatus
from core.lost_orders import (
    being_sent,
    found_sentence,
    late_truth,
    likeness_of,
    lost_order,
    open_inquiries,
    owned,
)
from core.models import Inquiry, ProviderKey, Task
from core.moves import LeaseLostError
from core.schemas import EvidenceView, WalletView
from core.tripo import ProviderTask
from core.wallet import change_across, price_of, reading_after

log = logging.getLogger("hatchery.inquiries")

LOOKED_FOR: Final = timedelta(days=1)
LOOK_LEASE: Final = timedelta(seconds=60)
LONGEST_SECONDS: Final = 1800.0
SOON: Final = timedelta(seconds=5)
MOST_NAMED: Final = 20


class Conclusion(NamedTuple):
    """What one look has to say of one order; `theirs` is the task that it certainly became."""

    order: LostOrder
    theirs: ProviderTask | None
    candidates: Sequence[Candidate]
    equal: int
    history: History
    looked_at: datetime


class Inquirer:
    """Looks for lost orders, key by key."""

    def __init__(
        self, database: Database, clients: Clients, accounts: Accounts, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._clients = clients
        self._accounts = accounts
        self._now = clock

    def look_due(self) -> int:
        """One pass: look for what is due; say with how many keys."""
        with self._database.transaction() as session:
            due = self._claim_due(session)
        for key in due:
            try:
                self._look(key)
            except Exception as error:  # it must not stop the other keys; it is due again in a minute
                log_failure(log, "looking for lost orders went wrong", error)
        return len(due)

    def look_up(self, task_id: str, tripo_task_id: str) -> Sighting:
        """Ask for one task that a person named, and hold it against the order that it is said to be.

        Raises TaskGoneError when this key does not know it, and other HatcheryErrors as reads do.
        """
        with self._database.reading() as session:
            inquiry = session.get_one(Inquiry, task_id)
            key = session.get_one(ProviderKey, inquiry.key_id)
            order = lost_order(session, inquiry)
        client = self._clients.of(key)
        theirs = client.read(tripo_task_id)
        return Sighting(theirs, likeness_of(client, order.request, theirs))

    # --- who is due ---

    def _claim_due(self, session: Session) -> list[ProviderKey]:
        now = self._now()
        claimed = session.execute(
            update(Inquiry)
            .where(Inquiry.due_at <= now)
            .values(due_at=now + LOOK_LEASE, tries=Inquiry.tries + 1)
            .returning(Inquiry.key_id)
            .execution_options(synchronize_session=False)
        )
        keys = [session.get_one(ProviderKey, key_id) for key_id in sorted(set(claimed.scalars()))]
        return [key for key in keys if not self._waits(session, key, now)]

    def _waits(self, session: Session, key: ProviderKey, now: datetime) -> bool:
        """Put off what a key has to ask for as long as the provider wants no reads with it."""
        if key.quiet_until is None or key.quiet_until <= now:
            return False
        for inquiry in open_inquiries(session, key.id):
            inquiry.due_at = key.quiet_until
        return True

    # --- one key ---

    def _look(self, key: ProviderKey) -> None:
        looked_at = self._now()
        with self._database.reading() as session:
            wanted = open_inquiries(session, key.id)
            orders = [lost_order(session, inquiry) for inquiry in wanted]
            named = list(dict.fromkeys(name for inquiry in wanted for name in inquiry.named))
            lacks_reading = any(reading_after(session, inquiry) is None for inquiry in wanted)
        if not orders:
            return
        found = self._ask(key, orders, named)
        if lacks_reading:
            self._accounts.check(key.id)
        for conclusion in self._concluded(key, orders, found, looked_at):
            self._write(key, conclusion)

    def _ask(self, key: ProviderKey, orders: Sequence[LostOrder], named: Sequence[str]) -> Found:
        try:
            return read_history(self._clients.of(key), orders, named, lambda ids: self._unowned(key, ids))
        except HatcheryError as error:
            log.warning("lost orders could not be looked for: %s (%s)", error.message, error.code)
            return Found(History(is_offered=key.version == "v3", trouble=error.message), ())

    def _unowned(self, key: ProviderKey, ids: Sequence[str]) -> list[str]:
        with self._database.reading() as session:
            ours = owned(session, key.id, ids)
        return [task_id for task_id in ids if task_id not in ours]

    def _concluded(
        self, key: ProviderKey, orders: Sequence[LostOrder], found: Found, looked_at: datetime
    ) -> list[Conclusion]:
        candidates: dict[str, list[Candidate]] = {order.task_id: [] for order in orders}
        for order in orders:
            for theirs in found.tasks:
                likeness = likeness_of(self._clients.of(key), order.request, theirs)
                candidate = candidate_for(order, theirs, likeness)
                if candidate is not None:
                    candidates[order.task_id].append(candidate)
        certain = certain_pairs(orders, candidates)
        return [
            Conclusion(
                order,
                certain.get(order.task_id),
                candidates[order.task_id],
                equal_orders(order, orders),
                found.history,
                looked_at,
            )
            for order in orders
        ]

    # --- what follows ---

    def _write(self, key: ProviderKey, conclusion: Conclusion) -> None:
        """Write one order's news in its own transaction, so that one odd row never stops the others."""
        try:
            with self._database.transaction() as session:
                inquiry = session.get_one(Inquiry, conclusion.order.task_id, with_for_update=True)
                if inquiry.due_at is not None:
                    self._record(session, key, inquiry, conclusion)
        except LeaseLostError as error:
            log.warning("not written, the task has moved on: %s", error.message)

    def _record(self, session: Session, key: ProviderKey, inquiry: Inquiry, conclusion: Conclusion) -> None:
        task = session.get_one(Task, inquiry.task_id)
        if task.tripo_task_id is not None:  # a person named it
            inquiry.due_at = None
            return
        # in this order: a task is on its way, or its id is ours
        rivals = being_sent(session, key.id, conclusion.looked_at)
        ours = owned(session, key.id, [c.theirs.task_id for c in conclusion.candidates])
        is_held_up = conclusion.order.request in rivals
        theirs = conclusion.theirs
        if theirs is not None and theirs.task_id not in ours and not is_held_up:
            self._give(session, inquiry, task, theirs, conclusion)
            return
        seen = [c for c in conclusion.candidates if c.theirs.task_id not in ours]
        price = price_of(task)
        wallet = change_across(session, inquiry, price)
        word, sentence = verdict(
            conclusion.order, seen, conclusion.equal, conclusion.history, wallet, self._now()
        )
        inquiry.due_at = self._next_look(inquiry, is_held_up)
        inquiry.evidence = _evidence(
            inquiry, (word, sentence), wallet, conclusion._replace(candidates=seen), price
        )

    def _give(
        self, session: Session, inquiry: Inquiry, task: Task, theirs: ProviderTask, conclusion: Conclusion
    ) -> None:
        """Let a lost order have its task: followed from here, or noted beside the row when that has ended."""
        if task.status is TaskStatus.UNKNOWN:
            said = "found", found_sentence(inquiry, theirs)
            tasks.follow_found(session, task, theirs.task_id, said[1], "poller", self._now())
        else:
            said = late_truth(session, task, theirs)
            tasks.learn_late(session, task, theirs.task_id, said[1], self._now())
        inquiry.due_at = None
        price = price_of(task)
        wallet = change_across(session, inquiry, price)
        inquiry.evidence = _evidence(inquiry, said, wallet, conclusion, price)

    def _next_look(self, inquiry: Inquiry, is_held_up: bool) -> datetime | None:
        now = self._now()
        if now - inquiry.lost_at > LOOKED_FOR:
            return None
        if is_held_up:
            return now + SOON
        return now + timedelta(seconds=growing_delay_seconds(inquiry.tries, first=5, longest=LONGEST_SECONDS))


def hear_of(session: Session, tripo_task_id: str, now: datetime) -> bool:
    """Look soon for what a piece of news names: no row has it, so a lost order may have become it.

    False when a row has it, or nothing is looked for.
    """
    if session.scalar(select(Task.id).where(Task.tripo_task_id == tripo_task_id).limit(1)) is not None:
        return False
    wanted = session.scalars(select(Inquiry).where(Inquiry.due_at.is_not(None)).with_for_update()).all()
    for inquiry in wanted:
        if tripo_task_id not in inquiry.named:
            inquiry.named = [*inquiry.named, tripo_task_id][-MOST_NAMED:]
        inquiry.due_at = min(inquiry.due_at or now, now + SOON)
    return bool(wanted)


def _evidence(
    inquiry: Inquiry, said: tuple[str, str], wallet: WalletView, conclusion: Conclusion, price: Decimal | None
) -> dict[str, Any]:
    word, sentence = said
    view = EvidenceView(
        verdict=word,
        sentence=sentence,
        sent_at=inquiry.sent_at,
        lost_at=inquiry.lost_at,
        price=price,
        history=conclusion.history.word,
        trouble=conclusion.history.trouble,
        equal_orders=conclusion.equal,
        candidates=candidate_views(conclusion.candidates),
        wallet=wallet,
        looked_at=conclusion.looked_at,
        next_look_at=inquiry.due_at,
    )
    return view.model_dump(mode="json")
