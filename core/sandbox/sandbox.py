"""The parts of one sandbox, held together for those who answer requests."""

from __future__ import annotations

import asyncio
import contextlib
from fnmatch import fnmatchcase

from starlette.requests import Request

from core.sandbox import links
from core.sandbox.config import SandboxConfig
from core.sandbox.counters import Counters
from core.sandbox.courier import Courier
from core.sandbox.faults import Faults
from core.sandbox.products import Workshop
from core.sandbox.world import World


class Sandbox:
    """World, faults, counters, workshop and courier of one running sandbox."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.world = World(config)
        self.faults = Faults(config.faults, config.seed)
        self.counters = Counters()
        self.workshop = Workshop(self.world.tasks)
        self.courier = Courier(self.world, self.faults, self.counters, config.low_balance)
        if config.webhook_url:
            self.courier.tell(config.webhook_url, config.webhook_secret)
        self._let_go = asyncio.Event()

    def accepts(self, key: str) -> bool:
        """Whether a key opens anything here."""
        return any(fnmatchcase(key, pattern) for pattern in self.config.keys)

    def link(self, request: Request, path: str) -> str:
        """A fresh signed link to a path of this server, by the address the request came in at.

        The Host header is not asked: clients that leave the port out of it exist.
        """
        host, port = request.scope["server"]
        expires_at = self.world.now() + self.config.link_life_seconds
        return links.signed(f"http://{host}:{port}{path}", self.world.signing_secret, expires_at)

    async def hang(self, seconds: float) -> None:
        """Let a client wait, at most until all faults are cleared, and never the shutdown."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._let_go.wait(), seconds)

    def clear_faults(self) -> None:
        """Switch every fault off, and wake whoever hangs by one."""
        self.faults.clear()
        self.stop_hanging()
        self._let_go = asyncio.Event()

    def stop_hanging(self) -> None:
        """Wake whoever hangs, and let nobody hang any more: the server ends."""
        self._let_go.set()

    def close(self) -> None:
        """Let go of the state file."""
        self.world.close()
