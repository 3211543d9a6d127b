"""Actions about what follows a model: rig it, rig it otherwise, animate it, or let it be static."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from pydantic import Field

from core import orders, tasks
from core.asset_chain import AssetChain
from core.errors import ConflictError, OrderError
from core.jobs.action import (
    Action,
    Case,
    Doing,
    Done,
    Intent,
    Terms,
    refuse_while_it_moves,
    refuse_without_a_model,
)
from core.lifecycle import FINAL, TaskKind, TaskStatus
from core.prices import credits_of_step


class RigTerms(Terms):
    """What the rig is to be like; what is left out is the provider's choice."""

    rig_type: str | None = None
    rig_model: str | None = None
    spec: str | None = None
    out_format: str | None = None


class AnimateTerms(Terms):
    """The animations that each rig is to have."""

    animations: list[str] = Field(min_length=1, max_length=64)
    in_place: bool | None = None
    out_format: str | None = None


# --- rigs ----------------------------------------------------------------------------------------------------


def rig_it(case: Case, terms: RigTerms) -> Intent:
    """Rig a model that has no rig."""
    if case.chain.success(TaskKind.RIG) is not None:
        raise ConflictError(
            "It is rigged already.", suggestion="Rig it otherwise, if it is to change.", code="has_a_rig"
        )
    return _rig(case, terms)


def rig_otherwise(case: Case, terms: RigTerms) -> Intent:
    """Rig a model again, by another version or as another type."""
    if terms == RigTerms():
        raise OrderError(
            "Nothing is said about the rig.",
            suggestion="Choose a rig type or a rig version.",
            code="nothing_changes",
            field="terms",
        )
    return _rig(case, terms)


def _rig(case: Case, terms: RigTerms) -> Intent:
    refuse_without_a_model(case.chain)
    asset, wanted = case.chain.asset, terms.model_dump()
    named: dict[str, Any] = {"project_id": asset.project_id, "asset_id": asset.asset_id, **wanted}
    checked = orders.checked_rig_order(case.session, version=case.version, **named)
    follows = [
        t for t in case.chain.newest_attempts() if t.kind is TaskKind.ANIMATE and t.status not in FINAL
    ]
    steps = [(TaskKind.RIG_CHECK, "", {}), (TaskKind.RIG, "", checked.order)]
    steps += [(task.kind, task.preset, task.order) for task in follows]
    credits = sum((credits_of_step(*step) for step in steps), Decimal(0))

    def carry(doing: Doing) -> Done:
        rows = orders.order_rig(
            case.session,
            version=case.version,
            now=doing.now,
            priority=checked.draft.priority,
            actor=doing.actor,
            **named,
        )
        return Done("A rig is ordered, with its check before it.", [row.id for row in rows])

    return Intent(credits, carry)


RIG: Final = Action("rig", "Rig", rig_it, RigTerms)
RIG_OTHERWISE: Final = Action("rig_otherwise", "Rig otherwise", rig_otherwise, RigTerms)


# --- animations ----------------------------------------------------------------------------------------------


def animate(case: Case, terms: AnimateTerms) -> Intent:
    """Order those of the animations that a rig does not have yet."""
    asset, chain = case.chain.asset, case.chain
    missing = [p for p in dict.fromkeys(terms.animations) if not _has_or_gets(chain, p.strip())]
    if not missing:
        raise ConflictError(
            "It has these animations already.", suggestion="Choose others.", code="has_the_animations"
        )
    named: dict[str, Any] = {
        "project_id": asset.project_id,
        "asset_id": asset.asset_id,
        "animations": missing,
        "in_place": terms.in_place,
        "out_format": terms.out_format,
    }
    checked = orders.checked_animations(case.session, version=case.version, **named)
    prices = [credits_of_step(TaskKind.ANIMATE, preset, checked.order) for preset in checked.presets]

    def carry(doing: Doing) -> Done:
        rows = orders.order_animations(
            case.session,
            version=case.version,
            now=doing.now,
            priority=checked.rig.priority,
            actor=doing.actor,
            **named,
        )
        count = "1 animation is" if len(rows) == 1 else f"{len(rows)} animations are"
        return Done(f"{count} ordered.", [row.id for row in rows])

    return Intent(sum(prices, Decimal(0)), carry)


def _has_or_gets(chain: AssetChain, preset: str) -> bool:
    newest = chain.newest(TaskKind.ANIMATE, preset)
    return newest is not None and (newest.status is TaskStatus.SUCCESS or newest.status not in FINAL)


ANIMATE: Final = Action("animate", "Animate", animate, AnimateTerms)


# --- static --------------------------------------------------------------------------------------------------


def make_static(case: Case, _terms: Terms) -> Intent:
    """Keep the model and ask for no rig any more: what failed behind it does not count, what waits is ended."""
    refuse_without_a_model(case.chain)
    refuse_while_it_moves(case.chain)
    if case.chain.asset.tag == "STATIC":
        raise ConflictError(
            "It is static already.", suggestion="There is nothing to change.", code="is_static"
        )
    if case.chain.success(TaskKind.RIG) is not None:
        raise ConflictError("It has a rig.", suggestion="Keep it as it is.", code="has_a_rig")

    def carry(doing: Doing) -> Done:
        tasks.let_be_static(case.session, case.chain.asset, doing.actor, doing.now)
        return Done("It is static now; its model is what was asked for.")

    return Intent(Decimal(0), carry)


MAKE_STATIC: Final = Action("make_static", "Make static instead", make_static)
