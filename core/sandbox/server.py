"""The sandbox as an application, as a server in a thread for tests, and as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import threading
import uuid
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.sandbox import control, files, storage, v2, v3
from core.sandbox.api import Api
from core.sandbox.broken_answers import CuttableProtocol
from core.sandbox.config import SandboxConfig, config_from_environment
from core.sandbox.sandbox import Sandbox
from core.sandbox.world import World

logger = logging.getLogger("hatchery.sandbox")

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8600
_SHUTDOWN_SECONDS = 1
_TICK_SECONDS = 0.1  # uvicorn's: each tenth of its ticks renews the date that answers bear
_LOOK_SECONDS = 0.002
# Longer than clients keep an idle connection (httpx: 5 s, as uvicorn by itself), or both would end it at one time.
_KEPT_SECONDS = 75


def create_app(config: SandboxConfig) -> Starlette:
    """Both versions, the file host and the control routes over one world, found at `app.state.sandbox`."""
    sandbox = Sandbox(config)
    app = Starlette(
        routes=[
            Mount("/v2/openapi", routes=v2.routes(Api(sandbox, v2.V2()))),
            Mount("/v3", routes=v3.routes(Api(sandbox, v3.V3()))),
            *files.routes(sandbox),
            *storage.routes(sandbox),
            Mount("/sandbox", routes=control.routes(sandbox)),
        ],
        exception_handlers={404: _nothing_here, 405: _nothing_here},
    )
    app.state.sandbox = sandbox
    app.add_middleware(TraceIds, sandbox=sandbox)
    return app


async def _nothing_here(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"code": 9404, "message": "Not found", "suggestion": "Check the path."}, 404)


class TraceIds:
    """Gives every request a trace id, sends it with every answer, and counts answers by status."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under a trace id of its own."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id = scope["trace_id"] = str(uuid.uuid4())
        outcome = "cut"

        async def send_traced(message: Message) -> None:
            nonlocal outcome
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Tripo-Trace-ID"] = trace_id
                outcome = str(message["status"])
            await send(message)

        await self._app(scope, receive, send_traced)
        if not scope["path"].startswith("/sandbox"):
            self._sandbox.counters.requests[outcome] += 1


class _Server(uvicorn.Server):
    """Uvicorn that says when it listens and lets nobody hang when it ends."""

    def __init__(self, app: Starlette) -> None:
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            ws="none",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            lifespan="off",
            timeout_keep_alive=_KEPT_SECONDS,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self._sandbox: Sandbox = app.state.sandbox

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, and to tell."""
        await super().startup(sockets)
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        self._telling = asyncio.create_task(self._sandbox.courier.run())
        self.ready.set()

    def end(self) -> None:
        """Begin to end at once; may be called from another thread."""
        self.should_exit = True
        with contextlib.suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        """Serve until the end: uvicorn's own loop, but that `end` wakes it."""
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), _TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and let go who hangs; uvicorn's own waits a tenth of a second, though nobody be there."""
        self._sandbox.stop_hanging()
        self._telling.cancel()
        state = self.server_state
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        for connection in list(state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(_SHUTDOWN_SECONDS):
                while state.connections or state.tasks:
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            for task in state.tasks:
                task.cancel()
        self._sandbox.close()


class SandboxServer:
    """A sandbox in a thread of its own, for tests and benchmarks: `with SandboxServer() as sandbox`.

    - `url`: `http://127.0.0.1:PORT`; `v2_base` and `v3_base` are what a client takes as its base.
    - `world`: the state behind it, to look at; `sandbox`: all of its parts.
    """

    def __init__(
        self, config: SandboxConfig | None = None, *, host: str = DEFAULT_HOST, port: int = 0
    ) -> None:
        app = create_app(config or SandboxConfig())
        self.sandbox: Sandbox = app.state.sandbox
        self.world: World = self.sandbox.world
        self._socket = _listening(host, port)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        self.v2_base = f"{self.url}/v2/openapi"
        self.v3_base = f"{self.url}/v3"
        self._server = _Server(app)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )

    def start(self) -> SandboxServer:
        """Serve; returns when requests are answered."""
        self._thread.start()
        if not self._server.ready.wait(timeout=10):
            raise RuntimeError("The sandbox did not start within 10 seconds.")
        return self

    def stop(self) -> None:
        """End, and wait for the end."""
        self._server.end()
        self._thread.join(timeout=10)
        self._socket.close()

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, config: SandboxConfig | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then end within about a second.

    Without a config it is read from the environment. Raises SystemExit with a sentence when the port is taken
    or a setting cannot be used.
    """
    config = config or config_from_environment()
    try:
        listening = _listening(host, port)
    except OSError as error:
        raise SystemExit(
            f"The sandbox cannot listen on {host}:{port} ({error.strerror}). "
            "End what uses that port, or set SANDBOX_PORT to another."
        ) from error
    server = _Server(create_app(config))
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal once more when it has ended; here that means no more than "end".
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    logger.info("sandbox listens on http://%s:%d", host, listening.getsockname()[1])
    with listening:
        server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once, without Nagle's delay, only where the protocol is named.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.listen(256)
    return listening
