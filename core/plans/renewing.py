"""Assets that were made under an older style: which they are, what it costs to make them anew, doing so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import orders
from core.errors import NotFoundError, OrderError
from core.generations import Generation
from core.models import Asset, Plan, Project
from core.plans.composing import Composer
from core.plans.plan import PlanRow
from core.plans.style import Brief, current_style
from core.schemas import Credits, View
from core.tripo import Version


class OutdatedAsset(View):
    """An asset whose model was made under an older style. `prompt` is what would be sent now."""

    asset_id: str
    name: str
    category: str
    style_version: int
    prompt_then: str
    prompt: str
    credits: Credits


class _Outdated(NamedTuple):
    asset: Asset
    order: Generation
    credits: Decimal


def outdated_assets(session: Session, project: Project, version: Version) -> tuple[OutdatedAsset, ...]:
    """List what today's style would make otherwise, in the order of its plans."""
    return tuple(
        OutdatedAsset(
            asset_id=each.asset.asset_id,
            name=each.asset.name,
            category=each.asset.category,
            style_version=each.asset.style_version,
            prompt_then=each.asset.prompt,
            prompt=each.order.order["prompt"],
            credits=each.credits,
        )
        for each in _outdated(session, project, version)
    )


def renew_assets(
    session: Session,
    project: Project,
    asset_ids: Collection[str],
    *,
    version: Version,
    actor: str,
    now: datetime,
) -> list[str]:
    """Order these assets anew under today's style; returns the ids of all new tasks.

    Raises NotFoundError for one that is not outdated, ConflictError for one that is being made at this moment.
    """
    there = {each.asset.asset_id: each for each in _outdated(session, project, version)}
    made: list[str] = []
    style_version = current_style(session, project.id).version
    for asset_id in dict.fromkeys(asset_ids):
        if asset_id not in there:
            raise NotFoundError(
                f"The asset {asset_id[:80]!r} is not among those that were made under an older style.",
                suggestion="Take the ids from the list of outdated assets.",
                code="asset_not_outdated",
                field="assetIds",
            )
        asset, order, _credits = there[asset_id]
        plan = session.get(Plan, asset.plan_id)
        rows = orders.order_generation(
            session,
            project_id=project.id,
            asset_id=asset_id,
            prompt=order.order["prompt"],
            version=version,
            now=now,
            should_rig=asset.tag == "RIG",
            animations=order.animations,
            options=order.order["options"],
            rig=orders.rig_of_before(session, asset, order.animations) if asset.tag == "RIG" else None,
            priority=asset.priority + (plan.priority if plan else 0),
            actor=actor,
        )
        asset.style_version = style_version
        asset.made_from = asset.brief
        made += [row.id for row in rows]
    return made


def _outdated(session: Session, project: Project, version: Version) -> Iterator[_Outdated]:
    style = current_style(session, project.id)
    composer = Composer(session, style.style, project.defaults, version)
    older = select(Asset).where(
        Asset.project_id == project.id,
        Asset.plan_id.is_not(None),
        Asset.removed_at.is_(None),
        Asset.style_version < style.version,
    )
    for asset in session.scalars(older.order_by(Asset.plan_id, Asset.plan_order, Asset.variant)):
        row = _row_of(asset)
        seed = asset.options.get("modelSeed")
        try:
            order = composer.compose(row, seed)
        except OrderError:
            continue  # what today's style cannot make is not offered
        if (order.order["prompt"], order.order["options"]) != (asset.prompt, asset.options):
            yield _Outdated(asset, order, composer.price(row, (order,))[1])


def _row_of(asset: Asset) -> PlanRow:
    """Say an asset's brief as its row would."""
    brief = Brief(**(asset.brief or asset.made_from or {"description": asset.description}))
    return PlanRow.model_validate(
        {
            "line": 1,
            "name": asset.name,
            "category": asset.category,
            "tag": asset.tag,
            "description": brief.description,
            "animations": tuple(asset.animations),
            "options": brief.options,
            "size_class": brief.size_class,
            "seed": brief.seed,
        }
    )
