"""What goes wrong between the product and the two things it stands on: its database, and the way to the provider.

The provider's own faults are the sandbox's. Here are those that a server cannot play: a connection that is never
made, an answer that comes too late or never, a database that is locked, dropped or away.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

import httpx
import psycopg2

from core.sandbox.server import SandboxServer
from core.tasks import DOWNLOAD_LEASE, POLL_LEASE, SUBMIT_LEASE
from tests.chaos.clock import Clock
from tests.chaos.likeness import Likeness, of_request

if TYPE_CHECKING:
    from tests.chaos.process import Process

CREATE_TIMEOUT_SECONDS: Final = 30.0  # how long the product's client waits for the next byte


class Sent(NamedTuple):
    """A create that left a process: what it asked for, whether its answer proved that nothing was made, what was."""

    likeness: Likeness
    is_refused: bool
    made: tuple[str, ...]


class Trouble:
    """Strikes by shares, which the history's weather sets; everything by chance from one seed."""

    def __init__(self, clock: Clock, sandbox: SandboxServer, dice: random.Random) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.shares: dict[str, float] = {}
        self.struck: Counter[str] = Counter()
        self.sent: list[Sent] = []
        self.acting: Process | None = None  # whose thread of work this is right now
        self.meanwhile: Callable[[Process], None] = lambda _: None  # what others do during a slow answer
        self.jump: Callable[[], None] = lambda: None  # sets a clock, or all, to another time
        self.told: dict[
            str, tuple[Process, int]
        ] = {}  # the ids that a living process heard, and in which act
        self._database_away_until: datetime | None = None
        self._dice = dice
        self._is_overtaken = False

    def clear(self) -> None:
        """It is calm from here on."""
        self.shares.clear()
        self._database_away_until = None

    def forgive(self, dead: Process) -> None:
        """What a process heard in the act in which it was killed, it could not write down."""
        self.struck[f"{dead.role}_killed"] += 1
        self.told = {id_: heard for id_, heard in self.told.items() if heard != (dead, dead.acts)}

    # --- the database ---

    def take_database_away(self, seconds: float) -> None:
        self.struck["database_away"] += 1
        self._database_away_until = self.clock.now() + timedelta(seconds=seconds)

    def at_statement(self, process: Process) -> None:
        away = self._database_away_until is not None and self.clock.now() < self._database_away_until
        if away or self._strikes("statement_refused"):
            raise _refusal(process)

    def before_commit(self, process: Process) -> None:
        if self._strikes("commit_refused"):
            raise _refusal(process)

    def after_commit(self, process: Process) -> None:
        if self._strikes("process_sleeps"):
            self._let_others_overtake(process)
        if self._strikes("commit_unanswered"):
            raise _refusal(process)

    # --- the way to the provider ---

    @contextmanager
    def on_the_way(self) -> Iterator[None]:
        """Within the block every request of a process passes through here."""
        truly = httpx.Client.send

        def send(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
            if self.acting is None:
                return truly(client, request, **options)
            return self._pass(self.acting, request, lambda: truly(client, request, **options))

        with patch.object(httpx.Client, "send", send):
            yield

    def _pass(
        self, process: Process, request: httpx.Request, deliver: Callable[[], httpx.Response]
    ) -> httpx.Response:
        process.moment()
        if self._strikes("connection_refused"):
            raise httpx.ConnectError("refused", request=request)
        if self._strikes("request_lost"):
            self._note(request, (), is_refused=False)
            raise httpx.ReadError("reset", request=request)
        if self._strikes("answer_slow"):
            self.clock.advance(self._dice.uniform(1, CREATE_TIMEOUT_SECONDS))
        self._jump_in_a_send(request)
        response, made = self._delivered(request, deliver)
        self._jump_in_a_send(request)
        hangs = self._strikes("answer_hangs")
        self._note(request, made, is_refused=response.status_code < 500 and not made and not hangs)
        if self._strikes("answer_overtaken"):
            self._let_others_overtake(process)
        if _is_create(request) and self._strikes("killed_while_sending"):
            process.moments_left = 0
        process.moment()
        if hangs:
            response.close()
            self.clock.advance(CREATE_TIMEOUT_SECONDS)
            raise httpx.ReadTimeout("no answer", request=request)
        if response.status_code < 300:
            self.told.update(dict.fromkeys(made, (process, process.acts)))
        return response

    def _jump_in_a_send(self, request: httpx.Request) -> None:
        """Between the claim of an order and the record of its answer, clocks are set to another time."""
        if _is_create(request) and self._strikes("clock_jumps_in_a_send"):
            self.jump()

    def _delivered(
        self, request: httpx.Request, deliver: Callable[[], httpx.Response]
    ) -> tuple[httpx.Response, tuple[str, ...]]:
        tasks = self.sandbox.world.tasks
        before = len(tasks)
        try:
            response = deliver()
        except httpx.HTTPError:
            self._note(request, tuple(list(tasks)[before:]), is_refused=False)
            raise
        return response, tuple(list(tasks)[before:])

    def _let_others_overtake(self, process: Process) -> None:
        """This process sleeps for longer than its lease may be, and another one works meanwhile."""
        if self._is_overtaken:
            return
        self._is_overtaken = True
        lease = self._dice.choice([POLL_LEASE, SUBMIT_LEASE, DOWNLOAD_LEASE])
        self.clock.advance(lease.total_seconds() * self._dice.choice([0.2, 0.6, 1.1]))
        self.meanwhile(process)
        self._is_overtaken = False

    def _note(self, request: httpx.Request, made: tuple[str, ...], *, is_refused: bool) -> None:
        if _is_create(request):
            likeness = of_request(request.url.path, json.loads(request.content))
            self.sent.append(Sent(likeness, is_refused, made))

    def _strikes(self, name: str) -> bool:
        share = self.shares.get(name, 0.0)
        if not share or self._dice.random() >= share:
            return False
        self.struck[name] += 1
        return True


def _refusal(process: Process) -> Exception:
    """What the driver raises: one writer is busy for too long, or the server is gone."""
    if process.core.database.is_sqlite:
        return sqlite3.OperationalError("database is locked")
    return psycopg2.OperationalError("server closed the connection unexpectedly")


def _is_create(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path.rsplit("/", 1)[-1] not in ("list", "batch")
