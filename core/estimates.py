"""What an order would cost: checked as the order itself is, written nowhere, sent nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.chosen_keys import chosen_for
from core.generations import checked_generation
from core.lifecycle import TaskKind
from core.models import Asset
from core.prices import StepPrice, prices_of_chain
from core.projects import checked_id, project_of
from core.steps import refuse_if_open
from core.tripo import Version


def estimate_generation(
    session: Session,
    *,
    project_id: str,
    asset_id: str,
    prompt: str | None = None,
    image: Mapping[str, Any] | None = None,
    should_rig: bool = False,
    animations: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    rig: Mapping[str, Any] | None = None,
    key_id: str | None = None,
    version: Version,
) -> tuple[StepPrice, ...]:
    """List what each step of an ordered chain would cost; raises as `orders.order_generation` would."""
    key = chosen_for(session, project_of(session, project_id), key_id)
    checked_id(asset_id, "assetId")
    order, _, presets = checked_generation(
        session,
        version=key.version if key else version,
        prompt=prompt,
        image=image,
        should_rig=should_rig,
        animations=animations,
        options=options,
        rig=rig,
    )
    asset = session.scalar(select(Asset).filter_by(project_id=project_id, asset_id=asset_id))
    if asset is not None:
        refuse_if_open(session, asset, TaskKind.GENERATE)
    return prices_of_chain(order, should_rig=should_rig, animations=presets)
