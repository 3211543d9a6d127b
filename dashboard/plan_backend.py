"""The door to core for what pages ask and do about plans; a part of `dashboard.backend`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import streamlit as st

from core import queries
from core.bootstrap import Core
from core.idempotency import AlreadyDoneError
from core.models import new_id
from core.plans.applying import Tell
from core.plans.picking import variants_of
from core.plans.progress import PlanProgress, PlanView, plan_of
from core.plans.renewing import OutdatedAsset
from core.plans.style import Style, StyleVersion
from core.plans.views import PlanPreview
from core.projects import asset_of
from core.schemas import AssetRow
from dashboard import backend
from dashboard.form_request import form_request
from dashboard.plan_draft import PlanDraft

FRESH_SECONDS: Final = backend.FRESH_SECONDS
OUTLOOK_FRESH_SECONDS: Final = 15.0  # foretelling the end of a large plan is work, and it moves slowly

Window = tuple[str, str, str]  # opens, closes, zone


class Variant(NamedTuple):
    """One of a row's variants."""

    row: AssetRow
    number: int
    seed: int | None
    is_picked: bool


# --- reads ---------------------------------------------------------------------------------------------------


@st.cache_data(ttl=FRESH_SECONDS, max_entries=20, show_spinner=False)
def plans(page: int, per_page: int) -> tuple[tuple[PlanView, ...], int]:
    """List one numbered page of the plans, the last applied first, and say how many there are."""
    with backend.asking() as core:
        return core.plans.page(page, per_page)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def progress(plan_id: str) -> PlanProgress:
    """Say how far a plan is; raises NotFoundError."""
    with backend.asking() as core:
        return core.plans.progress(plan_id)


@st.cache_data(ttl=OUTLOOK_FRESH_SECONDS, max_entries=200, show_spinner=False)
def outlook(plan_id: str) -> PlanProgress:
    """Say what a plan cost and when it will end, as it was some seconds ago; for lists."""
    with backend.asking() as core:
        return core.plans.progress(plan_id)


def preview(draft: PlanDraft) -> PlanPreview:
    """Say what applying would do and cost; raises HatcheryError when that cannot be said."""
    with backend.asking() as core:
        return core.plans.preview(**_asked(draft))


def style(project_id: str) -> StyleVersion:
    """Read a project's style; raises NotFoundError."""
    with backend.asking() as core:
        return core.plans.style(project_id)


def outdated(project_id: str) -> tuple[OutdatedAsset, ...]:
    """List what was made under an older style, with the price to renew it; raises NotFoundError."""
    with backend.asking() as core:
        return core.plans.outdated(project_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def variants(project_id: str, asset_id: str) -> tuple[Variant, ...]:
    """List the variants of an asset's row, itself among them, by number; empty for one that has no alternates."""
    with backend.reading() as session:
        found = variants_of(session, asset_of(session, project_id, asset_id))
        if len(found) < 2:
            return ()
        rows = queries.rows_of(session, found)
        return tuple(
            Variant(row, each.variant, each.options.get("modelSeed"), each.picked_at is not None)
            for row, each in zip(rows, found, strict=True)
        )


def plan_file(plan_id: str) -> tuple[PlanView, bytes]:
    """Read a plan's file as it was last applied; raises NotFoundError."""
    with backend.reading() as session:
        content = plan_of(session, plan_id).content
    return progress(plan_id), content


def exported(plan_id: str) -> bytes:
    """Write a plan in its own format with status, ids and file hashes; raises NotFoundError."""
    plan, content = plan_file(plan_id)
    with backend.asking() as core:
        return core.plans.export(project_id=plan.project_id, filename=plan.filename, content=content)


# --- actions -------------------------------------------------------------------------------------------------


def apply_plan(draft: PlanDraft, revision: int, tell: Tell, *, actor: str) -> str:
    """Apply a plan as its preview of this revision showed it, and return its id; applied twice, it is one order.

    `tell` hears how many rows are written, and of how many.
    Raises ConflictError `plan_changed_meanwhile` when somebody was faster, and HatcheryError when it cannot be.
    """
    with _acting() as core:
        try:
            request = draft.request_key()
            outcome = core.plans.apply(request, **_asked(draft), revision=revision, actor=actor, tell=tell)
        except AlreadyDoneError:
            plans = core.plans.plans(draft.project_id)
            return next(plan.plan_id for plan in plans if plan.filename == draft.filename)
    return str(outcome.preview.plan_id)


def pick(project_id: str, asset_id: str, *, actor: str) -> None:
    """Choose the best of a row's variants; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.plans.pick(project_id, asset_id, actor=actor)


def set_style(project_id: str, style: Style, *, actor: str) -> None:
    """Give a project another style; raises HatcheryError for what cannot be sent."""
    with _acting() as core:
        core.plans.set_style(project_id, style, actor=actor)


def renew(project_id: str, asset_ids: Sequence[str], form: str, *, actor: str) -> None:
    """Make outdated assets anew, sent twice once; raises HatcheryError when that cannot be."""
    order = {"project_id": project_id, "asset_ids": sorted(asset_ids)}
    with _acting() as core, contextlib.suppress(AlreadyDoneError):
        core.plans.renew(project_id, asset_ids, form_request("page renew", form, order), actor=actor)


def make_project(name: str, *, actor: str) -> str:  # noqa: ARG001 - an action like the others
    """Make a project, or find the one of this name; returns its id. Raises HatcheryError for a bad name."""
    with _acting() as core:
        return backend.project_named(core, name, new_id())


def pause_plan(plan_id: str, *, actor: str) -> None:
    """Send nothing more of a plan; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.plans.pause(plan_id, actor=actor)


def resume_plan(plan_id: str, *, actor: str) -> None:  # noqa: ARG001 - an action like the others
    """Let a paused plan be sent again; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.plans.resume(plan_id)


def cancel_plan(plan_id: str, reason: str, *, actor: str) -> None:
    """End all of a plan that was not sent; raises HatcheryError when that cannot be."""
    with _acting() as core:
        core.plans.cancel(plan_id, reason=reason.strip() or None, actor=actor)


def reschedule_plan(
    plan_id: str,
    *,
    priority: int,
    not_before: datetime | None,
    window: Window | None,
    actor: str,  # noqa: ARG001 - an action like the others
) -> None:
    """Say when a plan is sent; raises HatcheryError for what is no priority, time or zone."""
    with _acting() as core:
        core.plans.reschedule(plan_id, priority=priority, not_before=not_before, window=window)


# --- how core is asked ---------------------------------------------------------------------------------------


def _asked(draft: PlanDraft) -> dict[str, Any]:
    return {
        "project_id": draft.project_id,
        "filename": draft.filename,
        "content": draft.content,
        "format": draft.format,
        "renames": dict(draft.renames),
        "remake": draft.remake,
    }


@contextlib.contextmanager
def _acting() -> Iterator[Core]:
    try:
        with backend.acting() as core:
            yield core
    finally:
        for read in (plans, progress, outlook, variants):
            read.clear()
