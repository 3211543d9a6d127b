"""Actions that only say something of an asset: approve it, reject it, sort it. The pipeline does not look at them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from core import approvals
from core.errors import ConflictError
from core.jobs.action import Action, Case, Doing, Done, Intent, Terms, refuse_without_a_model
from core.lifecycle import Approval

FREE: Final = Decimal(0)
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class RejectTerms(Terms):
    """Why it is rejected."""

    reason: Annotated[Words, Field(max_length=approvals.LONGEST_WORDS)]


class CategoryTerms(Terms):
    """The category that assets are sorted into."""

    category: Annotated[Words, Field(max_length=100)]


def approve(case: Case, _terms: Terms) -> Intent:
    """Approve a model."""
    refuse_without_a_model(case.chain)
    asset = case.chain.asset
    if asset.approval is Approval.APPROVED:
        raise ConflictError(
            "It is approved already.", suggestion="There is nothing to change.", code="nothing_changes"
        )

    def carry(doing: Doing) -> Done:
        approvals.approve(case.session, asset, actor=doing.actor, now=doing.now)
        return Done("Approved.")

    return Intent(FREE, carry)


def reject(case: Case, terms: RejectTerms) -> Intent:
    """Reject a model, with a reason."""
    refuse_without_a_model(case.chain)

    def carry(doing: Doing) -> Done:
        approvals.reject(
            case.session, case.chain.asset, reason=terms.reason, actor=doing.actor, now=doing.now
        )
        return Done("Rejected.")

    return Intent(FREE, carry)


def set_category(case: Case, terms: CategoryTerms) -> Intent:
    """Sort an asset into another category."""
    asset = case.chain.asset
    if asset.category == terms.category:
        raise ConflictError(
            "It is in this category already.",
            suggestion="There is nothing to change.",
            code="nothing_changes",
        )

    def carry(doing: Doing) -> Done:
        before, asset.category, asset.updated_at = asset.category, terms.category, doing.now
        return Done(f"Moved from {before}.")

    return Intent(FREE, carry)


APPROVE: Final = Action("approve", "Approve", approve)
REJECT: Final = Action("reject", "Reject", reject, RejectTerms)
SET_CATEGORY: Final = Action("set_category", "Set the category", set_category, CategoryTerms)
