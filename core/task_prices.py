"""What tasks that nobody was billed for yet will cost when all succeed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.lifecycle import TaskKind
from core.models import Task
from core.prices import credits_of_step

_ANY_PRESET: Final = "preset:walk"


def credits_of_tasks(session: Session, *which: ColumnElement[bool]) -> Decimal:
    """Add up the prices of these tasks: of models by their options, of later steps by their number."""
    counted = session.execute(
        select(Task.kind, func.count()).where(*which, Task.kind != TaskKind.GENERATE).group_by(Task.kind)
    )
    total = sum((credits_of_step(kind, _ANY_PRESET, {}) * count for kind, count in counted), Decimal(0))
    prices: dict[str, Decimal] = {}
    for order in session.scalars(select(Task.order).where(*which, Task.kind == TaskKind.GENERATE)):
        what = json.dumps([order.get("options"), "image" in order], sort_keys=True)
        if what not in prices:
            prices[what] = credits_of_step(TaskKind.GENERATE, "", order)
        total += prices[what]
    return total
