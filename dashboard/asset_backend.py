"""The door to core for what is asked and done about one asset; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.chain import rig_order_again
from core.idempotency import AlreadyDoneError
from core.lifecycle import TaskKind
from core.models import Task
from core.projects import asset_of
from dashboard import backend
from dashboard.form_request import form_request


def last_rig(project_id: str, asset_id: str) -> dict[str, str]:
    """Read what a person said of an asset's newest rig; raises HatcheryError when it cannot be read."""
    with backend.reading() as session:
        asset = asset_of(session, project_id, asset_id)
        return rig_order_again(_last_order(session, asset.id, TaskKind.RIG))


def make_anew(
    project_id: str,
    asset_id: str,
    prompt: str,
    options: Mapping[str, Any],
    rig: Mapping[str, str],
    form: str,
    *,
    actor: str,
) -> None:
    """Order an asset's whole chain again with other words, options or rig; its earlier models stay.

    Sent twice it is ordered once. Raises HatcheryError when it cannot be ordered.
    """
    with backend.acting() as core, contextlib.suppress(AlreadyDoneError):
        with core.database.reading() as session:
            asset = asset_of(session, project_id, asset_id)
            image = _last_order(session, asset.id, TaskKind.GENERATE).get("image")
        order: dict[str, Any] = {
            "project_id": project_id,
            "asset_id": asset_id,
            "prompt": prompt.strip() or None,
            "image": image,
            "should_rig": asset.tag == "RIG",
            "animations": list(asset.animations) if asset.tag == "RIG" else [],
            "options": dict(options),
            "rig": dict(rig) if asset.tag == "RIG" else None,
        }
        core.desk.generate(form_request("page anew", form, order), actor=actor, **order)


def _last_order(session: Any, asset_pk: str, kind: TaskKind) -> dict[str, Any]:
    newest = select(Task.order).where(Task.asset_pk == asset_pk, Task.kind == kind)
    return dict(session.scalar(newest.order_by(Task.created_at.desc(), Task.attempt.desc()).limit(1)) or {})
