"""Group commit: what several threads have to write at one time is written by one of them, in one go.

Databases do the same with their commits. Threads that decide and write side by side take turns on one interpreter and
one write lock anyway, and pay for every change of turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class GroupCommit(Generic[T]):
    """Threads hand over what is to be written; whoever's turn it is writes all that is there by then."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._turn = threading.Lock()
        self._waiting: list[tuple[T, Future[None]]] = []
        self._list = threading.Lock()

    def write(self, item: T) -> None:
        """Return when this is written, by this thread or another; raises what went wrong with it or beside it."""
        written: Future[None] = Future()
        with self._list:
            self._waiting.append((item, written))
        with self._turn:
            self._write_all()
        written.result(timeout=0)

    def _write_all(self) -> None:
        with self._list:
            together, self._waiting = self._waiting, []
        if not together:
            return  # another thread has written it while this one waited for its turn
        try:
            self._write([item for item, _ in together])
        except BaseException as error:  # whatever it was, none of those who wait for it may wait for ever
            for _, written in together:
                written.set_exception(error)
        else:
            for _, written in together:
                written.set_result(None)
