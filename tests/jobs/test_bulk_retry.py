"""One retry of many: exactly what was shown is done, at exactly the shown price, once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event

from core.errors import ConflictError
from core.idempotency import AlreadyDoneError, RequestKey
from core.jobs.scope import Scope
from core.lifecycle import ItemState, TaskStatus
from tests.jobs.conftest import (
    balance,
    cancel_all,
    carry_all,
    items,
    job,
    named,
    order_many,
    run_jobs_to_the_end,
    run_until_all_ended,
)
from tests.kills.night import all_tasks
from tests.world import World

FAILED, REFUSED, RIGGED = 22, 2, 2
CANCELLED = 24


@pytest.fixture
def hospital(world: World) -> World:
    """22 models that failed, two of them with rig and animation behind; two that a policy refused; one that is well."""
    world.faults(end_failed={"count": FAILED})
    order_many(world, FAILED - RIGGED)
    for n in range(RIGGED):
        world.order(
            f"rigged-{n}", send=False, prompt=f"a knight, {n}", should_rig=True, animations=["preset:idle"]
        )
    run_until_all_ended(world)
    for n in range(REFUSED):
        world.order(f"refused-{n}", send=False, prompt=f"a gore thing, {n}")
    world.order("well", send=False, prompt="a well")
    run_until_all_ended(world)
    return world


def test_a_bulk_retry_touches_the_shown_count_and_costs_the_shown_credits(hospital: World) -> None:
    world, jobs = hospital, hospital.core.jobs
    everything = Scope(query="")

    shown = jobs.preview(action="retry", scope=everything)
    before, tasks_before = balance(world), len(all_tasks(world))
    job_id = jobs.start(action="retry", scope=everything, fingerprint=shown.fingerprint, actor="Ann")
    begun = job(world, job_id)
    with pytest.raises(ConflictError) as raised:
        jobs.start(action="retry", scope=everything, actor="Bob")
    run_jobs_to_the_end(world)
    ended = job(world, job_id)

    assert (shown.count, shown.left_out_count) == (FAILED, REFUSED + 1)
    assert {each.count for each in shown.left_out} == {1, REFUSED}
    assert (begun.state, begun.waiting, begun.done) == ("running", FAILED, 0)
    assert raised.value.code == "job_under_way"
    assert "Ann" in raised.value.message
    assert (ended.state, ended.done, ended.skipped, ended.failed) == ("done", FAILED, 0, 0)
    assert ended.credits_ordered == shown.credits
    assert before - balance(world) == shown.credits
    again = [task for task in all_tasks(world) if task.attempt == 2]
    assert len(again) == FAILED  # one retry starts one task
    assert len(all_tasks(world)) == tasks_before + FAILED
    assert {task.status for task in again} == {TaskStatus.SUCCESS}
    assert world.asset("rigged-0").status == "complete"
    made = [each.made for each in items(world, job_id)]
    assert [len(each) for each in made] == [1] * FAILED
    with pytest.raises(ConflictError) as raised:
        jobs.start(action="retry", scope=everything)
    assert raised.value.code == "nothing_to_do"


def test_what_changed_since_it_was_shown_is_noticed_and_what_changed_since_the_start_is_skipped(
    world: World,
) -> None:
    jobs = world.core.jobs
    order_many(world, CANCELLED)
    ids = tuple(cancel_all(world))
    chosen = Scope(task_ids=ids)
    shown = jobs.preview(action="retry", scope=chosen)
    world.core.desk.retry(ids[0])

    with pytest.raises(ConflictError) as raised:
        jobs.start(action="retry", scope=chosen, fingerprint=shown.fingerprint)
    assert raised.value.code == "job_changed"

    seen = jobs.preview(action="retry", scope=chosen)
    assert seen.count == shown.count - 1
    assert "followed by a newer one" in " ".join(each.sentence for each in seen.left_out)
    job_id = jobs.start(action="retry", scope=chosen, fingerprint=seen.fingerprint, after_seconds=60)
    assert job(world, job_id).state == "waiting"
    world.run_passes()
    assert job(world, job_id).waiting == seen.count
    world.core.desk.retry(ids[1])
    world.pass_time(61)
    carry_all(world.core)

    ended = job(world, job_id)
    assert (ended.done, ended.skipped) == (seen.count - 1, 1)
    (skipped,) = [each for each in items(world, job_id) if each.state is ItemState.SKIPPED]
    assert skipped.task_id == ids[1]
    assert skipped.sentence == "This attempt has been followed by a newer one."


def test_what_is_stopped_stays_undone_and_says_so(world: World) -> None:
    jobs = world.core.jobs
    order_many(world, CANCELLED)
    cancel_all(world)
    job_id = jobs.start(action="retry", scope=Scope(query="crate"))
    statements: list[str] = []
    engine = world.core.database.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: statements.append(text))
    carried = jobs.carry_portion(job_id)
    assert len(statements) < 20 + 2 * carried  # however many are carried, most are asked for together

    jobs.stop(job_id, actor="Ann")
    jobs.carry_due()

    stopped = job(world, job_id)
    assert (stopped.state, stopped.stopped_by) == ("stopped", "Ann")
    assert 0 < stopped.done <= 20
    assert stopped.skipped == CANCELLED - stopped.done
    assert len([task for task in all_tasks(world) if task.attempt == 2]) == stopped.done
    with pytest.raises(ConflictError):
        jobs.stop(job_id)


def test_two_pollers_and_two_people_at_once_do_nothing_twice(world: World) -> None:
    order_many(world, CANCELLED)
    cancel_all(world)
    other = world.another_core("other")
    outcomes: list[str] = []

    def start_and_carry(core, who: str) -> None:
        try:
            core.jobs.start(action="retry", scope=Scope(query="crate"), actor=who)
            outcomes.append("started")
        except ConflictError as error:
            outcomes.append(error.code)
        carry_all(core)

    threads = [
        threading.Thread(target=start_and_carry, args=each) for each in ((world.core, "Ann"), (other, "Bob"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    carry_all(world.core)
    other.close()

    assert "started" in outcomes
    assert len([task for task in all_tasks(world) if task.attempt == 2]) == CANCELLED
    assert not [task for task in all_tasks(world) if task.attempt > 2]


def test_the_same_request_twice_is_one_job(world: World) -> None:
    order_many(world, 1)
    key = RequestKey("once", "POST /api/jobs", "abc")
    world.core.jobs.start(key, action="cancel", scope=named("asset-000"))

    with pytest.raises(AlreadyDoneError):
        world.core.jobs.start(key, action="cancel", scope=named("asset-000"))
    assert world.asset("asset-000").status == "ready"
