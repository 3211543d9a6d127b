"""An order whose answer was lost: what is found of it, what follows by itself, and what is left to a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core import tasks
from core.errors import ConflictError, ReadFailedError
from core.lifecycle import TaskStatus
from core.models import Task
from core.schemas import EvidenceView
from core.uploads import keep_upload
from core.webhooks import Heard, take
from tests.core.started_process import wait_until
from tests.tripo.pictures import picture
from tests.world import KNIGHT, World

LOST = {"create_lost_reply": {"count": 1}}
NEVER_MADE = {"create_500_without_task": {"count": 1}}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return with_a_read_wallet(make_world())


@pytest.fixture
def v2(make_world: Callable[..., World]) -> World:
    """Version 2 has no history."""
    return with_a_read_wallet(make_world("v2"))


@pytest.fixture
def each_world(make_world: Callable[..., World], each_database_url: str) -> World:
    return with_a_read_wallet(make_world(database_url=each_database_url))


def with_a_read_wallet(world: World) -> World:
    world.core.orchestrator.check_accounts()
    world.pass_time(1)
    return world


def lost(world: World, asset_id: str = "knight", how: dict[str, Any] = LOST, **order: Any) -> str:
    """Order something whose answer does not come."""
    world.faults(**how)
    (task_id, *_) = world.order(asset_id, **order)
    world.run_until(lambda: world.task(task_id).status is TaskStatus.UNKNOWN)  # the desk may be short of time
    world.no_faults()
    return task_id


def look(world: World, seconds: float = 6) -> None:
    """Let time pass and look once."""
    world.pass_time(seconds)
    world.core.orchestrator.look_for_lost()


def evidence(world: World, asset_id: str = "knight", attempt: int = 1) -> EvidenceView:
    (task,) = [t for t in world.asset(asset_id).tasks if t.attempt == attempt and t.kind == "generate"]
    assert task.evidence is not None
    return task.evidence


def made(world: World, prompt: str = KNIGHT) -> list[str]:
    """The provider's ids of the tasks made of a prompt, oldest first."""
    return [t["task_id"] for t in world.ask_sandbox("tasks")["tasks"] if t["prompt"] == prompt]


def order_elsewhere(world: World, prompt: str = KNIGHT) -> str:
    """Somebody else orders with the same key, outside Hatchery."""
    body = {"prompt": prompt, "model": "v3.1-20260211"}
    with httpx.Client(headers={"Authorization": "Bearer tsk_sandbox"}, verify=False) as http:  # noqa: S501
        answer = http.post(f"{world.sandbox.v3_base}/generation/text-to-model", json=body)
    return str(answer.json()["data"]["task_id"])


def show_newer_tasks(world: World) -> None:
    """Prove that the history has caught up: it shows what was made later."""
    world.pass_time(40)
    order_elsewhere(world, "a wooden crate")
    look(world)


def decide(world: World, task_id: str, tripo_task_id: str | None = None) -> list[str]:
    outcome = "created" if tripo_task_id else "not_created"
    return world.core.desk.resolve(
        task_id, outcome=outcome, tripo_task_id=tripo_task_id, reason="I looked.", actor="Ada"
    )


# --- what is certain follows by itself -----------------------------------------------------------------------


def test_a_lost_order_that_was_made_is_found_and_followed_to_its_end(each_world: World) -> None:
    world = each_world
    task_id = lost(world)

    look(world)

    assert world.task(task_id).tripo_task_id == made(world)[0]
    assert world.task(task_id).status is TaskStatus.QUEUED
    assert evidence(world).verdict == "found"
    assert "Found again at Tripo" in "".join(e.message for e in world.asset().events)
    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"text_to_model": 1}


def test_equal_lost_orders_that_were_all_made_are_given_one_each(world: World) -> None:
    ids = [lost(world, "one"), lost(world, "two")]

    look(world)

    assert sorted(world.task(task_id).tripo_task_id for task_id in ids) == sorted(made(world))
    assert {world.run_to_the_end(name).status for name in ("one", "two")} == {"complete"}


def test_a_history_that_lags_behind_is_asked_again_until_it_shows_the_task(world: World) -> None:
    world.faults(usage_late_seconds=60)
    world.faults(**LOST)
    (task_id,) = world.order()
    look(world)
    assert (world.task(task_id).status, evidence(world).verdict) == (TaskStatus.UNKNOWN, "likely_created")
    assert "the wallet fell by 20 credits" in evidence(world).sentence

    for _ in range(8):
        look(world, 20)

    assert world.task(task_id).tripo_task_id == made(world)[0]


def test_a_history_that_cannot_be_read_is_said_and_asked_again(world: World) -> None:
    task_id = lost(world)
    world.faults(usage_500={"count": 1})
    look(world)
    said = evidence(world)
    assert (said.verdict, said.history) == ("looking", "failing")
    assert "could not be read" in said.sentence
    assert said.next_look_at is not None

    look(world, 30)

    assert world.task(task_id).status is TaskStatus.QUEUED


def test_another_process_goes_on_looking_where_one_stopped(each_world: World) -> None:
    task_id = lost(each_world)
    each_world.pass_time(6)
    restarted = each_world.another_core("poller")

    with ThreadPoolExecutor(2) as pool:
        looks = [pool.submit(core.orchestrator.look_for_lost) for core in (restarted, each_world.core)]
        assert sum(look.result() for look in looks) == 1  # one of them asks

    assert each_world.task(task_id).status is TaskStatus.QUEUED
    restarted.close()


def test_a_sender_that_died_leaves_an_order_that_is_found_by_what_it_made(world: World) -> None:
    """The reply comes when the order has been given up: it cannot be written, but it helps to find the task."""
    world.faults(create_hang_seconds={"seconds": 60, "count": 1})
    (task_id,) = world.order(send=False)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(world.core.orchestrator.send_now, task_id)
        assert wait_until(lambda: made(world) != [])
        world.pass_time(tasks.SUBMIT_LEASE.total_seconds() + 1)
        world.core.orchestrator.rescue()
        world.no_faults()  # the answer comes
        sending.result()
    assert world.task(task_id).status is TaskStatus.UNKNOWN
    world.faults(usage_empty=True)

    look(world)

    assert world.task(task_id).tripo_task_id == made(world)[0]


def test_news_of_a_task_that_nobody_has_helps_to_find_it(world: World) -> None:
    world.faults(usage_empty=True)
    task_id = lost(world)
    world.faults(usage_empty=True)
    news = {"id": f"{made(world)[0]}:task.completed", "type": "task.completed", "data": {}}
    look(world)
    assert world.task(task_id).status is TaskStatus.UNKNOWN

    with world.core.database.transaction() as session:
        assert take(session, "whd_1", json.dumps(news).encode(), world.now()) is Heard.LOOKED_FOR
    look(world)

    assert world.task(task_id).tripo_task_id == made(world)[0]
    with world.core.database.transaction() as session:
        assert take(session, "whd_2", json.dumps(news).encode(), world.now()) is Heard.DUE_NOW


def test_a_model_from_an_uploaded_image_is_known_by_its_token(world: World) -> None:
    upload_id = keep_upload(
        world.core.database, world.core.vault, picture(), name="knight.png", now=world.now()
    )
    task_id = lost(world, prompt=None, image={"uploadId": upload_id})

    look(world)

    assert world.task(task_id).status is TaskStatus.QUEUED


# --- what is not certain is left to a person -----------------------------------------------------------------


def test_an_order_that_was_never_made_is_said_so_and_never_sent_again_by_itself(world: World) -> None:
    task_id = lost(world, how=NEVER_MADE)
    look(world)
    assert "the history may lag behind" in evidence(world).sentence

    show_newer_tasks(world)

    said = evidence(world)
    assert (said.verdict, said.candidates, said.wallet.says) == ("likely_not_created", (), "unchanged")
    world.run_for(60)
    look(world)
    assert world.task(task_id).status is TaskStatus.UNKNOWN
    assert made(world) == []


def test_a_wallet_that_fell_without_a_task_in_the_history_is_unclear(world: World) -> None:
    lost(world, how=NEVER_MADE)
    order_elsewhere(world, "a lamp at the same price")
    look(world)
    assert evidence(world).verdict == "likely_created"  # as far as anybody can tell yet

    show_newer_tasks(world)

    assert (evidence(world).verdict, evidence(world).wallet.says) == ("unclear", "taken")


def test_sending_again_is_a_new_attempt_and_says_who_decided_and_why(world: World) -> None:
    task_id = lost(world, how=NEVER_MADE)

    (again,) = decide(world, task_id)

    assert (again != task_id, world.task(again).attempt) == (True, 2)
    assert world.task(task_id).status is TaskStatus.CANCELLED
    (decided,) = [e for e in world.asset().events if e.task_id == task_id and e.to_status == "cancelled"]
    assert (decided.actor, decided.message) == ("Ada", "Decided by a person: it was not created. I looked.")
    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"text_to_model": 1}


def test_a_chain_goes_on_behind_the_new_attempt(world: World) -> None:
    world.faults(**NEVER_MADE)
    world.walking()

    decide(world, world.tasks()[0].id)

    assert world.run_to_the_end().status == "complete"


def test_two_equal_orders_and_one_task_are_a_question_for_a_person(world: World) -> None:
    one, two = lost(world, "one"), lost(world, "two", how=NEVER_MADE)
    look(world)
    assert [world.task(each).status for each in (one, two)] == [TaskStatus.UNKNOWN] * 2
    for name in ("one", "two"):
        said = evidence(world, name)
        assert (said.verdict, said.equal_orders) == ("choose", 1)
        assert [c.tripo_task_id for c in said.candidates] == made(world)

    decide(world, two, made(world)[0])  # nobody could tell, and nobody needs to
    show_newer_tasks(world)

    assert evidence(world, "one").candidates == ()
    assert world.task(one).status is TaskStatus.UNKNOWN


def test_a_task_that_somebody_else_may_have_ordered_is_shown_and_not_taken(world: World) -> None:
    task_id = lost(world)
    elsewhere = order_elsewhere(world)

    look(world)

    said = evidence(world)
    assert (said.verdict, {c.fit for c in said.candidates}) == ("choose", {"same"})
    assert {c.tripo_task_id for c in said.candidates} == {elsewhere, *made(world)}
    assert world.task(task_id).status is TaskStatus.UNKNOWN


def test_a_task_of_another_input_or_another_time_is_not_taken(world: World) -> None:
    order_elsewhere(world)
    world.pass_time(3600)
    task_id = lost(world, how=NEVER_MADE)
    order_elsewhere(world, "a knight on a horse")

    look(world)

    assert evidence(world).candidates == ()
    assert world.task(task_id).status is TaskStatus.UNKNOWN


def test_a_task_of_the_same_input_made_minutes_before_is_shown_and_not_taken(world: World) -> None:
    earlier = order_elsewhere(world)
    world.pass_time(120)
    task_id = lost(world, how=NEVER_MADE)

    look(world)

    (candidate,) = evidence(world).candidates
    assert (candidate.tripo_task_id, candidate.fit, candidate.in_time) == (earlier, "same", False)
    assert world.task(task_id).status is TaskStatus.UNKNOWN


def test_a_task_whose_input_is_hidden_is_shown_and_not_taken(world: World) -> None:
    task_id = lost(world)
    world.faults(input_hidden=True)

    look(world)

    (candidate,) = evidence(world).candidates
    assert (candidate.fit, candidate.in_time, "prompt" in candidate.unseen) == ("unclear", True, True)
    assert "not for certain" in evidence(world).sentence
    decide(world, task_id, candidate.tripo_task_id)  # what cannot be compared is taken on a person's word
    assert world.task(task_id).status is TaskStatus.QUEUED


def test_what_an_equal_order_on_its_way_may_own_is_left_to_it(world: World) -> None:
    task_id = lost(world, how=NEVER_MADE)
    (on_its_way,) = world.order("two", send=False)
    with world.core.database.transaction() as session:
        key, row = world.core.keys.shared(session), session.get_one(Task, on_its_way)
        claim = tasks.claim_to_send(session, row, key, "generation", "slow", world.now())
    theirs = order_elsewhere(world)  # as its sender would

    look(world)
    with pytest.raises(ConflictError) as refused:
        decide(world, task_id, theirs)
    assert refused.value.code == "being_sent"
    with world.core.database.transaction() as session:
        tasks.start(session, claim, theirs, world.now(), due_at=world.now())
    look(world)

    assert world.task(task_id).status is TaskStatus.UNKNOWN
    assert evidence(world).candidates == ()


def test_looking_grows_rarer_and_ends_after_a_day(world: World) -> None:
    lost(world, how=NEVER_MADE)

    looks = 0
    for _ in range(26 * 6):
        world.pass_time(600)
        looks += world.core.orchestrator.look_for_lost()

    assert 40 < looks < 100
    assert evidence(world).next_look_at is None
    assert world.ask_sandbox("stats")["history_reads"] <= 2 * looks


def test_a_provider_that_wants_quiet_is_left_alone(world: World) -> None:
    lost(world)
    with world.core.database.transaction() as session:
        world.core.keys.shared(session).quiet_until = world.now() + timedelta(seconds=60)

    look(world)
    assert world.ask_sandbox("stats")["history_reads"] == 0

    look(world, 60)
    assert evidence(world).verdict == "found"


# --- a person names the task ---------------------------------------------------------------------------------


def test_an_id_that_cannot_be_the_order_is_refused_and_nothing_changes(world: World) -> None:
    world.order("crate", prompt="a wooden crate")
    task_id = lost(world)
    other_input = order_elsewhere(world, "a knight on a horse")
    ours = str(world.asset("crate").tasks[0].tripo_task_id)

    for named, code, word in (
        (ours, "id_taken", "already"),
        ("00000000-0000-0000-0000-000000000000", "id_not_found", "does not know"),
        (other_input, "id_mismatch", "its prompt differs"),
    ):
        with pytest.raises(ConflictError, match=word) as refused:
            decide(world, task_id, named)
        assert refused.value.code == code
    world.faults(read_500=True)
    with pytest.raises(ReadFailedError):
        decide(world, task_id, made(world)[0])
    world.no_faults()
    assert world.task(task_id).status is TaskStatus.UNKNOWN

    decide(world, task_id, made(world)[0])

    assert world.run_to_the_end().status == "complete"


def test_a_clock_that_was_wrong_does_not_keep_a_person_from_naming_the_task(world: World) -> None:
    world.offset += timedelta(hours=2)  # of this machine alone
    task_id = lost(world)
    world.offset -= timedelta(hours=2)

    decide(world, task_id, made(world)[0])

    assert world.task(task_id).status is TaskStatus.QUEUED


# --- late truth ----------------------------------------------------------------------------------------------


def test_a_task_that_appears_after_it_was_sent_again_is_noted_beside_with_both_credits(
    each_world: World,
) -> None:
    world = each_world
    world.faults(usage_late_seconds=600)
    task_id = lost(world)
    world.faults(usage_late_seconds=600)
    look(world)
    (again,) = decide(world, task_id)
    assert world.run_to_the_end().status == "complete"
    for _ in range(8):
        look(world, 150)

    said = evidence(world)
    assert said.verdict == "made_twice"
    assert "20 credits" in said.sentence
    assert "attempt 2 (success, 20 credits)" in said.sentence
    first, second = world.task(task_id), world.task(again)
    assert (first.status, second.status) == (TaskStatus.CANCELLED, TaskStatus.SUCCESS)
    assert {first.tripo_task_id, second.tripo_task_id} == set(made(world))
    world.run_for(60)
    assert world.task(task_id).credits == 20  # recorded beside it
    assert world.asset().status == "complete"
    assert any(e.message == said.sentence for e in world.asset().events)


def test_a_cancelled_lost_order_that_was_made_is_followed_beside_its_end(world: World) -> None:
    world.faults(usage_late_seconds=120)
    task_id = lost(world)
    world.core.desk.cancel(task_id)
    for _ in range(3):
        look(world, 60)

    assert evidence(world).verdict == "made_late"
    world.run_for(60)
    assert (world.task(task_id).status, world.task(task_id).credits) == (TaskStatus.CANCELLED, 20)


# --- the wallet ----------------------------------------------------------------------------------------------


def test_without_a_history_the_wallet_says_that_it_was_probably_created(v2: World) -> None:
    task_id = lost(v2)

    look(v2)

    said = evidence(v2)
    assert (said.verdict, said.history, said.wallet.says) == ("likely_created", "not_offered", "taken")
    assert said.sentence.startswith("The wallet fell by 20 credits across the send")
    assert said.wallet.before is not None
    assert said.wallet.after is not None
    assert (said.wallet.before.balance, said.wallet.after.balance, said.wallet.after.frozen) == (
        10000,
        9980,
        20,
    )
    assert v2.task(task_id).status is TaskStatus.UNKNOWN
    decide(v2, task_id, made(v2)[0])
    assert v2.run_to_the_end().status == "complete"


def test_without_a_history_an_unchanged_wallet_says_that_it_was_most_likely_not_created(v2: World) -> None:
    lost(v2, how=NEVER_MADE)

    look(v2)

    assert (evidence(v2).verdict, evidence(v2).wallet.says) == ("likely_not_created", "unchanged")
    assert "most likely not created" in evidence(v2).sentence


def test_what_other_orders_took_meanwhile_is_not_held_against_a_lost_one(v2: World) -> None:
    v2.order("crate", prompt="a wooden crate", options={"texture": False})
    v2.pass_time(1)
    lost(v2, how=NEVER_MADE)
    v2.pass_time(1)
    look(v2)

    said = evidence(v2)
    assert (said.wallet.fell, said.wallet.explained, said.wallet.says) == (10, 10, "unchanged")


def test_a_wallet_that_others_spend_from_says_nothing_certain(v2: World) -> None:
    lost(v2, how=NEVER_MADE)
    v2.ask_sandbox("wallet", {"balance": 9_000})

    look(v2)

    assert (evidence(v2).verdict, evidence(v2).wallet.says) == ("unclear", "unclear")


def test_a_lost_rig_check_says_that_it_is_free(v2: World) -> None:
    v2.walking()
    v2.run_until(lambda: v2.tasks()[0].status == "success")
    v2.faults(create_lost_reply={"count": 1, "type": "animate_prerigcheck"})
    v2.run_until(lambda: v2.tasks("rig_check")[0].status == "unknown")

    look(v2)

    (check,) = [t for t in v2.asset().tasks if t.kind == "rig_check"]
    assert check.evidence is not None
    assert (check.evidence.price, check.evidence.wallet.says) == (0, "free")
