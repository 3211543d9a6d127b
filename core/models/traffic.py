"""Requests that may come twice, the provider's news, and the processes that are alive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, utc_now


class IdempotentRequest(Base):
    """A POST that came with an Idempotency-Key: written in the transaction of what it caused."""

    __tablename__ = "idempotent_requests"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    route: Mapped[str] = mapped_column(String(300))
    body_sha256: Mapped[str] = mapped_column(String(64))
    answer_code: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class WebhookDelivery(Base):
    """News from the provider that was heard, by the id of its delivery: a repeated one changes nothing."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)


class Heartbeat(Base):
    """A process that says it is alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(24))
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    passes: Mapped[dict[str, Any]] = mapped_column(default=dict)
