"""People's own keys beside the shared one: added, chosen, stopped apart, replaced, removed; through the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from core.errors import ConflictError, HatcheryError, KeyMissingError, NotFoundError, OrderError
from core.health import read_health
from core.key_views import key_view, list_keys
from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task
from core.projects import FIRST_PROJECT, add_project, choose_key, project_of
from core.schemas import KeyView
from core.settings import Settings
from tests.world import World

A, B = "tsk_sandbox_a", "tsk_sandbox_b"


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def added(world: World, key: str = A, name: str = "Ada") -> str:
    (key_id,) = world.core.key_desk.add(name=name, key=key, actor="Ada")
    return key_id


def shown(world: World, key_id: str) -> KeyView:
    with world.core.database.reading() as session:
        return key_view(session, world.core.keys, key_id)


def row_of(world: World, key_id: str) -> ProviderKey:
    with world.core.database.reading() as session:
        return session.get_one(ProviderKey, key_id)


def let_project_use(world: World, key_id: str | None, project_id: str = FIRST_PROJECT) -> None:
    with world.core.database.transaction() as session:
        choose_key(session, project_of(session, project_id), key_id)


def accounts_of(world: World) -> set[str]:
    """The accounts at the provider in which tasks were made."""
    return {task["account"] for task in world.ask_sandbox("tasks")["tasks"]}


def keys_of_tasks(world: World) -> set[str | None]:
    with world.core.database.reading() as session:
        return set(session.scalars(select(Task.key_id).where(Task.tripo_task_id.is_not(None))))


def wallet(world: World, key: str, balance: int) -> None:
    world.ask_sandbox("wallet", {"key": key, "balance": balance})


def run_to_the_end(world: World, *assets: str) -> set[str]:
    """Run everything, accounts too, until these have ended; how they ended."""

    def ended() -> bool:
        world.core.orchestrator.check_accounts()
        return all(world.asset(asset).status in ("complete", "failed") for asset in assets)

    world.run_until(ended)
    return {world.asset(asset).status for asset in assets}


# --- adding --------------------------------------------------------------------------------------------------


def test_a_key_is_checked_and_kept_encrypted_with_its_last_four_alone(world: World) -> None:
    key_id = added(world)

    row, view = row_of(world, key_id), shown(world, key_id)
    assert A not in repr(vars(row))
    assert world.core.keys.plain(row) == A
    assert (view.name, view.last_four, view.state, view.owner) == ("Ada", "ox_a", "works", "Ada")
    assert view.balance == 10_000
    assert view.shared is False


def test_the_same_key_added_again_is_the_same_row(world: World) -> None:
    key_id = added(world)

    assert added(world, f" '{A}' ", name="Again") == key_id
    assert shown(world, key_id).name == "Ada"
    with world.core.database.reading() as session:
        assert len(list_keys(session, world.core.keys)) == 1  # the shared one has not been used yet


@pytest.mark.parametrize(
    ("key", "code", "word"),
    [
        ("", "key_invalid", "empty"),
        ("tsk-sandbox", "key_invalid", "hyphen"),
        ("tcli_123456", "key_invalid", "client id"),
        ("sk-123456", "key_invalid", "tsk_"),
        ("tsk_with blank", "key_invalid", "white space"),
    ],
)
def test_what_cannot_be_a_key_is_refused_before_anything_is_asked(
    world: World, key: str, code: str, word: str
) -> None:
    with pytest.raises(OrderError) as refused:
        added(world, key)

    assert (refused.value.code, refused.value.field) == (code, "key")
    assert word in refused.value.message
    assert "TRIPO_API_KEY" not in refused.value.suggestion


def test_a_key_that_the_provider_refuses_is_not_kept(make_world: Callable[..., World]) -> None:
    world = make_world(keys=("tsk_sandbox", A))

    with pytest.raises(OrderError) as refused:
        added(world, B)

    assert (refused.value.code, refused.value.field) == ("key_refused", "key")
    assert "region" in refused.value.suggestion
    assert B not in f"{refused.value.message} {refused.value.suggestion} {refused.value.__cause__}"
    with world.core.database.reading() as session:
        assert list_keys(session, world.core.keys) == ()


def test_a_key_that_cannot_be_checked_is_not_kept(
    make_settings: Callable[..., Settings], sandbox: Any
) -> None:
    world = World(make_settings(tripo_api_base="http://127.0.0.1:9/v3"), sandbox)

    with pytest.raises(HatcheryError) as error:
        added(world)

    assert error.value.code == "provider_unreachable"
    with world.core.database.reading() as session:
        assert list_keys(session, world.core.keys) == ()
    world.close()


def test_the_shared_key_cannot_be_added_replaced_or_removed(world: World) -> None:
    with world.core.database.transaction() as session:
        shared = world.core.keys.shared(session).id

    for act in (
        lambda: added(world, "tsk_sandbox"),
        lambda: world.core.key_desk.replace(shared, key=A),
        lambda: world.core.key_desk.remove(shared),
    ):
        with pytest.raises(ConflictError) as refused:
            act()
        assert refused.value.code == "key_is_shared"


def test_a_live_key_is_never_sent_to_the_sandbox_nor_the_reverse(world: World) -> None:
    desk = world.core.key_desk
    key_id = added(world)

    assert desk._base_of("tsk_live", None) == "https://openapi.tripo3d.ai/v3"
    assert desk._base_of("tsk_live", "china") == "https://openapi.tripo3d.com/v3"
    with pytest.raises(OrderError, match="not on this machine"):
        desk.add(name="Ada", key=A, region="international")
    with pytest.raises(OrderError, match="local sandbox"):
        desk.replace(key_id, key="tsk_live")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, f"my {A}"])
def test_a_name_that_cannot_be_is_refused(world: World, name: str) -> None:
    with pytest.raises(OrderError) as refused:
        added(world, name=name)

    assert refused.value.field == "name"
    assert A not in refused.value.message


# --- choosing ------------------------------------------------------------------------------------------------


def test_an_order_uses_the_key_that_it_names_then_its_projects_then_the_shared_one(world: World) -> None:
    a, b = added(world, A), added(world, B, "Bea")
    world.order("shared")
    let_project_use(world, a)
    world.order("project")
    world.order("order", key_id=b)

    assert {t.project_id for t in world.tasks()} == {FIRST_PROJECT}
    used = [row_of(world, t.key_id or "").last_four for t in world.tasks()]
    assert used == ["dbox", "ox_a", "ox_b"]
    assert len(accounts_of(world)) == 3


def test_a_whole_chain_uses_the_chosen_key_alone(either_version: World) -> None:
    world = either_version
    key_id = added(world)
    world.order(should_rig=True, animations=["preset:walk"], key_id=key_id)

    assert run_to_the_end(world, "knight") == {"complete"}
    assert keys_of_tasks(world) == {key_id}
    assert len(accounts_of(world)) == 1


def test_without_a_shared_key_own_ones_do(make_world: Callable[..., World]) -> None:
    world = make_world(settings={"tripo_api_key": ""})
    key_id = added(world)

    with pytest.raises(KeyMissingError):
        world.order()
    world.order(key_id=key_id)

    assert run_to_the_end(world, "knight") == {"complete"}
    health = read_health(world.core.database, world.settings)
    assert health.provider.key_missing is False
    with pytest.raises(KeyMissingError):
        world.order("another")


def test_an_unknown_key_and_one_that_is_over_cannot_be_chosen(world: World) -> None:
    key_id = added(world)
    world.core.key_desk.remove(key_id)

    with pytest.raises(NotFoundError) as unknown:
        world.order(key_id="no-such-key")
    with pytest.raises(ConflictError) as over:
        world.order(key_id=key_id)
    with pytest.raises(ConflictError), world.core.database.transaction() as session:
        add_project(session, "P", key_id=key_id)

    assert (unknown.value.code, over.value.code) == ("key_not_found", "key_retired")
    assert world.creates() == {}


def test_a_retry_keeps_the_chosen_key_unless_another_is_given(world: World) -> None:
    a, b = added(world, A), added(world, B, "Bea")
    world.faults(end_failed={"count": 2, "error_code": 1001})
    (first,) = world.order(key_id=a)
    world.run_to_the_end()
    (second,) = world.core.desk.retry(first)
    world.run_to_the_end()
    (third,) = world.core.desk.retry(second, key_id=b)

    assert world.run_to_the_end().status == "complete"
    assert [world.task(t).key_id for t in (first, second, third)] == [a, a, b]


def test_a_put_back_order_takes_a_corrected_shared_key(make_world: Callable[..., World]) -> None:
    world = make_world(keys=(A,))
    (task_id,) = world.order()
    assert world.task(task_id).waiting_for == "provider_key_refused"
    world.core.close()
    world.settings = world.settings.model_copy(
        update={"tripo_api_key": type(world.settings.tripo_api_key)(A)}
    )
    world.core = world.another_core("restarted")

    assert run_to_the_end(world, "knight") == {"complete"}


# --- a stopped key -------------------------------------------------------------------------------------------


def test_an_empty_wallet_stops_only_its_own_keys_queue_which_resumes_by_itself(world: World) -> None:
    a, b = added(world, A), added(world, B, "Bea")
    wallet(world, A, 5)
    of_a, of_b = [f"a-{n}" for n in range(4)], [f"b-{n}" for n in range(4)]
    for asset in of_a:
        world.order(asset, key_id=a)
    for asset in of_b:
        world.order(asset, key_id=b)

    assert run_to_the_end(world, *of_b) == {"complete"}
    assert {t.status for t in world.tasks() if t.key_id == a} == {TaskStatus.READY}
    assert {world.asset(asset).tasks[0].waiting_for for asset in of_a} == {"provider_wallet_empty"}
    health = read_health(world.core.database, world.settings)
    assert [(k.key_id, k.last_four, k.stopped_for) for k in health.keys] == [
        (a, "ox_a", "provider_wallet_empty")
    ]
    assert health.status == "degraded"

    wallet(world, A, 1000)

    assert run_to_the_end(world, *of_a) == {"complete"}
    assert read_health(world.core.database, world.settings).keys == ()
    assert world.creates() == {"text_to_model": 8}
    assert {t.status for t in world.tasks()} == {TaskStatus.SUCCESS}


def test_a_key_that_cannot_be_read_any_more_stops_only_its_own_queue(world: World) -> None:
    key_id = added(world)
    with world.core.database.transaction() as session:
        session.execute(update(ProviderKey).values(secret="not ours"))
    world.core.orchestrator._submitter._clients.close()
    world.order("own", key_id=key_id)
    world.order("shared")

    assert run_to_the_end(world, "shared") == {"complete"}
    assert world.asset("own").tasks[0].waiting_for == "settings_invalid"
    assert "SECRET_KEY" in shown(world, key_id).stopped_text


# --- replacing and removing ----------------------------------------------------------------------------------


def test_a_replaced_key_is_followed_by_its_successor_and_ends_what_it_began(world_on_each: World) -> None:
    world = world_on_each
    a = added(world, A)
    let_project_use(world, a)
    wallet(world, A, 40)
    world.order("begun", should_rig=True)
    world.order("second", prompt="a wooden crate")
    (waiting,) = world.order("waiting", prompt="a wooden barrel")
    assert world.task(waiting).tripo_task_id is None

    (b,) = world.core.key_desk.replace(a, key=B)
    wallet(world, A, 1000)

    assert run_to_the_end(world, "begun", "second", "waiting") == {"complete"}
    assert world.task(waiting).key_id == b
    assert {t.key_id for t in world.tasks("rig")} == {a}
    assert shown(world, b).name == "Ada"
    assert [p.project_id for p in shown(world, b).projects] == [FIRST_PROJECT]
    world.core.orchestrator.check_accounts()
    assert row_of(world, a).secret == ""
    with world.core.database.reading() as session:
        assert {k.key_id for k in list_keys(session, world.core.keys) if not k.shared} == {b}


def test_a_removed_key_follows_what_was_sent_and_its_secret_is_wiped_then(world_on_each: World) -> None:
    world = world_on_each
    key_id = added(world)
    wallet(world, A, 20)
    world.order("sent", key_id=key_id, should_rig=True)
    (unsent,) = world.order("unsent", key_id=key_id)

    world.core.key_desk.remove(key_id, actor="Ada")

    failed = world.task(unsent)
    assert (failed.status, failed.error_code, failed.error_retryable) == (
        TaskStatus.FAILED,
        "key_removed",
        True,
    )
    world.core.orchestrator.check_accounts()
    assert row_of(world, key_id).secret
    assert shown(world, key_id).state == "removed"
    wallet(world, A, 1000)
    assert run_to_the_end(world, "sent") == {"failed"}
    sent = world.asset("sent")
    assert sent.tasks[0].status == "success"
    assert any(file.role == "model" for file in sent.artifacts)
    assert next(t.error.code for t in sent.tasks if t.error) == "key_removed"
    world.core.orchestrator.check_accounts()
    assert row_of(world, key_id).secret == ""
    assert world.creates() == {"text_to_model": 1}


def test_what_failed_for_a_removed_key_is_retried_with_another_that_a_person_chose(world: World) -> None:
    a, b = added(world, A), added(world, B, "Bea")
    wallet(world, A, 0)
    (task_id,) = world.order(key_id=a)
    world.core.key_desk.remove(a)

    with pytest.raises(ConflictError):
        world.core.desk.retry(task_id)
    let_project_use(world, b)
    (again,) = world.core.desk.retry(task_id)

    assert world.task(again).key_id == b
    assert world.run_to_the_end().status == "complete"


def test_only_the_key_that_made_a_model_can_work_on_it(world: World) -> None:
    key_id = added(world)
    world.order(key_id=key_id)
    world.run_to_the_end()
    world.core.key_desk.remove(key_id)

    with pytest.raises(ConflictError) as refused:
        world.core.desk.rig(project_id=FIRST_PROJECT, asset_id="knight")

    assert refused.value.code == "key_removed"


def test_a_removed_key_can_be_added_again(world: World) -> None:
    key_id = added(world)
    world.core.key_desk.remove(key_id)
    world.core.orchestrator.check_accounts()
    assert row_of(world, key_id).secret == ""

    assert added(world, name="Back") == key_id
    world.order(key_id=key_id)

    assert world.run_to_the_end().status == "complete"
    assert shown(world, key_id).name == "Back"


def test_a_project_whose_key_was_removed_orders_nothing_until_another_is_chosen(world: World) -> None:
    key_id = added(world)
    let_project_use(world, key_id)
    world.core.key_desk.remove(key_id)

    with pytest.raises(ConflictError) as refused:
        world.order()
    let_project_use(world, None)
    world.order()

    assert refused.value.code == "key_retired"
    assert world.run_to_the_end().status == "complete"


# --- accounts ------------------------------------------------------------------------------------------------


def test_balances_are_read_of_keys_in_use_alone(world: World) -> None:
    in_project, unused = added(world, A), added(world, B, "Bea")
    let_project_use(world, in_project)
    wallet(world, A, 77)
    wallet(world, B, 88)

    world.pass_time(61)
    assert world.core.orchestrator.check_accounts() == 2  # the shared one too

    assert (shown(world, in_project).balance, shown(world, unused).balance) == (77, 10_000)
    world.core.key_desk.check(unused)
    assert shown(world, unused).balance == 88


def test_a_check_says_that_a_key_is_refused_by_now(world: World) -> None:
    key_id = added(world)
    world.faults(unauthorized=True)

    world.core.key_desk.check(key_id)

    view = shown(world, key_id)
    assert (view.state, view.stopped_for) == ("stopped", "provider_key_refused")
