"""What the provider tells by itself: heard, checked, noted; the next tick of the poller asks."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request, Response

from core import webhooks
from core.models import utc_now
from core.schemas import View
from core.webhooks import Heard
from dashboard.api.answers import ACCEPTED, PROBLEMS, answer, written
from dashboard.api.problems import RefusedError
from dashboard.api.requests import TheCore

# Not a CheckedRoute: what is signed are the raw bytes, and nothing is read of them before they are believed.
router = APIRouter(prefix="/webhooks", tags=["webhooks"])

MOST_BYTES: Final = 1_000_000


class HeardAnswer(View):
    """The news was understood; `outcome` says what was done about it."""

    outcome: Heard


async def raw_body(request: Request) -> bytes:
    """Read the bytes that were signed; raises RefusedError 413 when there are too many."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise RefusedError(413, "The body is too large.", "Send one event at a time.", "body_too_large")
    return bytes(body)


@router.post("/tripo", status_code=202, response_model=HeardAnswer, responses=PROBLEMS)
def hear_tripo(
    core: TheCore,
    body: Annotated[bytes, Depends(raw_body)],
    tripo_webhook_signature: Annotated[
        str, Header(description="`t=<unix>,v1=<hex>`: HMAC-SHA256 of time, a dot and the raw body.")
    ] = "",
    tripo_webhook_delivery: Annotated[
        str, Header(description="The delivery's id; one that comes again changes nothing.")
    ] = "",
) -> Response:
    """Make the task due that the news names; 401 unless it is signed with TRIPO_WEBHOOK_SECRET, and fresh."""
    secret = core.settings.tripo_webhook_secret.get_secret_value()
    if not secret:
        raise RefusedError(
            404,
            "Webhooks are not set up here: TRIPO_WEBHOOK_SECRET is empty.",
            "Put the webhook's secret from Tripo's console into TRIPO_WEBHOOK_SECRET, then restart.",
            "webhooks_not_set_up",
        )
    now = utc_now()
    webhooks.check_signature(secret, tripo_webhook_signature, body, now)
    with core.database.transaction() as session:
        heard = webhooks.take(session, tripo_webhook_delivery, body, now)
    return written(answer(ACCEPTED, HeardAnswer(outcome=heard)))
