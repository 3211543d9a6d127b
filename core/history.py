"""What the provider shows that may be a lost order: the account's history, read back, and each stranger in it by id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from core.evidence import NEAR, History, LostOrder
from core.tripo import BATCH_MOST, USAGE_PAGE_MOST, ProviderTask, TripoClient, UsageRow

MOST_PAGES: Final = 10  # of two hundred tasks each: a busy account's last hours
MOST_READ: Final = 500  # strangers, the newest first

Unowned = Callable[[Sequence[str]], list[str]]


class Found(NamedTuple):
    """The history, and the tasks at the provider that none of our rows has."""

    history: History
    tasks: tuple[ProviderTask, ...]


def read_history(
    client: TripoClient, orders: Sequence[LostOrder], named: Sequence[str], unowned: Unowned
) -> Found:
    """Read the account's history back to before these orders were sent, and what in it nobody has.

    `named` are ids that were heard of in another way; `unowned` keeps of ids those that no row has. Raises as the
    client's reads do.
    """
    history, rows = History(is_offered=client.has_usage), list[UsageRow]()
    since = min(order.sent_at for order in orders) - NEAR
    until = max(order.lost_at for order in orders) + NEAR
    if client.has_usage:
        rows, reaches_back = _rows_since(client, since)
        newest = max((row.created_at for row in rows if row.created_at is not None), default=None)
        history = history._replace(newest_at=newest, reaches_back=reaches_back)
    ids = [row.task_id for row in rows if row.created_at is None or since <= row.created_at <= until]
    strangers = unowned(list(dict.fromkeys([*named, *ids])))[:MOST_READ]
    tasks = list[ProviderTask]()
    for n in range(0, len(strangers), BATCH_MOST):
        tasks += client.read_many(strangers[n : n + BATCH_MOST]).tasks.values()
    told = {row.task_id: row for row in rows}
    return Found(history, tuple(_completed(theirs, told.get(theirs.task_id)) for theirs in tasks))


def _rows_since(client: TripoClient, since: datetime) -> tuple[list[UsageRow], bool]:
    """Read page after page, until one is older or brings nothing new; say whether it came to that."""
    rows: dict[str, UsageRow] = {}
    for page in range(MOST_PAGES):
        found = client.usage(USAGE_PAGE_MOST, page * USAGE_PAGE_MOST)
        new = [row for row in found if row.task_id not in rows]
        rows |= {row.task_id: row for row in new}
        if not new or _is_older(found, since):
            return list(rows.values()), True
    return list(rows.values()), False


def _is_older(page: Sequence[UsageRow], since: datetime) -> bool:
    """Say whether a page, the newest first, ends before that time."""
    first, last = page[0].created_at, page[-1].created_at
    return first is not None and last is not None and last <= first and last < since


def _completed(theirs: ProviderTask, row: UsageRow | None) -> ProviderTask:
    """Take from the history what the task itself does not tell."""
    if row is None:
        return theirs
    made_at, credits = theirs.created_at or row.created_at, theirs.credits if theirs.credits else row.credits
    return theirs._replace(created_at=made_at, credits=credits)
