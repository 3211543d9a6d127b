"""What all tables share: the registry, ids, times, and how a state is stored."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, MetaData, Numeric, Text
from sqlalchemy.orm import DeclarativeBase

from core.database import UtcDateTime

type_map = {datetime: UtcDateTime, Decimal: Numeric(14, 4), dict[str, Any]: JSON, list[str]: JSON, str: Text}


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(
        naming_convention={  # so that a later migration can name what it alters
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = type_map


def new_id() -> str:
    """Make an id of ours."""
    return str(uuid.uuid4())


def utc_now() -> datetime:
    """Tell the time, aware and in UTC."""
    return datetime.now(UTC)


def in_words(enum: type[StrEnum]) -> Enum:
    """Store the enum's value, not its Python name, and no database-side type that a new word would break."""
    return Enum(enum, native_enum=False, length=24, values_callable=lambda e: [m.value for m in e])
