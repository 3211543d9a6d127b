"""`GET /metrics`: what Prometheus reads."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.signals.metrics import MEDIA_TYPE, metrics_text
from dashboard.process import the_core


def metrics_routes() -> list[Route]:
    """List the one route."""
    return [Route("/metrics", metrics, methods=["GET"])]


def metrics(request: Request) -> Response:  # noqa: ARG001 - it takes no parameters
    """Read the metrics from the rows; 503 while the database does not answer."""
    core = the_core()
    try:
        with core.database.reading() as session:
            return Response(metrics_text(session, core.clock()), headers={"Content-Type": MEDIA_TYPE})
    except SQLAlchemyError:
        return PlainTextResponse("The database does not answer.\n", status_code=503)
