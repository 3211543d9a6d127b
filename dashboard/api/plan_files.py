"""Plans as files to download: the schema, a template of each format, a plan with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from core.errors import NotFoundError, PlanRefusedError
from core.plans.plan import Format
from core.plans.schema import plan_schema
from core.plans.sniffing import checked_format
from core.plans.templates import template
from dashboard.api.answers import PROBLEMS
from dashboard.api.requests import CheckedRoute, TheCore
from dashboard.api.stored_files import disposition

router = APIRouter(prefix="/plans", tags=["plans"], route_class=CheckedRoute)

# RFC 7763 (Markdown), 4180 (CSV), 9512 (YAML), 8259 (JSON); IANA's registry for the others.
MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "yaml": "application/yaml",
}
ENDINGS: Final[Mapping[Format, str]] = {"markdown": "md"}  # the others are called as they end
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {media_type: {} for media_type in MEDIA_TYPES.values()}},
    **PROBLEMS,
}


@router.get("/schema", responses=PROBLEMS)
def read_schema() -> JSONResponse:
    """Describe a plan in JSON or YAML, field by field (JSON Schema 2020-12)."""
    return JSONResponse(plan_schema(), media_type="application/schema+json")


@router.get("/templates/{format}", response_class=Response, responses=FILE)
def read_template(form: Annotated[str, Path(alias="format")]) -> Response:
    """Send an example to begin with: `markdown`, `csv`, `tsv`, `xlsx`, `json` or `yaml`."""
    try:
        known = checked_format(form)
    except PlanRefusedError as error:
        raise NotFoundError(
            error.message, suggestion=error.suggestion, code=error.code, field="format"
        ) from None
    return _sent(template(known), known, f"plan.{ENDINGS.get(known, known)}")


@router.get("/{planId}/export", response_class=Response, responses=FILE)
def export_plan(plan_id: Annotated[str, Path(alias="planId")], core: TheCore) -> Response:
    """Send a plan as it was last applied, in its own format, with each asset's status, id and file hashes."""
    return _sent(*core.plans.export_applied(plan_id))


def _sent(content: bytes, form: Format, filename: str) -> Response:
    headers = {
        "Content-Disposition": disposition(filename, download=True),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
