"""How few requests find the ends of tasks how soon: the product against two simple rules, over the very same tasks.

The product's own passes run on a real database and over the wire to the sandbox, in virtual time: both clocks stand
still and are moved together, by the poller's own rule, to its next pass. The two rules are given the same answers of
the same tasks at the moments of their own choice, without any delay of a network or a database:

- fixed: read every 2 seconds;
- SDK: the rule of Tripo's SDK 0.4.2 (`wait_for_task`): the next wait is max(2 s, half of the seconds left), and twice
  the one before, up to 30 s, where no seconds are told.

Tasks take 10 to 60 s. What the provider tells of their ends is right within a spread of 0.15 (honest), of 0.7 and for
a third of the tasks nothing at all (lying), or nothing for any task (absent, as in v3).
"""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from sqlalchemy import func, select

from core.bootstrap import Core, connect
from core.lifecycle import TaskKind, TaskStatus
from core.models import Asset, ProviderKey, Task
from core.past import pace_of
from core.projects import FIRST_PROJECT, ensure_first_project
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.sandbox.tasks import Ending, Life, life_of
from core.sandbox.tasks import Task as TheirTask
from core.sandbox.world import NewTask, owner_of
from core.settings import SANDBOX_KEY, Settings
from core.tripo import Generate
from poller.schedule import PROBE_SECONDS, sleep_seconds

KINDS: dict[str, dict[str, Any]] = {
    "honest": {"version": "v2", "forecast_spread": 0.15},
    "lying": {"version": "v2", "forecast_spread": 0.7, "silent_share": 1 / 3},
    "absent": {"version": "v3", "silent_share": 1.0},
}
MODEL = "v3.1-20260211"
PAST = 100  # tasks seen before anything is measured: a product learns
SECONDS = (10.0, 60.0)
LIMIT = timedelta(minutes=20)  # virtual ones
FAULTS = {
    "read_500": 0.03,
    "read_502_html": 0.02,
    "rate_limited_1007": {"share": 0.005, "retry_after": 5, "on": "read"},
}


class Found(NamedTuple):
    """What finding the ends of some tasks took: requests for each, and seconds from each end to knowing it."""

    requests: float
    delays: Sequence[float]
    peak: int  # requests in the busiest second
    after_the_end: int = 0
    while_quiet: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.delays)

    @property
    def p95(self) -> float:
        return sorted(self.delays)[math.ceil(len(self.delays) * 0.95) - 1]

    @property
    def product_of_means(self) -> float:
        return self.requests * statistics.fmean(self.delays)


def run() -> None:
    """Measure, and print the table."""
    began = time.monotonic()
    print(
        "requests per finished task, and seconds from a task's end to our row (p50 / p95); ratios to the SDK's rule"
    )
    print("single reads, 4 x 50 at once and 1,000 at once")
    for kind in KINDS:
        with bench(kind, batch_reads="off") as world:
            world.learn_from(PAST)
            fifty = world.find(50, rounds=4)
            world.report(f"{kind}, N=50", kind, fifty)
            if kind == "absent":  # no figure of it binds at N=1,000
                continue
            thousand = world.find(1000)
            world.report(f"{kind}, N=1000", kind, thousand)
            _line(
                "N=1000 against N=50: p95, requests",
                *(thousand.p95 / fifty.p95, 1.3),
                *(thousand.requests / fifty.requests, 1.1),
            )
            _line("requests in the busiest second / fixed", thousand.peak / _fixed(world.found).peak, 0.5)
    print("single reads without any past (for information)")
    with bench("honest", batch_reads="off") as world:
        world.report("honest, the first 50", "", world.find(50))
    print("single reads, 5 % of them 5xx, now and then a 429 with Retry-After 5")
    with bench("honest", batch_reads="off") as world:
        world.learn_from(PAST)
        calm = world.find(50, rounds=4)
        world.control("faults", FAULTS)
        rough = world.find(50, rounds=4)
        _line("requests against the calm run", rough.requests / calm.requests, 1.3)
        print(
            f"    requests before Retry-After was over: {rough.while_quiet} (0); reads after the final answer: {rough.after_the_end}"
        )
    print("batch reads, up to 100 tasks a request")
    for kind in ("honest", "absent"):
        with bench(kind) as world:
            world.learn_from(PAST)
            world.report_batch(f"{kind}, 10 in flight", world.find(300, in_flight=10), 2.0)
            world.report_batch(f"{kind}, 1,000 in flight", world.find(1000), 0.3)
    print(f"  ({time.monotonic() - began:.0f} s)")


class Bench:
    """The product and its provider, and the one clock of both."""

    def __init__(self, settings: Settings, server: SandboxServer) -> None:
        self._server = server
        self._http = httpx.Client(base_url=f"{server.url}/sandbox/", timeout=30)
        self.control("clock", {"stop": True})
        self._now = datetime.fromtimestamp(server.world.now(), UTC)
        self._settings = settings
        self._core = self._connect(settings)
        self._core.database.migrate()
        with self._core.database.transaction() as session:
            ensure_first_project(session)
        self._reads_while_quiet = 0
        self._in_second: Counter[int] = Counter()
        self._while_full = (0, 0)

    def close(self) -> None:
        self._core.close()
        self._http.close()

    def control(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._http.get(path) if body is None else self._http.post(path, json=body)
        return answer.raise_for_status().json()

    def learn_from(self, tasks: int) -> None:
        """Let the product see some tasks end, before anything is measured."""
        reading_many = self._connect(self._settings.model_copy(update={"tripo_batch_reads": "auto"}))
        self._follow(reading_many, tasks, tasks)
        reading_many.close()
        self._pass_time(60)

    def find(self, tasks: int, rounds: int = 1, in_flight: int | None = None) -> Found:
        """Follow so many tasks to their ends, all at once or some at a time, as often as `rounds` says.

        With `in_flight`, requests and ends are counted for as long as so many are in flight.
        """
        before, self._reads_while_quiet, self.found = self._reads(), 0, []
        self._in_second.clear()
        delays: list[float] = []
        for _ in range(rounds):
            for theirs, known_at in self._follow(self._core, tasks, in_flight or tasks):
                self.found.append(theirs)
                delays.append(known_at.timestamp() - theirs.ends_at)
            self._pass_time(60)
        after = self._reads()
        requests, ended = (after[0] - before[0], len(delays))
        if in_flight is not None:
            requests, ended = self._while_full[0] - before[0], self._while_full[1]
        peak = max(self._in_second.values())
        return Found(requests / ended, delays, peak, after[1] - before[1], self._reads_while_quiet)

    def report(self, name: str, kind: str, ours: Found) -> None:
        sdk, fixed = _sdk(self.found), _fixed(self.found)
        for who, found in (("ours", ours), ("SDK", sdk), ("fixed 2 s", fixed)):
            print(
                f"  {name:22} {who:9} {found.requests:6.2f} requests, {found.p50:5.2f} / {found.p95:5.2f} s"
            )
        if kind == "honest":
            _line(
                "requests / SDK, / fixed",
                ours.requests / sdk.requests,
                0.85,
                ours.requests / fixed.requests,
                0.35,
            )
            _line("p50, p95 / SDK", ours.p50 / sdk.p50, 1.0, ours.p95 / sdk.p95, 0.85)
            _line("product of the means / SDK", ours.product_of_means / sdk.product_of_means, 0.8)
        if kind == "lying":
            _line("p95, requests / SDK", ours.p95 / sdk.p95, 0.4, ours.requests / sdk.requests, 1.2)
        if kind == "absent":
            print(f"    p95, requests / SDK: {ours.p95 / sdk.p95:.2f}, {ours.requests / sdk.requests:.2f}")
        if ours.after_the_end:
            print(f"    MISSED: {ours.after_the_end} reads after the final answer")

    def report_batch(self, name: str, ours: Found, most: float) -> None:
        print(f"  {name:24} {ours.requests:5.2f} requests, {ours.p50:5.2f} / {ours.p95:5.2f} s")
        _line("requests, p95", ours.requests, most, ours.p95, 2.0)

    def _connect(self, settings: Settings) -> Core:
        return connect(settings, "bench", lambda: self._now)

    def _follow(self, core: Core, tasks: int, in_flight: int) -> list[tuple[TheirTask, datetime]]:
        """Run the passes as the poller would until the provider is done with so many tasks."""
        passes, tick = core.orchestrator, core.settings.poll_seconds
        made = self._make(core, in_flight)
        began = probe_at = self._now
        while self._open_tasks(core):
            if self._now - began > LIMIT * tasks / in_flight:
                raise SystemExit(f"{self._open_tasks(core)} tasks are still open after {self._now - began}")
            if self._now >= probe_at:  # this pass also finds out that a provider answers again
                passes.probe_due()
                probe_at = self._now + timedelta(seconds=PROBE_SECONDS)
            before, is_quiet = self._reads()[0], self._is_quiet(core)
            passes.ask_due()
            asked = self._reads()[0] - before
            self._in_second[math.floor(self._now.timestamp())] += asked
            self._reads_while_quiet += asked if is_quiet else 0
            if len(made) < tasks:
                made += self._make(core, min(in_flight - self._open_tasks(core), tasks - len(made)))
                self._while_full = (self._reads()[0], len(made) - self._open_tasks(core))
            self._pass_time(sleep_seconds(tick, passes.next_ask_at(), self._now))
        with core.database.reading() as session:
            done = select(Task.tripo_task_id, Task.provider_done_at).where(Task.tripo_task_id.in_(made))
            return [(self._server.world.tasks[id_], known_at) for id_, known_at in session.execute(done)]

    def _make(self, core: Core, tasks: int) -> list[str]:
        """Make tasks at the provider, and the rows that a send would have left: sending is not measured here."""
        world, version, forecast = (
            self._server.world,
            core.settings.tripo_api_version,
            core.orchestrator.forecast,
        )
        pace = pace_of(Generate(prompt="a crate"), version, is_local=True)
        made = []
        with core.database.transaction() as session:
            key_id = core.keys.shared(session).id
            for _ in range(tasks):
                theirs = world.create(
                    owner_of(SANDBOX_KEY),
                    NewTask(version, "text_to_model", MODEL, None, {}, {}, "crate", 1, 20, Ending()),
                )
                asset = Asset(project_id=FIRST_PROJECT, asset_id=theirs.id, name="crate", chain=1)
                session.add(asset)
                session.flush()
                session.add(
                    Task(
                        asset_pk=asset.id,
                        project_id=FIRST_PROJECT,
                        chain=1,
                        kind=TaskKind.GENERATE,
                        status=TaskStatus.QUEUED,
                        key_id=key_id,
                        tripo_task_id=theirs.id,
                        submitted_at=self._now,
                        pace=pace,
                        due_at=forecast.first_ask_at(key_id, pace),
                    )
                )
                made.append(theirs.id)
        return made

    def _open_tasks(self, core: Core) -> int:
        with core.database.reading() as session:
            is_open = Task.status.in_((TaskStatus.QUEUED, TaskStatus.RUNNING))
            return session.scalar(select(func.count()).where(is_open)) or 0

    def _is_quiet(self, core: Core) -> bool:
        with core.database.reading() as session:
            until = session.scalar(select(ProviderKey.quiet_until))
            return until is not None and until > self._now

    def _reads(self) -> tuple[int, int]:
        reads = self.control("stats")["reads"]
        return reads["single"] + reads["batch"], reads["after_the_end"]

    def _pass_time(self, seconds: float) -> None:
        self._server.world.advance(seconds)
        self._now += timedelta(seconds=seconds)


@contextmanager
def bench(kind: str, *, batch_reads: str = "auto") -> Iterator[Bench]:
    """A product on SQLite with a provider of this kind."""
    theirs = dict(KINDS[kind])
    version = theirs.pop("version")
    config = SandboxConfig(
        speed=1,
        queue_seconds=0,
        durations={"text_to_model": SECONDS},
        credits=10**9,
        requests_per_minute=0,
        **theirs,
    )
    with tempfile.TemporaryDirectory() as folder, SandboxServer(config) as server:
        settings = Settings(
            _env_file=None,
            tripo_api_key=SANDBOX_KEY,
            tripo_api_version=version,
            tripo_api_base=server.v2_base if version == "v2" else server.v3_base,
            tripo_batch_reads=batch_reads,
            database_url=f"sqlite:///{folder}/hatchery.db",
            secret_key="a secret for a measurement",
            var_dir=Path(folder),
            log_level="ERROR",
        )
        world = Bench(settings, server)
        try:
            yield world
        finally:
            world.close()


def _fixed(tasks: Sequence[TheirTask]) -> Found:
    return _clients(tasks, lambda _life, _wait: 2.0)


def _sdk(tasks: Sequence[TheirTask]) -> Found:
    def rule(life: Life, wait: float) -> float:
        if life.seconds_left is None:
            return min(2 * wait, 30.0)
        return max(2.0, max(1, math.ceil(life.seconds_left)) / 2)

    return _clients(tasks, rule)


def _clients(tasks: Sequence[TheirTask], rule: Any) -> Found:
    """A client for each task that reads it as soon as it is made, and then by this rule until it has ended."""
    requests, delays, in_second = 0, [], Counter[int]()
    for task in tasks:
        at, wait = task.created_at, 2.0
        while True:
            requests += 1
            in_second[math.floor(at - tasks[0].created_at)] += 1
            life = life_of(task, at)
            if life.is_final:
                break
            wait = rule(life, wait)
            at += wait
        delays.append(at - task.ends_at)
    return Found(requests / len(tasks), delays, max(in_second.values()))


def _line(what: str, *measured_and_most: float) -> None:
    pairs = list(zip(measured_and_most[::2], measured_and_most[1::2], strict=True))
    shown = ", ".join(f"{measured:.2f} (<= {most:g})" for measured, most in pairs)
    missed = "" if all(measured <= most for measured, most in pairs) else "  MISSED"
    print(f"    {what}: {shown}{missed}")


if __name__ == "__main__":
    run()
