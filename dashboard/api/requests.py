"""What is read of every request before its route is asked: where it comes from, its body, its key, its person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from core.bootstrap import Core
from core.errors import OrderError
from core.idempotency import RequestKey
from core.tripo.catalog import IMAGE_BYTES_MOST
from dashboard.api.problems import RefusedError
from dashboard.api.strict_json import read_object

MOST_BODY_BYTES: Final = 1_000_000
MOST_FILE_BYTES: Final = IMAGE_BYTES_MOST
AROUND_FILE_BYTES: Final = 10_000  # the form's own lines
LONGEST_FORM_NAME: Final = 80
LONGEST_KEY: Final = 255
LONGEST_ACTOR: Final = 80
NOBODY: Final = "api"
NOT_PEOPLE: Final = (NOBODY, "poller", "page", "dashboard", "sandbox")
CHANGING: Final = ("POST", "PUT", "PATCH", "DELETE")


class CheckedRoute(APIRoute):
    """A route whose requests are checked first: origin, size, form; its body is read by our own strict reader."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the checks before FastAPI's own handling."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            refuse_unsafe(request)
            if request.method in CHANGING:
                request = ReadRequest(request, await _read_json(request))
            return await handle(request)

        return checked


class FileRoute(APIRoute):
    """A route that takes one file as multipart/form-data; the same checks, and a size of its own."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the checks before FastAPI's own handling."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            refuse_unsafe(request)
            _refuse_no_form(request.headers.get("content-type", ""))
            form = FileRequest(request, await read_body(request, MOST_FILE_BYTES, AROUND_FILE_BYTES))
            await _refuse_other_fields(form)
            return await handle(form)

        return checked


class FileRequest(Request):
    """A request whose form has been read whole, within its size."""

    def __init__(self, request: Request, raw: bytes) -> None:
        super().__init__(request.scope, request.receive)
        self._body = raw  # from here on Starlette reads the form out of it
        self.state.body_sha256 = hashlib.sha256(raw).hexdigest()


class ReadRequest(Request):
    """A request whose body has been read and understood."""

    def __init__(self, request: Request, raw: bytes) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = read_object(raw) if raw else None
        canonical = json.dumps(self._value, sort_keys=True)
        self.state.body_sha256 = hashlib.sha256(canonical.encode()).hexdigest()

    async def body(self) -> bytes:
        """Return the bytes that were read."""
        return self._raw

    async def json(self) -> Any:
        """Return the value that was read."""
        return self._value


class Caller(NamedTuple):
    """Who asks, as they say themselves, and under which Idempotency-Key."""

    actor: str
    key: RequestKey | None


async def caller_of(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="The same key and body give the same answer and no second order."),
    ] = None,
    x_hatchery_user: Annotated[
        str | None, Header(description="Your name, recorded and shown as unverified.")
    ] = None,
) -> Caller:
    """Read who asks and the request's key."""
    key = None
    if idempotency_key is not None:
        route = f"{request.method} {request.url.path}"[:300]
        key = RequestKey(_checked_key(idempotency_key), route, request.state.body_sha256)
    return Caller(_actor(x_hatchery_user), key)


async def core_of(request: Request) -> Core:
    """Find the core that this API was built over."""
    core: Core = request.app.state.core()
    return core


TheCaller = Annotated[Caller, Depends(caller_of)]
TheCore = Annotated[Core, Depends(core_of)]


def _checked_key(text: str) -> str:
    key = text.strip()
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise OrderError(
            f"The Idempotency-Key must have 1 to {LONGEST_KEY} printable ASCII characters.",
            suggestion="Use a new UUID for each order.",
            field="Idempotency-Key",
        )
    return key


def _actor(header: str | None) -> str:
    try:
        text = (header or "").encode("latin-1").decode()  # headers arrive as Latin-1, names are sent as UTF-8
    except UnicodeError:
        text = header or ""
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_ACTOR]
    return f"“{name}”" if name.casefold() in NOT_PEOPLE else name or NOBODY


# --- where it comes from -------------------------------------------------------------------------------------


def is_foreign(headers: Headers) -> bool:
    """Say whether a browser sends this for a page that is not ours; programs say nothing of where they are."""
    origin = headers.get("origin")
    from_elsewhere = origin is not None and origin.partition("://")[2] != headers.get("host")
    return from_elsewhere or headers.get("sec-fetch-site") == "cross-site"


def refuse_unsafe(request: Request) -> None:
    """Refuse what no route takes: an address that nothing has, a change that another site's page asks for."""
    _refuse_null_bytes(request)
    if request.method in CHANGING:
        _refuse_foreign_page(request)


def _refuse_foreign_page(request: Request) -> None:
    """Refuse what a page of another site makes a browser send: it would order in its reader's name."""
    if is_foreign(request.headers):
        raise RefusedError(
            403,
            "The request comes from a page of another site.",
            "Send it from Hatchery's own address, or from a program without an Origin header.",
            "foreign_origin",
        )


def _refuse_null_bytes(request: Request) -> None:
    """No id has one, and PostgreSQL cannot even compare with one."""
    if "\x00" in request.scope["path"] or "%00" in request.scope["query_string"].decode("latin-1"):
        raise OrderError("The address holds a null byte.", suggestion="Leave it out.")


# --- the body ------------------------------------------------------------------------------------------------


async def read_body(request: Request, most: int, around: int = 0) -> bytes:
    """Read a body; raises RefusedError beyond `most` bytes and those `around` them that are not the sender's own."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:18]) > most + around:
        raise too_large(most)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most + around:
            raise too_large(most)
    return bytes(body)


async def _read_json(request: Request) -> bytes:
    return checked_json(request, await read_body(request, MOST_BODY_BYTES))


def checked_json(request: Request, body: bytes) -> bytes:
    """Return a body that is declared as JSON; raises RefusedError for another."""
    if body:
        _refuse_other_types(request.headers.get("content-type", ""))
    return body


def too_large(most: int) -> RefusedError:
    """Refuse a body, or a file in one, of more than so many bytes."""
    limit = f"{most // 1_000_000} MB is the most"
    return RefusedError(413, f"The body is too large: {limit}.", "Send less at once.", "body_too_large")


def _refuse_other_types(content_type: str) -> None:
    media_type, _, rest = content_type.partition(";")
    charset = rest.lower().replace(" ", "").replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise RefusedError(
            415, "The body is not declared as JSON.", "Send Content-Type: application/json.", "not_json"
        )


def _refuse_no_form(content_type: str) -> None:
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise RefusedError(
            415,
            "The body is not declared as a form with a file.",
            "Send multipart/form-data with the field file.",
            "not_multipart",
        )


async def _refuse_other_fields(request: Request) -> None:
    """One file, and nothing that would be left unread."""
    form = await request.form()
    other = next((name for name in form if name != "file"), None)
    if other is not None or len(form.getlist("file")) > 1:
        await form.close()
        raise OrderError(
            "The form has more than the one field file.",
            suggestion="Send each file by itself.",
            code="unknown_field",
            field=(other or "file")[:LONGEST_FORM_NAME],
        )
