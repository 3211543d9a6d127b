"""A night in which the poller is killed again and again, each time at another named moment."""

from __future__ import annotations

import hashlib
import signal
from collections import Counter
from datetime import timedelta

from sqlalchemy import select, update

from core import orders, tasks
from core.commit_points import VARIABLE, CommitPoint
from core.errors import ConflictError
from core.jobs.scope import Scope
from core.lifecycle import FINAL, TaskKind, TaskStatus
from core.models import Artifact, Heartbeat, Job, Task, utc_now
from tests.core.started_process import StartedProcess, wait_until
from tests.world import World

TYPES = {
    TaskKind.GENERATE: "text_to_model",
    TaskKind.RIG_CHECK: "animate_prerigcheck",
    TaskKind.RIG: "animate_rig",
    TaskKind.ANIMATE: "animate_retarget",
}
RIGGED_EVERY = 4
RETRIED = 2


def start_poller(world: World, **more: str) -> StartedProcess:
    """Start the real poller on this world's database and sandbox."""
    settings = world.settings
    environment = {
        "TRIPO_API_KEY": settings.tripo_api_key.get_secret_value(),
        "TRIPO_API_BASE": settings.tripo_api_base,
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "HATCHERY_VAR": str(settings.var_dir),
        "POLL_SECONDS": "0.2",
        "PYTHONUNBUFFERED": "1",
    }
    return StartedProcess("poller", {**environment, **more})


def order_another(world: World, number: int) -> int:
    """Order a model that no other is like, every fourth with rig and animation; returns how many tasks it has."""
    rigged = number % RIGGED_EVERY == 0
    wanted = {"should_rig": True, "animations": ["preset:idle"]} if rigged else {}
    return len(world.order(f"asset-{number}", send=False, prompt=f"a knight, number {number}", **wanted))


def start_a_job(world: World, number: int) -> int:
    """Have models ordered, cancelled and retried by a job that is left to the poller; returns how many tasks they are."""
    before = len(all_tasks(world))
    for n in range(RETRIED):
        world.order(f"retried-{number}-{n}", send=False, prompt=f"a barrel, number {number}-{n}")
    with world.core.database.transaction() as session:
        for task in session.scalars(select(Task).where(Task.status == TaskStatus.READY)):
            if task.order.get("prompt", "").startswith(f"a barrel, number {number}-"):
                orders.cancel(session, task, now=world.now())
    scope = Scope(query=f'"barrel, number {number}-"')
    world.core.jobs.start(action="retry", scope=scope, after_seconds=0.1)
    return len(all_tasks(world)) - before


def die_at(world: World, point: CommitPoint) -> None:
    """Run the poller until it has killed itself there, then let the time pass in which it is missed."""
    with start_poller(world, **{VARIABLE: point}) as poller:
        code = poller.wait()
    assert code == -signal.SIGKILL, f"{point} was never reached:\n{poller.output}"
    with world.core.database.transaction() as session:
        session.execute(update(Heartbeat).values(beat_at=utc_now() - timedelta(hours=1)))
        tasks.rescue(session, utc_now() + tasks.SUBMIT_LEASE + timedelta(seconds=60))


def assert_paid_once(world: World) -> None:
    """No order was made twice at the provider, whatever the poller died of."""
    stats = world.ask_sandbox("stats")
    assert stats["repeated"] == {}, "the same input was created twice"
    attempts = Counter(TYPES[task.kind] for task in all_tasks(world))
    assert not Counter(stats["accepted_by_type"]) - attempts, "there are more creates than attempts"


def decide(world: World) -> None:
    """Say of each order of unknown outcome what the sandbox knows, unless evidence was quicker."""
    made = world.ask_sandbox("tasks")["tasks"]
    for lost in [task for task in all_tasks(world) if task.status is TaskStatus.UNKNOWN]:
        theirs = [each["task_id"] for each in made if _is_of(world, lost, each)]
        outcome = "created" if theirs else "not_created"
        try:
            world.core.desk.resolve(
                lost.id, outcome=outcome, tripo_task_id=next(iter(theirs), None), reason="seen in the console"
            )
        except ConflictError:
            assert world.task(lost.id).status is not TaskStatus.UNKNOWN


def run_to_the_morning(world: World) -> None:
    """Start a poller that lives, decide what nobody but a person can, and wait until all has ended."""
    with start_poller(world):
        ended = wait_until(
            lambda: (
                decide(world) or (jobs_are_done(world) and all(t.status in FINAL for t in all_tasks(world)))
            )
        )
        assert ended, Counter((task.kind, task.status) for task in all_tasks(world))
        assert wait_until(lambda: not any(task.lease_owner for task in all_tasks(world)))


def jobs_are_done(world: World) -> bool:
    """Say whether nothing of any job is left to do."""
    with world.core.database.reading() as session:
        return session.scalar(select(Job.id).where(Job.finished_at.is_(None)).limit(1)) is None


def assert_whole(world: World) -> None:
    """Everything is there, and every file is what its hash says."""
    given_up = {(task.asset_pk, task.kind, task.preset, task.attempt - 1) for task in all_tasks(world)}
    for task in all_tasks(world):
        if task.status is TaskStatus.CANCELLED and task.tripo_task_id is None:
            assert (task.asset_pk, task.kind, task.preset, task.attempt) in given_up
            continue
        assert task.status is TaskStatus.SUCCESS, (task.kind, task.error_code, task.error_message)
    with world.core.database.reading() as session:
        for artifact in session.scalars(select(Artifact)):
            content = b"".join(world.core.vault.read(artifact.sha256))
            assert hashlib.sha256(content).hexdigest() == artifact.sha256
            assert len(content) == artifact.bytes


def all_tasks(world: World) -> list[Task]:
    """Every attempt there is, of every asset."""
    with world.core.database.reading() as session:
        return list(session.scalars(select(Task)))


def _is_of(world: World, task: Task, theirs: dict) -> bool:
    if theirs["type"] != TYPES[task.kind]:
        return False
    if task.kind is TaskKind.GENERATE:
        return bool(theirs["prompt"] == task.order["prompt"])
    return bool(theirs["source"] == world.task(str(task.source_task_id)).tripo_task_id)
