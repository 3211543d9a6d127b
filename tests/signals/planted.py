"""Ended steps, put into a database as rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from core.database import Database
from core.lifecycle import AssetStatus, TaskKind, TaskStatus
from core.models import Asset, Task, new_id
from core.projects import FIRST_PROJECT


def plant(
    database: Database,
    ended_at: datetime,
    count: int,
    *,
    error_code: str | None = None,
    kind: TaskKind = TaskKind.GENERATE,
    worked_seconds: float = 60.0,
    queued_seconds: float = 10.0,
    **columns: Any,
) -> None:
    """Plant so many steps that ended at a time, failed if there is an error code."""
    status = TaskStatus.FAILED if error_code else TaskStatus.SUCCESS
    submitted_at = ended_at - timedelta(seconds=worked_seconds)
    ready_at = submitted_at - timedelta(seconds=queued_seconds)
    assets = [
        {"id": new_id(), "asset_id": new_id(), "project_id": FIRST_PROJECT, "name": "knight"}
        for _ in range(count)
    ]
    whole = {"status": AssetStatus.FAILED if error_code else AssetStatus.COMPLETE}
    steps = [
        {
            "id": new_id(),
            "asset_pk": asset["id"],
            "project_id": FIRST_PROJECT,
            "chain": 0,
            "kind": kind,
            "status": status,
            "error_code": error_code,
            "worked_seconds": worked_seconds,
            "created_at": ready_at,
            "ready_at": ready_at,
            "submitted_at": submitted_at,
            "finished_at": ended_at,
            "status_at": ended_at,
            **columns,
        }
        for asset in assets
    ]
    if not count:
        return
    with database.transaction() as session:
        session.execute(insert(Asset), [asset | whole for asset in assets])
        session.execute(insert(Task), steps)
