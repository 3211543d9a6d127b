"""Alerts: where they go, what was found, and who was told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, new_id, utc_now


class AlertTarget(Base):
    """Where alerts are sent: one address of one service. `secret` is that address, for it holds the right to post."""

    __tablename__ = "alert_targets"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str]
    service: Mapped[str] = mapped_column(String(32))  # the first word of its address, such as slack
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    secret: Mapped[str]  # encrypted with SECRET_KEY; empty once it is removed
    causes: Mapped[list[str]] = mapped_column(default=list)  # words of `core.alerts.causes.Cause`
    is_shared: Mapped[bool] = mapped_column(default=False)  # it came from the environment
    owner: Mapped[str | None]  # who added it, as they said themselves
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    removed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]  # somebody is sending to it
    tries: Mapped[int] = mapped_column(default=0)  # in a row that failed
    next_try_at: Mapped[datetime | None]  # nothing is sent to it before
    tried_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    fault: Mapped[str | None]  # why the last try failed, in a sentence


class Alert(Base):
    """What happened of one cause, to be told once an hour at most: one line for each thing that it is about."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("cause", "hour"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    cause: Mapped[str] = mapped_column(String(24))
    hour: Mapped[datetime]
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict)  # sentences by what they are about
    found_at: Mapped[datetime]
    due_at: Mapped[datetime]  # until then more lines may join it


class AlertDelivery(Base):
    """One alert on its way to one target."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (Index("ix_alert_deliveries_target", "target_id", "delivered_at"),)

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("alert_targets.id"), primary_key=True)
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]  # it was a day old by then


class AlertMark(Base):
    """What was told of already and still holds: it is told of again only after it was over."""

    __tablename__ = "alert_marks"

    cause: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]
