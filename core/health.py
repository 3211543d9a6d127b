"""How the product is: database, poller, provider, queue. Read by the Health page and GET /api/health."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import heartbeat, way_home
from core.accounts import has_open_work
from core.database import Database
from core.lanes import limit_of, slots_held
from core.lifecycle import IN_FLIGHT, AssetStatus, Hold, TaskStatus
from core.models import Asset, Lane, ProviderKey, Task, utc_now
from core.outages import Circuit, circuit_of
from core.pauses import standing
from core.schemas import Health, LaneHealth, PollerHealth, ProviderHealth, QueueHealth, StopHealth, StoppedKey
from core.settings import Settings
from core.stuck import count_stuck
from core.tripo.catalog import POOL_LIMITS

MOST_COUNTED: Final = 10_000
DEGRADED, DOWN, OK = "degraded", "down", "ok"


def read_health(database: Database, settings: Settings, now: datetime | None = None) -> Health:
    """Read everything in one short session; a database that does not answer is `down`, never an exception."""
    now = now or utc_now()
    try:
        with database.reading() as session:
            return _health(session, settings, now)
    except SQLAlchemyError:
        return Health(
            status=DOWN,
            database="unreachable",
            poller=PollerHealth(last_seen_at=None, stale=True),
            provider=_provider(None, settings, now, has_own=False),
            queue=QueueHealth(waiting=0, in_flight=0, unknown=0),
            as_of=now,
        )


def _health(session: Session, settings: Settings, now: datetime) -> Health:
    poller = _poller(session, settings, now)
    key = _shared_key(session, settings)
    provider = _provider(key, settings, now, has_own=_has_own_keys(session))
    stopped = _stopped_keys(session, settings, key)
    stops = _stops(session)
    troubled = poller.stale or provider.reachable is False or bool(stopped or stops) or provider.key_missing
    return Health(
        status=DEGRADED if troubled else OK,
        database="ok",
        poller=poller,
        provider=provider,
        queue=_queue(session),
        stuck=count_stuck(session, now),
        lanes=_lanes(session, key, now) if key else (),
        keys=stopped,
        pauses=standing(session),
        stops=stops,
        asset_counts=_asset_counts(session),
        as_of=now,
    )


def _asset_counts(session: Session) -> dict[str, int]:
    """Count the assets of each state, up to MOST_COUNTED: this is read every second."""
    each = [
        select(literal(status.value).label("status"), func.count().label("count")).select_from(
            select(literal(1)).select_from(Asset).where(Asset.status == status).limit(MOST_COUNTED).subquery()
        )
        for status in AssetStatus
    ]
    counted = session.execute(union_all(*each)).all()
    return {status: count for status, count in counted if count}


def _poller(session: Session, settings: Settings, now: datetime) -> PollerHealth:
    last = heartbeat.last_of(session, "poller")
    stale = last is None or (now - last).total_seconds() > settings.stale_after_seconds
    return PollerHealth(last_seen_at=last, stale=stale)


def _shared_key(session: Session, settings: Settings) -> ProviderKey | None:
    """Find the row of the key that TRIPO_API_KEY holds, without deciphering any."""
    last_four = settings.tripo_api_key.get_secret_value()[-4:]
    rows = select(ProviderKey).filter_by(
        version=settings.tripo_api_version, base=settings.provider_base, last_four=last_four
    )
    return session.scalar(rows.order_by(ProviderKey.is_shared.desc(), ProviderKey.created_at.desc()).limit(1))


def _has_own_keys(session: Session) -> bool:
    own = select(ProviderKey.id).where(ProviderKey.is_shared.is_(False), ProviderKey.retired_at.is_(None))
    return session.scalar(own.limit(1)) is not None


def _stopped_keys(session: Session, settings: Settings, shared: ProviderKey | None) -> tuple[StoppedKey, ...]:
    """List the keys whose queue stands still, as far as there is or may be something to send with them."""
    in_use = or_(
        ProviderKey.id == (shared.id if shared else None),
        and_(ProviderKey.is_shared.is_(False), ProviderKey.retired_at.is_(None)),
        has_open_work(),
    )
    stopped = select(ProviderKey).where(ProviderKey.stopped_word.is_not(None), in_use)
    return tuple(
        StoppedKey(
            key_id=key.id,
            name=key.name,
            last_four=key.last_four,
            shared=shared is not None and key.id == shared.id,
            elsewhere=key.base if key.base != settings.provider_base else None,
            stopped_for=key.stopped_word or "",
            stopped_text=key.stopped_text or "",
            stopped_at=key.stopped_at,
            next_try_at=key.stopped_until,
        )
        for key in session.scalars(stopped.order_by(ProviderKey.created_at))
    )


def _stops(session: Session) -> tuple[StopHealth, ...]:
    return tuple(
        StopHealth(
            name=stop.name,
            stopped_for=stop.stopped_word or "",
            stopped_text=stop.stopped_text or "",
            stopped_at=stop.stopped_at,
            next_try_at=stop.stopped_until,
        )
        for stop in way_home.stopped(session).values()
    )


def _provider(key: ProviderKey | None, settings: Settings, now: datetime, *, has_own: bool) -> ProviderHealth:
    return ProviderHealth(
        version=settings.tripo_api_version,
        sandbox=settings.provider_is_sandbox,
        reachable=key.reachable if key else None,
        balance=key.balance if key else None,
        frozen=key.frozen if key else None,
        checked_at=key.checked_at if key else None,
        stopped_for=key.stopped_word if key else None,
        stopped_text=key.stopped_text if key else None,
        stopped_at=key.stopped_at if key and key.stopped_word else None,
        next_try_at=key.stopped_until if key else None,
        circuit=circuit_of(key, now) if key else Circuit.CLOSED,
        key_missing=not settings.tripo_api_key.get_secret_value() and not has_own,
    )


def _queue(session: Session) -> QueueHealth:
    def count(*which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Task).where(*which)) or 0

    is_coming = or_(Task.hold.is_(None), Task.hold != Hold.FAILED_STEP)
    return QueueHealth(
        waiting=count(Task.status == TaskStatus.READY) + count(Task.status == TaskStatus.WAITING, is_coming),
        in_flight=count(Task.status.in_(list(IN_FLIGHT))),
        unknown=count(Task.status == TaskStatus.UNKNOWN),
    )


def _lanes(session: Session, key: ProviderKey, now: datetime) -> tuple[LaneHealth, ...]:
    known = {lane.pool: lane for lane in session.scalars(select(Lane).where(Lane.key_id == key.id))}
    return tuple(
        LaneHealth(
            pool=pool,
            held=slots_held(session, key.id, pool),
            limit=limit_of(known.get(pool), key, pool, now),
            blocked_until=known[pool].blocked_until if pool in known else None,
        )
        for pool in POOL_LIMITS[key.version]
    )
