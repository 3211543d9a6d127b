"""Somebody who is told: notes each request that is posted to it, and answers as a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def delivery(self) -> str:
        return self.headers["Tripo-Webhook-Delivery"]


class Receiver:
    """`with Receiver() as receiver`: listens on a free port; `answers` are the statuses of the next requests."""

    def __init__(self, *answers: int) -> None:
        self.received: list[Received] = []
        self._answers = list(answers)
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook?from=tripo"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def wait_for(self, count: int, seconds: float = 60) -> list[Received]:
        """Wait until so many requests have come; more than these fail the test."""
        return self.wait_until(lambda received: len(received) >= count, seconds)

    def wait_until(self, holds: Callable[[list[Received]], bool], seconds: float = 60) -> list[Received]:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not holds(self.received):
                left = deadline - time.monotonic()
                assert left > 0, f"only {len(self.received)} requests came"
                self._changed.wait(left)
            return list(self.received)

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's, below
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver._changed:
                    receiver.received.append(Received(dict(self.headers), raw))
                    status = receiver._answers.pop(0) if receiver._answers else 204
                    receiver._changed.notify_all()
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
