"""A plan as it is sent: its text in JSON, or its file in a form; the same fields either way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData, UploadFile

from core.errors import OrderError
from core.plans.limits import WORKBOOK_BYTES_MOST
from dashboard.api.requests import (
    LONGEST_FORM_NAME,
    FileRequest,
    ReadRequest,
    checked_json,
    read_body,
    refuse_unsafe,
)

MOST_PLAN_BYTES: Final = (
    WORKBOOK_BYTES_MOST + 1_000_000
)  # a text with its JSON around it, or a form with its lines
SAID_IN_FORMS: Final = ("projectId", "filename", "format", "dryRun", "revision")
AS_A_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["projectId", "file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "projectId": {"type": "string"},
                        "filename": {"type": "string", "description": "Left out, the file's own."},
                        "format": {"type": "string"},
                        "dryRun": {"type": "boolean"},
                        "revision": {"type": "integer"},
                    },
                }
            }
        }
    }
}


class PlanRoute(APIRoute):
    """A route that takes a plan; the checks of every route, and a size of its own."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the checks before FastAPI's own handling."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            refuse_unsafe(request)
            if request.method != "POST":
                return await handle(request)
            raw = await read_body(request, MOST_PLAN_BYTES)
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if media_type == "multipart/form-data":
                return await handle(await _of_a_form(FileRequest(request, raw)))
            return await handle(ReadRequest(request, checked_json(request, raw)))

        return checked


async def _of_a_form(request: FileRequest) -> ReadRequest:
    """Say in JSON what a form says; its file's bytes lie beside, in the request's state."""
    try:
        form = await request.form()
    except Exception as error:  # what Starlette raises for a torn form is no type of its own everywhere
        raise _bad_form("The form cannot be read.", "file") from error
    try:
        said, content = await _read(form)
    finally:
        await form.close()
    scope = {**request.scope, "headers": _as_json(request)}
    told = ReadRequest(Request(scope, request.receive), json.dumps(said).encode())
    told.state.plan_file = content
    told.state.body_sha256 = hashlib.sha256(told.state.body_sha256.encode() + content).hexdigest()
    return told


async def _read(form: FormData) -> tuple[dict[str, Any], bytes]:
    file = form.get("file")
    if not isinstance(file, UploadFile) or len(form.getlist("file")) > 1:
        raise _bad_form("The form has no file, or more than one.", "file")
    said: dict[str, Any] = {"filename": file.filename or ""}
    for name, value in form.multi_items():
        if name == "file":
            continue
        if name not in SAID_IN_FORMS or not isinstance(value, str):
            raise OrderError(
                f"There is no field called {name[:LONGEST_FORM_NAME]} here.",
                suggestion=f"A form takes file, {', '.join(SAID_IN_FORMS)}.",
                code="unknown_field",
                field=name[:LONGEST_FORM_NAME],
            )
        said[name] = _value(name, value)
    return said, await file.read()


def _value(name: str, text: str) -> Any:
    """Read what a form can only say as text."""
    if name == "dryRun":
        return {"true": True, "false": False, "1": True, "0": False}.get(text.strip().lower(), text)
    if name == "revision":
        return int(text) if text.strip().isdecimal() and len(text) < 10 else text
    return text


def _as_json(request: Request) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in request.scope["headers"] if name.lower() != b"content-type"]
    return [*others, (b"content-type", b"application/json")]


def _bad_form(sentence: str, field: str) -> OrderError:
    return OrderError(
        sentence,
        suggestion="Send multipart/form-data with projectId and file.",
        code="not_multipart",
        field=field,
    )
