"""The state file: one JSON record a line, on disk before it is answered for.

Appending keeps a create cheap however many tasks there are; opening rewrites the file, atomically.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

logger = logging.getLogger("hatchery.sandbox")


class Journal:
    """A file of records, or nothing at all when there is no path."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None

    def read(self) -> Iterator[dict[str, Any]]:
        """The records as written; a last line that a crash cut short is left out."""
        if self._path is None or not self._path.exists():
            return
        for number, line in enumerate(self._path.read_text("utf-8").splitlines(), 1):
            try:
                yield json.loads(line)
            except ValueError:
                logger.warning("state file: line %d is damaged and left out", number)

    def begin(self, records: Iterable[dict[str, Any]]) -> None:
        """Replace the file by these records and stay open for more."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text("".join(_line(record) for record in records), "utf-8")
        fresh.replace(self._path)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def append(self, record: dict[str, Any]) -> None:
        """Write one record; a process killed right after loses nothing."""
        if self._file is not None:
            os.write(self._file, _line(record).encode())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":")) + "\n"
