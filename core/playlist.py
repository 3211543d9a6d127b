"""What is to be reviewed: assets with a model that nobody has decided about, the oldest first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from core.asset_lists import rows_by_id
from core.lifecycle import Approval, AssetStatus
from core.models import Artifact, Asset, Task
from core.schemas import AssetPage

COUNTED: Final = 1_000  # beyond, "1,000+" says enough
# Nothing of these goes on by itself, and each came to its state by a model.
HAS_MODEL: Final = (AssetStatus.COMPLETE, AssetStatus.GENERATED, AssetStatus.RIGGED)


def to_review(session: Session, *, project_id: str | None = None, limit: int = 50) -> AssetPage:
    """List what waits for a decision, with the number of all that do: up to COUNTED.

    One look finds both: it is long where thousands failed without a model, each of which is looked into.
    """
    wanted = is_to_review()
    if project_id is not None:
        wanted = and_(wanted, Asset.project_id == project_id)
    oldest = select(Asset.id).where(wanted).order_by(Asset.created_at, Asset.id).limit(COUNTED + 1)
    found = session.scalars(oldest).all()
    return AssetPage(
        assets=rows_by_id(session, found[:limit]),
        next_cursor=None,
        total=min(len(found), COUNTED),
        has_more=len(found) > COUNTED,
    )


def is_to_review() -> ColumnElement[bool]:
    """Say in SQL of an asset whether it has a model of its present chain that nobody has decided about.

    Files are looked for only where the state does not tell: a failed rig leaves its draft, which can be judged. One
    is picked out, not asked for by EXISTS: PostgreSQL would read all files for it.
    """
    model = (
        select(Artifact.id)
        .join(Task, Task.id == Artifact.task_id)
        .where(Artifact.asset_pk == Asset.id, Artifact.role == "model", Task.chain == Asset.chain)
        .limit(1)
        .scalar_subquery()
    )
    failed_later = and_(Asset.status == AssetStatus.FAILED, model.is_not(None))
    return and_(Asset.approval == Approval.PENDING, or_(Asset.status.in_(HAS_MODEL), failed_later))
