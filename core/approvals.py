"""What people think of a model: approved, rejected with a reason, commented; each word with its speaker and time.

The pipeline never looks here, and nothing here moves a task. A word is taken back, never erased; an asset's approval
is the newest decision that stands about its present chain, so a model that is made anew is nobody's yet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, OrderError
from core.lifecycle import Approval, Verdict
from core.models import Artifact, Asset, Review, Task
from core.moves import lock_asset
from core.schemas import ReviewView

LONGEST_WORDS: Final = 2000  # characters
APPROVAL_OF: Final = {Verdict.APPROVED: Approval.APPROVED, Verdict.REJECTED: Approval.REJECTED}


def approve(session: Session, asset: Asset, *, actor: str, now: datetime, words: str = "") -> None:
    """Approve an asset's model; raises ConflictError while there is none."""
    _say(session, asset, Verdict.APPROVED, words, actor, now)


def reject(session: Session, asset: Asset, *, reason: str, actor: str, now: datetime) -> None:
    """Reject an asset's model; raises OrderError without a reason, ConflictError while there is no model."""
    _refuse_empty(reason, "reason", "A rejection needs a reason.")
    _say(session, asset, Verdict.REJECTED, reason, actor, now)


def comment(session: Session, asset: Asset, *, text: str, actor: str, now: datetime) -> None:
    """Say something of an asset's model without deciding; raises as `reject` does."""
    _refuse_empty(text, "text", "A comment needs words.")
    _say(session, asset, Verdict.COMMENTED, text, actor, now)


def undo(session: Session, asset: Asset, *, actor: str, now: datetime) -> None:
    """Take back one's own newest word about the present model; raises ConflictError when none stands."""
    lock_asset(session, asset.id)
    newest = select(Review).where(*_stands(asset), Review.reviewer == actor).order_by(Review.id.desc())
    review = session.scalar(newest.limit(1))
    if review is None:
        raise ConflictError(
            "There is nothing of yours to take back.",
            suggestion="Only your own words about the present model can be taken back; decide anew otherwise.",
            code="nothing_to_undo",
        )
    review.undone_at, review.undone_by = now, actor
    _settle(session, asset)


def reviews_of(session: Session, asset: Asset) -> tuple[ReviewView, ...]:
    """List all that was said of an asset's models, the oldest first, with what was taken back."""
    said = select(Review).where(Review.asset_pk == asset.id).order_by(Review.id)
    return tuple(
        ReviewView(
            verdict=row.verdict,
            words=row.words,
            reviewer=row.reviewer,
            at=row.at,
            undone_at=row.undone_at,
            chain=row.chain,
        )
        for row in session.scalars(said)
    )


def _say(session: Session, asset: Asset, verdict: Verdict, words: str, actor: str, now: datetime) -> None:
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise OrderError(f"The words are longer than {LONGEST_WORDS} characters.", suggestion="Shorten them.")
    lock_asset(session, asset.id)
    _refuse_without_a_model(session, asset)
    newest = session.scalar(select(Review).where(*_stands(asset)).order_by(Review.id.desc()).limit(1))
    if newest is not None and (newest.verdict, newest.words, newest.reviewer) == (verdict, words, actor):
        return  # said twice, for example by a second click
    session.add(
        Review(asset_pk=asset.id, chain=asset.chain, verdict=verdict, words=words, reviewer=actor, at=now)
    )
    _settle(session, asset)


def _settle(session: Session, asset: Asset) -> None:
    """Keep the newest standing decision in the asset's row, where lists filter by it."""
    session.flush()
    decided = select(Review).where(*_stands(asset), Review.verdict.in_(APPROVAL_OF))
    newest = session.scalar(decided.order_by(Review.id.desc()).limit(1))
    asset.approval = APPROVAL_OF[newest.verdict] if newest else Approval.PENDING
    asset.approved_at = newest.at if newest and newest.verdict is Verdict.APPROVED else None
    session.flush()


def _stands(asset: Asset) -> tuple[ColumnElement[bool], ...]:
    return Review.asset_pk == asset.id, Review.chain == asset.chain, Review.undone_at.is_(None)


def _refuse_without_a_model(session: Session, asset: Asset) -> None:
    model = (
        select(Artifact.id)
        .join(Task, Task.id == Artifact.task_id)
        .where(Task.asset_pk == asset.id, Task.chain == asset.chain, Artifact.role == "model")
    )
    if session.scalar(model.limit(1)) is None:
        raise ConflictError(
            "There is no model yet that could be reviewed.",
            suggestion="Wait until the first step of the asset is done.",
            code="nothing_to_review",
        )


def _refuse_empty(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise OrderError(message, suggestion="Write a few words.", code=f"{field}_missing", field=field)
