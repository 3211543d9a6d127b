"""What a plan says now of assets that there are already: thousands of changed rows in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from core.asset_texts import renew_texts
from core.lifecycle import FINAL
from core.models import Asset, Plan, Task, TaskEvent
from core.moves import refresh_assets
from core.plans.drafting import DraftRow, Touched
from core.plans.known import portions
from core.plans.matching import Known
from core.plans.plan import PlanRow
from core.plans.style import brief_of

_ASSETS, _EVENTS = (cast(Table, model.__table__) for model in (Asset, TaskEvent))
_PREFIX: Final = "its_"  # an UPDATE may not name its parameters as its columns


class Edit(NamedTuple):
    """An asset of which no model is made anew: words, order, priority, steps that begin, or have been ended."""

    touched: Touched
    row: PlanRow
    known: Known
    n: int


def is_edit(touched: Touched, row: PlanRow | None) -> bool:
    """Whether a change is no more than an edit, so that it can be written together with others."""
    if row is None or touched.is_leaving or touched.another is not None:
        return False
    return not (row.variants == 1 and touched.asset.is_gated)


def edits_of(rows: Iterable[tuple[int, DraftRow]]) -> list[Edit]:
    """List the edits among changed rows."""
    return [
        Edit(touched, drafted.match.row, drafted.match.known, n)
        for n, drafted in rows
        if drafted.match.row is not None and drafted.match.known is not None
        for touched in drafted.touched
        if is_edit(touched, drafted.match.row)
    ]


def write_edits(session: Session, plan: Plan, edits: Sequence[Edit], actor: str, now: datetime) -> None:
    """Write edits together, of assets that are locked. What the session holds of them stays as it was."""
    session.flush()
    _write_priorities(session, plan, edits)
    written = [
        {
            "of": edit.touched.asset.id,
            **_named({**said_of(edit.touched.asset, edit.row, edit.known, plan, edit.n), "updated_at": now}),
        }
        for edit in edits
    ]
    _update(session, _ASSETS, written)
    renew_texts(session.connection(), [edit.touched.asset.id for edit in edits if _is_renamed(edit)])
    _begin(session, plan, edits, actor, now)
    refresh_assets(session, [edit.touched.asset.id for edit in edits if _has_other_steps(edit)], now)


def said_of(asset: Asset, row: PlanRow, known: Known, plan: Plan, n: int) -> dict[str, Any]:
    """Say, in the columns' words, what a plan says of an asset."""
    return {
        "made_from": asset.made_from or known.made_from.model_dump(mode="json"),
        "brief": brief_of(row).model_dump(mode="json"),
        "name": row.name,
        "category": row.category,
        "description": row.description,
        "tag": row.tag,
        "animations": list(row.animations),
        "priority": row.priority,
        "plan_id": plan.id,
        "plan_order": n,
        "plan_key": row.key or known.key,
        "removed_at": None,
    }


def _write_priorities(session: Session, plan: Plan, edits: Iterable[Edit]) -> None:
    changed: dict[int, list[str]] = defaultdict(list)
    for edit in edits:
        if edit.touched.asset.priority != edit.row.priority:
            changed[plan.priority + edit.row.priority].append(edit.touched.asset.id)
    for priority, ids in changed.items():
        for asset_pks in portions(ids):
            open_tasks = (Task.asset_pk.in_(asset_pks), Task.status.not_in(list(FINAL)))
            session.execute(
                update(Task)
                .where(*open_tasks)
                .values(priority=priority)
                .execution_options(synchronize_session=False)
            )


def _begin(session: Session, plan: Plan, edits: Iterable[Edit], actor: str, now: datetime) -> None:
    begun = [task for edit in edits for task in edit.touched.begins]
    if not begun:
        return
    for task in begun:
        task.priority += plan.priority
    session.add_all(begun)
    session.flush()
    events = [
        {
            "task_id": task.id,
            "asset_pk": task.asset_pk,
            "at": now,
            "to_status": task.status.value,
            "message": "",
            "actor": actor,
        }
        for task in begun
    ]
    session.connection().execute(insert(_EVENTS), events)


def _has_other_steps(edit: Edit) -> bool:
    touched = edit.touched
    return bool(touched.begins or touched.ends) or touched.asset.tag != edit.row.tag


def _is_renamed(edit: Edit) -> bool:
    asset = edit.touched.asset
    return (asset.name, asset.category) != (edit.row.name, edit.row.category)


def _named(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{_PREFIX}{name}": value for name, value in columns.items()}


def _update(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows by their id, the same columns in all of them."""
    names = [name.removeprefix(_PREFIX) for name in rows[0] if name != "of"]
    columns = {name: bindparam(f"{_PREFIX}{name}", type_=table.c[name].type) for name in names}
    statement = update(table).where(table.c.id == bindparam("of")).values(**columns)
    session.connection().execute(statement, list(rows))
