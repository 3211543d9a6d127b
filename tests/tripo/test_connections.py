"""Reads travel on few connections, which are kept; whatever becomes of one, the next read gets through."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.errors import ReadFailedError, UnreachableError
from core.tripo import ProviderTask, Timeouts, TripoClient
from core.tripo.connections import KeptConnections
from tests.tripo.conftest import TASK_ID

QUEUED = {"code": 0, "data": {"task_id": TASK_ID, "type": "text_to_model", "status": "queued"}}
ANSWER = json.dumps(QUEUED).encode()


@dataclass
class PatientServer:
    """Answers every request with the same bytes and keeps the connection, as many of them as come.

    - `gathers`: so many requests must be under way at one time before any is answered.
    - `hangs_up`: each connection ends after its answer, unannounced.
    - `certificate`: it speaks TLS.
    """

    reply: bytes
    gathers: int = 1
    hangs_up: bool = False
    certificate: ssl.SSLContext | None = None
    url: str = ""
    open: list[socket.socket] = field(default_factory=list)
    opened: int = 0
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def gather(self, count: int) -> None:
        self._together = threading.Barrier(count)

    def serve(self, listening: socket.socket) -> None:
        self.gather(self.gathers)
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                self.opened += 1
                self.open.append(connection)
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError, threading.BrokenBarrierError), connection:
            if self.certificate is None:
                self._talk(connection)
            else:
                with self.certificate.wrap_socket(connection, server_side=True) as covered:
                    self._talk(covered)
        self.ended.release()

    def _talk(self, connection: socket.socket) -> None:
        while connection.recv(65536):
            self._together.wait(10)
            connection.sendall(self.reply)
            if self.hangs_up:
                return

    def close(self) -> None:
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def patient_server(
    reply: bytes, *, gathers: int = 1, hangs_up: bool = False, certificate: ssl.SSLContext | None = None
) -> Iterator[PatientServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        scheme = "https" if certificate else "http"
        url = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
        server = PatientServer(reply, gathers, hangs_up, certificate, url)
        thread = threading.Thread(target=server.serve, args=(listening,))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            server.close()


def plain(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def client_of(server: PatientServer, timeouts: Timeouts | None = None) -> TripoClient:
    return TripoClient("tsk_sandbox", base_url=server.url, timeouts=timeouts)


Read = Callable[[TripoClient], ProviderTask]


def read_alone(client: TripoClient) -> ProviderTask:
    return client.read(TASK_ID)


def read_beside_others(client: TripoClient) -> ProviderTask:
    (found,) = (found for found in client.read_each([TASK_ID], 4, lambda: True) if found is not None)
    number, answer = found
    assert number == 0
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture(params=[read_alone, read_beside_others], ids=["alone", "beside others"])
def read(request: pytest.FixtureRequest) -> Read:
    return request.param


def test_reads_one_after_another_share_one_connection(read: Read) -> None:
    with patient_server(plain(ANSWER)) as server, client_of(server) as client:
        for _ in range(20):
            assert read(client).status == "queued"

    assert server.opened == 1


def test_there_are_no_more_connections_than_reads_at_one_time() -> None:
    with (
        patient_server(plain(ANSWER), gathers=4) as server,
        client_of(server) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        answers = list(pool.map(lambda _: client.read(TASK_ID), range(40)))

    assert len(answers) == 40
    assert server.opened == 4


def test_connections_that_are_no_longer_needed_are_ended_but_for_the_last() -> None:
    with (
        patient_server(plain(ANSWER), gathers=4) as server,
        closing(
            KeptConnections(server.url, connect_seconds=5, answer_seconds=30, bytes_most=1000, idle_seconds=0)
        ) as connections,
        ThreadPoolExecutor(4) as pool,
    ):
        assert len(list(pool.map(lambda _: connections.ask("/", (), None), range(4)))) == 4
        server.gather(1)
        for _ in range(4):
            connections.ask("/", (), None)

        assert all(server.ended.acquire(timeout=30) for _ in range(3))
        assert not server.ended.acquire(timeout=0.1)


def test_a_connection_that_the_other_side_has_ended_is_not_used_again(read: Read) -> None:
    with patient_server(plain(ANSWER), hangs_up=True) as server, client_of(server) as client:
        for connection in range(3):
            assert read(client).status == "queued"
            server.open[connection].close()

    assert server.opened == 3


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"1\r\n%c\r\n" % byte for byte in ANSWER)
        + b"0\r\n\r\n",
        plain(gzip.compress(ANSWER), "Content-Encoding: gzip"),
        b"HTTP/1.1 100 Continue\r\n\r\n" + plain(ANSWER),
        plain(ANSWER, "X-Odd: \xe9", "X-Odd: twice"),
    ],
    ids=["in chunks", "packed", "announced", "odd headers"],
)
def test_every_kind_of_answer_is_understood_and_the_connection_used_again(reply: bytes, read: Read) -> None:
    with patient_server(reply) as server, client_of(server) as client:
        for _ in range(3):
            assert read(client).status == "queued"

    assert server.opened == 1


@pytest.mark.parametrize("announcement", ["Connection: close", ""])
def test_an_answer_that_ends_with_its_connection_is_whole(announcement: str, read: Read) -> None:
    head = f"HTTP/1.1 200 OK\r\n{announcement}\r\n".encode().replace(b"\r\n\r\n", b"\r\n") + b"\r\n"
    with patient_server(head + ANSWER, hangs_up=True) as server, client_of(server) as client:
        for _ in range(2):
            assert read(client).status == "queued"

    assert server.opened == 2


@pytest.mark.parametrize(
    "reply",
    [
        plain(ANSWER)[:-10],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + ANSWER[:10],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n" + ANSWER,
        b"HTTP/1.1 200 OK\r\nContent-",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Odd: 1\r\n" * 200 + b"\r\n",
        b"",
    ],
    ids=["cut body", "cut chunk", "odd chunk", "cut head", "no HTTP", "too many headers", "nothing"],
)
def test_an_answer_that_breaks_off_is_a_failed_read_and_the_next_one_starts_anew(
    reply: bytes, read: Read
) -> None:
    with patient_server(reply, hangs_up=True) as server, client_of(server) as client:
        with pytest.raises(ReadFailedError, match=r"to its end|was an error"):
            read(client)
        server.reply = plain(ANSWER)

        assert read(client).status == "queued"


@pytest.mark.parametrize("reply", [b"", plain(ANSWER)[:-10]], ids=["no answer", "half an answer"])
def test_a_silent_provider_is_a_failed_read_in_time(reply: bytes, read: Read) -> None:
    with (
        patient_server(reply) as server,
        client_of(server, Timeouts(read_seconds=0.1)) as client,
        pytest.raises(ReadFailedError, match="did not arrive in time"),
    ):
        read(client)


@pytest.mark.parametrize(
    "reply",
    [
        plain(b" " * 5000),
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 5000,
        plain(gzip.compress(b" " * 100_000), "Content-Encoding: gzip"),
    ],
    ids=["announced", "without end", "packed"],
)
def test_an_answer_that_is_too_long_is_cut_off_and_the_next_one_starts_anew(reply: bytes, read: Read) -> None:
    with (
        patient_server(reply) as server,
        TripoClient("tsk_sandbox", base_url=server.url, answer_bytes_most=1000) as client,
    ):
        with pytest.raises(ReadFailedError, match="did not arrive in time"):
            read(client)
        server.reply = plain(ANSWER)

        assert read(client).status == "queued"


def written_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """One that only those trust who are told to, and a server's side of it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]),
    )
    place = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(place, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    trusted, both = folder / "trusted.pem", folder / "both.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    both.write_bytes(secret + trusted.read_bytes())
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(both)
    return trusted, server


def test_a_provider_must_show_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Read
) -> None:
    trusted, certificate = written_certificate(tmp_path)
    with patient_server(plain(ANSWER), certificate=certificate) as server:
        with client_of(server) as client, pytest.raises(UnreachableError):
            read(client)

        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with client_of(server) as client:
            assert [read(client).status for _ in range(3)] == ["queued"] * 3

    assert server.opened == 2


def test_a_place_where_nobody_listens_is_unreachable(read: Read) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"

    with TripoClient("tsk_sandbox", base_url=url) as client, pytest.raises(UnreachableError):
        read(client)


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    """What goes through a proxy leaves by httpx's own way, which asks the proxy for a tunnel."""
    with patient_server(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", hangs_up=True) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with (
            TripoClient("tsk_livekey0123456789abcdefghijkl") as client,
            pytest.raises(UnreachableError),
        ):
            read(client)

    assert proxy.opened == 1


def statuses(client: TripoClient, count: int, at_once: int) -> list[str]:
    found = client.read_each([TASK_ID] * count, at_once, lambda: True)
    answers = dict(each for each in found if each is not None)
    assert sorted(answers) == list(range(count))
    return [str(getattr(answers[n], "status", answers[n])) for n in range(count)]


def test_one_thread_has_many_reads_under_way_and_keeps_their_connections() -> None:
    with patient_server(plain(ANSWER), gathers=4) as server, client_of(server) as client:
        for _ in range(3):
            assert statuses(client, 40, at_once=4) == ["queued"] * 40

    assert server.opened == 4


def test_connections_of_one_thread_that_are_no_longer_needed_are_ended() -> None:
    with (
        patient_server(plain(ANSWER), gathers=4) as server,
        closing(
            KeptConnections(server.url, connect_seconds=5, answer_seconds=30, bytes_most=1000, idle_seconds=1)
        ) as connections,
    ):
        assert len([*connections.ask_each(["/"] * 4, (), 4, lambda: True)]) >= 4
        server.gather(1)
        time.sleep(2.1)  # libcurl counts whole seconds
        assert [*connections.ask_each(["/"], (), 4, lambda: True)]

        assert all(server.ended.acquire(timeout=30) for _ in range(3))


def test_a_read_that_gets_no_answer_keeps_no_other_from_its_own() -> None:
    """Who waits is told that nothing comes at present, so that the others' answers can be written."""
    with patient_server(plain(ANSWER)) as server, client_of(server, Timeouts(read_seconds=1)) as client:
        assert statuses(client, 2, at_once=2) == ["queued"] * 2
        server.gather(3)  # of the next five, three are answered and two wait for a third

        found = list(client.read_each([TASK_ID] * 5, 5, lambda: True))

    answers = [each[1] for each in found if each is not None]
    assert sum(isinstance(answer, ProviderTask) for answer in answers) == 3
    assert sum(isinstance(answer, ReadFailedError) for answer in answers) == 2
    first_failed = next(n for n, each in enumerate(found) if each and isinstance(each[1], ReadFailedError))
    assert None in found[:first_failed]


def test_no_further_read_is_begun_once_none_is_wanted() -> None:
    with patient_server(plain(ANSWER)) as server, client_of(server) as client:
        begun = iter([True, True, False])
        found = [each for each in client.read_each([TASK_ID] * 9, 2, lambda: next(begun, False)) if each]

        assert sorted(n for n, _ in found) == [0, 1]
        assert statuses(client, 3, at_once=2) == ["queued"] * 3


def test_who_wants_no_more_answers_leaves_the_way_open_for_the_next() -> None:
    with patient_server(plain(ANSWER)) as server, client_of(server) as client:
        with closing(client.read_each([TASK_ID] * 9, 3, lambda: True)) as found:
            assert next(each for each in found if each is not None)

        assert statuses(client, 9, at_once=3) == ["queued"] * 9


def test_through_a_proxy_each_is_read_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with patient_server(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", hangs_up=True) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with TripoClient("tsk_livekey0123456789abcdefghijkl") as client:
            begun = iter([True, True, False])
            found = list(client.read_each([TASK_ID] * 9, 4, lambda: next(begun)))

    assert not client.reads_at_once
    assert [(n, type(error)) for n, error in filter(None, found)] == [
        (0, UnreachableError),
        (1, UnreachableError),
    ]


def test_answers_that_came_while_nobody_looked_are_not_lost() -> None:
    """Who writes to a slow database reads on late: libcurl's clock has run out by then, not the provider's."""
    found = []
    with (
        patient_server(plain(ANSWER), gathers=4) as server,
        client_of(server, Timeouts(read_seconds=1)) as client,
        client_of(server) as another,
    ):
        for each in client.read_each([TASK_ID] * 3, 3, lambda: True):
            if each is not None:
                found.append(each)
            elif not found and server.gathers == 4:
                assert another.read(TASK_ID)  # the fourth that the server waits for: it answers all
                server.gathers = 1
                server.gather(1)
                time.sleep(1.5)

    assert sorted(n for n, _ in found) == [0, 1, 2]
    assert all(isinstance(answer, ProviderTask) for _, answer in found)


def test_ways_of_threads_that_are_no_longer_needed_are_ended() -> None:
    with (
        patient_server(plain(ANSWER), gathers=3) as server,
        closing(
            KeptConnections(server.url, connect_seconds=5, answer_seconds=30, bytes_most=1000, idle_seconds=0)
        ) as connections,
        ThreadPoolExecutor(3) as pool,
    ):
        list(pool.map(lambda _: list(connections.ask_each(["/"], (), 1, lambda: True)), range(3)))
        server.gather(1)
        for _ in range(3):
            list(connections.ask_each(["/"], (), 1, lambda: True))

        assert all(server.ended.acquire(timeout=30) for _ in range(2))


def test_a_place_that_takes_no_connections_is_unreachable(read: Read) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        with (
            TripoClient("tsk_sandbox", base_url=url, timeouts=Timeouts(connect_seconds=0.3)) as client,
            pytest.raises(UnreachableError),
        ):
            read(client)
        for each in waiting:
            each.close()
