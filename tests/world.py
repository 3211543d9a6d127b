"""A core with its own sandbox and a clock that tests move, so that no test waits for time to pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import inspect, select

from core import orders, queries
from core.bootstrap import Core, connect
from core.lifecycle import AssetStatus
from core.models import Asset, Task, utc_now
from core.projects import FIRST_PROJECT, asset_of, ensure_first_project
from core.sandbox.server import SandboxServer
from core.schemas import AssetDetail
from core.settings import Settings

KNIGHT = "a low poly knight in T-pose"
ENDED = ("complete", "failed", "ready")


class World:
    """The product without its processes: orders are placed and passes run by hand, second by second."""

    def __init__(self, settings: Settings, sandbox: SandboxServer) -> None:
        self.settings = settings
        self.sandbox = sandbox
        self.offset = timedelta()
        self.stopped_at: datetime | None = None
        self._http = httpx.Client(timeout=60, verify=False)  # noqa: S501 - loopback has no certificates to load
        self.core = self.another_core("test")
        if not inspect(self.core.database.engine).has_table(Task.__tablename__):
            self.core.database.migrate()  # else it is a copy of one that was: Alembic would read all its scripts
        with self.core.database.transaction() as session:
            ensure_first_project(session)

    def another_core(self, role: str) -> Core:
        """A second process, as far as claims are concerned."""
        return connect(self.settings, role, self.now)

    def close(self) -> None:
        self._http.close()
        self.core.close()

    # --- time ---

    def now(self) -> datetime:
        return self.stopped_at or utc_now() + self.offset

    def stop_the_clock(self) -> None:
        """However slow this machine is: for the product no time passes any more."""
        self.stopped_at = self.now()

    def pass_time(self, seconds: float) -> None:
        """Let time pass at once, here and at the provider."""
        self.offset += timedelta(seconds=seconds)
        self.ask_sandbox("clock", {"advance_seconds": seconds})

    # --- orders ---

    def order(self, asset_id: str = "knight", *, send: bool = True, **order: Any) -> list[str]:
        """Order an asset; with `send` through the desk, as a page does, else only its rows."""
        order = {"project_id": FIRST_PROJECT, "asset_id": asset_id, "prompt": KNIGHT, **order}
        if send:
            return self.core.desk.generate(**order)
        with self.core.database.transaction() as session:
            version = self.settings.tripo_api_version
            rows = orders.order_generation(session, version=version, now=self.now(), **order)
            return [row.id for row in rows]

    def walking(self, asset_id: str = "knight") -> list[str]:
        return self.order(asset_id, should_rig=True, animations=["preset:idle", "preset:walk"])

    # --- passes ---

    def run_passes(self, core: Core | None = None) -> None:
        """One tick of everything."""
        core = core or self.core
        passes = core.orchestrator
        passes.probe_due()
        core.jobs.carry_due()
        passes.send_ready()
        passes.ask_due()
        passes.fetch_due()
        passes.rescue()

    def run_for(self, seconds: int, step: int = 5) -> None:
        """Tick every few seconds for a while."""
        for _ in range(0, seconds, step):
            self.run_passes()
            self.pass_time(step)

    def run_until(self, holds: Callable[[], object], *, seconds: int = 600) -> None:
        """Tick, a second at a time, until a condition holds; fails when it does not in that many seconds."""
        for _ in range(seconds):
            if holds():
                return
            self.run_passes()
            self.pass_time(1)
        raise AssertionError(f"it did not happen within {seconds} seconds")

    def run_to_the_end(self, asset_id: str = "knight") -> AssetDetail:
        self.run_until(lambda: self.status(asset_id) in ENDED)
        return self.asset(asset_id)

    # --- looking ---

    def asset(self, asset_id: str = "knight") -> AssetDetail:
        with self.core.database.reading() as session:
            return queries.asset_detail(session, asset_of(session, FIRST_PROJECT, asset_id), self.now())

    def status(self, asset_id: str = "knight") -> AssetStatus:
        """Much quicker than all that a page shows of it."""
        with self.core.database.reading() as session:
            return asset_of(session, FIRST_PROJECT, asset_id).status

    def task(self, task_id: str) -> Task:
        with self.core.database.reading() as session:
            return session.get_one(Task, task_id)

    def tasks(self, kind: str = "generate") -> list[Task]:
        with self.core.database.reading() as session:
            wanted = select(Task).join(Asset, Asset.id == Task.asset_pk).where(Task.kind == kind)
            return list(session.scalars(wanted.order_by(Task.created_at, Task.attempt)))

    # --- the sandbox ---

    def ask_sandbox(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"{self.sandbox.url}/sandbox/{path}"
        response = self._http.get(url) if body is None else self._http.post(url, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def faults(self, **faults: Any) -> None:
        self.ask_sandbox("faults", faults)

    def no_faults(self) -> None:
        assert self._http.delete(f"{self.sandbox.url}/sandbox/faults").status_code == 200

    def creates(self) -> dict[str, int]:
        """How many tasks were made at the provider, by type."""
        return self.ask_sandbox("stats")["accepted_by_type"]

    def reads(self) -> int:
        reads = self.ask_sandbox("stats")["reads"]
        return reads["single"] + reads["batch"]
