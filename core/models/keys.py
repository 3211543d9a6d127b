"""Keys, and what is known of the accounts behind them: the wallet, the places, what stands still."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, new_id, utc_now
from core.tripo import Version


class Stoppable:
    """What may stand still: why, since when, until when; and what shows that it should."""

    stopped_word: Mapped[str | None] = mapped_column(String(40))
    stopped_text: Mapped[str | None]
    stopped_at: Mapped[datetime | None]
    stopped_until: Mapped[datetime | None]  # when it is tried again
    stopped_tries: Mapped[int] = mapped_column(default=0)
    failing: Mapped[float] = mapped_column(default=0.0)  # share of the last requests that got no answer
    well_at: Mapped[datetime | None]  # when an outage ended; what waited then goes out slowly at first


class ProviderKey(Stoppable, Base):
    """A key together with where it is used: version, base and region belong to it.

    The environment's key and people's own are kept alike. One that was removed or replaced is retired: no order can
    choose it any more, and its secret is wiped once the last of its tasks has ended.
    """

    __tablename__ = "provider_keys"
    __table_args__ = (UniqueConstraint("fingerprint", "version", "base"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str]
    owner: Mapped[str | None]  # who added it, as they said themselves; null for the environment's
    is_shared: Mapped[bool] = mapped_column(default=False)  # it came from the environment
    retired_at: Mapped[datetime | None]
    replaced_by_id: Mapped[str | None] = mapped_column(String(36))  # null in a retired one: it was removed
    version: Mapped[Version] = mapped_column(String(8))
    base: Mapped[str]
    region: Mapped[str] = mapped_column(String(16), default="")
    fingerprint: Mapped[str] = mapped_column(String(64))
    last_four: Mapped[str] = mapped_column(String(4))
    secret: Mapped[str]  # encrypted with SECRET_KEY; empty once it is wiped
    quiet_until: Mapped[datetime | None]  # the provider asked for no reads before
    balance: Mapped[Decimal | None]
    frozen: Mapped[Decimal | None]
    reachable: Mapped[bool | None]
    balance_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # when the provider was last asked anything with it
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Stop(Stoppable, Base):
    """Something beside the keys that may stand still: the vault, the file host of one key."""

    __tablename__ = "stops"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)


class Lane(Base):
    """One concurrency group of one key: whether the provider last said that it is full."""

    __tablename__ = "lanes"

    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"), primary_key=True)
    pool: Mapped[str] = mapped_column(String(32), primary_key=True)
    blocked_until: Mapped[datetime | None]
    limit_learnt: Mapped[int | None]  # places, as the provider showed; null = the documented limit
    learnt_at: Mapped[datetime | None]


class LaneSample(Base):
    """How full one of the provider's groups was in one minute, over all keys that were in use."""

    __tablename__ = "lane_samples"

    at: Mapped[datetime] = mapped_column(primary_key=True)  # the minute's beginning
    pool: Mapped[str] = mapped_column(String(32), primary_key=True)
    held: Mapped[int]
    places: Mapped[int]
    waiting: Mapped[int]  # orders that might have been sent


class KeyHour(Base):
    """What one key's wallet held at the end of an hour, and for how long the key stood still in it."""

    __tablename__ = "key_hours"

    at: Mapped[datetime] = mapped_column(primary_key=True)  # the hour's beginning
    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"), primary_key=True)
    balance: Mapped[Decimal | None]
    frozen: Mapped[Decimal | None]
    stopped_minutes: Mapped[int] = mapped_column(default=0)
    stopped_word: Mapped[str | None] = mapped_column(String(40))  # the last reason


class WalletReading(Base):
    """What a key's wallet held at one time; kept for as long as it may tell of a lost order."""

    __tablename__ = "wallet_readings"
    __table_args__ = (Index("ix_wallet_readings_key", "key_id", "answered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime]
    balance: Mapped[Decimal]
    frozen: Mapped[Decimal]
