"""The dashboard's server: pages, API and browser code from one port, in one process.

`python -m dashboard` runs it; `uvicorn dashboard.server:app` does too.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import Settings
from dashboard.api import create_api
from dashboard.process import close_the_core, the_core
from dashboard.vendor_files import vendor_routes

PAGES: Final = Path(__file__).parent / "streamlit_app.py"


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


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the core before the first request, give everything back after the last."""
    await anyio.to_thread.run_sync(the_core)
    yield
    await anyio.to_thread.run_sync(close_the_core)


def run_options(settings: Settings) -> dict[str, Any]:
    """Streamlit's options that must hold however this is started; looks and the rest stand in config.toml."""
    return {
        "server.address": settings.hatchery_host,
        "server.port": settings.hatchery_port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "runner.postScriptGC": False,  # a full collection after each run costs more than the run
    }


app = st.App(
    PAGES,
    routes=vendor_routes(),
    middleware=[Middleware(ApiFirst, api=create_api(the_core))],
    lifespan=lifespan,
)
