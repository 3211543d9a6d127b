"""A client of each version over a mocked wire, and a raw server for what a mock cannot show."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import respx

from core.tripo import Timeouts, TripoClient, Version

KEY = "tsk_livekey0123456789abcdefghijkl"
BASES: dict[Version, str] = {"v2": "https://api.tripo3d.ai/v2/openapi", "v3": "https://openapi.tripo3d.ai/v3"}
VERSIONS: tuple[Version, ...] = ("v2", "v3")
CERTIFICATES = httpx.create_ssl_context()  # loading them takes longer than most tests
TASK_ID = "1ec04ced-4b87-44f6-a296-beee80777941"
OTHER_ID = "2fd15dfe-5c98-45e7-b3a7-cfff91888a52"


def read_path(version: Version, task_id: str = TASK_ID) -> str:
    return f"{BASES[version]}/{'task' if version == 'v2' else 'tasks'}/{task_id}"


def batch_path(version: Version) -> str:
    return BASES[version] + ("/task/batch" if version == "v2" else "/tasks/list")


def create_path(version: Version) -> str:
    return BASES[version] + ("/task" if version == "v2" else "/generation/text-to-model")


def balance_path(version: Version) -> str:
    return BASES[version] + ("/user/balance" if version == "v2" else "/account/balance")


def success_of(version: Version) -> dict[str, object]:
    """A success as the provider's pages print it."""
    if version == "v2":
        return {
            "task_id": TASK_ID, "type": "text_to_model", "status": "success",
            "input": {"prompt": "a knight", "model_version": "v3.0-20250812"},
            "output": {
                "pbr_model": "https://tripo-data.rg1.data.tripo3d.com/tcli_x/20260114/a/tripo_pbr_model_a.glb?Policy=p&Signature=s",
                "rendered_image": "https://tripo-data.rg1.data.tripo3d.com/tcli_x/20260114/a/legacy_mesh.webp?Signature=s",
            },
            "progress": 100, "create_time": 1768888519, "consumed_credit": 30, "queuing_num": -1, "running_left_time": -1,
        }  # fmt: skip
    return {
        "task_id": TASK_ID, "type": "text_to_model", "status": "success",
        "input": {"prompt": "a knight", "model": "v3.1-20260211"},
        "output": {
            "model_url": "https://tripo-data.rg1.data.tripo3d.com/tcli_x/20260114/a/tripo_pbr_model_a.glb?Policy=p&Signature=s",
            "rendered_image_url": "https://tripo-data.rg1.data.tripo3d.com/tcli_x/20260114/a/legacy_mesh.webp?Signature=s",
        },
        "progress": 100, "credits_consumed": 30.0,
        "created_at": "2026-01-20T05:55:19Z", "completed_at": "2026-01-20T05:57:19Z",
    }  # fmt: skip


@contextmanager
def mocked_client(version: Version) -> Iterator[TripoClient]:
    """A client over httpx alone: reads have a way of their own, which no mock knows (`test_connections` takes it)."""
    with httpx.Client(verify=CERTIFICATES) as http, TripoClient(KEY, version=version, http=http) as client:
        yield client


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> Version:
    return request.param


@pytest.fixture
def client(version: Version) -> Iterator[TripoClient]:
    with mocked_client(version) as each:
        yield each


@pytest.fixture
def wire() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@dataclass
class RawServer:
    """Answers each connection with the next of its replies, byte for byte, and hangs up."""

    replies: list[bytes | Callable[[socket.socket], None]]
    requests: list[bytes] = field(default_factory=list)
    url: str = ""

    def serve(self, listening: socket.socket) -> None:
        for reply in self.replies:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                self.requests.append(connection.recv(65536))
                reply(connection) if callable(reply) else connection.sendall(reply)


@contextmanager
def raw_server(*replies: bytes | Callable[[socket.socket], None]) -> Iterator[RawServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = RawServer(list(replies), url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=server.serve, args=(listening,))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def local_client(server: RawServer, version: Version = "v3", timeouts: Timeouts | None = None) -> TripoClient:
    return TripoClient("tsk_sandbox", version=version, base_url=server.url, timeouts=timeouts)


def http_reply(
    status: str, body: bytes, *headers: str, length: int | None = None, hangs_up: bool = True
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        # said, because the next request may be sent before the hanging up is seen
        *(["Connection: close"] if hangs_up else []),
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body
