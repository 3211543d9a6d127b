"""The same promises on SQLite and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError

from core import idempotency, orders, tasks
from core.database import Database
from core.errors import ConflictError, SettingsError
from core.idempotency import RequestKey
from core.lifecycle import TaskKind, TaskStatus
from core.models import Asset, Base, IdempotentRequest, Project, Task, TaskEvent
from core.moves import LeaseLostError
from core.polling import WATCHED
from core.projects import FIRST_PROJECT
from core.settings import ROOT
from tests.world import World


@pytest.fixture
def database(each_empty_database_url: str) -> Database:
    database = Database(each_empty_database_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()

    database.check()


def test_processes_that_migrate_a_new_database_at_the_same_moment_all_succeed(
    each_empty_database_url: str,
) -> None:
    migrate = f"from core.database import Database; Database({each_empty_database_url!r}).migrate()"
    started = [subprocess.Popen([sys.executable, "-c", migrate], cwd=ROOT) for _ in range(4)]

    assert [process.wait(200) for process in started] == [0, 0, 0, 0]


def test_times_come_back_aware_and_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    at = datetime(2026, 11, 22, 12, 30, 1, 250_000, tzinfo=UTC)
    with database.transaction() as session:
        session.add(Project(id="p", name="P", created_at=at))

    with database.reading() as session:
        assert session.get_one(Project, "p").created_at == at
    with pytest.raises(StatementError), database.transaction() as session:
        session.add(Project(id="q", name="Q", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_an_error_inside_a_transaction_leaves_nothing(database: Database) -> None:
    def half_done() -> None:
        with database.transaction() as session:
            session.add(Project(id="p", name="P"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()

    with database.reading() as session:
        assert session.get(Project, "p") is None


def test_a_whole_chain_runs_on_each_database(world_on_each: World) -> None:
    world_on_each.walking()

    assert world_on_each.run_to_the_end().status == "complete"
    assert sum(world_on_each.creates().values()) == 5


def test_only_one_of_many_claims_of_an_order_wins(world_on_each: World) -> None:
    world = world_on_each
    (task_id,) = world.order(send=False)

    def claim(n: int) -> bool:
        with world.core.database.transaction() as session:
            key = world.core.keys.shared(session)
            task = session.get_one(Task, task_id)
            if task.status is not TaskStatus.READY:
                return False
            return tasks.claim_to_send(session, task, key, "generation", f"p{n}", world.now()) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1


def test_due_tasks_are_claimed_by_one_process_each_and_again_only_after_the_lease(
    world_on_each: World,
) -> None:
    world = world_on_each
    for n in range(6):
        world.order(f"crate-{n}", prompt=f"crate {n}")
    later = world.now() + timedelta(seconds=30)

    def claim(n: int, now: datetime) -> list[str]:
        with world.core.database.transaction() as session:
            return [c.task_id for c in tasks.claim_due(session, WATCHED, f"p{n}", now, tasks.POLL_LEASE, 4)]

    with ThreadPoolExecutor(4) as pool:
        taken = [task_id for batch in pool.map(lambda n: claim(n, later), range(4)) for task_id in batch]

    assert sorted(taken) == sorted(t.id for t in world.tasks())  # each once
    second = timedelta(seconds=1)
    assert claim(9, later + tasks.POLL_LEASE - second) == []
    assert len(claim(9, later + tasks.POLL_LEASE + second)) == 4


def test_an_old_fence_writes_nothing_in_bulk_either(world_on_each: World) -> None:
    world = world_on_each
    (task_id,) = world.order()
    later = world.now() + timedelta(seconds=30)
    with world.core.database.transaction() as session:
        (old,) = tasks.claim_due(session, WATCHED, "slow", later, tasks.POLL_LEASE, 1)
        (new,) = tasks.claim_due(session, WATCHED, "fast", later + 2 * tasks.POLL_LEASE, tasks.POLL_LEASE, 1)
    for claim, progress in ((new, 40), (old, 99)):
        claimed = SimpleNamespace(id=task_id, fence=claim.fence, status=TaskStatus.QUEUED)
        with world.core.database.transaction() as session:
            tasks.record_progress(session, [claimed], {"progress": [progress]})

    assert world.task(task_id).progress == 40


def test_of_many_that_end_together_none_is_written_if_one_was_claimed_since(world_on_each: World) -> None:
    world = world_on_each
    for name in ("knight", "orc", "crate"):
        world.order(asset_id=name)
    later = world.now() + timedelta(seconds=30)
    with world.core.database.transaction() as session:
        tasks.claim_due(session, WATCHED, "slow", later, tasks.POLL_LEASE, 3)
    with world.core.database.reading() as session:
        as_claimed = session.scalars(select(Task)).all()
    lost = as_claimed[1].id
    with world.core.database.transaction() as session:
        tasks.claim_due(session, Task.id == lost, "fast", later + 2 * tasks.POLL_LEASE, tasks.POLL_LEASE, 1)

    def end(*some: Task) -> None:
        links = [{"model": f"https://x/{each.id}.glb"} for each in some]
        news = {"links": links, "credits": [Decimal("30"), None, None][: len(some)]}
        with world.core.database.transaction() as session:
            tasks.begin_downloads(session, some, news, world.now())

    with pytest.raises(LeaseLostError):
        end(*as_claimed)
    assert {task.status for task in world.tasks()} == {TaskStatus.QUEUED}
    end(as_claimed[0], as_claimed[2])

    moved = {task.id: task for task in world.tasks() if task.status is TaskStatus.DOWNLOADING}
    assert moved.keys() == {as_claimed[0].id, as_claimed[2].id}
    assert [moved[as_claimed[n].id].credits for n in (0, 2)] == [Decimal("30"), None]
    assert all(task.links["model"] == f"https://x/{task.id}.glb" for task in moved.values())
    assert all(task.lease_owner is None for task in moved.values())
    assert world.task(lost).lease_owner == "fast"
    with world.core.database.reading() as session:
        to_download = select(TaskEvent.task_id).where(TaskEvent.to_status == "downloading")
        assert sorted(session.scalars(to_download)) == sorted(moved)


def test_one_end_that_cannot_be_written_does_not_keep_the_others_from_it(world_on_each: World) -> None:
    world = world_on_each
    for name in ("knight", "orc", "crate"):
        world.order(asset_id=name)
    world.run_until(lambda: all(task.status is TaskStatus.RUNNING for task in world.tasks()))
    world.pass_time(60)
    odd = world.tasks()[1].id
    with world.core.database.transaction() as session:
        refusing = {
            "sqlite": "CREATE TRIGGER refuses BEFORE UPDATE OF status ON tasks WHEN NEW.id = '{id}' "
            "BEGIN SELECT RAISE(ABORT, 'not this one'); END",
            "postgresql": "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE 'not this one'; END $$ "
            "LANGUAGE plpgsql; CREATE TRIGGER refuses BEFORE UPDATE OF status ON tasks FOR EACH ROW "
            "WHEN (NEW.id = '{id}') EXECUTE FUNCTION refuse()",
        }
        session.connection().exec_driver_sql(refusing[session.get_bind().dialect.name].format(id=odd))

    world.core.orchestrator.ask_due()

    statuses = {task.id: task.status for task in world.tasks()}
    assert statuses.pop(odd) is TaskStatus.RUNNING
    assert set(statuses.values()) == {TaskStatus.DOWNLOADING}


def test_a_step_can_have_only_one_open_attempt(world_on_each: World) -> None:
    world = world_on_each
    (task_id,) = world.order(send=False)
    task = world.task(task_id)
    twin = Task(
        asset_pk=task.asset_pk,
        project_id=task.project_id,
        chain=task.chain,
        kind=TaskKind.GENERATE,
        attempt=2,
        status=TaskStatus.WAITING,
    )

    with pytest.raises(IntegrityError), world.core.database.transaction() as session:
        session.add(twin)


def test_the_same_asset_ordered_at_the_same_moment_is_one_order(world_on_each: World) -> None:
    world = world_on_each

    def order(_: int) -> bool:
        try:
            world.order(send=False)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(order, range(6))) == 1
    with world.core.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Asset)) == 1
        assert session.scalar(select(func.count()).select_from(Task)) == 1


def test_animations_that_end_at_the_same_moment_leave_the_asset_complete(world_on_each: World) -> None:
    """Each recomputes the asset's status; neither may do so from what it saw before the other's end."""
    world = world_on_each
    world.order(should_rig=True, animations=["preset:idle", "preset:walk", "preset:run", "preset:jump"])
    world.run_until(lambda: [t for t in world.tasks("animate") if t.status is TaskStatus.QUEUED])
    world.pass_time(60)
    with world.core.database.transaction() as session:
        claims = tasks.claim_due(session, WATCHED, "p", world.now(), tasks.POLL_LEASE, 10)
    assert len(claims) == 4

    def end(claim: tasks.Claim) -> None:
        with world.core.database.transaction() as session:
            task = session.get_one(Task, claim.task_id)
            tasks.begin_downloads(session, [task], {"links": [{"model": "https://x/y.glb"}]}, world.now())
            tasks.complete(session, claim, world.now())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(end, claims))

    assert world.asset().status == "complete"


def test_an_idempotency_key_belongs_to_one_request(database: Database) -> None:
    request = RequestKey("k1", "POST /api/generate-3d", "a" * 64)
    with database.transaction() as session:
        assert idempotency.earlier(session, request) is None
        idempotency.claim(session, request)
    with database.transaction() as session:
        assert idempotency.earlier(session, request) == (None, ())
        idempotency.note_made(session, request, ["t"])
    with database.transaction() as session:
        assert idempotency.earlier(session, request) == (None, ("t",))
        idempotency.remember_answer(session, request, 202, {"taskId": "t"})
    with pytest.raises(idempotency.AlreadyDoneError), database.transaction() as session:
        idempotency.claim(session, request)
    with pytest.raises(ConflictError), database.transaction() as session:
        idempotency.earlier(session, request._replace(body_sha256="b" * 64))

    with database.transaction() as session:
        assert idempotency.earlier(session, request) == ((202, {"taskId": "t"}), ())
        assert session.scalar(select(func.count()).select_from(IdempotentRequest)) == 1


def test_a_failed_order_leaves_its_idempotency_key_unused(world_on_each: World) -> None:
    world = world_on_each
    request = RequestKey("k1", "POST /api/generate-3d", "a" * 64)

    with pytest.raises(orders.OrderError):
        world.core.desk.generate(request, project_id=FIRST_PROJECT, asset_id="x", prompt="")

    with world.core.database.reading() as session:
        assert idempotency.earlier(session, request) is None


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/nowhere/hatchery.db",
        "postgresql+psycopg2://nobody:secret-word@127.0.0.1:9/none",
    ],
)
def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Database(url).check()

    assert "cannot be reached" in refused.value.message
    assert "DATABASE_URL" in refused.value.suggestion
    assert "secret-word" not in refused.value.message + refused.value.suggestion
