"""How the API says no: every failure becomes `{error, details, code, field?}`, and never a stack trace."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.alerts.sending import AlertUndeliveredError
from core.database import why_absent
from core.errors import (
    BudgetError,
    BusyError,
    ConflictError,
    HatcheryError,
    KeyMissingError,
    NotFoundError,
    OrderError,
    TaskGoneError,
    TripoError,
    VaultError,
)
from core.moves import LeaseLostError
from core.schemas import View
from core.webhooks import SignatureError

log = logging.getLogger("hatchery.api")

LONGEST_FIELD: Final = 80
BUSY_SECONDS: Final = 2.0  # when the provider names no time

# The first that fits counts.
STATUS_OF: Final[Sequence[tuple[type[HatcheryError], int]]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (LeaseLostError, 409),
    (SignatureError, 401),
    (BudgetError, 402),
    (OrderError, 400),
    (KeyMissingError, 500),
    (VaultError, 503),
    (BusyError, 429),
    (TaskGoneError, 404),
    (TripoError, 502),
    (AlertUndeliveredError, 502),
    (HatcheryError, 500),
)


class Problem(View):
    """Why a request was not carried out, and what to do."""

    error: str
    details: str
    code: str
    field: str | SkipJsonSchema[None] = None


class RefusedError(OrderError):
    """A request that is refused for its form; `status` is the HTTP status that says so."""

    def __init__(
        self, status: int, message: str, suggestion: str, code: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, suggestion=suggestion, code=code)
        self.status = status
        self.headers = dict(headers or {})


def answer_every_failure(api: FastAPI) -> None:
    """Let every failure of the API come out as a Problem."""
    api.add_exception_handler(HatcheryError, _of_ours)
    api.add_exception_handler(RequestValidationError, _of_a_field)
    api.add_exception_handler(HTTPException, _of_the_route)
    for error in (OperationalError, InterfaceError, PoolTimeoutError):
        api.add_exception_handler(error, _of_the_database)
    api.add_middleware(Unexpected)


def problem_answer(status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Write a Problem as an answer that nobody keeps."""
    body = problem.model_dump(mode="json", by_alias=True, exclude_none=True)
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})


async def _of_ours(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HatcheryError)  # noqa: S101 - registered for nothing else
    status = error.status if isinstance(error, RefusedError) else _status_of(error)
    if status >= 500:
        log.warning("answered %d: %s (%s)", status, error.message, error.code)
    if isinstance(error, LeaseLostError):
        return problem_answer(409, CHANGED_MEANWHILE)
    field = error.field[:LONGEST_FIELD] if isinstance(error, OrderError) and error.field else None
    problem = Problem(error=error.message, details=error.suggestion, code=error.code, field=field)
    return problem_answer(status, problem, _headers_of(error))


def _status_of(error: HatcheryError) -> int:
    return next(status for kind, status in STATUS_OF if isinstance(error, kind))


def _headers_of(error: HatcheryError) -> dict[str, str]:
    if isinstance(error, RefusedError):
        return error.headers
    if isinstance(error, BusyError):
        seconds = BUSY_SECONDS if error.retry_after_seconds is None else error.retry_after_seconds
        return {"Retry-After": str(max(1, math.ceil(seconds)))}
    return {}


async def _of_a_field(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    return problem_answer(400, _field_problem(error.errors()[0]))


def _field_problem(fault: Mapping[str, Any]) -> Problem:
    place, *names = fault["loc"]
    field = ".".join(str(name) for name in names)[:LONGEST_FIELD] or None
    if field is None:
        sentence, cure = "The body is missing.", "Send a JSON object."
        if fault["type"] != "missing":
            sentence = "The body is not a JSON object."
        return Problem(error=sentence, details=cure, code="invalid_request")
    if fault["type"] == "missing":
        return Problem(
            error=f"{field} is missing.", details=f"Add it to the {place}.", code="missing_field", field=field
        )
    if fault["type"] == "extra_forbidden":
        cure = "Leave it out, or look for its right name in /api/openapi.json."
        return Problem(
            error=f"There is no field called {field} here.", details=cure, code="unknown_field", field=field
        )
    reason = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(
        error=f"{field}: {reason}.", details=f"Correct {field}.", code="invalid_request", field=field
    )


async def _of_the_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    known = {404: NO_SUCH_ADDRESS, 405: _wrong_method(request.method)}
    return problem_answer(error.status_code, known.get(error.status_code, BAD_REQUEST), error.headers)


async def _of_the_database(_request: Request, error: Exception) -> Response:
    log.error("the database does not answer (%s)", why_absent(error))
    log.debug("asked here", exc_info=error)
    return problem_answer(503, NO_DATABASE, {"Retry-After": "5"})


class Unexpected:
    """Answers 500 for what nobody foresaw, and writes its traceback to the log alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; catch what comes back."""
        begun = False

        async def noted_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted_send)
        except ClientDisconnect:
            return
        except Exception:  # a person gets a sentence; the traceback belongs to the log
            log.exception("%s %s went wrong", scope.get("method"), scope.get("path"))
            if begun:
                raise  # half an answer is out already: let the connection break
            await problem_answer(500, A_BUG)(scope, receive, send)


CHANGED_MEANWHILE: Final = Problem(
    error="The task changed at this very moment.",
    details="Look at its status, then try again.",
    code="changed_meanwhile",
)
NO_SUCH_ADDRESS: Final = Problem(
    error="There is nothing at this address.",
    details="GET /api/openapi.json lists all that there is.",
    code="route_not_found",
)
BAD_REQUEST: Final = Problem(
    error="The request cannot be read.",
    details="Look into /api/openapi.json for how it is written.",
    code="invalid_request",
)
NO_DATABASE: Final = Problem(
    error="The database does not answer.",
    details="Nothing was changed. Try again soon; GET /api/health says when it is back.",
    code="database_unreachable",
)
A_BUG: Final = Problem(
    error="Something went wrong inside Hatchery.",
    details="Try again; if it happens again, the log of the dashboard says why.",
    code="internal_error",
)


def _wrong_method(method: str) -> Problem:
    return Problem(
        error=f"This address does not take {method}.",
        details="GET /api/openapi.json lists what it takes.",
        code="method_not_allowed",
    )
