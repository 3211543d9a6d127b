"""A project's style, what was made under an older one, and the pick among variants."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from sqlalchemy.orm import Session

from core.models import Asset
from core.plans.picking import variants_of
from core.plans.style import current_style
from dashboard.api.answers import (
    ACCEPTED,
    DONE,
    PROBLEMS,
    Answer,
    OutdatedList,
    RenewAnswer,
    StyleAnswer,
    VariantList,
    VariantView,
    answer,
    written,
)
from dashboard.api.bodies import EmptyBody, RenewBody, StyleBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(tags=["plans"], route_class=CheckedRoute)

ProjectId = Annotated[str, Path(alias="projectId")]
AssetId = Annotated[str, Path(alias="assetId")]


@router.get("/projects/{projectId}/style", response_model=StyleAnswer, responses=PROBLEMS)
def read_style(project_id: ProjectId, core: TheCore) -> Response:
    """Say what a project adds to the words of its plans; version 0 is the empty style that it begins with."""
    style = core.plans.style(project_id)
    return written(answer(DONE, StyleAnswer(version=style.version, style=style.style)))


@router.put("/projects/{projectId}/style", response_model=StyleAnswer, responses=PROBLEMS)
def set_style(project_id: ProjectId, body: StyleBody, core: TheCore, caller: TheCaller) -> Response:
    """Give a project another style; models that are there stay, `outdated` lists them with the price to renew them."""
    change = partial(core.plans.set_style, project_id, body.style(), actor=caller.actor)
    return carried_out_once(core, caller.key, change, _style)


@router.get("/projects/{projectId}/outdated", response_model=OutdatedList, responses=PROBLEMS)
def list_outdated(project_id: ProjectId, core: TheCore) -> Response:
    """List the assets that were made under an older style and would now be made otherwise."""
    assets = core.plans.outdated(project_id)
    return written(answer(DONE, OutdatedList(assets=assets, credits=sum(each.credits for each in assets))))


@router.post("/projects/{projectId}/renew", status_code=202, response_model=RenewAnswer, responses=PROBLEMS)
def renew(project_id: ProjectId, body: RenewBody, core: TheCore, caller: TheCaller) -> Response:
    """Make outdated assets anew under today's style, all of them or none."""
    order = partial(core.plans.renew, project_id, body.asset_ids, actor=caller.actor)
    return carried_out_once(core, caller.key, order, _renewed)


@router.post("/assets/{projectId}/{assetId}/pick", response_model=VariantList, responses=PROBLEMS)
def pick(
    project_id: ProjectId,
    asset_id: AssetId,
    core: TheCore,
    caller: TheCaller,
    order: Annotated[EmptyBody | None, Body()] = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Choose the best of a row's variants; its gated rig and animations go on, the others stay as alternates."""
    choose = partial(core.plans.pick, project_id, asset_id, actor=caller.actor)
    return carried_out_once(core, caller.key, choose, _variants)


def _style(session: Session, ids: Sequence[str]) -> Answer:
    version, style = current_style(session, ids[0])
    return answer(DONE, StyleAnswer(version=version, style=style))


def _renewed(_session: Session, ids: Sequence[str]) -> Answer:
    return answer(ACCEPTED, RenewAnswer(task_ids=tuple(ids)))


def _variants(session: Session, ids: Sequence[str]) -> Answer:
    variants = variants_of(session, session.get_one(Asset, ids[0]))
    return answer(
        DONE,
        VariantList(
            variants=tuple(
                VariantView(
                    asset_id=each.asset_id,
                    variant=each.variant,
                    seed=each.options.get("modelSeed"),
                    status=each.status,
                    picked=each.picked_at is not None,
                )
                for each in variants
            )
        ),
    )
