"""What was told lately, and whether it has arrived."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.alerts.causes import Cause
from core.alerts.digest import lines_of
from core.models import Alert, AlertDelivery
from core.schemas import View

MOST: Final = 30


class AlertView(View):
    """One alert: to how many addresses it went, still goes, and could not be delivered within a day."""

    alert_id: str
    cause: Cause
    lines: tuple[str, ...]
    found_at: datetime
    delivered: int
    waiting: int
    given_up: int


def recent_alerts(session: Session) -> tuple[AlertView, ...]:
    """List the newest alerts, the newest first."""
    alerts = session.scalars(select(Alert).order_by(Alert.found_at.desc(), Alert.id).limit(MOST)).all()
    counts = (
        select(
            AlertDelivery.alert_id,
            func.count(),
            func.count(AlertDelivery.delivered_at),
            func.count(AlertDelivery.given_up_at),
        )
        .where(AlertDelivery.alert_id.in_([alert.id for alert in alerts]))
        .group_by(AlertDelivery.alert_id)
    )
    sent = {row[0]: (row[1], row[2], row[3]) for row in session.execute(counts)}
    views = []
    for alert in alerts:
        total, delivered, given_up = sent.get(alert.id, (0, 0, 0))
        views.append(
            AlertView(
                alert_id=alert.id,
                cause=Cause(alert.cause),
                lines=tuple(lines_of(alert)),
                found_at=alert.found_at,
                delivered=delivered,
                waiting=total - delivered - given_up,
                given_up=given_up,
            )
        )
    return tuple(views)
