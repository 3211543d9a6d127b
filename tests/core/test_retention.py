"""What is old is pruned; orders, files and money are not touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.models import (
    Artifact,
    Asset,
    Base,
    IdempotentRequest,
    Task,
    TaskEvent,
    Upload,
    WebhookDelivery,
)
from core.uploads import keep_upload
from tests.tripo.pictures import picture
from tests.world import World

DAY_SECONDS = 86_400


def rows(world: World, model: type[Base], *without: str) -> list[dict[str, Any]]:
    table = model.__table__
    columns = [column for column in table.columns if column.name not in without]
    with world.core.database.reading() as session:
        return [
            dict(row) for row in session.execute(select(*columns).order_by(*table.primary_key)).mappings()
        ]


def test_after_the_days_only_what_nobody_needs_is_gone(
    make_world: Callable[..., World], each_database_url: str
) -> None:
    world = make_world(database_url=each_database_url)
    world.order("done")
    world.run_to_the_end("done")
    world.order("open", send=False)
    keep_upload(world.core.database, world.core.vault, picture(), name="unused.png", now=world.now())
    used = keep_upload(
        world.core.database, world.core.vault, picture(width=300), name="used.png", now=world.now()
    )
    world.order("from-image", send=False, prompt=None, image={"uploadId": used})
    with world.core.database.transaction() as session:
        session.add(WebhookDelivery(id="d1", received_at=world.now()))
        session.add(IdempotentRequest(key="k1", route="POST /", body_sha256="", created_at=world.now()))
    kept = [(Asset,), (Task, "links"), (Artifact,)]
    before = [rows(world, *each) for each in kept]
    everything = [rows(world, model) for model in (Task, TaskEvent, Upload, WebhookDelivery)]

    world.offset += timedelta(seconds=89 * DAY_SECONDS)
    assert world.core.retention.prune() == 0
    assert [rows(world, model) for model in (Task, TaskEvent, Upload, WebhookDelivery)] == everything

    world.offset += timedelta(seconds=2 * DAY_SECONDS)
    assert world.core.retention.prune() > 0
    assert world.core.retention.prune() == 0

    assert [rows(world, *each) for each in kept] == before
    assert [upload["id"] for upload in rows(world, Upload)] == [used]
    assert rows(world, WebhookDelivery) == rows(world, IdempotentRequest) == []
    done = next(task for task in rows(world, Task) if task["status"] == "success")
    open_ids = {task["id"] for task in rows(world, Task)} - {done["id"]}
    assert done["links"] is None
    assert {event["task_id"] for event in rows(world, TaskEvent)} == open_ids
    hashes = {row["sha256"] for row in [*rows(world, Upload), *rows(world, Artifact)]}
    assert {name for n in range(256) for name in world.core.vault.names(f"{n:02x}")} == hashes


def test_with_0_days_nothing_is_ever_pruned(make_world: Callable[..., World]) -> None:
    world = make_world(settings={"retention_days": 0})
    world.order()
    world.run_to_the_end()
    world.offset += timedelta(days=5000)

    assert world.core.retention.prune() == 0
    assert rows(world, TaskEvent)
