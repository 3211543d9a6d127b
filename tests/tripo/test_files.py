"""Files: from the provider's hosts only, without the key, whole or not at all."""

from __future__ import annotations

import gzip
import socket

import httpx
import pytest
import respx

from core.errors import (
    FileDamagedError,
    HatcheryError,
    LinkDeadError,
    ReadFailedError,
    RejectedError,
    VaultError,
)
from core.tripo import Timeouts, TripoClient
from core.tripo.files import FileFetcher
from tests.tripo.conftest import KEY, http_reply, local_client, raw_server

GLB = "https://tripo-data.rg1.data.tripo3d.com/tcli_x/20260114/a/tripo_pbr_model_a.glb"
LINK = GLB + "?Policy=p&Signature=s"


def fetch(client: TripoClient, url: str) -> bytes:
    pieces: list[bytes] = []
    client.download(url, pieces.append)
    return b"".join(pieces)


def test_a_file_arrives_whole_and_the_key_stays_at_home(wire: respx.MockRouter, client: TripoClient) -> None:
    route = wire.get(GLB).respond(content=b"glTF" * 200_000, content_type="model/gltf-binary")
    pieces: list[bytes] = []

    download = client.download(LINK, pieces.append)

    assert b"".join(pieces) == b"glTF" * 200_000
    assert len(pieces) > 1
    assert (download.bytes, download.declared_length) == (800_000, 800_000)
    assert (download.content_type, download.suffix) == ("model/gltf-binary", ".glb")
    sent = route.calls.last.request
    assert "Authorization" not in sent.headers
    assert KEY not in str(sent.headers.raw) + str(sent.url)


@pytest.mark.parametrize(
    "url",
    [
        "https://tripo3d.com/a.glb",
        "https://TRIPO-DATA.RG1.data.tripo3d.COM./a.glb",
        "https://files.tripo3d.ai:8443/a.glb",
        "https://tripo-data.cdn.bcebos.com/a.glb",
    ],
)
def test_files_come_from_the_providers_hosts(wire: respx.MockRouter, client: TripoClient, url: str) -> None:
    wire.route().respond(content=b"glTF")

    assert fetch(client, url) == b"glTF"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.com/a.glb",
        "https://eviltripo3d.com/a.glb",
        "https://tripo3d.com.evil.com/a.glb",
        "https://tripo3d.com@evil.com/a.glb",
        "https://user:word@files.tripo3d.com/a.glb",
        "https://evil.com\\@files.tripo3d.com/a.glb",
        "https://evil.com\t.tripo3d.com/a.glb",
        "https://evil.com/\n.tripo3d.com",
        "https://evil.com#.tripo3d.com/a.glb",
        "https://other.cdn.bcebos.com/a.glb",
        "http://files.tripo3d.com/a.glb",
        "ftp://files.tripo3d.com/a.glb",
        "file:///etc/passwd",
        "https://127.0.0.1/a.glb",
        "http://localhost:8600/a.glb",
        "http://169.254.169.254/latest",
        "https://[::1]/a.glb",
        "https://[::1/a.glb",
        "https://files.tripo3d.com:99999/a.glb",
        "https://files.tripo3d.com:0/a.glb",
        "https://ﬁles.tripo3d.com/a.glb",
        "https://",
        "files.tripo3d.com/a.glb",
        "",
    ],
)
def test_no_file_is_fetched_from_anywhere_else(wire: respx.MockRouter, client: TripoClient, url: str) -> None:
    with pytest.raises(RejectedError) as refused:
        fetch(client, url)

    assert refused.value.code == "file_host_refused"
    assert "TRIPO_FILE_HOSTS" in refused.value.suggestion
    assert not wire.calls


def test_a_setting_names_other_hosts(wire: respx.MockRouter) -> None:
    wire.route().respond(content=b"glTF")
    with TripoClient(KEY, file_hosts=("cdn.example.com", " .Assets.example.org ", "")) as client:
        assert fetch(client, "https://eu.cdn.example.com/a.glb") == b"glTF"
        assert fetch(client, "https://assets.example.org/a.glb") == b"glTF"
        for url in (LINK, "https://example.com/a.glb", "https://x./a.glb"):
            with pytest.raises(RejectedError):
                fetch(client, url)


def test_with_the_api_on_loopback_files_may_be_there_too() -> None:
    with raw_server(http_reply("200 OK", b"glTF")) as server, local_client(server) as client:
        assert fetch(client, server.url + "/files/a.glb?Signature=s") == b"glTF"

        assert b"tsk_" not in server.requests[0]
        with pytest.raises(RejectedError):
            fetch(client, "http://files.tripo3d.com/a.glb")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_link_that_is_over_says_so(wire: respx.MockRouter, client: TripoClient, status: int) -> None:
    wire.get(GLB).respond(
        status, text="<Error><Code>AccessDenied</Code></Error>", content_type="application/xml"
    )

    with pytest.raises(LinkDeadError) as caught:
        fetch(client, LINK)

    assert caught.value.http_status == status


@pytest.mark.parametrize("status", [204, 206, 304, 400, 429, 500, 503])
def test_any_other_answer_is_tried_again_later(
    wire: respx.MockRouter, client: TripoClient, status: int
) -> None:
    wire.get(GLB).respond(status, headers={"Retry-After": "9"})

    with pytest.raises(ReadFailedError) as caught:
        fetch(client, LINK)

    assert (caught.value.http_status, caught.value.retry_after_seconds) == (status, 9.0)


@pytest.mark.parametrize(
    "failure",
    [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), httpx.InvalidURL("x")],
)
def test_a_file_host_that_does_not_answer_is_tried_again_later(
    wire: respx.MockRouter, client: TripoClient, failure: Exception
) -> None:
    wire.get(GLB).mock(side_effect=failure)

    with pytest.raises(ReadFailedError) as caught:
        fetch(client, LINK)

    assert caught.value.__cause__ is None


def test_an_empty_file_is_damaged(wire: respx.MockRouter, client: TripoClient) -> None:
    wire.get(GLB).respond(content=b"")

    with pytest.raises(FileDamagedError, match="empty"):
        fetch(client, LINK)


def test_a_file_cut_short_is_damaged() -> None:
    cut = http_reply("200 OK", b"glTF1234", length=100)
    with (
        raw_server(cut) as server,
        local_client(server) as client,
        pytest.raises(FileDamagedError, match="8 of 100 bytes"),
    ):
        fetch(client, server.url + "/a.glb")


def test_a_file_shorter_than_declared_is_damaged_even_when_the_transport_does_not_mind(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    wire.get(GLB).respond(content=b"glTF", headers={"Content-Length": "9"})

    with pytest.raises(FileDamagedError, match="4 of 9 bytes"):
        fetch(client, LINK)


def test_a_file_without_a_declared_length_is_taken_to_its_end() -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: model/gltf-binary\r\nConnection: close\r\n\r\nglTF"
    with raw_server(reply) as server, local_client(server) as client:
        download = client.download(server.url + "/a.GLB", lambda _: None)

    assert (download.bytes, download.declared_length, download.suffix) == (4, None, ".glb")


def test_a_connection_reset_without_a_declared_length_is_tried_again_later() -> None:
    half = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nglTF"
    with (
        raw_server(half) as server,
        local_client(server) as client,
        pytest.raises(ReadFailedError, match="to its end"),
    ):
        fetch(client, server.url + "/a.glb")


def test_a_packed_file_is_unpacked_and_its_length_counted_as_sent() -> None:
    packed = gzip.compress(b"glTF" * 100)
    replies = [
        http_reply("200 OK", packed, "Content-Encoding: gzip"),
        http_reply("200 OK", b"not gzip at all", "Content-Encoding: gzip"),
    ]
    with raw_server(*replies) as server, local_client(server) as client:
        assert fetch(client, server.url + "/a.glb") == b"glTF" * 100
        assert b"accept-encoding: identity" in server.requests[0].lower()
        with pytest.raises(FileDamagedError, match="unpacked"):
            fetch(client, server.url + "/a.glb")


def test_each_redirect_must_lead_to_an_allowed_host(wire: respx.MockRouter, client: TripoClient) -> None:
    wire.get(GLB).respond(302, headers={"Location": "https://cdn.tripo3d.ai/b.glb"})
    wire.get("https://cdn.tripo3d.ai/b.glb").respond(307, headers={"Location": "/c.glb"})
    wire.get("https://cdn.tripo3d.ai/c.glb").respond(content=b"glTF")
    inside = wire.get("http://169.254.169.254/latest").respond(content=b"secret")

    assert fetch(client, LINK) == b"glTF"

    wire.get("https://cdn.tripo3d.ai/c.glb").respond(
        302, headers={"Location": "http://169.254.169.254/latest"}
    )
    with pytest.raises(RejectedError):
        fetch(client, LINK)
    assert not inside.called


@pytest.mark.parametrize("location", [GLB, "https://[::1"])
def test_redirects_that_lead_nowhere_end(wire: respx.MockRouter, client: TripoClient, location: str) -> None:
    route = wire.get(GLB).respond(302, headers={"Location": location})

    with pytest.raises(ReadFailedError):
        fetch(client, LINK)

    assert route.call_count <= 4


def test_what_the_receiver_raises_passes_through(wire: respx.MockRouter, client: TripoClient) -> None:
    wire.get(GLB).respond(content=b"glTF")

    def full(piece: bytes) -> None:
        raise VaultError("The disk is full.")

    with pytest.raises(VaultError):
        client.download(LINK, full)


@pytest.mark.parametrize(
    ("bounds", "kind", "words"),
    [
        ({"bytes_most": 3}, FileDamagedError, "larger than 3"),
        ({"seconds_most": -1.0}, ReadFailedError, "in time"),
    ],
)
def test_no_file_holds_a_worker_for_ever(
    wire: respx.MockRouter, bounds: dict[str, float], kind: type[HatcheryError], words: str
) -> None:
    wire.get(GLB).respond(content=b"glTF")
    with httpx.Client() as http:
        fetcher = FileFetcher(http, (".tripo3d.com",), from_loopback=False, **bounds)  # type: ignore[arg-type]
        with pytest.raises(kind, match=words):
            fetcher.fetch(LINK, lambda _: None)


def test_a_file_that_stops_arriving_is_tried_again_later() -> None:
    def stall(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nglTF")
        connection.recv(1)  # until the client hangs up

    with (
        raw_server(stall) as server,
        local_client(server, timeouts=Timeouts(read_seconds=0.1)) as client,
        pytest.raises(ReadFailedError),
    ):
        fetch(client, server.url + "/a.glb")
