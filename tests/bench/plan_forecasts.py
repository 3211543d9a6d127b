"""How often a plan's forecast holds its real end: seeded plans of many shapes, each run to its end in virtual time.

The product's own passes run over the wire to the sandbox; both clocks stand still and are moved together to the next
moment at which a pass has something to do. Each plan is foretold when it was applied and again when a third of that
time is over. Half of the runs begin without any past, half after another plan has ended.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import func, select

from core.bootstrap import Core, connect
from core.lifecycle import FINAL
from core.models import Task
from core.plans.plan import PlanRow
from core.plans.progress import PlanForecast
from core.plans.writing import write_plan
from core.projects import FIRST_PROJECT, ensure_first_project
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.settings import SANDBOX_KEY, Settings
from poller.schedule import sleep_seconds

RUNS: Final = 10
WANTED: Final = 8
ASSETS: Final = (8, 24)
SPEEDS: Final = (1.0, 10.0)
PRESETS: Final = ("preset:idle", "preset:walk", "preset:run", "preset:jump")


class Run(NamedTuple):
    """What was foretold of one plan, and when it had ended, in seconds from when it was applied."""

    seed: int
    speed: float
    assets: int
    first: tuple[int, int]
    later: tuple[int, int]  # foretold after a third of the time, counted from the same moment
    took: float

    @property
    def first_holds(self) -> bool:
        return self.first[0] <= self.took <= self.first[1]

    @property
    def later_holds(self) -> bool:
        return self.later[0] <= self.took <= self.later[1]


def run() -> None:
    """Measure, and print a line for each run."""
    print("forecasts of a plan's end, made when it is applied and after a third of the time (virtual time)")
    began = time.monotonic()
    runs = [_measured(seed) for seed in range(1, RUNS + 1)]
    for kind in ("first", "later"):
        held = sum(getattr(each, f"{kind}_holds") for each in runs)
        missed = "" if held >= WANTED * RUNS / 10 else "  MISSED"
        print(f"  {kind} forecasts that held the end: {held} of {RUNS} (wanted {WANTED} of 10){missed}")
    print(f"  ({time.monotonic() - began:.0f} s)")


def _measured(seed: int) -> Run:
    dice = random.Random(seed)
    speed, assets = SPEEDS[seed % 2], dice.randint(*ASSETS)
    with _night(seed, speed) as night:
        if seed % 4 < 2:
            night.apply("past.json", _rows(dice, 8))
            night.run_to_the_end()
        plan_id = night.apply("plan.json", _rows(dice, assets))
        began, first = night.now, night.foretold(plan_id)
        night.run_for((first.seconds_low + first.seconds_high) / 6)
        elapsed, later = (night.now - began).total_seconds(), night.foretold(plan_id)
        took = (night.run_to_the_end() - began).total_seconds()
    run = Run(
        seed,
        speed,
        assets,
        (first.seconds_low, first.seconds_high),
        (round(elapsed) + later.seconds_low, round(elapsed) + later.seconds_high),
        took,
    )
    middle = sum(run.first) / 2
    print(
        f"  seed {seed:2}, speed {speed:4g}, {assets:3} assets: {run.first[0]} to {run.first[1]} s, then "
        f"{run.later[0]} to {run.later[1]} s; took {took:.0f} s ({took / middle:.2f} of the first)"
        + ("" if run.first_holds else "  MISSED")
        + ("" if run.later_holds else "  missed later"),
        flush=True,
    )
    return run


def _rows(dice: random.Random, assets: int) -> list[PlanRow]:
    rows = []
    rigged = dice.random()
    for n in range(assets):
        tag = "RIG" if dice.random() < rigged else "STATIC"
        clips = dice.sample(PRESETS, dice.randint(0, 3)) if tag == "RIG" else []
        name = f"{dice.choice(['farmer', 'sailor', 'guard'])} {n}"
        rows.append(
            PlanRow(line=n + 1, name=name, tag=tag, description=f"a {name}, T-pose", animations=tuple(clips))
        )
    return rows


class Night:
    """The product and its provider, and the one clock of both."""

    def __init__(self, settings: Settings, server: SandboxServer) -> None:
        self._server = server
        server.world.stop_clock()
        self.now = datetime.fromtimestamp(server.world.now(), UTC)
        self._core: Core = connect(settings, "bench", lambda: self.now)
        self._core.database.migrate()
        with self._core.database.transaction() as session:
            ensure_first_project(session)

    def close(self) -> None:
        self._core.close()

    def apply(self, filename: str, rows: list[PlanRow]) -> str:
        applied = self._core.plans.apply(
            project_id=FIRST_PROJECT, filename=filename, content=write_plan(rows, "json")
        )
        assert applied.preview.plan_id is not None
        return applied.preview.plan_id

    def foretold(self, plan_id: str) -> PlanForecast:
        forecast = self._core.plans.progress(plan_id).forecast
        return forecast or PlanForecast(seconds_low=0, seconds_high=0, as_of=self.now)

    def run_for(self, seconds: float) -> None:
        until = self.now + timedelta(seconds=seconds)
        while self.now < until and self._open():
            self._tick()

    def run_to_the_end(self) -> datetime:
        while self._open():
            self._tick()
        with self._core.database.reading() as session:
            return session.scalars(select(func.max(Task.finished_at))).one()

    def _tick(self) -> None:
        """One tick of the poller, which lets a pass follow at once where another has made work for it."""
        passes, tick = self._core.orchestrator, self._core.settings.poll_seconds
        done = passes.ask_due() + passes.fetch_due() + passes.send_ready()
        wait = sleep_seconds(tick, passes.next_ask_at(), self.now)
        due_at = passes.next_ask_at()
        if not done and due_at is not None:  # until then every pass would find nothing
            wait = max(wait, (due_at - self.now).total_seconds())
        self._server.world.advance(wait)
        self.now += timedelta(seconds=wait)

    def _open(self) -> int:
        with self._core.database.reading() as session:
            return session.scalar(select(func.count()).where(Task.status.not_in(list(FINAL)))) or 0


@contextmanager
def _night(seed: int, speed: float) -> Iterator[Night]:
    config = SandboxConfig(speed=speed, seed=seed, credits=10**9)
    with tempfile.TemporaryDirectory() as folder, SandboxServer(config) as server:
        settings = Settings(
            _env_file=None,
            tripo_api_key=SANDBOX_KEY,
            tripo_api_base=server.v3_base,
            database_url=f"sqlite:///{folder}/hatchery.db",
            secret_key="a secret for a measurement",
            sandbox_speed=speed,
            var_dir=Path(folder),
            log_level="ERROR",
        )
        night = Night(settings, server)
        try:
            yield night
        finally:
            night.close()


if __name__ == "__main__":
    run()
