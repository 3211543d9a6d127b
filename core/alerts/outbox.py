"""The outbox: what was found becomes one alert a cause and hour, with a delivery for each target that wants it.

What was told and still holds is marked, so that it is told once; it is told again only after it was over. While an
alert is not due yet, what is found next joins it; what comes later in its hour waits for the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from core.alerts.causes import Cause
from core.alerts.rules import Told
from core.models import Alert, AlertDelivery, AlertMark, AlertTarget

GATHERED_FOR: Final = timedelta(minutes=1)  # a storm comes in one message
TRIED_FOR: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=31)


def is_news(session: Session, found: Mapping[Cause, Told], now: datetime) -> bool:
    """Say whether taking this in would change anything, so that mostly nobody has to write."""
    marks = _marks(session)
    still_open = session.scalars(select(Alert).where(Alert.due_at > now))
    open_lines = {alert.cause: alert.lines for alert in still_open}
    return any(
        told.keys() != marks.get(cause, set())
        or any(told.get(subject, line) != line for subject, line in open_lines.get(cause, {}).items())
        for cause, told in found.items()
    )


def take_in(session: Session, found: Mapping[Cause, Told], now: datetime) -> int:
    """Write what is new into the alerts of this hour, and say how many were begun.

    Raises IntegrityError when another process did so at the same moment; the next pass then finds it done.
    """
    marks = _marks(session)
    begun = 0
    for cause, told in found.items():
        known = marks.get(cause, set())
        over = known - told.keys()
        if over:
            session.execute(delete(AlertMark).where(AlertMark.cause == cause, AlertMark.subject.in_(over)))
        news = {subject: sentence for subject, sentence in told.items() if subject not in known}
        begun += _write(session, cause, told, news, now)
    if begun:
        _forget(session, now - KEPT_FOR)
    return begun


def give_up_old(session: Session, now: datetime) -> None:
    """End deliveries that were tried for a day; the page says so."""
    old = select(Alert.id).where(Alert.found_at < now - TRIED_FOR)
    session.execute(
        update(AlertDelivery)
        .where(_on_its_way(), AlertDelivery.alert_id.in_(old))
        .values(given_up_at=now)
        .execution_options(synchronize_session=False)
    )


def has_old(session: Session, now: datetime) -> bool:
    """Say whether there are deliveries to give up."""
    old = select(AlertDelivery.alert_id).join(Alert).where(_on_its_way(), Alert.found_at < now - TRIED_FOR)
    return session.scalar(old.limit(1)) is not None


def targets_with_mail(session: Session, now: datetime) -> list[str]:
    """List the targets for which something is due and that may be tried now."""
    is_free = (AlertTarget.lease_until.is_(None)) | (AlertTarget.lease_until <= now)
    is_time = (AlertTarget.next_try_at.is_(None)) | (AlertTarget.next_try_at <= now)
    due = (
        select(AlertDelivery.target_id)
        .join(Alert, Alert.id == AlertDelivery.alert_id)
        .where(_on_its_way(), Alert.due_at <= now)
    )
    wanted = select(AlertTarget.id).where(
        AlertTarget.removed_at.is_(None), is_free, is_time, AlertTarget.id.in_(due)
    )
    return list(session.scalars(wanted))


def mail_of(session: Session, target_id: str, now: datetime) -> list[Alert]:
    """Take all that is on its way to a target, the oldest first; from here on nothing joins it any more."""
    wanted = (
        select(Alert)
        .join(AlertDelivery, AlertDelivery.alert_id == Alert.id)
        .where(AlertDelivery.target_id == target_id, _on_its_way())
        .order_by(Alert.found_at, Alert.cause)
    )
    mail = list(session.scalars(wanted))
    for alert in mail:
        alert.due_at = min(alert.due_at, now)
    return mail


def note_delivered(session: Session, target_id: str, mail: list[Alert], now: datetime) -> None:
    """These alerts have arrived."""
    session.execute(
        update(AlertDelivery)
        .where(AlertDelivery.target_id == target_id, AlertDelivery.alert_id.in_([alert.id for alert in mail]))
        .values(delivered_at=now)
        .execution_options(synchronize_session=False)
    )


def _write(session: Session, cause: Cause, told: Told, news: Told, now: datetime) -> int:
    """Add news to this hour's alert, or begin it; 0 when it is closed, and the news waits for the next hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    alert = session.scalar(select(Alert).where(Alert.cause == cause, Alert.hour == hour))
    if alert is not None and alert.due_at <= now:
        return 0
    if alert is not None:
        renewed = {subject: told.get(subject, line) for subject, line in alert.lines.items()}
        alert.lines = renewed | news
    elif news:
        alert = Alert(cause=cause, hour=hour, lines=news, found_at=now, due_at=now + GATHERED_FOR)
        session.add(alert)
        session.flush()
        _address(session, alert)
    session.add_all(AlertMark(cause=cause, subject=subject, at=now) for subject in news)
    session.flush()
    return int(alert is not None and alert.found_at == now)


def _address(session: Session, alert: Alert) -> None:
    for target in session.scalars(select(AlertTarget).where(AlertTarget.removed_at.is_(None))):
        if alert.cause in target.causes:
            session.add(AlertDelivery(alert_id=alert.id, target_id=target.id))


def _marks(session: Session) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for mark in session.scalars(select(AlertMark)):
        found.setdefault(mark.cause, set()).add(mark.subject)
    return found


def _on_its_way() -> ColumnElement[bool]:
    return and_(AlertDelivery.delivered_at.is_(None), AlertDelivery.given_up_at.is_(None))


def _forget(session: Session, before: datetime) -> None:
    old = select(Alert.id).where(Alert.found_at < before)
    session.execute(delete(AlertDelivery).where(AlertDelivery.alert_id.in_(old)))
    session.execute(delete(Alert).where(Alert.found_at < before))
