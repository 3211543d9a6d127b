"""Assets: what a query finds, as a list or as a file; and one with all its attempts, files and events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from core import asset_lists, queries
from core.asset_export import as_csv, as_json
from core.asset_query import LONGEST
from core.asset_search import conditions
from core.bootstrap import Core
from core.lifecycle import AssetStatus
from core.projects import asset_of, project_of
from core.schemas import AssetDetail
from dashboard.api.answers import DONE, PROBLEMS, AssetList, answer, written
from dashboard.api.requests import CheckedRoute, TheCore
from dashboard.api.stored_files import disposition

router = APIRouter(prefix="/assets", tags=["assets"], route_class=CheckedRoute)

AT_ONCE: Final = 64 * 1024  # characters in one piece of a file
QUERY: Final = (
    'Words, "phrases" and terms: state: tag: category: plan: project: by: has: approval: since:; '
    "a minus asks for the opposite."
)


class Wanted(BaseModel):
    """Which assets are wanted, and in which order; an empty filter is none."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    project_id: str | None = None
    status: AssetStatus | None = None
    tag: Literal["RIG", "STATIC"] | None = None
    category: str | None = None
    q: Annotated[str, Field(max_length=LONGEST, description=QUERY)] = ""
    sort: asset_lists.Sort = asset_lists.Sort.NEWEST

    @field_validator(
        "project_id", "status", "tag", "category", "limit", "cursor", mode="before", check_fields=False
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("sort", mode="before")
    @classmethod
    def _empty_is_newest(cls, value: object) -> object:
        return value or asset_lists.Sort.NEWEST

    def asked(self) -> dict[str, Any]:
        """Say the same as arguments of `core.asset_lists`."""
        return {"query" if name == "q" else name: value for name, value in self.model_dump().items()}


class Page(Wanted):
    """Which page of them."""

    limit: int = Field(default=50, ge=1, le=asset_lists.MOST_ROWS)
    cursor: Annotated[str, Field(max_length=1_000)] | None = None


@router.get("", response_model=AssetList, responses=PROBLEMS)
def list_assets(wanted: Annotated[Page, Query()], core: TheCore) -> Response:
    """List assets, the newest first unless another order is asked for."""
    with core.database.reading() as session:
        if wanted.project_id is not None:
            project_of(session, wanted.project_id)
        page = asset_lists.list_assets(session, **wanted.asked())
        return written(answer(DONE, AssetList(assets=page.assets, next_cursor=page.next_cursor)))


@router.get(".csv", response_class=StreamingResponse, responses=PROBLEMS)
def export_csv(wanted: Annotated[Wanted, Query()], core: TheCore) -> Response:
    """Send all that match as CSV; what a spreadsheet could take for a formula begins with an apostrophe."""
    rows = _checked_rows(wanted, core)
    return _sent(as_csv(rows), "text/csv; charset=utf-8", "assets.csv")


@router.get(".json", response_class=StreamingResponse, responses=PROBLEMS)
def export_json(wanted: Annotated[Wanted, Query()], core: TheCore) -> Response:
    """Send all that match as JSON, in one answer without pages."""
    rows = _checked_rows(wanted, core)
    return _sent(as_json(rows), "application/json", "assets.json")


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


def _checked_rows(wanted: Wanted, core: Core) -> Iterator[Any]:
    """Refuse what is wrong before the first byte of a file is on its way."""
    with core.database.reading() as session:
        if wanted.project_id is not None:
            project_of(session, wanted.project_id)
        conditions(session, wanted.q)
    return asset_lists.every_asset(core.database.reading, **wanted.asked())


def _sent(lines: Iterator[str], media_type: str, filename: str) -> Response:
    headers = {
        "Content-Disposition": disposition(filename, download=True),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_in_pieces(lines), media_type=media_type, headers=headers)


def _in_pieces(lines: Iterator[str]) -> Iterator[bytes]:
    piece: list[str] = []
    size = 0
    for line in lines:
        piece.append(line)
        size += len(line)
        if size >= AT_ONCE:
            yield "".join(piece).encode()
            piece, size = [], 0
    yield "".join(piece).encode()
