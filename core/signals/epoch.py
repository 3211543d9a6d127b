"""Times as numbers inside the database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class Epoch(FunctionElement[float]):
    """A time as seconds since 1970."""

    type = Float()
    inherit_cache = True


@compiles(Epoch, "sqlite")
def _on_sqlite(element: Epoch, compiler: Any, **options: Any) -> str:
    return f"((julianday({compiler.process(element.clauses, **options)}) - 2440587.5) * 86400.0)"


@compiles(Epoch, "postgresql")
def _on_postgresql(element: Epoch, compiler: Any, **options: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)}) AS DOUBLE PRECISION)"


class Whole(FunctionElement[int]):
    """A positive number without its fraction (not every SQLite has FLOOR)."""

    type = BigInteger()
    inherit_cache = True


@compiles(Whole, "sqlite")
def _cut_on_sqlite(element: Whole, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS INTEGER)"


@compiles(Whole, "postgresql")
def _cut_on_postgresql(element: Whole, compiler: Any, **options: Any) -> str:
    return f"CAST(FLOOR({compiler.process(element.clauses, **options)}) AS BIGINT)"


def seconds_between(earlier: Any, later: Any) -> ColumnElement[float]:
    """Say in SQL how many seconds lie between two times."""
    return Epoch(later) - Epoch(earlier)


def bucket_of(at: Any, seconds: int) -> ColumnElement[int]:
    """Number in SQL the stretch of so many seconds in which a time lies, counted from 1970 (UTC)."""
    # a hundredth is added because SQLite's day fractions may put a full hour a little before itself
    return Whole((Epoch(at) + 0.01) / seconds)
