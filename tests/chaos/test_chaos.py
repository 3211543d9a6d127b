"""Whatever goes wrong, and however much of it at once: in every history each law holds."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from poller.schedule import Schedule
from tests.chaos.databases import EVERY_NTH_ON_POSTGRES, Empty, empty_postgres, empty_sqlite, is_postgres_turn
from tests.chaos.history import EACH_TICK, NOW_AND_THEN, tell
from tests.chaos.weather import ALL
from tests.world import World

HISTORIES = int(os.environ.get("CHAOS_HISTORIES", "200"))
FIRST_SEED = int(os.environ.get("CHAOS_SEED", "1"))
CHUNK = 50  # histories to a test, so that two workers share them
SEEDS = range(FIRST_SEED, FIRST_SEED + HISTORIES)
CHUNKS = [SEEDS[n : n + CHUNK] for n in range(0, HISTORIES, CHUNK)]


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Empty]:
    with empty_sqlite(tmp_path) as empty:
        yield empty


@pytest.fixture
def on_postgres(postgres_server: str) -> Iterator[Empty]:
    with empty_postgres(postgres_server) as empty:
        yield empty


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_in_every_history_each_law_holds(seeds: range, on_sqlite: Empty, on_postgres: Empty) -> None:
    struck: Counter[str] = Counter()
    for seed in seeds:
        with (on_postgres if is_postgres_turn(seed) else on_sqlite)(seed) as url:
            struck += tell(seed, url).struck

    assert struck["= tasks ended"] >= 3 * len(seeds)
    if len(seeds) == CHUNK:  # enough for nearly every fault to have had its turn
        missing = [name for name in ALL if not struck[name]]
        assert len(missing) <= len(ALL) // 10, missing


def test_histories_run_every_pass_of_the_poller(world: World) -> None:
    """All but the heartbeat, which is each process's own, and the pruning of what is months old."""
    schedule = Schedule(world.core)

    assert {job.id for job in schedule._scheduler.get_jobs()} == {
        *EACH_TICK,
        *NOW_AND_THEN,
        "heartbeat",
        "retention",
    }


@pytest.mark.parametrize("seed", [7, EVERY_NTH_ON_POSTGRES])
def test_a_seed_tells_the_same_history_again(seed: int, on_sqlite: Empty) -> None:
    told = []
    for _ in range(2):
        with on_sqlite(seed) as url:
            told.append(tell(seed, url).lines)

    assert told[0] == told[1]
    assert len(told[0]) > 10
