"""What is to be reviewed: assets with a model that nobody has decided about, the oldest first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.lifecycle import Approval, AssetStatus
from core.models import Artifact, Asset, Task
from core.queries import rows_of
from core.schemas import AssetPage

# Nothing of these goes on by itself; a failed rig leaves its draft, which can be judged.
SETTLED: Final = (AssetStatus.COMPLETE, AssetStatus.FAILED, AssetStatus.GENERATED, AssetStatus.RIGGED)


def to_review(session: Session, *, project_id: str | None = None, limit: int = 50) -> AssetPage:
    """List what waits for a decision, with the number of all that do."""
    wanted = is_to_review()
    if project_id is not None:
        wanted = and_(wanted, Asset.project_id == project_id)
    total = session.scalar(select(func.count()).select_from(Asset).where(wanted)) or 0
    rows = session.scalars(select(Asset).where(wanted).order_by(Asset.created_at, Asset.id).limit(limit))
    return AssetPage(assets=rows_of(session, rows.all()), next_cursor=None, total=total)


def is_to_review() -> ColumnElement[bool]:
    """Say in SQL of an asset whether it has a model of its present chain that nobody has decided about."""
    model = (
        select(Artifact.id)
        .join(Task, Task.id == Artifact.task_id)
        .where(Artifact.asset_pk == Asset.id, Artifact.role == "model", Task.chain == Asset.chain)
        .exists()
    )
    return and_(Asset.approval == Approval.PENDING, Asset.status.in_(SETTLED), model)
