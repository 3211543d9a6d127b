"""When no answer comes: which creates were certainly not made, and which nobody knows about."""

from __future__ import annotations

import socket
import struct
import time

import httpx
import pytest
import respx

from core.errors import OutcomeUnknownError, ReadFailedError, UnreachableError
from core.tripo import Generate, Timeouts, TripoClient
from tests.tripo.conftest import (
    TASK_ID,
    create_path,
    http_reply,
    local_client,
    raw_server,
    read_path,
)

ORDER = Generate(prompt="a knight")
NEVER_MADE = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("407"),
    httpx.UnsupportedProtocol("ftp"),
]
LOST = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("broken pipe"),
    httpx.CloseError("closed"),
    httpx.RemoteProtocolError("no answer"),
    httpx.LocalProtocolError("odd"),
    httpx.DecodingError("not gzip"),
    httpx.TooManyRedirects("round and round"),
]


@pytest.mark.parametrize("failure", NEVER_MADE, ids=lambda failure: type(failure).__name__)
def test_a_connection_that_was_never_made_is_proof_that_nothing_happened(
    wire: respx.MockRouter, client: TripoClient, failure: Exception
) -> None:
    create = wire.post(create_path(client.version)).mock(side_effect=failure)
    wire.get(read_path(client.version)).mock(side_effect=failure)

    with pytest.raises(UnreachableError):
        client.create(ORDER)
    with pytest.raises(UnreachableError):
        client.read(TASK_ID)

    assert create.call_count == 1


@pytest.mark.parametrize("failure", LOST, ids=lambda failure: type(failure).__name__)
def test_a_lost_reply_is_never_sent_again(
    wire: respx.MockRouter, client: TripoClient, failure: Exception
) -> None:
    create = wire.post(create_path(client.version)).mock(side_effect=failure)
    wire.get(read_path(client.version)).mock(side_effect=failure)

    with pytest.raises(OutcomeUnknownError):
        client.create(ORDER)
    with pytest.raises(ReadFailedError):
        client.read(TASK_ID)

    assert create.call_count == 1


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with TripoClient("tsk_sandbox", base_url=f"http://127.0.0.1:{port}/v3") as client:
        with pytest.raises(UnreachableError):
            client.create(ORDER)
        with pytest.raises(UnreachableError):
            client.balance()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_connection_cut_after_the_order_left_leaves_it_unknown() -> None:
    with raw_server(b"", reset) as server, local_client(server) as client:
        for _ in range(2):
            with pytest.raises(OutcomeUnknownError):
                client.create(ORDER)

        assert len(server.requests) == 2


def test_an_answer_cut_in_the_middle_leaves_a_create_unknown() -> None:
    half = http_reply("200 OK", b'{"code": 0, "data": {"task', length=80)
    with raw_server(half, half) as server, local_client(server) as client:
        with pytest.raises(OutcomeUnknownError):
            client.create(ORDER)
        with pytest.raises(ReadFailedError):
            client.read(TASK_ID)


def test_an_answer_that_never_comes_ends_by_the_clock() -> None:
    def say_nothing(connection: socket.socket) -> None:
        connection.recv(1)  # until the client hangs up

    hurried = Timeouts(read_seconds=0.1)
    with raw_server(say_nothing, say_nothing) as server, local_client(server, timeouts=hurried) as client:
        with pytest.raises(OutcomeUnknownError):
            client.create(ORDER)
        with pytest.raises(ReadFailedError, match="in time"):
            client.read(TASK_ID)


def test_an_answer_that_trickles_ends_by_the_clock() -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while True:
                connection.sendall(b" ")
                time.sleep(0.01)
        except OSError:
            return

    hurried = Timeouts(answer_seconds=0.1)
    with (
        raw_server(trickle) as server,
        local_client(server, timeouts=hurried) as client,
        pytest.raises(ReadFailedError, match="in time"),
    ):
        client.read(TASK_ID)


def test_an_answer_without_end_is_cut_off(wire: respx.MockRouter) -> None:
    wire.post(create_path("v3")).respond(content=b" " * 5000)
    with TripoClient("tsk_live", answer_bytes_most=1000) as client, pytest.raises(OutcomeUnknownError):
        client.create(ORDER)


def test_every_create_gets_a_connection_of_its_own_and_reads_share_theirs() -> None:
    body = b'{"code": 0, "data": {"task_id": "a"}}'

    def answer_on(connection: socket.socket) -> None:
        connection.sendall(http_reply("200 OK", body, hangs_up=False))
        if connection.recv(65536):
            connection.sendall(http_reply("200 OK", b'{"code": 0, "data": {"status": "running"}}'))

    with raw_server(answer_on, answer_on, answer_on) as server, local_client(server) as client:
        assert client.create(ORDER).task_id == client.create(ORDER).task_id == "a"
        assert len(server.requests) == 2
        with pytest.raises(ReadFailedError):
            client.read("a")
        assert client.read("a").raw_status == "running"
        assert len(server.requests) == 3
