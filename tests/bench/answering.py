"""A provider that answers every read at once, as cheaply as can be: so that clients are measured.

`python -m tests.bench.answering` prints its port; a read of one task and a batch read are understood. Every task runs
for ever, until `GET /begin`: from then on each ends 10 to 60 s later, and its end is foretold within a spread of 0.15.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

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
SECONDS = (10.0, 60.0)
SPREAD = 0.15
opened = 0
began: float | None = None


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
    global began
    if path == "/opened":
        return json.dumps(opened)
    if path == "/begin":
        began = time.monotonic()
        return "{}"
    if body:
        tasks = {task_id: _task(task_id) for task_id in json.loads(body)["task_ids"]}
        return json.dumps({"code": 0, "data": {"tasks": tasks, "missed": []}})
    task_id = path.rpartition("/")[2]
    if began is None:
        return ONE.replace("ID", task_id, 1)
    return json.dumps({"code": 0, "data": _task(task_id)})


def _task(task_id: str) -> dict[str, Any]:
    """The task as it stands now: the same for all who ask about this id."""
    task = TASK | {"task_id": task_id}
    if began is None:
        return task
    lot = random.Random(task_id)
    lasts = lot.uniform(*SECONDS)
    foretold = lasts * lot.lognormvariate(0, SPREAD)
    age = time.monotonic() - began
    if age < lasts:
        done = min(99, int(100 * age / foretold))
        return task | {"progress": done, "running_left_time": max(0, round(foretold - age))}
    output = {
        "model_url": f"https://files.example/{task_id}.glb?Expires=1",
        "rendered_image_url": "https://files.example/x.webp",
    }
    return task | {"status": "success", "progress": 100, "output": output, "consumed_credit": 30}


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
