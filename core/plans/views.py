"""What pages draw and the HTTP API answers about plans."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from core.plans.drafting import Draft, DraftRow
from core.plans.matching import Change
from core.plans.plan import PlanNote, ReadPlan
from core.schemas import Credits, View


class PlannedAsset(View):
    """One row, or one asset that is in the plan no longer, and what applying does about it.

    `prompt` is what is sent, or was. `fields` are what changed. `credits` is what applying costs; `remake_credits`
    what it would cost to make a model anew whose words or options changed: that is done only when it is asked for.
    """

    asset_id: str | None
    line: int | None
    key: str | None
    name: str
    category: str
    tag: str
    description: str
    animations: tuple[str, ...]
    change: Change
    fields: tuple[str, ...]
    prompt: str
    options: dict[str, Any]
    size_class: str | None
    priority: int
    variants: int
    seed: int | None
    credits: Credits
    remake_credits: Credits | None
    warnings: tuple[str, ...]


class OfferedRename(View):
    """An added row that may be a removed asset under another name, and what speaks for it; a person decides."""

    line: int
    asset_id: str
    old_name: str
    old_category: str
    reason: str


class PlanEstimate(View):
    """What applying costs and takes.

    `waiting_credits` is what orders already waiting with the same key will cost; `budget_left` what the project may
    still order, null without a budget; seconds are until the last task's likely end, 0 when there is nothing to do.
    """

    tasks: int
    credits: Credits
    balance: Credits | None
    waiting_credits: Credits
    budget_left: Credits | None = None
    seconds_low: int
    seconds_high: int


class PlanPreview(View):
    """What applying a plan does, or did. `revision` says which state of the project it was worked out for."""

    plan_id: str | None
    project_id: str
    filename: str
    format: str
    revision: int
    assets: tuple[PlannedAsset, ...]
    renames: tuple[OfferedRename, ...]
    warnings: tuple[PlanNote, ...]
    errors: tuple[PlanNote, ...]
    counts: dict[str, int]
    estimate: PlanEstimate


def preview_of(draft: Draft, read: ReadPlan, filename: str, estimate: PlanEstimate) -> PlanPreview:
    """Describe a draft."""
    warnings: dict[int, list[str]] = {}
    for note in read.warnings:
        if note.line is not None:
            warnings.setdefault(note.line, []).append(note.message)
    return PlanPreview(
        plan_id=draft.plan.id if draft.plan else None,
        project_id=draft.project.id,
        filename=filename,
        format=read.format,
        revision=draft.project.plans_revision,
        assets=tuple(_planned(row, warnings) for row in draft.rows),
        renames=tuple(OfferedRename(**each._asdict()) for each in draft.renames),
        warnings=read.warnings,
        errors=draft.errors,
        counts={change.value: 0 for change in Change} | Counter(r.match.change.value for r in draft.rows),
        estimate=estimate,
    )


def _planned(drafted: DraftRow, warnings: dict[int, list[str]]) -> PlannedAsset:
    row, known = drafted.match.row, drafted.match.known
    said = row or known
    assert said is not None  # noqa: S101 - a match has one of them
    brief = row or (known.brief if known else None)
    assert brief is not None  # noqa: S101 - as above
    return PlannedAsset(
        asset_id=known.asset_id if known else None,
        line=row.line if row else None,
        key=said.key,
        name=said.name,
        category=said.category,
        tag=said.tag,
        description=brief.description,
        animations=said.animations,
        change=drafted.match.change,
        fields=drafted.match.fields,
        prompt=drafted.prompt,
        options=brief.options,
        size_class=brief.size_class,
        priority=said.priority,
        variants=said.variants,
        seed=brief.seed,
        credits=drafted.credits,
        remake_credits=drafted.remake_credits,
        warnings=tuple(warnings.get(row.line, ())) if row else (),
    )


def totals(draft: Draft) -> tuple[int, Decimal]:
    """Count the tasks that applying makes, and their credits."""
    return sum(row.tasks for row in draft.rows), sum((row.credits for row in draft.rows), Decimal(0))
