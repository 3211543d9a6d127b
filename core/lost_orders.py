"""Orders whose answer was lost, as our rows have them: what was asked, who else may own what is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.chain import request_for
from core.errors import RejectedError
from core.evidence import LostOrder
from core.lifecycle import TaskStatus
from core.models import Inquiry, Task, Upload, UploadToken
from core.prices import credits_in_words
from core.schemas import EvidenceView
from core.tripo import Generate, ImageRef, Likeness, ProviderTask, Request, TripoClient
from core.wallet import NOT_READ, price_of

NOTHING_COMPARED = Likeness(unseen=("input",))


def open_inquiries(session: Session, key_id: str) -> list[Inquiry]:
    """List what is looked for with this key, in the order in which it was sent."""
    wanted = select(Inquiry).where(Inquiry.key_id == key_id, Inquiry.due_at.is_not(None))
    return list(session.scalars(wanted.order_by(Inquiry.sent_at, Inquiry.task_id)))


def lost_order(session: Session, inquiry: Inquiry) -> LostOrder:
    """Read an order whose answer was lost."""
    task = session.get_one(Task, inquiry.task_id)
    return LostOrder(task.id, request_of(session, task), inquiry.sent_at, inquiry.lost_at)


def request_of(session: Session, task: Task) -> Request | None:
    """Build what a task asked of the provider, its image by the provider's name; None when it is no longer offered."""
    source = session.get(Task, task.source_task_id) if task.source_task_id else None
    try:
        request = request_for(task.kind, task.preset, task.order, source.tripo_task_id if source else None)
    except (ValidationError, KeyError, ValueError):
        return None
    if isinstance(request, Generate) and request.image is not None and request.image.pending is not None:
        token = _token(session, request.image.pending, task.key_id)
        image = ImageRef(token=token) if token else request.image
        return request.model_copy(update={"image": image})
    return request


def _token(session: Session, upload_id: str, key_id: str | None) -> str | None:
    upload = session.get(Upload, upload_id)
    kept = session.get(UploadToken, (upload.sha256, key_id)) if upload is not None else None
    return kept.token if kept is not None else None


def likeness_of(client: TripoClient, request: Request | None, theirs: ProviderTask) -> Likeness:
    """Hold a task of the provider's against what was asked."""
    if request is None:
        return NOTHING_COMPARED
    try:
        return client.likeness(request, theirs)
    except (RejectedError, ValueError):  # it can no longer be put on the wire as it was
        return NOTHING_COMPARED


def being_sent(session: Session, key_id: str, before: datetime) -> list[Request]:
    """List what was on its way at a time, and is not answered yet: what is found may be theirs."""
    sent = select(Task).where(
        Task.key_id == key_id, Task.status == TaskStatus.SUBMITTING, Task.sent_at <= before
    )
    requests = (request_of(session, task) for task in session.scalars(sent))
    return [request for request in requests if request is not None]


def owned(session: Session, key_id: str, ids: Sequence[str]) -> set[str | None]:
    """Find which of these ids of the provider's our rows have already."""
    wanted = select(Task.tripo_task_id).where(Task.key_id == key_id, Task.tripo_task_id.in_(list(ids)))
    return set(session.scalars(wanted))


# --- what is said of it --------------------------------------------------------------------------------------


def found_sentence(inquiry: Inquiry, theirs: ProviderTask) -> str:
    """Say why an order was given this task."""
    later = f", {_seconds_between(inquiry, theirs)} s after the order left" if theirs.created_at else ""
    made = f"it has the same input, was made{later}, and fits no other order"
    return f"Found again at Tripo as {theirs.task_id}: {made}."


def _seconds_between(inquiry: Inquiry, theirs: ProviderTask) -> str:
    assert theirs.created_at is not None  # noqa: S101 - asked for above
    return f"{max((theirs.created_at - inquiry.sent_at).total_seconds(), 0):.0f}"


def late_truth(session: Session, task: Task, theirs: ProviderTask) -> tuple[str, str]:
    """Say, in a word and a sentence, that an order was made after all though it had been given up."""
    cost = theirs.credits or price_of(task)
    made = f"Found late: it had been created after all, as {theirs.task_id} ({theirs.raw_status}{_costing(cost)})."
    again = _sent_again(session, task)
    if again is None:
        return "made_late", f"{made} It is followed; its files and its credits are recorded beside it."
    other = again.credits if again.credits is not None else price_of(again)
    return "made_twice", (
        f"{made} It was sent again as attempt {again.attempt} ({again.status}{_costing(other)}): "
        "so it was made twice, and both are paid unless one fails."
    )


def _sent_again(session: Session, task: Task) -> Task | None:
    later = select(Task).where(
        Task.asset_pk == task.asset_pk,
        Task.chain == task.chain,
        Task.kind == task.kind,
        Task.preset == task.preset,
        Task.attempt > task.attempt,
        Task.tripo_task_id.is_not(None),
    )
    return session.scalar(later.order_by(Task.attempt).limit(1))


def _costing(credits: Decimal | None) -> str:
    return f", {credits_in_words(credits)}" if credits is not None else ""


def evidence_of(inquiry: Inquiry) -> EvidenceView:
    """Show what is known of a lost order, also before it was looked for."""
    if inquiry.evidence is not None:
        return EvidenceView.model_validate(inquiry.evidence)
    return EvidenceView(
        verdict="looking",
        sentence="It is looked for at Tripo in a moment.",
        sent_at=inquiry.sent_at,
        lost_at=inquiry.lost_at,
        price=None,
        history="not_read",
        trouble=None,
        equal_orders=0,
        candidates=(),
        wallet=NOT_READ,
        looked_at=None,
        next_look_at=inquiry.due_at,
    )
