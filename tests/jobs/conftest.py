"""Worlds in which many things failed, to be cured at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import orders
from core.bootstrap import Core
from core.jobs.reading import job_items, job_of, job_views, list_jobs
from core.jobs.scope import AssetName, Scope
from core.jobs.views import JobItemView, JobView
from core.lifecycle import FINAL, Hold, TaskStatus
from core.models import ProviderKey, Task
from core.projects import FIRST_PROJECT
from tests.kills.night import all_tasks
from tests.world import World


@pytest.fixture
def world(make_world: Callable[..., World], each_database_url: str) -> World:
    """Version 3 on each database, with a sandbox that takes no time."""
    return make_world(database_url=each_database_url, speed=100, queue_seconds=0)


def run_until_all_ended(world: World) -> None:
    """Run passes until nothing moves any more; what waits for a person stays."""
    world.run_until(
        lambda: all(t.status in FINAL or t.hold is Hold.FAILED_STEP for t in all_tasks(world)), seconds=900
    )


def carry_all(core: Core) -> None:
    """Carry all that is due of jobs, however slow this machine is."""
    while core.jobs.carry_due():
        pass


def run_jobs_to_the_end(world: World) -> None:
    """Carry what is due of jobs, then run passes until nothing moves any more."""
    carry_all(world.core)
    run_until_all_ended(world)


def order_many(world: World, count: int, **order: object) -> None:
    """Order models that no other is like."""
    for n in range(count):
        world.order(f"asset-{n:03}", send=False, prompt=f"a crate, number {n}", **order)


def cancel_all(world: World) -> list[str]:
    """Cancel every open task, and return the ids of all that are cancelled, the oldest first."""
    with world.core.database.transaction() as session:
        for task in session.scalars(select(Task).order_by(Task.created_at)):
            if task.status not in FINAL:
                orders.cancel(session, task, now=world.now())
    cancelled = [task for task in all_tasks(world) if task.status is TaskStatus.CANCELLED]
    return [task.id for task in sorted(cancelled, key=lambda task: task.created_at)]


def named(*asset_ids: str) -> Scope:
    """The assets with these ids."""
    return Scope(assets=tuple(AssetName(project_id=FIRST_PROJECT, asset_id=each) for each in asset_ids))


def job(world: World, job_id: str) -> JobView:
    """A job as it is now."""
    with world.core.database.reading() as session:
        return job_views(session, [job_of(session, job_id)], world.now())[0]


def job_list(world: World) -> list[JobView]:
    """All jobs, the newest first."""
    with world.core.database.reading() as session:
        return list_jobs(session, world.now())


def items(world: World, job_id: str) -> tuple[JobItemView, ...]:
    """What became of each item of a job."""
    with world.core.database.reading() as session:
        return job_items(session, job_of(session, job_id), limit=1000).items


def balance(world: World) -> Decimal:
    """What is in the wallet at the provider."""
    with world.core.database.reading() as session:
        key = session.scalars(select(ProviderKey)).one()
    return world.core.clients.of(key).balance().balance
