"""A database with many tasks that run at a provider, written as quickly as can be."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from core.database import Database
from core.lifecycle import AssetStatus, TaskKind, TaskStatus
from core.models import Asset, ProviderKey, Task, new_id, utc_now
from core.projects import FIRST_PROJECT, ensure_first_project


def fill(database: Database, count: int, key: ProviderKey | None = None, first: int = 0) -> list[str]:
    """Write so many assets, each with a running task of this key, not yet due; returns the tasks' ids.

    They are numbered from `first` on.
    """
    now = utc_now()
    assets = [
        {
            "id": new_id(),
            "project_id": FIRST_PROJECT,
            "asset_id": f"asset-{n}",
            "name": f"asset {n}",
            "prompt": "a low poly knight in T-pose",
            "chain": 1,
            "status": AssetStatus.GENERATING,
        }
        for n in range(first, first + count)
    ]
    tasks = [
        {
            "id": new_id(),
            "asset_pk": asset["id"],
            "project_id": FIRST_PROJECT,
            "chain": 1,
            "kind": TaskKind.GENERATE,
            "status": TaskStatus.RUNNING,
            "order": {"prompt": asset["prompt"], "options": {"texture": True}},
            "pool": "generation",
            "tripo_task_id": f"task-{n}",
            "key_id": key.id if key else None,
            "submitted_at": now - timedelta(seconds=20),
            "answered_at": now - timedelta(seconds=5),
            "progress": 10,
            "due_at": now + timedelta(hours=1),
        }
        for n, asset in enumerate(assets, first)
    ]
    with database.transaction() as session:
        ensure_first_project(session)
        session.flush()
        session.execute(insert(Asset), assets)
        session.execute(insert(Task), tasks)
    return [str(task["id"]) for task in tasks]
