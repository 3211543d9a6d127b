"""Assets: the list with its filters, and one with all its attempts, files and events."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from core import queries
from core.lifecycle import AssetStatus
from core.projects import asset_of, project_of
from core.schemas import AssetDetail
from dashboard.api.answers import DONE, PROBLEMS, AssetList, answer, written
from dashboard.api.requests import CheckedRoute, TheCore

router = APIRouter(prefix="/assets", tags=["assets"], route_class=CheckedRoute)


class Filters(BaseModel):
    """Which assets are wanted; an empty filter is none."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    project_id: str | None = None
    status: AssetStatus | None = None
    tag: Literal["RIG", "STATIC"] | None = None
    category: str | None = None
    q: Annotated[str, Field(max_length=200, description="In the name, the id or the prompt.")] | None = None
    limit: int = Field(default=50, ge=1, le=queries.MOST_ROWS)
    cursor: Annotated[str, Field(max_length=300)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


@router.get("", response_model=AssetList, responses=PROBLEMS)
def list_assets(filters: Annotated[Filters, Query()], core: TheCore) -> Response:
    """List assets, the newest first."""
    with core.database.reading() as session:
        if filters.project_id is not None:
            project_of(session, filters.project_id)
        page = queries.list_assets(session, **filters.model_dump())
        return written(answer(DONE, AssetList(assets=page.assets, next_cursor=page.next_cursor)))


@router.get("/{projectId}/{assetId}", response_model=AssetDetail, responses=PROBLEMS)
def read_asset(
    project_id: Annotated[str, Path(alias="projectId")],
    asset_id: Annotated[str, Path(alias="assetId")],
    core: TheCore,
) -> Response:
    """Show one asset with all attempts, files and events."""
    with core.database.reading() as session:
        asset = asset_of(session, project_id, asset_id)
        return written(answer(DONE, queries.asset_detail(session, asset)))
