"""What people think of models: approve, reject, comment, and taking that back. The pipeline never looks at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from sqlalchemy.orm import Session

from core import approvals, idempotency
from core.approvals import reviews_of
from core.idempotency import RequestKey
from core.models import Asset, utc_now
from core.projects import asset_of
from dashboard.api.answers import DONE, PROBLEMS, Answer, ReviewAnswer, answer
from dashboard.api.bodies import ApproveBody, CommentBody, EmptyBody, RejectBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import Caller, CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/assets/{projectId}/{assetId}", tags=["reviews"], route_class=CheckedRoute)

ProjectId = Annotated[str, Path(alias="projectId")]
AssetId = Annotated[str, Path(alias="assetId")]
Say = Callable[..., None]


@router.post("/approve", response_model=ReviewAnswer, responses=PROBLEMS)
def approve(
    project_id: ProjectId,
    asset_id: AssetId,
    core: TheCore,
    caller: TheCaller,
    said: Annotated[ApproveBody | None, Body()] = None,
) -> Response:
    """Approve an asset's model."""
    words = said.comment if said else ""
    return _said(core, caller, project_id, asset_id, partial(approvals.approve, words=words))


@router.post("/reject", response_model=ReviewAnswer, responses=PROBLEMS)
def reject(
    project_id: ProjectId, asset_id: AssetId, core: TheCore, caller: TheCaller, said: RejectBody
) -> Response:
    """Reject an asset's model, with a reason."""
    return _said(core, caller, project_id, asset_id, partial(approvals.reject, reason=said.reason))


@router.post("/comment", response_model=ReviewAnswer, responses=PROBLEMS)
def comment(
    project_id: ProjectId, asset_id: AssetId, core: TheCore, caller: TheCaller, said: CommentBody
) -> Response:
    """Say something of an asset's model without deciding."""
    return _said(core, caller, project_id, asset_id, partial(approvals.comment, text=said.text))


@router.post("/undo", response_model=ReviewAnswer, responses=PROBLEMS)
def undo(
    project_id: ProjectId,
    asset_id: AssetId,
    core: TheCore,
    caller: TheCaller,
    said: Annotated[EmptyBody | None, Body()] = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Take back your own newest word about an asset's present model."""
    return _said(core, caller, project_id, asset_id, approvals.undo)


def _said(core: TheCore, caller: Caller, project_id: str, asset_id: str, say: Say) -> Response:
    def carry(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            asset = asset_of(session, project_id, asset_id)
            say(session, asset, actor=caller.actor, now=utc_now())
            idempotency.note_made(session, key, [asset.id])
            return [asset.id]

    return carried_out_once(core, caller.key, carry, _standing)


def _standing(session: Session, ids: Sequence[str]) -> Answer:
    asset = session.get_one(Asset, ids[0])
    return answer(
        DONE,
        ReviewAnswer(
            project_id=asset.project_id,
            asset_id=asset.asset_id,
            approval=asset.approval,
            reviews=reviews_of(session, asset),
        ),
    )
