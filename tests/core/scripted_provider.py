"""A provider on loopback that answers exactly what a test has typed, in either version's envelope."""

from __future__ import annotations

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Refusal = tuple[int, dict[str, Any]]
TRACE = "3f1c-trace"


class ScriptedProvider:
    """`with ScriptedProvider() as provider`: takes every order, until it is told to refuse.

    - `create`, `read`: the status and body with which the next creates or reads are refused; None lets them pass.
    - `ending`: what every task shows over "running".
    - `creates`: how many orders arrived.
    """

    def __init__(self) -> None:
        self.create: Refusal | None = None
        self.read: Refusal | None = None
        self.ending: dict[str, Any] = {}
        self.creates = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.bases = {"v2": f"{url}/v2/openapi", "v3": f"{url}/v3"}

    def __enter__(self) -> ScriptedProvider:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def forget(self) -> None:
        """Refuse nothing any more."""
        self.create = self.read = None
        self.ending = {}
        self.creates = 0

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Refusal:
        if path.endswith("/balance"):
            return _good({"balance": 1000, "frozen": 0})
        if "task_ids" in body:
            return self.read or _good(
                {"tasks": {id_: self._task(id_) for id_ in body["task_ids"]}, "missed": []}
            )
        if method == "GET":
            return self.read or _good(self._task(path.rpartition("/")[2]))
        self.creates += 1
        return self.create or _good({"task_id": str(uuid.uuid4())})

    def _task(self, task_id: str) -> dict[str, Any]:
        shown = {
            "task_id": task_id,
            "type": "text_to_model",
            "status": "running",
            "progress": 40,
            "output": {},
        }
        return shown | self.ending

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's, below
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, body = provider.answer(self.command, self.path, json.loads(raw or b"{}"))
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in (
                    ("Content-Type", "application/json"),
                    ("Content-Length", str(len(content))),
                    ("X-Tripo-Trace-ID", TRACE),
                ):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET  # noqa: N815 - the base class's names

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def refusal(version: str, http_status: int, code: int) -> Refusal:
    """An error as this version writes it; its message is the bare number, the least that a provider could say."""
    body: dict[str, Any] = {"code": code, "message": str(code), "suggestion": ""}
    return http_status, body | ({"status": "error", "request_id": TRACE} if version == "v3" else {})


def _good(data: dict[str, Any]) -> Refusal:
    return 200, {"code": 0, "status": "success", "data": data}
