"""A chain from its order to its end, and what may go wrong on the way; through the wire, against the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import tasks
from core.errors import BusyError, ConflictError, OrderError, TaskGoneError
from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task
from core.moves import LeaseLostError
from core.polling import WATCHED
from core.projects import FIRST_PROJECT
from tests.world import World

# --- the main job --------------------------------------------------------------------------------------------


def test_one_order_ends_in_a_walking_character(either_version: World) -> None:
    world = either_version
    world.walking()

    asset = world.run_to_the_end()

    assert asset.status == "complete"
    assert [(t.kind, t.preset, t.status) for t in asset.tasks] == [
        ("generate", None, "success"),
        ("rig_check", None, "success"),
        ("rig", None, "success"),
        ("animate", "preset:idle", "success"),
        ("animate", "preset:walk", "success"),
    ]
    walk = next(a for a in asset.artifacts if a.preset == "preset:walk" and a.role == "model")
    assert walk.facts["clips"] == ["preset:walk"]
    assert walk.current
    assert {a.role for a in asset.artifacts} == {"model", "rendered_image"}
    assert world.creates() == {
        "text_to_model": 1,
        "animate_prerigcheck": 1,
        "animate_rig": 1,
        "animate_retarget": 2,
    }
    assert sum(t.credits_consumed or 0 for t in asset.tasks) == 20 + 0 + 25 + 10 + 10
    assert world.ask_sandbox("stats")["key_leaks"] == 0


def test_a_static_asset_ends_after_its_model(world: World) -> None:
    world.order(prompt="a wooden crate")

    asset = world.run_to_the_end()

    assert (asset.status, len(asset.tasks)) == ("complete", 1)


def test_a_model_that_cannot_be_rigged_ends_there_and_nothing_more_is_paid(either_version: World) -> None:
    world = either_version
    world.order(prompt="a wooden crate", should_rig=True, animations=["preset:walk"])

    asset = world.run_to_the_end()

    rig = next(t for t in asset.tasks if t.kind == "rig")
    walk = next(t for t in asset.tasks if t.kind == "animate")
    assert asset.status == "failed"
    assert rig.error is not None
    assert rig.error.code == "not_riggable"
    assert (walk.status, walk.waiting_for) == ("waiting", "failed_step")
    assert world.creates() == {"text_to_model": 1, "animate_prerigcheck": 1}
    assert any(a.role == "model" and a.current for a in asset.artifacts)  # the draft stays usable


def test_the_rig_type_that_the_check_names_is_passed_on_with_the_version_that_can_do_it(world: World) -> None:
    world.order(prompt="a grey wolf", should_rig=True, animations=["preset:quadruped:walk"])

    asset = world.run_to_the_end()

    theirs = next(t for t in world.ask_sandbox("tasks")["tasks"] if t["type"] == "animate_rig")
    assert asset.status == "complete"
    assert theirs["input"]["rig_type"] == "quadruped"
    assert theirs["model"].startswith("v2.5")


def test_a_preset_that_the_found_rig_cannot_play_fails_unpaid_with_those_it_can(world: World) -> None:
    world.order(prompt="a grey wolf", should_rig=True, animations=["preset:quadruped:walk", "preset:slash"])

    asset = world.run_to_the_end()

    slash = next(t for t in asset.tasks if t.preset == "preset:slash")
    walk = next(t for t in asset.tasks if t.preset == "preset:quadruped:walk")
    assert slash.error is not None
    assert slash.error.code == "preset_not_playable"
    assert "preset:quadruped:walk" in slash.error.suggestion
    assert walk.status == "success"
    assert asset.status == "failed"
    with pytest.raises(OrderError) as refused:  # nor by asking again
        world.core.desk.retry(slash.task_id)
    assert refused.value.code == "preset_not_playable"
    assert world.creates()["animate_retarget"] == 1


# --- the provider refuses or is away -------------------------------------------------------------------------


def test_a_429_waits_and_is_sent_again_without_failing_anything(world: World) -> None:
    world.faults(create_429={"count": 2, "retry_after": 7})
    (task_id,) = world.order()
    waiting = world.asset().tasks[0]

    assert (waiting.status, waiting.waiting_for, waiting.tripo_task_id) == ("queued", "slot", None)
    world.run_passes()
    world.pass_time(5)
    world.run_passes()
    assert world.task(task_id).status is TaskStatus.READY  # not before Retry-After is over
    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"text_to_model": 1}


def test_orders_above_the_limit_wait_with_us(make_world: Callable[..., World]) -> None:
    world = make_world()
    for n in range(13):
        world.order(f"crate-{n}", prompt="a wooden crate")

    at_provider = [t for t in world.tasks() if t.tripo_task_id]

    assert len(at_provider) == 10
    assert {t.status for t in world.tasks() if not t.tripo_task_id} == {TaskStatus.READY}
    for n in range(13):
        assert world.run_to_the_end(f"crate-{n}").status == "complete"
    assert world.ask_sandbox("stats")["refusals"] == {}


def test_a_refused_prompt_fails_with_the_providers_reason_and_is_not_paid(world: World) -> None:
    (task_id,) = world.order()
    world.run_to_the_end()
    world.ask_sandbox("wallet", {"balance": 1000})
    with pytest.raises(OrderError) as refused:
        world.order("emoji", prompt="a knight \N{FIRE}")

    assert refused.value.field == "prompt"
    assert world.task(task_id).status is TaskStatus.SUCCESS


@pytest.mark.parametrize(
    ("fault", "word"),
    [({"unauthorized": True}, "provider_key_refused"), ({"wallet_empty": True}, "provider_wallet_empty")],
)
def test_a_refused_key_or_an_empty_wallet_stops_the_queue_and_it_resumes_by_itself(
    world: World, fault: dict[str, bool], word: str
) -> None:
    world.faults(**fault)
    world.order("one")
    world.order("two")

    first, second = world.asset("one").tasks[0], world.asset("two").tasks[0]

    assert (first.status, first.waiting_for) == ("queued", word)
    assert (second.status, second.waiting_for) == ("queued", word)
    world.run_for(30)
    assert world.ask_sandbox("stats")["refusals"], "it was never tried"
    world.no_faults()
    assert world.run_to_the_end("one").status == "complete"
    assert world.run_to_the_end("two").status == "complete"
    assert world.creates() == {"text_to_model": 2}


def test_an_outage_fails_nothing(world: World) -> None:
    world.order("before")
    address = world.sandbox.url
    world.sandbox.stop()
    world.order("during")

    assert world.asset("during").tasks[0].waiting_for == "provider_unreachable"
    for _ in range(5):
        world.offset += timedelta(seconds=20)
        world.run_passes()
    assert world.asset("before").tasks[0].inner_status in ("queued", "running")
    assert world.asset("during").tasks[0].inner_status == "ready"
    assert address


# --- lost answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["create_lost_reply", "create_500_with_task", "create_502_html"])
def test_an_answer_that_was_lost_is_never_asked_for_again(either_version: World, fault: str) -> None:
    world = either_version
    world.faults(**{fault: {"count": 1, "with_task": True}})
    (task_id,) = world.order()

    world.run_for(200)

    asset = world.asset()
    assert world.task(task_id).status is TaskStatus.UNKNOWN
    assert (asset.status, asset.has_unknown) == ("queued", True)
    assert world.creates() == {"text_to_model": 1}


def test_an_order_whose_sender_died_becomes_unknown_after_its_lease(world: World) -> None:
    (task_id,) = world.order(send=False)
    with world.core.database.transaction() as session:
        key = world.core.keys.shared(session)
        claimed = tasks.claim_to_send(
            session, session.get_one(Task, task_id), key, "generation", "gone", world.now()
        )
    assert claimed is not None

    world.run_passes()
    assert world.task(task_id).status is TaskStatus.SUBMITTING
    world.pass_time(tasks.SUBMIT_LEASE.total_seconds() + 1)
    world.run_passes()

    assert world.task(task_id).status is TaskStatus.UNKNOWN
    assert world.creates() == {}


def test_what_a_dead_poller_was_asking_about_is_taken_over_without_waiting_for_its_lease(
    world: World,
) -> None:
    (task_id,) = world.order()
    with world.core.database.transaction() as session:
        later = world.now() + timedelta(seconds=5)
        tasks.claim_due(session, WATCHED, "poller-that-died", later, timedelta(hours=1), 1)

    world.pass_time(6)
    world.core.orchestrator.rescue()
    world.pass_time(1)
    world.core.orchestrator.ask_due()

    assert world.task(task_id).answered_at is not None


def test_a_sender_that_slept_through_its_lease_cannot_write(world: World) -> None:
    (task_id,) = world.order(send=False)
    with world.core.database.transaction() as session:
        key = world.core.keys.shared(session)
        claim = tasks.claim_to_send(
            session, session.get_one(Task, task_id), key, "generation", "slow", world.now()
        )
    assert claim is not None
    world.pass_time(tasks.SUBMIT_LEASE.total_seconds() + 1)
    world.core.orchestrator.rescue()

    with pytest.raises(LeaseLostError), world.core.database.transaction() as session:
        tasks.start(session, claim, "late", world.now(), due_at=world.now())

    assert world.task(task_id).tripo_task_id is None


def test_a_person_decides_an_unknown_outcome(world: World) -> None:
    world.faults(create_lost_reply={"count": 1})
    (made,) = world.order("made")
    world.faults(create_500_without_task={"count": 1})
    (not_made,) = world.order("not-made")
    theirs = world.ask_sandbox("tasks")["tasks"][0]["task_id"]

    with pytest.raises(ConflictError):
        world.core.desk.retry(made)
    world.core.desk.resolve(made, outcome="created", tripo_task_id=theirs, reason="seen in the console")
    world.core.desk.resolve(not_made, outcome="not_created", tripo_task_id=None, reason="not in the console")

    assert world.run_to_the_end("made").status == "complete"
    assert world.run_to_the_end("not-made").status == "complete"
    assert world.creates() == {"text_to_model": 2}


# --- reads ---------------------------------------------------------------------------------------------------


def test_a_task_that_the_provider_fails_carries_its_reason(either_version: World) -> None:
    world = either_version
    world.faults(end_failed={"error_code": 1004})
    world.order(should_rig=True)

    asset = world.run_to_the_end()

    error = asset.tasks[0].error
    assert asset.status == "failed"
    assert error is not None
    assert error.message
    assert error.suggestion
    assert world.task(asset.tasks[0].task_id).provider_error_code == 1004
    assert world.creates() == {"text_to_model": 1}


@pytest.mark.parametrize("ending", ["end_banned", "end_expired", "end_cancelled", "success_without_output"])
def test_every_bad_end_is_a_failure_with_a_reason(either_version: World, ending: str) -> None:
    world = either_version
    world.faults(**{ending: True})
    world.order()

    asset = world.run_to_the_end()

    assert asset.status == "failed"
    assert asset.tasks[0].error is not None
    if ending == "success_without_output":
        assert asset.tasks[0].error.code == "no_model_in_success"


@pytest.mark.parametrize("fault", ["status_unknown", "status_unlisted"])
def test_a_status_never_heard_of_is_polled_on_and_reported(either_version: World, fault: str) -> None:
    world = either_version
    world.faults(**{fault: True})
    world.order()
    world.run_until(lambda: world.asset().tasks[0].waiting_for == "provider_status_unknown", seconds=30)

    assert world.run_to_the_end().status == "complete"


@pytest.mark.parametrize("fault", ["read_500", "read_502_html", "extra_fields"])
def test_reads_that_go_wrong_cost_only_time(world: World, fault: str) -> None:
    world.faults(**{fault: {"count": 4}})
    world.walking()

    assert world.run_to_the_end().status == "complete"
    assert sum(world.creates().values()) == 5


def test_a_read_refused_with_429_is_not_repeated_before_retry_after_is_over(world: World) -> None:
    (task_id,) = world.order()
    world.faults(rate_limited_1007={"count": 1, "on": "read", "retry_after": 9})
    world.stop_the_clock()
    with pytest.raises(BusyError) as busy:
        world.core.orchestrator.ask_now(task_id)
    before = world.reads()

    with pytest.raises(BusyError) as again:
        world.core.orchestrator.ask_now(task_id)
    world.stopped_at = None
    world.pass_time(5)
    world.run_passes()

    assert busy.value.retry_after_seconds == again.value.retry_after_seconds == 9
    assert world.reads() == before
    assert world.run_to_the_end().status == "complete"


def test_a_read_that_fails_with_a_time_to_wait_is_not_repeated_before(world: World) -> None:
    """Though a pass takes along what is due a moment later."""
    (task_id,) = world.order()
    world.faults(read_500={"count": 1, "retry_after": 9})
    world.pass_time(60)
    world.stop_the_clock()
    refused_at = world.stopped_at
    world.core.orchestrator.ask_due()
    assert world.task(task_id).tries == 1
    before = world.reads()

    world.stopped_at = refused_at + timedelta(seconds=8.95)
    world.core.orchestrator.ask_due()
    assert world.reads() == before

    world.stopped_at = refused_at + timedelta(seconds=9)
    world.core.orchestrator.ask_due()
    assert world.reads() == before + 1
    assert world.task(task_id).status is not TaskStatus.QUEUED


def test_a_task_that_the_provider_forgot_fails_only_after_three_answers_over_ten_minutes(
    world: World,
) -> None:
    (task_id,) = world.order()
    world.faults(task_forgotten=True)
    world.pass_time(2)
    with pytest.raises(TaskGoneError):
        world.core.orchestrator.ask_now(task_id)

    world.pass_time(302)
    world.run_passes()
    assert world.task(task_id).status is TaskStatus.QUEUED
    world.pass_time(302)
    world.run_passes()

    assert world.task(task_id).status is TaskStatus.FAILED
    assert world.task(task_id).error_code == "provider_task_gone"


def test_twenty_readers_at_once_cost_one_request_and_lose_nothing(world: World) -> None:
    (task_id,) = world.order()
    world.pass_time(3)
    before = world.reads()
    world.stop_the_clock()

    with ThreadPoolExecutor(20) as readers:
        list(readers.map(lambda _: world.core.orchestrator.ask_now(task_id), range(20)))

    assert world.reads() == before + 1
    assert world.task(task_id).lease_until is None
    world.stopped_at = None
    assert world.run_to_the_end().status == "complete"


# --- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["file_cut", "file_cut_quietly", "file_html", "file_zero", "link_dead"])
def test_a_file_that_arrives_damaged_is_fetched_again_through_a_fresh_link(world: World, fault: str) -> None:
    world.faults(**{fault: {"count": 3, "file": "model"}})
    world.order()

    asset = world.run_to_the_end()

    (model,) = [a for a in asset.artifacts if a.role == "model"]
    assert asset.status == "complete"
    assert model.facts["triangles"] > 0
    assert world.creates() == {"text_to_model": 1}
    folder = world.settings.var_dir / "artifacts"
    assert {p.name for p in folder.rglob("*") if p.is_file()} == {a.sha256 for a in asset.artifacts}


def test_while_its_file_cannot_be_had_a_task_is_downloading_and_not_a_success(world: World) -> None:
    world.faults(file_html=True)
    (task_id,) = world.order()
    world.run_until(lambda: world.task(task_id).status is TaskStatus.DOWNLOADING)
    world.run_for(60)

    assert world.asset().tasks[0].status == "downloading"
    assert world.asset().artifacts == ()
    world.no_faults()
    assert world.run_to_the_end().status == "complete"


def test_a_picture_that_cannot_be_had_never_fails_a_good_model(world: World) -> None:
    world.faults(picture_missing=True)
    world.order()

    asset = world.run_to_the_end()
    world.run_for(400)

    assert asset.status == "complete"
    assert [a.role for a in world.asset().artifacts] == ["model"]
    assert world.tasks()[0].due_at is None  # given up


def test_a_picture_that_comes_late_is_added(world: World) -> None:
    world.faults(picture_missing={"count": 1})
    world.order()
    world.run_to_the_end()

    world.run_until(lambda: len(world.asset().artifacts) == 2, seconds=60)


def test_a_vault_that_refuses_holds_the_download_and_says_so(world: World) -> None:
    artifacts = world.settings.var_dir / "artifacts"
    artifacts.write_text("a file where the folder should be")
    world.order()
    world.run_until(lambda: world.asset().tasks[0].waiting_for == "vault_refuses", seconds=300)

    artifacts.unlink()

    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"text_to_model": 1}


# --- retry, cancel, anew -------------------------------------------------------------------------------------


def test_a_retry_is_a_new_row_and_the_steps_behind_it_follow(world: World) -> None:
    world.faults(end_failed={"count": 1, "error_code": 1001, "type": "animate_rig"})
    world.walking()
    assert world.run_to_the_end().status == "failed"
    failed = next(t for t in world.asset().tasks if t.kind == "rig")

    (again,) = world.core.desk.retry(failed.task_id, reason="bad luck")
    asset = world.run_to_the_end()

    assert asset.status == "complete"
    assert [(t.attempt, t.status) for t in asset.tasks if t.kind == "rig"] == [(1, "failed"), (2, "success")]
    assert world.task(again).attempt == 2
    assert world.creates()["animate_rig"] == 2
    with pytest.raises(ConflictError):
        world.core.desk.retry(failed.task_id)


def test_a_retry_can_change_the_prompt(world: World) -> None:
    world.faults(end_banned={"count": 1})
    (task_id,) = world.order(prompt="a rude knight")
    world.run_to_the_end()

    world.core.desk.retry(task_id, prompt="a polite knight")
    world.run_to_the_end()

    assert [t["prompt"] for t in world.ask_sandbox("tasks")["tasks"]] == ["a rude knight", "a polite knight"]


def test_one_failed_animation_leaves_the_others(world: World) -> None:
    world.faults(end_failed={"count": 1, "type": "animate_retarget"})
    world.walking()

    asset = world.run_to_the_end()

    assert asset.status == "failed"
    assert sorted(t.status for t in asset.tasks if t.kind == "animate") == ["failed", "success"]


def test_a_cancel_ends_the_chain_and_what_was_sent_is_still_recorded(world: World) -> None:
    generate, *later = world.walking()
    world.core.desk.cancel(generate, reason="changed my mind")

    assert {world.task(t).status for t in (generate, *later)} == {TaskStatus.CANCELLED}
    assert world.asset().status == "ready"
    world.run_for(120)
    task = world.task(generate)
    assert task.status is TaskStatus.CANCELLED
    assert task.credits == 20
    assert [a.role for a in world.asset().artifacts if not a.current] == ["model", "rendered_image"]
    assert any("After the cancel" in e.message for e in world.asset().events)
    assert world.creates() == {"text_to_model": 1}


def test_a_cancelled_chain_can_be_taken_up_again(world: World) -> None:
    world.walking()
    world.run_until(lambda: world.asset().status == "rigging")
    rig = next(t for t in world.asset().tasks if t.kind == "rig_check")
    world.core.desk.cancel(rig.task_id)
    assert world.asset().status == "generated"

    world.core.desk.retry(rig.task_id)

    assert world.run_to_the_end().status == "complete"
    assert world.creates()["text_to_model"] == 1


def test_a_new_generation_begins_a_new_chain_and_keeps_the_old_one(world: World) -> None:
    world.order()
    world.run_to_the_end()
    world.order()
    with pytest.raises(ConflictError):
        world.order()

    world.run_to_the_end()
    asset = world.asset()

    assert [(t.chain, t.status) for t in asset.tasks] == [(1, "success"), (2, "success")]
    assert {a.task_id for a in asset.artifacts if a.current} == {asset.tasks[1].task_id}


def test_a_rig_and_animations_can_be_ordered_by_hand(world: World) -> None:
    world.order()
    with pytest.raises(OrderError):
        world.core.desk.rig(project_id=FIRST_PROJECT, asset_id="knight")
    world.run_to_the_end()

    world.core.desk.rig(project_id=FIRST_PROJECT, asset_id="knight")
    assert world.run_to_the_end().status == "complete"
    world.core.desk.animate(project_id=FIRST_PROJECT, asset_id="knight", animations=["preset:jump"])

    asset = world.run_to_the_end()
    assert asset.status == "complete"
    assert {a.preset for a in asset.artifacts if a.kind == "animate"} == {"preset:jump"}


# --- several processes, several keys -------------------------------------------------------------------------


def test_two_processes_over_one_database_send_each_order_once(world: World) -> None:
    other = world.another_core("other")
    try:
        for n in range(8):
            world.order(f"crate-{n}", send=False, prompt=f"crate {n}")
        world.pass_time(4)
        with ThreadPoolExecutor(4) as pool:
            passes = [world.core.orchestrator.send_ready, other.orchestrator.send_ready] * 4
            list(pool.map(lambda run: run(), passes))
    finally:
        other.close()

    assert world.creates() == {"text_to_model": 8}
    assert len({t.tripo_task_id for t in world.tasks()}) == 8


def test_a_task_is_followed_with_the_key_and_the_version_that_made_it(
    make_world: Callable[..., World],
) -> None:
    world = make_world(version="v2", settings={"tripo_api_key": "tsk_sandbox_one"})
    world.walking()
    world.run_until(lambda: world.asset().status == "generated" or world.asset().status == "rigging")
    world.core.close()
    values = {
        "tripo_api_key": "tsk_sandbox_two",
        "tripo_api_version": "v3",
        "tripo_api_base": world.sandbox.v3_base,
    }
    world.settings = world.settings.model_copy(update={})
    world.settings = type(world.settings)(
        _env_file=None,
        database_url=world.settings.database_url,
        var_dir=world.settings.var_dir,
        secret_key="a secret for a test",
        **values,
    )
    world.core = world.another_core("new settings")

    world.order("second")
    assert world.run_to_the_end().status == "complete"
    assert world.run_to_the_end("second").status == "complete"

    with world.core.database.reading() as session:
        keys = {key.id: key.version for key in session.scalars(select(ProviderKey))}
    assert sorted(keys.values()) == ["v2", "v3"]
    assert {keys[task.key_id or ""] for task in world.tasks("animate")} == {"v2"}
    owners = {(t["account"], t["version"]) for t in world.ask_sandbox("tasks")["tasks"]}
    assert len(owners) == 2


def test_a_row_that_cannot_be_read_does_not_stop_the_pass(world: World) -> None:
    (broken,) = world.order("broken")
    world.order("whole")
    with world.core.database.transaction() as session:
        session.execute(update(Task).where(Task.id == broken).values(tripo_task_id="\x00 not an id"))

    assert world.run_to_the_end("whole").status == "complete"
