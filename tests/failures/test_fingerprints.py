"""Which failures are the same: what differs from task to task must not count, what differs in cause must."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config

from core import tasks
from core.database import MIGRATIONS, Database
from core.failures.fingerprint import Fingerprint, fingerprint_of, normalised
from core.models import Task
from core.tasks import SUBMIT_LEASE
from tests.world import World

SAME = [
    (
        "Job 8f3a11c2 died on gpu-node-17 after 317 steps",
        "Job 09bb7e41 died on gpu-node-3 after 12 steps",
    ),
    ("Cannot read /var/tmp/run_12/mesh.obj", "Cannot read /srv/scratch/run_9/mesh.obj"),
    ("task_id=abcDEFghij not found", "task_id=QwErTyUiOp not found"),
    (
        "See https://cdn.tripo3d.ai/a/b.glb?X-Sig=1 for more",
        "See https://files.example.org/?token=zzz for more",
    ),
    ("No bone called 'left_knee'.", "No bone called 'tail tip 2'."),
    ('The word "knight" is not allowed', 'The word "<b>🐉</b>" is not allowed'),
    ("Expired at 2026-11-22T10:00:01.5Z", "Expired at 2026-01-02 23:59:59"),
    ("Trace 0b7f9d3e-1111-4222-8333-94d1a2b3c4d5", "Trace 1c8fae4f-2222-4333-9444-a5e2b3c4d5e6"),
    ("Limit is 10,000 faces, got 12.5k", "Limit is 500 faces, got 9.1k"),
    (
        "A biped rig cannot play preset:quadruped:walk.",
        "A biped rig cannot play preset:avian:fly.",
    ),
]
DIFFERENT = [
    ("The mesh has holes", "The mesh has no faces"),
    ("Texture baking failed", "Rig baking failed"),
    ("Out of memory", "Out of disk"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ids_numbers_paths_and_quoted_words_make_no_new_group(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_cause_is_another_group(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_step_version_and_code_each_make_a_group_of_their_own() -> None:
    groups = {
        fingerprint_of(step, "provider_task_failed", said_by=version, provider_code=code)
        for step in ("generate", "rig")
        for version in ("v2", "v3", None)
        for code in (None, 1001, 4711)
    }
    assert len(groups) == 2 * 3 * 3


def test_our_own_wording_around_the_providers_words_does_not_count() -> None:
    before, after = (
        fingerprint_of("rig", "x", f'{sentence} Tripo says: "The model has 3 heads"', said_by="v3")
        for sentence in ("Tripo could not finish this task.", "It failed.")
    )
    assert before == after


def test_a_fingerprint_is_read_back_as_it_was_written() -> None:
    written = fingerprint_of("rig_check", "not_riggable", "No legs.")
    read = Fingerprint.read(written)
    assert read is not None
    assert (str(read), read.step, read.said_by, read.word) == (written, "rig_check", "ours", "not_riggable")
    for odd in ("", "rig", "a.b.c.d.e", written + "'", "../../etc", "rig.v9.0.x.0"):
        assert Fingerprint.read(odd) is None


def test_failures_from_before_get_the_same_group_as_those_from_now_on(make_world, each_database_url) -> None:
    world: World = make_world(database_url=each_database_url)
    world.faults(
        end_failed={"error_code": 4711, "message": "Mesh 12 has holes"}, create_lost_reply={"count": 1}
    )
    world.order("lost")
    world.order("bad")
    world.run_until(lambda: world.tasks()[1].status == "failed")
    lost, bad = (task.fingerprint for task in world.tasks())
    assert lost
    assert bad

    _to(world.core.database, "0014")
    _to(world.core.database, "head")

    assert [task.fingerprint for task in world.tasks()] == [lost, bad]


def test_what_goes_on_is_in_no_group_any_more(world: World) -> None:
    world.faults(create_lost_reply={"count": 1})
    (lost,) = world.order()
    assert "outcome_unknown" in str(world.task(lost).fingerprint)

    (made,) = world.ask_sandbox("tasks")["tasks"]
    decided = {"outcome": "created", "tripo_task_id": made["task_id"], "reason": "It is there."}
    world.core.desk.resolve(lost, **decided)

    assert world.task(lost).status == "queued"
    assert world.task(lost).fingerprint is None


def test_an_order_whose_sender_stopped_is_apart_from_one_whose_answer_was_lost(world: World) -> None:
    (ordered,) = world.order(send=False)
    with world.core.database.transaction() as session:  # it is taken to be sent, and nobody comes back
        key = world.core.keys.shared(session)
        tasks.claim_to_send(session, session.get_one(Task, ordered), key, "generation", "gone", world.now())
    world.pass_time(SUBMIT_LEASE.total_seconds() + 1)

    world.core.orchestrator.rescue()

    assert "interrupted" in str(world.task(ordered).fingerprint)


def _to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        move = command.upgrade if revision == "head" else command.downgrade
        move(config, revision)
        connection.commit()
