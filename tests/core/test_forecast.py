"""When a task is asked about again: as its kind's past and the provider's word make its end likely."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import pytest
from sqlalchemy import update

from core.durations import law_of
from core.forecast import LONGEST_SECONDS, SHORTEST_SECONDS, Forecast
from core.lifecycle import TaskKind, TaskStatus
from core.models import Asset, ProviderKey, Task
from core.orchestrator import PLACES
from core.projects import FIRST_PROJECT
from core.sandbox.tasks import Ending
from core.sandbox.world import NewTask, owner_of
from core.settings import SANDBOX_KEY
from core.tripo import ProviderStatus, ProviderTask
from core.trust import learnt_trust
from poller.schedule import sleep_seconds
from tests.bench.many_tasks import fill
from tests.world import World

PACE = "v2-local/generate/a-model"
EARLY, LATE = 0.9, 1.1  # what jitter does to a first ask
TEN_TO_SIXTY = [10 + n / 2 for n in range(101)]


class Row(NamedTuple):
    """A task under way, as far as a forecast reads it."""

    submitted_at: datetime
    progress: int = 0
    foretold_seconds: float | None = None
    key_id: str | None = None
    kind: TaskKind = TaskKind.GENERATE
    pace: str = PACE
    answered_at: datetime | None = None

    @property
    def created_at(self) -> datetime:
        return self.submitted_at


def says(seconds_left: float | None = None, progress: int = 0) -> ProviderTask:
    return ProviderTask(
        task_id="1",
        type="text_to_model",
        status=ProviderStatus.RUNNING,
        raw_status="running",
        seconds_left=seconds_left,
        progress=progress,
    )


def remember(world: World, seconds: Sequence[float], errors: Sequence[float] = ()) -> Forecast:
    """Write the rows of past tasks that took so long, and were foretold wrongly by so much; learn from them."""
    with world.core.database.transaction() as session:
        for n, worked in enumerate(seconds):
            asset = Asset(project_id=FIRST_PROJECT, asset_id=f"past-{n}", name="a crate")
            session.add(asset)
            session.flush()
            began = world.now() - timedelta(minutes=30, seconds=n)
            foretold = worked * (1 + errors[n]) if errors else None
            session.add(
                Task(
                    asset_pk=asset.id,
                    project_id=FIRST_PROJECT,
                    chain=1,
                    kind=TaskKind.GENERATE,
                    status=TaskStatus.SUCCESS,
                    pace=PACE,
                    submitted_at=began,
                    worked_seconds=worked,
                    foretold_seconds=foretold,
                )
            )
    return learnt_by(world)


def learnt_by(world: World) -> Forecast:
    forecast = world.core.orchestrator.forecast
    forecast.refresh()
    return forecast


def wait(world: World, forecast: Forecast, age: float, answer: ProviderTask, **row: float | int) -> float:
    """Seconds until the next ask about a task of this age."""
    began = world.now() - timedelta(seconds=age)
    return (forecast.next_ask(Row(began, **row), answer).due_at - world.now()).total_seconds()


@pytest.fixture
def still(make_world: Callable[..., World]) -> World:
    """A world in which no time passes by itself."""
    world = make_world()
    world.stop_the_clock()
    return world


# --- laws and trust --------------------------------------------------------------------------------------------


def test_a_law_learnt_from_many_is_theirs_and_from_none_is_a_wide_guess() -> None:
    learnt, guess = law_of(TEN_TO_SIXTY, (), 80), law_of((), (), 80)

    assert learnt.quantile(0.05) == pytest.approx(12.5, rel=0.15)
    assert learnt.quantile(0.5) == pytest.approx(35, rel=0.05)
    assert guess.quantile(0.05) < 8 < 80 < guess.quantile(0.95)


def test_the_short_ends_of_a_burst_do_not_look_like_all_there_is() -> None:
    ended = [seconds for seconds in TEN_TO_SIXTY if seconds <= 20]
    still_open = [20.0] * (len(TEN_TO_SIXTY) - len(ended))

    fooled, right = law_of(ended, (), 80), law_of(ended, still_open, 80)

    assert fooled.quantile(0.5) < 20
    assert right.quantile(0.2) == pytest.approx(20, rel=0.1)
    assert right.quantile(0.5) > 22


@pytest.mark.parametrize("age", [0.0, 5, 12, 30, 59, 200, 10_000, 200_000])
def test_who_finds_news_worth_more_waits_less(age: float) -> None:
    law = law_of(TEN_TO_SIXTY, (), 80)

    waits = [law.waits(np.array([age]), worth, 1e6)[0] for worth in (0.5, 1, 3, 10, 50)]

    assert waits == sorted(waits, reverse=True)
    assert waits[-1] > 0


def test_trust_is_as_great_as_the_word_was_right() -> None:
    dice = random.Random(7)
    errors = {
        spread: learnt_trust([dice.gauss(0.1, spread) for _ in range(200)]) for spread in (0.05, 0.15, 0.7)
    }
    with_idlers = learnt_trust([dice.gauss(0, 0.1) if n % 3 else dice.gauss(0, 1.5) for n in range(200)])

    for spread, trust in errors.items():
        assert trust.spread == pytest.approx(spread, rel=0.3)
    assert errors[0.05].bias == pytest.approx(0.1, abs=0.02)
    assert with_idlers.honest < 0.8 < errors[0.15].honest


# --- the next ask ----------------------------------------------------------------------------------------------


def test_nothing_is_asked_before_one_in_twenty_has_ended(still: World) -> None:
    forecast = remember(still, TEN_TO_SIXTY)

    seconds = (forecast.first_ask_at("no-key", PACE) - still.now()).total_seconds()

    assert 12.5 * EARLY * 0.85 < seconds < 12.5 * LATE * 1.15


@pytest.mark.parametrize("past", [[], TEN_TO_SIXTY], ids=["new", "learnt"])
def test_a_wait_is_never_too_short_nor_too_long(still: World, past: list[float]) -> None:
    forecast = remember(still, past)
    answers = [says(left, done) for left in (None, 0.0, 1.0, 5.0, 86_400.0) for done in (0, 4, 50, 99)]

    waits = [wait(still, forecast, age, said) for age in (0.0, 0.3, 20.0, 90.0, 1e5) for said in answers]

    assert all(SHORTEST_SECONDS * 0.95 <= seconds <= LONGEST_SECONDS * 1.05 for seconds in waits)


def test_an_honest_word_is_waited_for_and_its_last_moments_are_watched(still: World) -> None:
    forecast = remember(still, TEN_TO_SIXTY, [0.02 if n % 2 else -0.02 for n in range(len(TEN_TO_SIXTY))])

    far, near, silent = (wait(still, forecast, 15, says(left)) for left in (40, 3, None))

    assert near < 4 < silent < far
    assert far < 40


def test_a_liar_is_hardly_listened_to(still: World) -> None:
    """Whatever it says, at most twice the wait of the past alone."""
    dice = random.Random(3)
    forecast = remember(still, TEN_TO_SIXTY, [dice.choice([-0.9, -0.6, 2.0, 9.0]) for _ in TEN_TO_SIXTY])

    for age in (13, 25, 40, 55):
        alone = wait(still, forecast, age, says(None))
        assert wait(still, forecast, age, says(80_000)) < 2 * alone


def test_a_word_that_has_moved_is_trusted_less(still: World) -> None:
    forecast = remember(still, TEN_TO_SIXTY, [0.02 if n % 2 else -0.02 for n in range(len(TEN_TO_SIXTY))])

    steady = wait(still, forecast, 15, says(40), foretold_seconds=55.0)
    moved = wait(still, forecast, 15, says(40), foretold_seconds=20.0)

    assert moved < steady / 1.5


def test_without_seconds_the_progress_tells(still: World) -> None:
    forecast = remember(still, TEN_TO_SIXTY, [0.02 if n % 2 else -0.02 for n in range(len(TEN_TO_SIXTY))])

    assert wait(still, forecast, 15, says(None, 90)) < wait(still, forecast, 15, says(None, 30))


def test_progress_that_goes_back_says_nothing(still: World) -> None:
    forecast = remember(still, TEN_TO_SIXTY, [0.0] * len(TEN_TO_SIXTY))

    back = wait(still, forecast, 15, says(40, 10), progress=80)

    assert back == pytest.approx(wait(still, forecast, 15, says(None)), rel=0.11)


def test_late_is_not_now(still: World) -> None:
    """What was said first still stands, and the steps grow with the age."""
    forecast = remember(still, TEN_TO_SIXTY, [0.0] * len(TEN_TO_SIXTY))

    waits = [wait(still, forecast, age, says(1), foretold_seconds=30.0) for age in (31, 45, 120, 1200)]

    assert waits[0] < 2
    assert waits[2] < waits[3]


def test_a_new_process_knows_what_the_old_one_knew(still: World) -> None:
    remember(still, TEN_TO_SIXTY)
    other = still.another_core("restarted")

    forecast = other.orchestrator.forecast
    forecast.refresh()

    seconds = (forecast.first_ask_at("no-key", PACE) - still.now()).total_seconds()
    other.close()
    assert 12.5 * EARLY * 0.85 < seconds < 12.5 * LATE * 1.15


def test_the_poller_sleeps_until_something_is_due_but_no_longer_than_a_tick(still: World) -> None:
    now = still.now()

    slept = [sleep_seconds(0.5, now + timedelta(seconds=due), now) for due in (-5, 0.3, 60)]

    assert slept == [0.25, pytest.approx(0.3), 0.5]
    assert sleep_seconds(0.5, None, now) == 0.5


# --- through the wire ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_how_long_a_task_took_is_learnt_from_its_end(make_world: Callable[..., World], version: str) -> None:
    world = make_world(version, queue_seconds=0, speed=1, durations={"text_to_model": [20, 20]})
    (task_id,) = world.order()

    world.run_until(lambda: world.task(task_id).worked_seconds)

    task = world.task(task_id)
    assert task.pace is not None
    assert task.pace.startswith(f"{version}-local/generate/")
    assert task.worked_seconds == pytest.approx(20, rel=0.02 if version == "v3" else 0.3)
    assert task.foretold_seconds == pytest.approx(20, rel=0.3)


@pytest.mark.parametrize("how", ["missing", "off"])
def test_without_batch_reads_each_task_is_asked_by_itself(make_world: Callable[..., World], how: str) -> None:
    faults = {"batch_missing": True} if how == "missing" else {}
    world = make_world(settings={"tripo_batch_reads": "off" if how == "off" else "auto"}, faults=faults)
    ids = [world.order(f"crate-{n}", prompt=f"crate {n}")[0] for n in range(3)]

    world.run_until(lambda: all(world.task(id_).provider_done_at for id_ in ids))

    reads = world.ask_sandbox("stats")["reads"]
    assert reads["single"] >= 3
    assert reads["batch"] == 0
    assert reads["after_the_end"] == 0
    assert world.core.clients.reads_many(world.tasks()[0].key_id or "") is False


def key_of(world: World) -> ProviderKey:
    with world.core.database.reading() as session:
        return session.query(ProviderKey).one()


def test_no_more_single_reads_are_under_way_than_a_key_has_places(make_world: Callable[..., World]) -> None:
    """However many passes begin while the provider hangs; what was not begun is not kept from others."""
    world = make_world(settings={"tripo_batch_reads": "off"}, speed=1)
    world.order("crate")
    theirs = NewTask("v3", "text_to_model", "v3.1-20260211", None, {}, {}, "crate", 1, 20, Ending())
    fill(world.core.database, 40, key_of(world))
    with world.core.database.transaction() as session:
        for task in session.query(Task).where(Task.tripo_task_id.like("task-%")):
            task.tripo_task_id = world.sandbox.world.create(owner_of(SANDBOX_KEY), theirs).id
        session.flush()
        session.execute(update(Task).values(due_at=world.now()))
    world.faults(read_hang_seconds={"seconds": 600})
    for _ in range(4):
        world.core.orchestrator.ask_due(0.2)

    assert world.ask_sandbox("stats")["reads"]["single"] == PLACES["ask"]
    world.no_faults()


def test_single_reads_stop_when_the_provider_wants_none(make_world: Callable[..., World]) -> None:
    world = make_world(settings={"tripo_batch_reads": "off"}, speed=1)
    for n in range(4):
        world.order(f"crate-{n}", prompt=f"crate {n}")
    world.stop_the_clock()
    with world.core.database.transaction() as session:
        for task in session.query(Task):
            task.due_at = world.now()
    world.faults(rate_limited_1007={"retry_after": 30, "on": "read"})

    world.core.orchestrator.ask_due()
    once = world.ask_sandbox("stats")["requests_by_status"]["429"]
    world.core.orchestrator.ask_due()

    assert 1 <= once <= 4  # those that were under way at the same moment
    assert world.ask_sandbox("stats")["requests_by_status"]["429"] == once
    with world.core.database.reading() as session:
        assert session.query(ProviderKey).one().quiet_until is not None
    assert all(task.due_at and task.due_at > world.now() for task in world.tasks())


def test_many_tasks_under_way_are_asked_about_on_common_beats(make_world: Callable[..., World]) -> None:
    world = make_world(speed=1, queue_seconds=0, durations={"text_to_model": [20, 40]})
    ids = [world.order(f"crate-{n}", prompt=f"crate {n}")[0] for n in range(8)]
    remember(world, [20.0 + n / 2 for n in range(41)])
    world.pass_time(31)

    world.core.orchestrator.ask_due()

    due = {t.due_at for t in world.tasks() if t.id in ids and t.status is TaskStatus.RUNNING}
    assert len(due) < len([t for t in world.tasks() if t.status is TaskStatus.RUNNING])
