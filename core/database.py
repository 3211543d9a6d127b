"""The database: one engine, one way to open a transaction, the same code on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import DateTime, Dialect, Engine, TypeDecorator, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from core.errors import SettingsError

NO_ANSWER: Final = (OperationalError, InterfaceError, PoolTimeoutError)  # busy or away: no bug of ours
MIGRATIONS = Path(__file__).parent / "migrations"
POOL_MOST: Final = 20  # connections of one process to PostgreSQL
_MIGRATION_PATIENCE_MS = 120_000
_ONE_MIGRATION_AT_A_TIME = "SELECT pg_advisory_xact_lock(707201)"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases (SQLite itself forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive time; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write SQLite's text at once: it has no times of its own, and a tick writes thousands."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read SQLite's text at once."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it, so that texts compare as times do."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone was about to be stored")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(text: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{text}+00:00") if text is not None else None


class Database:
    """An engine with our pragmas, and `transaction()`, the unit of work."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _pooled_postgres_engine(url)
        self._aside = self.engine if self.is_sqlite else _postgres_engine(url, poolclass=NullPool)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a unit of work that writes: commit at its end, roll back on an error.

        Never hold one across an HTTP call or a file's transfer. On SQLite it takes the write lock at once
        (BEGIN IMMEDIATE), so that a read-then-write inside it cannot be overtaken.
        """
        with self._sessions() as session, session.begin():
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads."""
        with self._sessions() as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN")
            yield session

    def now(self) -> datetime:
        """Tell the time of the machine that the database is on; raises DBAPIError when it cannot be asked.

        It has a connection of its own: who asks may hold one of the pool already, and everybody else the others.
        """
        if self.is_sqlite:
            return datetime.now(UTC)
        with self._aside.connect() as connection:
            now: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return now.astimezone(UTC)

    def migrate(self) -> None:
        """Bring the schema up to today's; raises SettingsError when the database cannot or may not."""
        self.check()
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.engine.connect() as connection:
                # several processes may start at once: the second waits, and finds nothing left to do
                if self.is_sqlite:
                    connection.detach()  # its patience is for this alone
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={_MIGRATION_PATIENCE_MS}")
                connection.exec_driver_sql("BEGIN IMMEDIATE" if self.is_sqlite else _ONE_MIGRATION_AT_A_TIME)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except CommandError:
            raise SettingsError(
                "The database was made by another version of Hatchery, whose changes this one does not know.",
                suggestion="Update Hatchery, or name another database in DATABASE_URL.",
            ) from None
        except DBAPIError as error:
            raise SettingsError(
                f"The database refuses to be brought up to date ({_reason(error)}).",
                suggestion="Check that the account in DATABASE_URL may create tables there.",
            ) from error

    def check(self) -> None:
        """Say in one sentence why the database cannot be used, as a SettingsError."""
        url = make_url(self.url)
        try:
            if self.is_sqlite and url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except (DBAPIError, OSError) as error:
            where = url.database if self.is_sqlite else f"{url.host}:{url.port or 5432}/{url.database}"
            raise SettingsError(
                f"The database at {where} cannot be reached.",
                suggestion=f"Check DATABASE_URL; the place must exist and be writable ({_reason(error)}).",
            ) from None

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _reason(error: Exception) -> str:
    cause: object = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0]


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves (see transaction)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a promise that was given must survive a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.close()

    return engine


def _pooled_postgres_engine(url: str) -> Engine:
    return _postgres_engine(url, pool_pre_ping=True, pool_size=POOL_MOST // 2, max_overflow=POOL_MOST // 2)


def _postgres_engine(url: str, **pool: Any) -> Engine:
    return create_engine(url, connect_args={"connect_timeout": 5}, **pool)


def why_absent(error: Exception) -> str:
    """Say in one line, for the log, why a database did not answer."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]


def log_failure(log: logging.Logger, what: str, error: Exception) -> None:
    """Log what went wrong: in one line when the database did not answer, with its trace when it is a bug."""
    if isinstance(error, NO_ANSWER):
        log.warning("%s: the database does not answer (%s)", what, why_absent(error))
    else:
        log.error(what, exc_info=error)
