"""Empty, migrated databases, quickly: SQLite files copied from one, one PostgreSQL emptied again and again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from core.database import Database
from core.models import Base
from tests.conftest import fresh_database, running_postgres

EVERY_NTH_ON_POSTGRES: Final = 5

Empty = Callable[[int], AbstractContextManager[str]]  # for a seed, the address of an empty database


def is_postgres_turn(seed: int) -> bool:
    """Say whether this seed's history is told on PostgreSQL where both databases take turns."""
    return seed % EVERY_NTH_ON_POSTGRES == 3


@contextmanager
def empty_databases(folder: Path, which: str) -> Iterator[Empty]:
    """Databases of one kind ("sqlite", "postgres"), or both by the seed: every fifth history on PostgreSQL."""
    with empty_sqlite(folder) as sqlite:
        if which == "sqlite":
            yield sqlite
            return
        with running_postgres() as server, empty_postgres(server) as postgres:

            def by_seed(seed: int) -> AbstractContextManager[str]:
                return (postgres if which == "postgres" or is_postgres_turn(seed) else sqlite)(seed)

            yield by_seed


@contextmanager
def empty_sqlite(folder: Path) -> Iterator[Empty]:
    first = folder / "first.db"
    database = Database(f"sqlite:///{first}")
    database.migrate()
    database.close()

    @contextmanager
    def empty(seed: int) -> Iterator[str]:
        path = folder / f"{seed}.db"
        shutil.copy(first, path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for left in folder.glob(f"{seed}.db*"):
                left.unlink()

    yield empty


@contextmanager
def empty_postgres(server: str) -> Iterator[Empty]:
    with fresh_database(server) as url:
        database = Database(url)
        database.migrate()
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)

        @contextmanager
        def empty(_seed: int) -> Iterator[str]:
            with database.transaction() as session:
                session.connection().exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
            yield url

        yield empty
        database.close()
