"""One history: orders in a storm, then calm until everything has ended; told again exactly by its seed."""

from __future__ import annotations

import logging
import random
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.exc import OperationalError

from core.inquiries import SOON
from core.lifecycle import TaskStatus
from core.models import Inquiry, Job, ProviderKey, Stop, Task, TaskEvent
from core.projects import ensure_first_project
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.settings import SANDBOX_KEY, Settings
from tests.chaos import laws, weather
from tests.chaos.clock import Clock
from tests.chaos.people import People
from tests.chaos.process import Process
from tests.chaos.repeatable import repeatable
from tests.chaos.small_files import SmallFiles
from tests.chaos.trouble import Trouble

# The poller's passes, by the names of its schedule; a test holds the two equal.
EACH_TICK: Final = {
    "send": "orchestrator.send_ready",
    "ask": "orchestrator.ask_due",
    "fetch": "orchestrator.fetch_due",
}
NOW_AND_THEN: Final = {
    "rescue": "orchestrator.rescue",
    "probe": "orchestrator.probe_due",
    "accounts": "orchestrator.check_accounts",
    "inquiries": "orchestrator.look_for_lost",
    "jobs": "jobs.carry_due",
    "samples": "sampler.take",
    "alerts": "watch.tend",
}
CALM_ROUNDS_MOST: Final = 400


class History:
    """The product, its provider and its people, under the faults of one seed, on one empty database."""

    def __init__(self, seed: int, database_url: str, folder: Path, stack: ExitStack) -> None:
        self.seed = seed
        self.dice = random.Random(f"{seed}/history")
        self.clock = Clock()
        self.version = "v2" if seed % 5 == 0 else "v3"
        limit = self.dice.choice([1, 2, 4, 10])
        config = SandboxConfig(
            speed=4,
            seed=seed,
            requests_per_minute=0,
            limits=dict.fromkeys(("h_series", "generation", "animation", "animate_rig"), limit),
        )
        self.sandbox = SandboxServer(config).start()
        stack.callback(
            threading.Thread(target=self.sandbox.stop).start
        )  # its end takes a while: nobody waits
        self.sandbox.world.now = self.clock.seconds  # type: ignore[method-assign]
        self.sandbox.sandbox.workshop = SmallFiles(self.sandbox.world.tasks)
        self.trouble = Trouble(self.clock, self.sandbox, random.Random(f"{seed}/trouble"))
        self.trouble.meanwhile = self._others_go_on
        self.trouble.jump = self._set_clocks
        self.people = People(random.Random(f"{seed}/people"), self.trouble)
        self.oddities: list[str] = []
        base = self.sandbox.v2_base if self.version == "v2" else self.sandbox.v3_base
        self.settings = Settings(
            _env_file=None,
            tripo_api_key=SANDBOX_KEY,
            tripo_api_version=self.version,
            tripo_api_base=base,
            database_url=database_url,
            secret_key="a secret for a test",
            var_dir=folder,
        )
        self._decides = self.dice.random() < 0.7  # whether somebody is there who decides, at the end
        self._dead: list[Process] = []
        stack.callback(self._bury_all)
        self.dashboard = self._start("dashboard")
        self.pollers = [self._start("poller")]
        with self.dashboard.core.database.transaction() as session:
            ensure_first_project(session)

    # --- the story ---

    def tell(self) -> None:
        """Storm, calm, judgement; raises LawBrokenError."""
        with self.trouble.on_the_way(), self._listening():
            self._storm()
            self._calm()
        laws.judge(self)

    def _storm(self) -> None:
        rounds = self.dice.randint(8, 20)
        spells = weather.spells(self.seed, rounds, self.dice)
        orders = Counter(self.dice.randrange(rounds * 2 // 3) for _ in range(self.dice.randint(1, 4)))
        for round_ in range(rounds):
            self._set_weather(spells, round_)
            for _ in range(orders[round_]):
                self.people.order(self.dashboard)
            if self.dice.random() < 0.2:
                self.people.meddle(self.dashboard)
            self._tick_all()
            self.clock.advance(self.dice.choice([1, 2, 5, 15, 40]))

    def _set_weather(self, spells: list[weather.Spell], round_: int) -> None:
        faults = self.sandbox.sandbox.faults
        on = weather.on_in(spells, round_, weather.AT_THE_PROVIDER)
        faults.set({name: None for name in faults.active if name not in on})
        faults.set({name: told for name, told in on.items() if name not in faults.active})
        self.trouble.shares = weather.on_in(spells, round_, weather.ON_THE_WAY)
        for name, share in weather.on_in(spells, round_, weather.AT_ONCE).items():
            if self.dice.random() < share:
                getattr(self, f"_{name}")()

    def _calm(self) -> None:
        """No more faults, true clocks, people who look before they decide: now everything must end."""
        self.sandbox.sandbox.faults.clear()
        self.trouble.clear()
        for process in (self.dashboard, *self.pollers):
            process.watch.wrong_by = timedelta()
            process.moments_left = None
        for _ in range(CALM_ROUNDS_MOST):
            self.people.resume(self.dashboard)
            self.people.repeat(self.dashboard)
            self._tick_all()
            if self._decides:
                self.people.decide_all(self.dashboard)
            if not self._is_work_left():
                return
            self.clock.advance(self._seconds_to_next())
        with self.dashboard.core.database.reading() as session:
            left = session.scalars(select(Task).where(self._is_owed())).all()
        stands = [
            f"{t.kind} {t.id} {t.status}, due {t.due_at}, {t.waiting_for}, tries {t.tries}" for t in left
        ]
        laws.broken(self, [f"not at its end after {CALM_ROUNDS_MOST} ticks of calm:", *stands])

    # --- passes ---

    def _tick_all(self) -> None:
        for poller in list(self.pollers):
            self._tick(poller)
        self._replace_the_dead()

    def _tick(self, poller: Process) -> None:
        names = self.dice.sample(list(EACH_TICK.values()), len(EACH_TICK))
        if self.dice.random() < 0.3:
            names += NOW_AND_THEN.values()
        for run in [poller.beat, *(attrgetter(name)(poller.core) for name in names)]:
            if not poller.is_alive:
                return
            poller.act(run)

    def _others_go_on(self, sleeper: Process) -> None:
        """While one process sleeps, another one ticks."""
        other = next((p for p in self.pollers if p is not sleeper and p.is_alive), None)
        if other is None:
            self.pollers.append(other := self._start("poller"))
        self._tick(other)

    # --- what happens at once ---

    def _database_away(self) -> None:
        self.trouble.take_database_away(self.dice.uniform(3, 60))

    def _clock_forward(self) -> None:
        self.trouble.struck["clock_forward"] += 1
        self._set_clocks(forward=True)

    def _clock_back(self) -> None:
        self.trouble.struck["clock_back"] += 1
        self._set_clocks(forward=False)

    def _set_clocks(self, *, forward: bool | None = None) -> None:
        """One machine's clock jumps, or everybody's; with `forward` left out to either side."""
        seconds = self.dice.choice([60, 300, 7200])
        if forward is False or (forward is None and self.dice.random() < 0.5):
            seconds = -seconds
        everybody = [self.dashboard, *self.pollers]
        for process in everybody if self.dice.random() < 0.5 else [self.dice.choice(everybody)]:
            process.watch.wrong_by += timedelta(seconds=seconds)

    def _poller_killed(self) -> None:
        self.dice.choice(self.pollers).moments_left = self.dice.randrange(60)

    def _dashboard_killed(self) -> None:
        self.dashboard.moments_left = self.dice.randrange(30)

    def _second_poller(self) -> None:
        if len(self.pollers) < 2:
            self.trouble.struck["second_poller"] += 1
            self.pollers.append(self._start("poller"))

    def _people_are_hasty(self) -> None:
        self.trouble.struck["people_are_hasty"] += 1
        self.people.repeat(self.dashboard)
        for _ in range(3):
            self.people.meddle(self.dashboard)

    def _people_pause(self) -> None:
        self.people.pause_or_resume(self.dashboard)

    def _people_start_jobs(self) -> None:
        self.people.start_or_stop_a_job(self.dashboard)

    def _people_order_anew(self) -> None:
        self.people.order_anew(self.dashboard)

    # --- processes ---

    def _start(self, role: str) -> Process:
        return Process(role, self.settings, self.clock, self.trouble)

    def _replace_the_dead(self) -> None:
        self._dead += [p for p in (self.dashboard, *self.pollers) if not p.is_alive]
        self.pollers = [p for p in self.pollers if p.is_alive] or [self._start("poller")]
        if not self.dashboard.is_alive:
            self.dashboard = self._start("dashboard")

    def _bury_all(self) -> None:
        for process in (self.dashboard, *self.pollers, *self._dead):
            process.bury()

    # --- looking ---

    def lines(self) -> list[str]:
        """All that its tasks' histories say, in order."""
        with self.dashboard.core.database.reading() as session:
            events = session.scalars(select(TaskEvent).order_by(TaskEvent.id)).all()
            return [f"{e.at} {e.task_id} {e.from_status} {e.to_status} {e.actor} {e.message}" for e in events]

    def _is_work_left(self) -> bool:
        with self.dashboard.core.database.reading() as session:
            is_left = exists().where(self._is_owed()) | exists().where(Job.finished_at.is_(None))
            soon = Inquiry.due_at <= self.clock.now() + SOON
            is_to_be_looked_up = any(session.scalars(select(Inquiry.named).where(soon)))
            return is_to_be_looked_up or bool(session.scalar(select(is_left)))

    def _is_owed(self) -> ColumnElement[bool]:
        undecided = Task.status == TaskStatus.UNKNOWN if self._decides else Task.id.is_(None)
        return or_(Task.due_at.is_not(None), Task.lease_until.is_not(None), undecided)

    def _seconds_to_next(self) -> float:
        now = self.clock.now()
        with self.dashboard.core.database.reading() as session:
            moments: list[datetime | None] = []
            stops = (ProviderKey.stopped_until, ProviderKey.quiet_until, Stop.stopped_until)
            for column in (Task.due_at, Task.lease_until, Job.begin_at, *stops):
                moments += session.scalars(select(func.min(column)).where(column > now))
        soonest = min((at for at in moments if at is not None), default=now)
        return min(max((soonest - now).total_seconds() + 0.1, 5), 1800)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Within the block errors that the product logs or swallows are noted, unless its database caused them."""
        handler = _Ear(self._note)
        logger = logging.getLogger("hatchery")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)

    def _note(self, error: BaseException) -> None:
        if not isinstance(error, OperationalError):
            frames = traceback.extract_tb(error.__traceback__)[-4:]
            way = " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
            self.oddities.append(f"{type(error).__name__}: {error} ({way})")


class _Ear(logging.Handler):
    def __init__(self, note: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self._note(record.exc_info[1])


class Told(NamedTuple):
    """What struck in a history, by name, and what came of it; and each line of its tasks' histories."""

    struck: Counter[str]
    lines: list[str]


def tell(seed: int, database_url: str) -> Told:
    """Tell the history of a seed on an empty, migrated database. Raises LawBrokenError."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hatchery-chaos-")))
        box: list[History] = []
        stack.enter_context(
            repeatable(seed, lambda s: box[0].clock.advance(s), lambda error: box[0]._note(error))
        )
        box.append(History(seed, database_url, folder, stack))
        box[0].tell()
        return Told(laws.summary(box[0]), box[0].lines())
