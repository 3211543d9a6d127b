"""Answers that end badly on purpose: connections that are cut, files that stop halfway, proxies' pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_EXTENSION = "sandbox.connection"


class CuttableProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1, with the connection within an answer's reach."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Lend the connection to the application."""
        super().connection_made(transport)
        self.app = _lending(cast(ASGIApp, self.app), transport)


def _lending(app: ASGIApp, transport: asyncio.Transport) -> Any:
    async def with_connection(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[_EXTENSION] = transport
        await app(scope, receive, send)

    return with_connection


class CutConnection(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Cut, and stay until the server has noticed."""
        await _cut(scope, receive, lambda transport: transport.abort())


class HalfFile(Response):
    """The first half of a file under the length of all of it; then the connection is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the half, then cut."""
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _cut(scope, receive, lambda transport: transport.close())


async def _cut(scope: Scope, receive: Receive, cut: Callable[[asyncio.Transport], None]) -> None:
    cut(scope["extensions"][_EXTENSION])
    while (await receive())["type"] != "http.disconnect":
        pass


def proxy_page(status: int = 502) -> Response:
    """What a proxy in front of the provider says when the provider does not."""
    return HTMLResponse(
        f"<html><head><title>{status} Bad Gateway</title></head>"
        f"<body><center><h1>{status} Bad Gateway</h1></center><hr><center>nginx</center></body></html>",
        status,
    )
