"""Compiled SQL, kept for all engines of a test process.

SQLAlchemy compiles a statement once for each engine, and every test, and every process of a history, has an engine of
its own: a quarter of their time would go into compiling what was compiled before.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from sqlalchemy import Compiled, Connection, Engine, event

MOST: Final = (
    3000  # statements; more than the product has, so that it is emptied only if a test writes its own
)
Key = tuple[Hashable, ...]


class SharedStatements(dict[Key, Compiled]):
    """What SQLAlchemy takes as a compiled cache; its keys begin with the engine's dialect, ours with its kind."""

    def __init__(self, kind: Key) -> None:
        super().__init__()
        self._kind = kind

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get((self._kind, *key[1:]), default)

    def __setitem__(self, key: Key, compiled: Compiled) -> None:
        if len(self) >= MOST:
            self.clear()
        super().__setitem__((self._kind, *key[1:]), compiled)


_shared: dict[Key, SharedStatements] = {}


def share_statements() -> None:
    """From now on all engines of this process share what they compile."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    dialect = connection.dialect
    kind = (dialect.name, dialect.driver, dialect.server_version_info)
    cache = _shared.setdefault(kind, SharedStatements(kind))
    connection.execution_options(compiled_cache=cache)
