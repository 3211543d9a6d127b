"""The assets that plans of a project listed before, read in bulk: what rows are matched with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.models import Asset, Plan, Task
from core.plans.matching import Known
from core.plans.plan import PlanRow
from core.plans.style import Brief

MANY: Final = 500  # ids in one question to the database

_COLUMNS: Final = (
    Asset.id,
    Asset.asset_id,
    Asset.name,
    Asset.category,
    Asset.tag,
    Asset.animations,
    Asset.prompt,
    Asset.options,
    Asset.priority,
    Asset.plan_id,
    Asset.plan_key,
    Asset.plan_order,
    Asset.brief,
    Asset.made_from,
    Asset.removed_at,
    Asset.variant_group,
    Asset.variant,
    Asset.picked_at,
)


def known_assets(
    session: Session, project_id: str, plan: Plan | None, rows: Sequence[PlanRow]
) -> list[Known]:
    """Read what the project's plans listed, and what rows name by an id; of alternates the one that counts."""
    of_project = select(*_COLUMNS).where(Asset.project_id == project_id)
    found = list(session.execute(of_project.where(Asset.plan_id.is_not(None))))
    there = {each.asset_id for each in found}
    named = [row.key for row in rows if row.key is not None and row.key not in there]
    for keys in portions(named):
        found += session.execute(of_project.where(Asset.plan_id.is_(None), Asset.asset_id.in_(keys)))
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for each in found:
        groups[each.variant_group or each.id].append(each)
    return [_known(group, plan) for group in groups.values()]


def members_of(session: Session, heads: Iterable[str]) -> dict[str, list[Asset]]:
    """Load, for the assets that count, all alternates of their row; an asset without any is its only one."""
    members: dict[str, list[Asset]] = {}
    groups: dict[str, str] = {}
    for asset_pks in portions(list(heads)):
        for asset in session.scalars(select(Asset).where(Asset.id.in_(asset_pks))):
            members[asset.id] = [asset]
            if asset.variant_group is not None:
                groups[asset.variant_group] = asset.id
    for group_ids in portions(list(groups)):
        wanted = select(Asset).where(Asset.variant_group.in_(group_ids)).order_by(Asset.variant)
        for asset in session.scalars(wanted):
            head = groups[asset.variant_group or ""]
            if asset.id != head:
                members[head].append(asset)
    return members


def tasks_of(session: Session, assets: Iterable[Asset]) -> dict[str, list[Task]]:
    """Load the tasks of the current chains of many assets."""
    chains = {asset.id: asset.chain for asset in assets}
    tasks: dict[str, list[Task]] = defaultdict(list)
    for asset_pks in portions(list(chains)):
        for task in session.scalars(select(Task).where(Task.asset_pk.in_(asset_pks))):
            if task.chain == chains[task.asset_pk]:
                tasks[task.asset_pk].append(task)
    return tasks


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a long list of ids into questions that a database takes."""
    for start in range(0, len(ids), MANY):
        yield ids[start : start + MANY]


def _known(group: Sequence[Row[Any]], plan: Plan | None) -> Known:
    live = [each for each in group if each.removed_at is None]
    counted = sorted(live or group, key=lambda each: (each.picked_at is None, each.variant))
    head = counted[0]
    brief = Brief(**head.brief) if head.brief else _brief_of_itself(head)
    return Known(
        asset_pk=head.id,
        asset_id=head.asset_id,
        key=head.plan_key,
        name=head.name,
        category=head.category,
        tag=head.tag,
        animations=tuple(head.animations),
        brief=brief,
        made_from=Brief(**head.made_from) if head.made_from else brief,
        order=head.plan_order if head.plan_order is not None else 0,
        prompt=head.prompt,
        priority=head.priority,
        variants=len(counted),
        is_removed=not live,
        is_of_this_plan=plan is not None and head.plan_id == plan.id,
    )


def _brief_of_itself(asset: Row[Any]) -> Brief:
    """Say of an asset that was ordered by itself what it was made from."""
    return Brief(description=asset.prompt, options=asset.options)
