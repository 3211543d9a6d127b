"""How the product is: database, poller, provider, queue. Read by the Health page and GET /api/health."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import Database
from core.lanes import slots_held
from core.lifecycle import IN_FLIGHT, Hold, TaskStatus
from core.models import Asset, Heartbeat, Lane, ProviderKey, Task, utc_now
from core.schemas import Health, LaneHealth, PollerHealth, ProviderHealth, QueueHealth
from core.settings import Settings
from core.tripo.catalog import POOL_LIMITS

DEGRADED, DOWN, OK = "degraded", "down", "ok"


def read_health(database: Database, settings: Settings) -> Health:
    """Read everything in one short session; a database that does not answer is `down`, never an exception."""
    now = utc_now()
    try:
        with database.reading() as session:
            return _health(session, settings, now)
    except SQLAlchemyError:
        return Health(
            status=DOWN,
            database="unreachable",
            poller=PollerHealth(last_seen_at=None, stale=True),
            provider=_provider(None, settings),
            queue=QueueHealth(waiting=0, in_flight=0, unknown=0),
            as_of=now,
        )


def _health(session: Session, settings: Settings, now: datetime) -> Health:
    poller = _poller(session, settings, now)
    key = _key_in_use(session, settings)
    provider = _provider(key, settings)
    troubled = (
        poller.stale
        or provider.reachable is False
        or provider.stopped_for is not None
        or provider.key_missing
    )
    counts = session.execute(select(Asset.status, func.count()).group_by(Asset.status)).all()
    return Health(
        status=DEGRADED if troubled else OK,
        database="ok",
        poller=poller,
        provider=provider,
        queue=_queue(session),
        lanes=_lanes(session, key) if key else (),
        asset_counts={status.value: count for status, count in counts},
        as_of=now,
    )


def _poller(session: Session, settings: Settings, now: datetime) -> PollerHealth:
    last = session.scalar(select(func.max(Heartbeat.beat_at)).where(Heartbeat.role == "poller"))
    stale = last is None or (now - last).total_seconds() > settings.stale_after_seconds
    return PollerHealth(last_seen_at=last, stale=stale)


def _key_in_use(session: Session, settings: Settings) -> ProviderKey | None:
    newest = select(ProviderKey).filter_by(version=settings.tripo_api_version, base=settings.provider_base)
    return session.scalar(newest.order_by(ProviderKey.created_at.desc()).limit(1))


def _provider(key: ProviderKey | None, settings: Settings) -> ProviderHealth:
    return ProviderHealth(
        version=settings.tripo_api_version,
        sandbox=settings.provider_is_sandbox,
        reachable=key.reachable if key else None,
        balance=key.balance if key else None,
        frozen=key.frozen if key else None,
        checked_at=key.checked_at if key else None,
        stopped_for=key.stopped_word if key else None,
        stopped_text=key.stopped_text if key else None,
        key_missing=not settings.tripo_api_key.get_secret_value(),
    )


def _queue(session: Session) -> QueueHealth:
    held_back = and_(
        Task.status == TaskStatus.WAITING, or_(Task.hold.is_(None), Task.hold != Hold.FAILED_STEP)
    )
    waiting = select(func.count()).select_from(Task).where(or_(Task.status == TaskStatus.READY, held_back))
    in_flight = select(func.count()).select_from(Task).where(Task.status.in_(list(IN_FLIGHT)))
    unknown = select(func.count()).select_from(Task).where(Task.status == TaskStatus.UNKNOWN)
    return QueueHealth(
        waiting=session.scalar(waiting) or 0,
        in_flight=session.scalar(in_flight) or 0,
        unknown=session.scalar(unknown) or 0,
    )


def _lanes(session: Session, key: ProviderKey) -> tuple[LaneHealth, ...]:
    blocked = {
        lane.pool: lane.blocked_until for lane in session.scalars(select(Lane).where(Lane.key_id == key.id))
    }
    return tuple(
        LaneHealth(
            pool=pool, held=slots_held(session, key.id, pool), limit=limit, blocked_until=blocked.get(pool)
        )
        for pool, limit in POOL_LIMITS[key.version].items()
    )
