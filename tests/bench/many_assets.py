"""A database with as many assets as one likes, as months of work leave them; written in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text

from core.asset_texts import add_texts
from core.bootstrap import Core
from core.lifecycle import Approval, AssetStatus, TaskKind, TaskStatus
from core.models import Artifact, Asset, Plan, Project, Task, new_id, utc_now

AT_ONCE = 2_000
PER_PLAN = 500
LEAST_PLANS = 10  # a page of them
PROJECTS = 5
CATEGORIES = 40
NAMES = ("Knight", "Barrel", "Oak tree", "Wolf", "Lantern", "Old sword", "Crate", "Ägir", "剣士", "Tower")
UNDER_WAY = 30  # however many there are: the provider takes no more at once
FINGERPRINTS = tuple(f"generate.v3.{code}.generation_failed.0" for code in range(2001, 2013))
ROLES = {"model": "model/gltf-binary", "rendered_image": "image/webp"}
STATES = (*[AssetStatus.COMPLETE] * 17, *[AssetStatus.FAILED] * 2, AssetStatus.GENERATED)


def fill(core: Core, count: int) -> None:
    """Write so many assets, each with its tasks, and the model and picture of each that succeeded."""
    now = utc_now()
    with core.database.transaction() as session:
        connection = session.connection()
        projects = [{"id": f"game-{n}", "name": f"Game {n}", "created_at": now} for n in range(PROJECTS)]
        connection.execute(insert(Project.__table__), projects)
        plans = [_plan(n, now) for n in range(max(count // PER_PLAN, LEAST_PLANS))]
        connection.execute(insert(Plan.__table__), plans)
        for start in range(0, count, AT_ONCE):
            assets = [_asset(n, count, plans, now) for n in range(start, min(start + AT_ONCE, count))]
            connection.execute(insert(Asset.__table__), assets)
            add_texts(connection, assets)
            tasks = [task for asset in assets for task in _tasks(asset)]
            connection.execute(insert(Task.__table__), tasks)
            files = [
                _file(task, role, media_type)
                for task in tasks
                if task["status"] is TaskStatus.SUCCESS
                for role, media_type in ROLES.items()
            ]
            connection.execute(insert(Artifact.__table__), files)
    if not core.database.is_sqlite:  # PostgreSQL does it by itself, a while later
        with core.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _plan(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "project_id": f"game-{n % PROJECTS}",
        "filename": f"Night {n}.md",
        "format": "markdown",
        "content": b"",
        "content_sha256": "0" * 64,
        "priority": 0,
        "window_zone": "UTC",
        "created_by": "anna",
        "created_at": now,
        "applied_by": "anna",
        "applied_at": now - timedelta(hours=n),
    }


def _asset(n: int, count: int, plans: Sequence[dict[str, Any]], now: datetime) -> dict[str, Any]:
    plan = plans[n * len(plans) // count]
    at = now - timedelta(seconds=20 * (count - n))
    status = AssetStatus.GENERATING if n >= count - UNDER_WAY else STATES[n % len(STATES)]
    name = f"{NAMES[n % len(NAMES)]} {n}"
    prompt = f"a low poly {name.lower()}, hand painted, number {n} of its kind, in a T-pose"
    return {
        "id": new_id(),
        "project_id": plan["project_id"],
        "asset_id": f"asset-{n:06}",
        "name": name,
        "category": f"Category {n // 7 % CATEGORIES}",
        "tag": "RIG" if n % 3 == 0 else "STATIC",
        "description": prompt,
        "prompt": prompt,
        "animations": [],
        "options": {"faceLimit": 20_000},
        "chain": 1,
        "status": status,
        "has_unknown": False,
        "approval": (Approval.APPROVED, Approval.PENDING)[n % 2],
        "plan_id": plan["id"],
        "plan_order": n,
        "priority": 0,
        "style_version": 0,
        "variant": 1,
        "is_gated": False,
        "created_by": ("anna", "ben", "chloé")[n % 3],
        "created_at": at,
        "updated_at": at + timedelta(minutes=3),
    }


def _tasks(asset: dict[str, Any]) -> Iterator[dict[str, Any]]:
    ended = {AssetStatus.GENERATING: TaskStatus.RUNNING, AssetStatus.FAILED: TaskStatus.FAILED}
    status = ended.get(asset["status"], TaskStatus.SUCCESS)
    yield _task(asset, TaskKind.GENERATE, status)
    if asset["tag"] == "RIG" and status is TaskStatus.SUCCESS:
        yield _task(asset, TaskKind.RIG, TaskStatus.SUCCESS)


def _task(asset: dict[str, Any], kind: TaskKind, status: TaskStatus) -> dict[str, Any]:
    at = asset["created_at"]
    is_final = status is not TaskStatus.RUNNING
    failed = status is TaskStatus.FAILED
    return {
        "id": new_id(),
        "asset_pk": asset["id"],
        "project_id": asset["project_id"],
        "chain": 1,
        "kind": kind,
        "preset": "",
        "attempt": 1,
        "order": {"prompt": asset["prompt"]} if kind is TaskKind.GENERATE else {},
        "priority": 0,
        "status": status,
        "status_at": at,
        "fence": 1,
        "tries": 0,
        "pool": "generation",
        "progress": 100 if is_final else 40,
        "gone_answers": 0,
        "automatic_retries": 0,
        "credits": Decimal(20),
        "error_code": "generation_failed" if failed else None,
        "error_message": "The figure fell apart." if failed else None,
        "error_retryable": True if failed else None,
        "fingerprint": FINGERPRINTS[hash(asset["asset_id"]) % len(FINGERPRINTS)] if failed else None,
        "created_at": at,
        "sent_at": at,
        "submitted_at": at,
        "provider_done_at": at + timedelta(seconds=40) if is_final else None,
        "finished_at": at + timedelta(seconds=45) if is_final else None,
        "worked_seconds": 40.0 if is_final else None,
        "updated_at": at,
    }


def _file(task: dict[str, Any], role: str, media_type: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "asset_pk": task["asset_pk"],
        "task_id": task["id"],
        "role": role,
        "sha256": "0" * 64,
        "bytes": 1,
        "media_type": media_type,
        "facts": {},
        "created_at": task["created_at"],
    }
