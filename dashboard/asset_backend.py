"""The door to core for what is asked and done about one asset; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import streamlit as st
from sqlalchemy import select

from core.asset_chain import read_chain
from core.chain import rig_order_again
from core.errors import ConflictError, OrderError
from core.idempotency import AlreadyDoneError
from core.lifecycle import TaskKind
from core.models import Asset, Task
from core.projects import asset_of, task_of
from core.retries import checked_retry
from dashboard import backend
from dashboard.form_request import form_request

PRICE_FRESH_SECONDS: Final = 15.0


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


@st.cache_data(ttl=PRICE_FRESH_SECONDS, max_entries=100, show_spinner=False)
def price_of_retry(task_id: str) -> Decimal | None:
    """Say what another attempt at a step costs with all that follows it by itself; None when there can be none."""
    with backend.asking() as core, core.database.reading() as session:
        task = task_of(session, task_id)
        chain = read_chain(session, session.get_one(Asset, task.asset_pk))
        try:
            return checked_retry(session, chain, task, version=core.settings.tripo_api_version).credits
        except (ConflictError, OrderError):
            return None


def _last_order(session: Any, asset_pk: str, kind: TaskKind) -> dict[str, Any]:
    newest = select(Task.order).where(Task.asset_pk == asset_pk, Task.kind == kind)
    return dict(session.scalar(newest.order_by(Task.created_at.desc(), Task.attempt.desc()).limit(1)) or {})
