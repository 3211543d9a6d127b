"""A provider that answers every read at once with a running task, as cheaply as can be: so that clients are measured.

`python -m tests.bench.answering` prints its port; a read of one task and a batch read are understood.
"""

from __future__ import annotations

import asyncio
import json

TASK = {
    "task_id": "ID",
    "type": "text_to_model",
    "status": "running",
    "input": {"prompt": "a low poly knight in T-pose", "model": "v3.1-20260211"},
    "output": {},
    "progress": 40,
    "created_at": "2026-11-20T05:55:19Z",
}
ONE = json.dumps({"code": 0, "data": TASK})
HEAD = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Tripo-Trace-ID: 3f1c-trace\r\n"
    "Date: Mon, 23 Nov 2026 00:00:00 GMT\r\nServer: bench\r\nContent-Length: "
)
opened = 0


class Answering(asyncio.Protocol):
    """Reads requests from a connection and answers each; `GET /opened` tells how many connections there were."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        global opened
        opened += 1
        self._transport = transport
        self._left = b""

    def data_received(self, data: bytes) -> None:
        self._left += data
        while (end := self._left.find(b"\r\n\r\n")) >= 0:
            head = self._left[:end].decode("latin-1")
            length = _content_length(head)
            if len(self._left) < end + 4 + length:
                return
            body = self._left[end + 4 : end + 4 + length]
            self._left = self._left[end + 4 + length :]
            answer = _answer(head.split(" ", 2)[1], body).encode()
            self._transport.write(f"{HEAD}{len(answer)}\r\n\r\n".encode() + answer)


def _content_length(head: str) -> int:
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


def _answer(path: str, body: bytes) -> str:
    if path == "/opened":
        return json.dumps(opened)
    if body:
        tasks = {task_id: TASK | {"task_id": task_id} for task_id in json.loads(body)["task_ids"]}
        return json.dumps({"code": 0, "data": {"tasks": tasks, "missed": []}})
    return ONE.replace("ID", path.rpartition("/")[2], 1)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
