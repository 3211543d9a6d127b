"""Everything of an asset at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from starlette.responses import StreamingResponse

from core import queries
from core.archive import archive_of
from core.projects import asset_of
from dashboard.api.answers import PROBLEMS
from dashboard.api.artifacts import LONGEST_NAME
from dashboard.api.requests import CheckedRoute, TheCore
from dashboard.api.stored_files import disposition, in_a_name

router = APIRouter(prefix="/assets", tags=["artifacts"], route_class=CheckedRoute)


@router.get(
    "/{projectId}/{assetId}/archive",
    response_class=Response,
    responses={200: {"description": "The zip.", "content": {"application/zip": {}}}, **PROBLEMS},
)
def download_archive(
    project_id: Annotated[str, Path(alias="projectId")],
    asset_id: Annotated[str, Path(alias="assetId")],
    core: TheCore,
) -> Response:
    """Send all files of an asset as a zip, with what is known of it."""
    with core.database.reading() as session:
        asset = queries.asset_detail(session, asset_of(session, project_id, asset_id))
    name = (in_a_name(asset.name)[:LONGEST_NAME].strip("-._") or "asset") + ".zip"
    headers = {"Content-Disposition": disposition(name, download=True), "Cache-Control": "no-store"}
    return StreamingResponse(archive_of(asset, core.vault), headers=headers, media_type="application/zip")
