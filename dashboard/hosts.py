"""By which names this server may be called while it listens on this machine alone.

A web page of somebody else's can let its own name point at 127.0.0.1 and then read us as if we were that site (DNS
rebinding). Such a request still carries that site's name in its Host header.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OWN_NAMES: Final = ("localhost", "127.0.0.1", "::1")


class KnownHostsOnly:
    """Refuses what reaches a loopback address under a name that is not this machine's; `also` are names set by hand."""

    def __init__(self, app: ASGIApp, also: Callable[[], Iterable[str]]) -> None:
        self._app = app
        self._also = also

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for us."""
        if scope["type"] not in ("http", "websocket") or self._is_known(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _REFUSED(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        if not _is_loopback((scope.get("server") or ("",))[0]):
            return True
        name = _name_in(Headers(scope=scope).get("host", ""))
        return name in OWN_NAMES or name.endswith(".localhost") or name in self._also()


_REFUSED: Final = JSONResponse(
    {
        "error": "Hatchery is not known under this name.",
        "details": "Open it as localhost, or put the name into HATCHERY_TRUSTED_HOSTS.",
        "code": "unknown_host",
    },
    status_code=421,
)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _name_in(host: str) -> str:
    """Leave the port out of a Host header; an IPv6 address loses its brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
