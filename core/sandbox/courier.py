"""Delivers the news of webhooks while the server runs: again until it is taken, never for ever."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from core.sandbox.counters import Counters
from core.sandbox.faults import Faults
from core.sandbox.tasks import life_of
from core.sandbox.webhooks import Hook, News, checked_url, news_of_end, news_of_low_balance, signature
from core.sandbox.world import World

logger = logging.getLogger("hatchery.sandbox")

_LOOK_EVERY_SECONDS = 0.05
_ANSWER_SECONDS = 5.0  # the documented limit for a receiver
_FIRST_PAUSE_SECONDS = 1.0
_MOST_ATTEMPTS = 6
_MOST_WAITING = 1000
_MOST_AT_ONCE = 8


@dataclass(frozen=True)
class Delivery:
    """One piece of news on its way to one receiver; `due_at` is on the sandbox's clock."""

    hook: Hook
    news: News
    due_at: float
    attempt: int = 1
    id: str = field(default_factory=lambda: f"whd_{uuid.uuid4().hex}")

    def later(self, now: float) -> Delivery:
        """The next attempt, after a pause that doubles."""
        pause = _FIRST_PAUSE_SECONDS * 2 ** (self.attempt - 1)
        return replace(self, due_at=now + pause, attempt=self.attempt + 1)


class Courier:
    """Finds what is news, and brings it to whoever asked to be told. Lives in the server's event loop."""

    def __init__(self, world: World, faults: Faults, counters: Counters, low_balance: int) -> None:
        self._world = world
        self._faults = faults
        self._counters = counters
        self._low_balance = low_balance
        self._low: set[str] = set()
        self._hooks: dict[str, Hook] = {}
        self._waiting: list[Delivery] = []
        self._has_hooks = asyncio.Event()
        self._hands = asyncio.Semaphore(_MOST_AT_ONCE)

    @property
    def urls(self) -> list[str]:
        """Who is told."""
        return list(self._hooks)

    def tell(self, url: object, secret: str) -> None:
        """Tell this address too, from now on; raises ValueError when it is not on this machine."""
        address = checked_url(url)
        if not self._hooks:
            self._low = set(self._low_owners())
        self._hooks[address] = Hook(address, secret, self._world.now())
        self._has_hooks.set()

    def tell_nobody(self) -> None:
        """Forget every receiver, and what is on its way."""
        self._hooks.clear()
        self._waiting.clear()
        self._has_hooks.clear()

    async def run(self) -> None:
        """Look for news and bring it, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._has_hooks.wait()
                for news in self._news():
                    self._address(news)
                for delivery in self._take_due():
                    group.create_task(self._bring(delivery))
                await asyncio.sleep(_LOOK_EVERY_SECONDS)

    # What is news.

    def _news(self) -> Iterator[News]:
        now = self._world.now()
        for task in self._world.settle():
            if task.version == "v3":  # v2 has no webhooks
                yield news_of_end(task, life_of(task, now))
        low = set(self._low_owners())
        for owner in low - self._low:
            yield news_of_low_balance(owner, self._world.account(owner).balance, self._low_balance, now)
        self._low = low

    def _low_owners(self) -> Iterator[str]:
        for owner in list(self._world.accounts):
            if self._world.account(owner).balance < self._low_balance:
                yield owner

    def _address(self, news: News) -> None:
        types = {news.task_type} if news.task_type else set()
        for hook in self._hooks.values():
            if news.at < hook.since:
                continue
            if self._faults.strike("webhook_lost", types) or len(self._waiting) >= _MOST_WAITING:
                self._counters.webhooks["lost"] += 1
                continue
            late = self._faults.strike("webhook_late_seconds", types)
            delivery = Delivery(hook, news, self._world.now() + (late.seconds if late else 0.0))
            twice = self._faults.strike("webhook_doubled", types) is not None
            self._waiting += [delivery, delivery] if twice else [delivery]

    # Bringing it.

    def _take_due(self) -> list[Delivery]:
        now = self._world.now()
        due = [delivery for delivery in self._waiting if delivery.due_at <= now]
        self._waiting = [delivery for delivery in self._waiting if delivery.due_at > now]
        return due

    async def _bring(self, delivery: Delivery) -> None:
        status = await self._posted(delivery)
        if 200 <= status < 300:
            self._counters.webhooks["taken"] += 1
            return
        self._counters.webhooks["refused"] += 1
        if delivery.attempt >= _MOST_ATTEMPTS:
            self._counters.webhooks["given_up"] += 1
            logger.warning("the webhook %s was never taken: %s", delivery.hook.url, delivery.news.event)
        elif delivery.hook.url in self._hooks:
            self._waiting.append(delivery.later(self._world.now()))

    async def _posted(self, delivery: Delivery) -> int:
        body = delivery.news.body
        headers = {
            "Tripo-Webhook-Id": delivery.hook.id,
            "Tripo-Webhook-Delivery": delivery.id,
            "Tripo-Webhook-Event": delivery.news.event,
            # By the real clock: its reader's does not skip.
            "Tripo-Webhook-Signature": signature(delivery.hook.secret, int(time.time()), body),
        }
        async with self._hands:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    return await _post(delivery.hook.url, headers, body)
            except (OSError, ValueError, IndexError, TimeoutError):
                return 0


async def _post(url: str, headers: Mapping[str, Any], body: bytes) -> int:
    """Post JSON and return the answer's status; raises OSError, ValueError or IndexError without one."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await writer.drain()
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()
