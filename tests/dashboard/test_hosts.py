"""A page of somebody else's whose name points at this machine gets nothing of ours."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard.hosts import KnownHostsOnly


async def everything(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the pages and the API behind the check."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await PlainTextResponse("ours")(scope, receive, send)


def ask(host: str, address: str, *also: str, kind: str = "http") -> list[Message]:
    """Ask for `host` at a server that listens on `address`; returns what it sends, to the end."""
    scope: dict[str, Any] = {
        "type": kind,
        "path": "/",
        "server": (address, 8501),
        "headers": [(b"host", host.encode())],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    answering = KnownHostsOnly(everything, lambda: also)(scope, receive, send)
    with pytest.raises(StopIteration):
        answering.send(None)  # nothing in it ever waits, so one step is the whole answer
    return sent


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8501", "127.0.0.1:8501", "[::1]:8501", "hatchery.localhost:8501"]
)
def test_this_machines_own_names_are_answered(host: str) -> None:
    assert ask(host, "127.0.0.1")[0]["status"] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8501", "localhost.evil.example", ""]
)
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_foreign_name_that_points_here_is_refused(address: str, host: str) -> None:
    head, body = ask(host, address)

    assert head["status"] == 421
    assert b"unknown_host" in body["body"]
    assert b"HATCHERY_TRUSTED_HOSTS" in body["body"]


def test_a_foreign_name_opens_no_pages_connection() -> None:
    assert ask("evil.example", "127.0.0.1", kind="websocket") == [{"type": "websocket.close", "code": 1008}]
    assert ask("localhost", "127.0.0.1", kind="websocket") == [{"type": "websocket.accept"}]


def test_a_proxys_name_that_was_set_is_answered() -> None:
    assert ask("Studio.example", "127.0.0.1", "studio.example")[0]["status"] == 200


def test_on_a_network_address_every_name_is_answered() -> None:
    assert ask("studio.example", "192.0.2.7")[0]["status"] == 200
