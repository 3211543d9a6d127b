"""Each action of a job: what it does, what it costs, what it leaves out and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.errors import OrderError
from core.jobs.scope import Scope
from core.lifecycle import Approval, ItemState, TaskKind, TaskStatus
from core.models import Asset, Inquiry, Task
from core.uploads import keep_upload
from tests.jobs.conftest import balance, cancel_all, items, job, named, order_many, run_jobs_to_the_end
from tests.jobs.conftest import run_until_all_ended as run
from tests.kills.night import all_tasks
from tests.tripo.pictures import picture
from tests.world import World


def do(world: World, action: str, scope: Scope, **terms: object) -> list[str]:
    """Have it done to the end; returns what was left out, and checks count and price on the way."""
    shown = world.core.jobs.preview(action=action, scope=scope, terms=terms)
    before = balance(world)
    job_id = world.core.jobs.start(
        action=action, scope=scope, terms=terms, fingerprint=shown.fingerprint, actor="Ann"
    )
    run_jobs_to_the_end(world)
    ended = job(world, job_id)
    assert (ended.done, ended.state) == (shown.count, "done"), items(world, job_id)
    assert before - balance(world) == shown.credits
    return [each.code for each in shown.left_out]


def asset(world: World, asset_id: str) -> Asset:
    with world.core.database.reading() as session:
        return session.scalars(select(Asset).filter_by(asset_id=asset_id)).one()


def newest(world: World, asset_id: str, kind: TaskKind) -> Task:
    of = [t for t in all_tasks(world) if t.asset_pk == asset(world, asset_id).id and t.kind is kind]
    return max(of, key=lambda task: (task.chain, task.attempt))


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Version 3 on SQLite; that jobs do the same on PostgreSQL, the bulk retry shows."""
    return make_world(speed=100, queue_seconds=0)


@pytest.fixture
def clinic(world: World) -> World:
    """A knight that is well and has no rig, one that cannot be rigged, one whose model failed, one from an image."""
    world.faults(end_failed={"count": 1})
    world.order("failed", send=False, prompt="a red knight, standing")
    run(world)
    world.order("well", send=False, prompt="a red knight")
    world.faults(not_riggable={"count": 1, "type": "animate_prerigcheck"})
    world.order("limbless", send=False, prompt="a red ogre", should_rig=True, animations=["preset:idle"])
    run(world)
    world.no_faults()
    return world


def test_words_and_options_are_changed_for_another_attempt_or_another_generation(clinic: World) -> None:
    world = clinic
    left_out = do(world, "change_prompt", Scope(query="red"), find="RED", replace="blue")
    assert left_out == []
    assert newest(world, "failed", TaskKind.GENERATE).attempt == 2
    assert asset(world, "well").chain == 2  # its model was well: this is another one
    assert asset(world, "well").prompt == "a blue knight"
    assert world.asset("limbless").status == "complete"

    left_out = do(world, "lower_faces", named("well", "failed"), faceLimit=6000)
    assert newest(world, "well", TaskKind.GENERATE).order["options"]["faceLimit"] == 6000
    assert left_out == []
    shown = world.core.jobs.preview(action="lower_faces", scope=named("well"), terms={"faceLimit": 7000})
    assert (shown.count, shown.left_out[0].sentence) == (0, "Its face limit is 6000 already.")


def test_a_pose_is_asked_for_and_the_whole_chain_follows(clinic: World) -> None:
    do(clinic, "add_pose", named("limbless"), pose="A")

    assert asset(clinic, "limbless").prompt == "a red ogre, in an A-pose, one whole figure"
    assert clinic.asset("limbless").status == "complete"

    # the next model's rig is of the type that its check finds, unless a person named one
    assert newest(clinic, "limbless", TaskKind.RIG).order["rigTypeBy"] == "check"
    do(clinic, "change_prompt", named("limbless"), find="red", replace="blue")
    assert newest(clinic, "limbless", TaskKind.RIG).order["rigTypeBy"] == "check"
    do(clinic, "rig_otherwise", named("limbless"), rigType="biped")
    do(clinic, "change_prompt", named("limbless"), find="blue", replace="green")
    assert newest(clinic, "limbless", TaskKind.RIG).order == {"rigType": "biped"}


def test_what_cannot_be_rigged_is_static_instead_and_complete(clinic: World) -> None:
    assert clinic.asset("limbless").status == "failed"

    left_out = do(clinic, "make_static", named("limbless", "well", "failed"))

    assert clinic.asset("limbless").status == "complete"
    assert asset(clinic, "limbless").tag == "STATIC"
    assert sorted(left_out) == ["is_static", "source_not_finished"]


def test_models_are_rigged_and_animated_where_they_can_be(clinic: World) -> None:
    world = clinic
    assert do(world, "rig", named("well", "failed")) == ["source_not_finished"]
    assert world.asset("well").status == "complete"
    assert do(world, "rig_otherwise", named("well"), rigType="biped") == []
    assert newest(world, "well", TaskKind.RIG).attempt == 2

    do(world, "animate", named("well"), animations=["preset:idle", "preset:walk"])
    assert do(world, "animate", named("well", "failed"), animations=["preset:walk", "preset:run"]) == [
        "source_not_finished"
    ]
    clips = {
        t.preset for t in all_tasks(world) if t.kind is TaskKind.ANIMATE and t.status is TaskStatus.SUCCESS
    }
    assert clips == {"preset:idle", "preset:walk", "preset:run"}


def test_models_are_approved_rejected_and_sorted(clinic: World) -> None:
    both = named("well", "limbless")
    assert do(clinic, "approve", named("well", "limbless", "failed")) == ["source_not_finished"]
    assert asset(clinic, "limbless").approval is Approval.APPROVED
    do(clinic, "reject", both, reason="Too red.")
    assert asset(clinic, "well").approval is Approval.REJECTED
    do(clinic, "set_category", both, category="Creatures")
    assert asset(clinic, "well").category == "Creatures"


def test_open_steps_are_cancelled_once_with_what_waits_behind_them(world: World) -> None:
    order_many(world, 3, should_rig=True, animations=["preset:idle", "preset:walk"])
    world.order("sent")
    shown = world.core.jobs.preview(action="cancel", scope=Scope(query=""))

    job_id = world.core.jobs.start(
        action="cancel", scope=Scope(query=""), terms={"reason": "Enough."}, actor="Ann"
    )

    done = items(world, job_id)
    assert (shown.count, shown.credits) == (4, 0)
    assert {item.state for item in done} == {ItemState.DONE}
    assert [item.sentence for item in done[:3]] == ["Cancelled, and 4 behind it."] * 3
    assert done[3].sentence == "Cancelled. The provider may still finish and bill it."
    assert {task.status for task in all_tasks(world)} == {TaskStatus.CANCELLED}


def test_a_paid_file_that_was_lost_is_fetched_again_without_paying_again(world: World) -> None:
    world.faults(link_dead=True)
    world.order("well", send=False, prompt="a well")
    world.run_until(lambda: newest(world, "well", TaskKind.GENERATE).status is TaskStatus.DOWNLOADING)
    world.run_until(lambda: newest(world, "well", TaskKind.GENERATE).tries > 1)
    assert world.core.jobs.preview(action="fetch", scope=named("well")).count == 1
    for _ in range(60):  # half a day of ever longer waits
        world.pass_time(1900)
        world.run_passes()
    lost = newest(world, "well", TaskKind.GENERATE)
    assert (lost.status, lost.error_code) == (TaskStatus.FAILED, "file_lost")
    world.no_faults()

    do(world, "fetch", Scope(task_ids=(lost.id,)))

    assert world.creates() == {"text_to_model": 1}
    assert world.asset("well").status == "complete"
    again = newest(world, "well", TaskKind.GENERATE)
    assert (again.attempt, again.credits, again.tripo_task_id) == (2, 0, lost.tripo_task_id)


def test_another_image_and_other_options_make_a_model_anew_and_again_as_it_was(world: World) -> None:
    world.faults(end_failed={"count": 2})
    link = {"url": "https://studio.example.com/knight.png"}
    world.order("drawn", send=False, prompt=None, image=link, options={"faceLimit": 9000})
    world.order("told", send=False)
    run(world)
    core, both = world.core, named("drawn", "told")
    upload_id = keep_upload(core.database, core.vault, picture(), name="a.png", now=world.now())

    assert do(world, "change_image", both, image={"uploadId": upload_id}) == ["no_image"]
    drawn = newest(world, "drawn", TaskKind.GENERATE)
    assert (drawn.attempt, drawn.status, drawn.order["image"]) == (2, "success", {"uploadId": upload_id})

    assert do(world, "change_options", both, options={"texture": False, "faceLimit": None}) == []
    assert newest(world, "told", TaskKind.GENERATE).order["options"] == {"texture": False, "pbr": False}
    drawn = newest(world, "drawn", TaskKind.GENERATE)
    assert (drawn.chain, drawn.order["image"]) == (2, {"uploadId": upload_id})
    assert "faceLimit" not in drawn.order["options"]
    assert do(world, "make_again", named("told")) == []
    assert asset(world, "told").chain == 2
    shown = core.jobs.preview(action="change_options", scope=both, terms={"options": {"faceLimit": -1}})
    assert (shown.count, shown.left_out[0].code) == (0, "options_invalid")


def test_lost_orders_are_given_up_together_but_for_those_that_may_have_been_made(world: World) -> None:
    world.faults(create_500_without_task={"count": 2})
    order_many(world, 2)
    world.pass_time(5)
    world.core.orchestrator.send_ready()
    world.no_faults()
    assert {task.status for task in all_tasks(world)} == {TaskStatus.UNKNOWN}
    with world.core.database.transaction() as session:
        likely = session.scalars(select(Inquiry)).first()
        likely.evidence = {"verdict": "likely_created"}
    terms = {"reason": " The console shows none. "}
    asked = {"action": "not_created", "scope": Scope(query=""), "terms": terms}

    shown = world.core.jobs.preview(**asked)
    world.core.jobs.start(**asked, fingerprint=shown.fingerprint)

    assert (shown.count, shown.credits) == (1, 20)
    assert [each.code for each in shown.left_out] == ["may_have_been_made"]
    assert world.task(likely.task_id).status is TaskStatus.UNKNOWN
    assert sorted(task.status for task in all_tasks(world)) == ["cancelled", "ready", "unknown"]


def test_what_does_not_move_is_cancelled_and_ordered_again_with_what_waits_behind_it(world: World) -> None:
    world.order("stuck", should_rig=True, animations=["preset:idle"])
    (sent,) = (task for task in all_tasks(world) if task.tripo_task_id)
    scope = Scope(task_ids=(sent.id,))
    shown = world.core.jobs.preview(action="cancel_and_retry", scope=scope)
    assert (shown.count, shown.credits) == (1, 20 + 25 + 10)

    job_id = world.core.jobs.start(action="cancel_and_retry", scope=scope)

    assert items(world, job_id)[0].sentence.startswith("Cancelled, and ordered as attempt 2.")
    run(world)
    assert world.asset("stuck").status == "complete"
    assert world.task(sent.id).status is TaskStatus.CANCELLED


def test_an_item_that_goes_wrong_in_the_middle_is_undone_and_the_others_are_carried(world: World) -> None:
    (own,) = world.core.key_desk.add(name="Ada", key="tsk_sandbox_ada", actor="Ada")
    world.order("shared")
    world.order("hers", key_id=own)
    world.core.key_desk.remove(own, actor="Ada")
    theirs = {task.asset_pk: task for task in all_tasks(world)}

    job_id = world.core.jobs.start(action="cancel_and_retry", scope=Scope(query=""))

    ends = {item.name: (item.state, item.sentence) for item in items(world, job_id)}
    assert ends["shared"][0] is ItemState.DONE
    assert ends["hers"][0] is ItemState.SKIPPED
    assert "was removed" in ends["hers"][1]
    hers = world.task(theirs[asset(world, "hers").id].id)
    assert hers.status is TaskStatus.QUEUED  # the cancel before it is undone
    assert len(all_tasks(world)) == 3


def test_what_cannot_be_said_of_an_action_is_refused(world: World) -> None:
    order_many(world, 1)
    cancel_all(world)

    def refused(action: str, **terms: object) -> str:
        with pytest.raises(OrderError) as raised:
            world.core.jobs.preview(action=action, scope=Scope(query=""), terms=terms)
        return raised.value.code

    assert refused("change_prompt", find="", replace="x") == "terms_invalid"
    assert refused("animate", animations=[]) == "terms_invalid"
    assert refused("reject", reason=" ") == "terms_invalid"
