"""What a job would do to each item, worked out by the very actions that do it; nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from core.errors import ConflictError, HatcheryError, NotFoundError
from core.jobs.action import Action, Case, Terms
from core.jobs.scope import MOST_ITEMS, Chosen, Scope, chosen_by, too_many
from core.jobs.views import JobPreview, LeftOut, PreviewItem
from core.models import Project
from core.tripo import Version

NAMES_SHOWN: Final = 3
ITEMS_SHOWN: Final = 100


class DraftItem(NamedTuple):
    """One item that can be done; plain values, for thousands are held."""

    asset_pk: str
    task_id: str | None
    chain: int
    credits: Decimal
    shown: PreviewItem


class JobDraft(NamedTuple):
    """All that a job would do, and what of the choice it leaves out."""

    items: Sequence[DraftItem]
    left_out: Sequence[LeftOut]
    fingerprint: str

    @property
    def credits(self) -> Decimal:
        """The price of all of it, when all succeeds."""
        return sum((item.credits for item in self.items), Decimal(0))

    def credits_by_project(self) -> dict[str, Decimal]:
        """The same, by the ids of the projects."""
        by_project: dict[str, Decimal] = defaultdict(Decimal)
        for item in self.items:
            by_project[item.shown.project_id] += item.credits
        return by_project


def drafted(
    session: Session,
    action: Action,
    terms: Terms,
    scope: Scope,
    *,
    version: Version,
    has_shared_key: bool,
    now: datetime,
) -> JobDraft:
    """Work out a job; raises OrderError for a scope that cannot be, NotFoundError for one that names nothing."""
    items: list[DraftItem] = []
    left_out: dict[tuple[str, str], LeftOut] = {}
    projects: dict[str, Project | None] = {}  # held, for the session forgets what nobody holds
    for chosen in chosen_by(session, scope, action, now):
        project_id = chosen.chain.asset.project_id
        if project_id not in projects:
            projects[project_id] = session.get(Project, project_id)
        try:
            items.append(_item(session, action, terms, chosen, version, has_shared_key))
        except HatcheryError as error:
            _leave_out(left_out, chosen, error)
        if len(items) > MOST_ITEMS:
            raise too_many()
    if not items and not left_out:
        raise NotFoundError(
            "Nothing was chosen.",
            suggestion="Choose tasks or assets that there are.",
            code="nothing_chosen",
            field="scope",
        )
    return JobDraft(items, tuple(left_out.values()), _fingerprint(action, terms, items))


def preview_of(action: Action, draft: JobDraft) -> JobPreview:
    """Show a draft."""
    return JobPreview(
        action=action.name,
        title=action.title,
        count=len(draft.items),
        assets=len({item.asset_pk for item in draft.items}),
        credits=draft.credits,
        left_out=tuple(draft.left_out),
        left_out_count=sum(each.count for each in draft.left_out),
        items=tuple(item.shown for item in draft.items[:ITEMS_SHOWN]),
        fingerprint=draft.fingerprint,
    )


def _item(
    session: Session, action: Action, terms: Terms, chosen: Chosen, version: Version, has_shared_key: bool
) -> DraftItem:
    chain, task = chosen
    if action.tasks_of is not None and task is None:
        raise ConflictError(action.nothing, suggestion="There is nothing to do.", code="nothing_to_do")
    intent = action.intend(Case(session, chain, task, version, has_shared_key), terms)
    asset = chain.asset
    shown = PreviewItem(
        project_id=asset.project_id,
        asset_id=asset.asset_id,
        name=asset.name,
        task_id=task.id if task else None,
        kind=task.kind if task else None,
        preset=(task.preset or None) if task else None,
        credits=intent.credits,
    )
    return DraftItem(asset.id, task.id if task else None, asset.chain, intent.credits, shown)


def _leave_out(left_out: dict[tuple[str, str], LeftOut], chosen: Chosen, error: HatcheryError) -> None:
    key = (error.code, error.message)
    before = left_out.get(key)
    names = before.names if before else ()
    name = chosen.chain.asset.name
    left_out[key] = LeftOut(
        code=error.code,
        sentence=error.message,
        suggestion=error.suggestion,
        count=before.count + 1 if before else 1,
        names=(*names, name) if len(names) < NAMES_SHOWN and name not in names else names,
    )


def _fingerprint(action: Action, terms: Terms, items: Sequence[DraftItem]) -> str:
    said: list[Any] = [action.name, terms.model_dump(mode="json")]
    said += [(item.task_id or item.asset_pk, item.chain, str(item.credits)) for item in items]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
