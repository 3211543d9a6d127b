"""A process says that it is alive, and which passes it has lately ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.clock import CLOCKS_DIFFER
from core.models import Heartbeat


def beat(
    session: Session, name: str, role: str, started_at: datetime, passes: dict[str, Any], now: datetime
) -> None:
    """Write this process's heartbeat; those of processes silent for a day are swept away."""
    session.merge(Heartbeat(name=name, role=role, started_at=started_at, beat_at=now, passes=dict(passes)))
    session.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - timedelta(days=1)))


def alive(session: Session, now: datetime) -> list[str]:
    """List the processes whose heartbeat is younger than half a minute, and not from the future."""
    young = Heartbeat.beat_at.between(now - timedelta(seconds=30), now + CLOCKS_DIFFER)
    return list(session.scalars(select(Heartbeat.name).where(young)))


def last_of(session: Session, role: str) -> datetime | None:
    """Say when a process of a role was last heard of; None when there is none or it ended in order."""
    return session.scalar(select(func.max(Heartbeat.beat_at)).where(Heartbeat.role == role))


def stop(session: Session, name: str) -> None:
    """A process that ends in order takes its heartbeat along."""
    session.execute(delete(Heartbeat).where(Heartbeat.name == name))
