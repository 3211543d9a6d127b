"""The dashboard's server: pages, API and browser code from one port, in one process.

`python -m dashboard` runs it; `uvicorn dashboard.server:app` does too.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import anyio.to_thread
import streamlit as st
import uvicorn
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.api import create_api
from dashboard.api.requests import is_foreign
from dashboard.hosts import KnownHostsOnly
from dashboard.message_queue import install_whole_queue
from dashboard.metrics import metrics_routes
from dashboard.process import the_core
from dashboard.stand_in import StandIn
from dashboard.vendor_files import vendor_routes

PAGES: Final = Path(__file__).parent / "streamlit_app.py"
DRAWS: Final = "pandas"  # a second of work, which the first chart or table would have to wait for
GRACE_SECONDS: Final = 3  # for what is being answered when the end comes


class ApiFirst:
    """Passes what is below /api to the API, before Streamlit sees it.

    Streamlit would compress each model anew at each request, answer odd paths with plain text, and unknown ones
    with its own page.
    """

    def __init__(self, app: ASGIApp, api: ASGIApp) -> None:
        self._pages = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose by the path."""
        is_ours = scope["type"] == "http" and f"{scope['path']}/".startswith("/api/")
        await (self._api if is_ours else self._pages)(scope, receive, send)


class OwnPagesOnly:
    """Lets only our own pages open a page's connection.

    Streamlit would ask an outside service for this machine's public address to judge a foreign one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a foreign page, pass all else on."""
        if scope["type"] == "websocket" and is_foreign(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the core before the first request; whoever runs the server gives it back."""
    await anyio.to_thread.run_sync(the_core)
    threading.Thread(target=importlib.import_module, args=(DRAWS,), name="warm-up", daemon=True).start()
    with StandIn(the_core):
        yield


def serve(host: str, port: int) -> None:
    """Serve in this thread until SIGTERM or SIGINT, then end within a few seconds, whoever still hangs on.

    Streamlit's own options stand in `.streamlit/config.toml` beside this file, where it finds them by itself.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ws="websockets-sansio",  # as Streamlit runs it; the other one is on its way out
        log_config=None,  # ours
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run()


def trusted_hosts() -> tuple[str, ...]:
    """Read by which other names a proxy or a tunnel on this machine passes requests on."""
    return the_core().settings.trusted_hosts


install_whole_queue()
app = st.App(
    PAGES,
    routes=[*vendor_routes(), *metrics_routes()],
    middleware=[
        Middleware(KnownHostsOnly, also=trusted_hosts),
        Middleware(ApiFirst, api=create_api(the_core)),
        Middleware(OwnPagesOnly),
    ],
    lifespan=lifespan,
)
