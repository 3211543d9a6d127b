"""A plan written out again in its own format, with what became of each row: status, ids and the files' hashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import TaskStatus
from core.models import Artifact, Asset, Task
from core.plans.decoding import plain_text
from core.plans.known import portions
from core.plans.notes import Notes
from core.plans.plan import ReadPlan
from core.plans.writing import annotate_markdown, write_plan


def exported(
    session: Session, project_id: str, read: ReadPlan, content: bytes | str, asset_ids: Sequence[str | None]
) -> bytes:
    """Write the rows of a plan with a report beside each; `asset_ids` names the asset of each row, if it has one.

    Readers leave the reports unread, so that the copy can be edited and applied like the plan itself.
    """
    reports = _reports(session, project_id, [each for each in asset_ids if each is not None])
    planned: dict[str, Any] = {"status": "planned"}
    added = [reports.get(each or "", planned) for each in asset_ids]
    if read.format == "markdown":
        return annotate_markdown(plain_text(content, Notes()), read.rows, added)
    return write_plan(read.rows, read.format, added)


def _reports(session: Session, project_id: str, asset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    reports: dict[str, dict[str, Any]] = {}
    for some in portions(asset_ids):
        wanted = select(Asset).where(Asset.project_id == project_id, Asset.asset_id.in_(some))
        assets = session.scalars(wanted).all()
        hashes = _hashes(session, assets)
        for asset in assets:
            reports[asset.asset_id] = {
                "assetId": asset.asset_id,
                "status": asset.status.value,
                "files": hashes[asset.id],
            }
    return reports


def _hashes(session: Session, assets: Sequence[Asset]) -> dict[str, dict[str, str]]:
    """Map each asset to the hashes of its current models, by step or preset."""
    chains = {asset.id: asset.chain for asset in assets}
    files = (
        select(Task, Artifact.sha256)
        .join(Artifact, Artifact.task_id == Task.id)
        .where(
            Task.asset_pk.in_(list(chains)),
            Task.status == TaskStatus.SUCCESS,
            Artifact.role == "model",
        )
        .order_by(Task.created_at, Task.attempt)
    )
    hashes: dict[str, dict[str, str]] = defaultdict(dict)
    for task, sha256 in session.execute(files):
        if task.chain == chains[task.asset_pk]:
            hashes[task.asset_pk][task.preset or task.kind.value] = sha256
    return hashes
