"""Files that cannot come home: the disk is full, the store refuses, the file host is away. The task waits."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from core import way_home
from core.errors import ReadFailedError
from core.health import read_health
from core.lifecycle import TaskStatus
from core.models import Stop
from tests.world import World


class Store(MemoryFileSystem):
    """Somebody else's store that refuses when it is told to."""

    protocol = "moody"
    refuses: ClassVar[OSError | None] = None
    asked: ClassVar[int] = 0

    def put_file(self, lpath: str, rpath: str, *args: Any, **kwargs: Any) -> None:
        """Take a file, or refuse."""
        Store.asked += 1
        if Store.refuses is not None:
            raise Store.refuses
        super().put_file(lpath, rpath, *args, **kwargs)


@pytest.fixture(autouse=True)
def store() -> Iterator[type[Store]]:
    fsspec.register_implementation("moody", Store, clobber=True)
    yield Store
    Store.refuses, Store.asked = None, 0
    Store.store.clear()


@pytest.mark.parametrize(
    ("refusal", "word"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "vault_full"),
        (PermissionError(errno.EACCES, "Access Denied"), "vault_refuses"),
    ],
)
def test_a_vault_that_takes_nothing_is_left_alone_and_downloads_go_on_when_it_does(
    make_world: Callable[..., World], each_database_url: str, refusal: OSError, word: str
) -> None:
    world = make_world(database_url=each_database_url, settings={"artifacts_url": "moody://vault"})
    Store.refuses = refusal
    for n in range(2):
        world.order(f"crate-{n}")
    world.run_until(lambda: world.asset("crate-0").tasks[0].waiting_for == word)
    world.run_for(60)
    asked, fetched = Store.asked, world.ask_sandbox("stats")["downloads"]["model"]

    world.run_for(150)

    assert all(world.asset(f"crate-{n}").tasks[0].waiting_for == word for n in range(2))
    assert all(task.status is TaskStatus.DOWNLOADING for task in world.tasks())
    assert Store.asked - asked <= 5, "tried out with growing pauses"
    assert world.ask_sandbox("stats")["downloads"]["model"] == fetched, (
        "nothing is fetched that cannot be kept"
    )
    health = read_health(world.core.database, world.settings)
    assert [(stop.name, stop.stopped_for) for stop in health.stops] == [("vault", word)]
    assert health.status == "degraded"

    Store.refuses = None
    for n in range(2):
        assert world.run_to_the_end(f"crate-{n}").status == "complete"
    assert world.creates() == {"text_to_model": 2}
    assert read_health(world.core.database, world.settings).stops == ()


def test_a_file_host_that_is_away_is_tried_by_one_download_at_a_time_until_it_was_asked(world: World) -> None:
    for n in range(3):
        world.order(f"crate-{n}")
    away, now = ReadFailedError("The file host did not answer."), world.now()
    key_id = world.tasks()[0].key_id
    for _ in range(4):
        with world.core.database.transaction() as session:
            way_home.note_host(session, key_id, away, now, now)
    with world.core.database.transaction() as session:
        session.get_one(Stop, way_home.host_of(key_id)).stopped_until = now + timedelta(seconds=900)
    world.run_for(600, step=20)

    waiting = {world.asset(f"crate-{n}").tasks[0].waiting_for for n in range(3)}
    assert waiting == {"provider_unreachable"}
    assert world.ask_sandbox("stats")["downloads"] == {}

    with world.core.database.transaction() as session:  # by a clock that was two hours ahead
        session.get_one(Stop, way_home.host_of(key_id)).stopped_until = world.now() + timedelta(hours=2)
    world.faults(read_500={"share": 1})
    assert world.core.orchestrator.fetch_due() == 1
    world.no_faults()
    assert world.ask_sandbox("stats")["downloads"] == {}, "it never came to ask the host"
    assert world.core.orchestrator.fetch_due() == 0

    world.pass_time(2)
    assert world.core.orchestrator.fetch_due() == 1
    assert world.ask_sandbox("stats")["downloads"]["model"] == 1
    for n in range(3):
        assert world.run_to_the_end(f"crate-{n}").status == "complete"
