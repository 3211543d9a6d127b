"""Threads for calls to providers, so many for each key: one that hangs holds up nobody else's work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait


class Crews:
    """One kind of work (sends, asks or fetches), done for each key in as many places at once.

    A thread is started when it is first needed, and kept.
    """

    def __init__(self, name: str, places: int) -> None:
        self._name = name
        self._places = places
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()

    def free(self, key_id: str) -> int:
        """Say how many acts of this key would be begun at once."""
        with self._lock:
            return max(self._places - self._busy[key_id], 0)

    def full(self) -> list[str]:
        """List the keys that have no free place."""
        with self._lock:
            return [key_id for key_id, busy in self._busy.items() if busy >= self._places]

    def give(self, key_id: str, act: Callable[[], object]) -> Future[object]:
        """Have something done for a key: at once, or when a place of it gets free."""
        with self._lock:
            if key_id not in self._pools:
                self._pools[key_id] = ThreadPoolExecutor(
                    self._places, thread_name_prefix=f"{self._name}-{key_id[:8]}"
                )
            begun = self._pools[key_id].submit(act)
            self._busy[key_id] += 1
        begun.add_done_callback(lambda _: self.leave(key_id, 1))
        return begun

    def take(self, key_id: str) -> bool:
        """Take one more place of this key, for who has a thread already; False if none is free."""
        with self._lock:
            is_free = self._busy[key_id] < self._places
            self._busy[key_id] += is_free
            return is_free

    def leave(self, key_id: str, places: int) -> None:
        """Let go of places that were taken."""
        with self._lock:
            self._busy[key_id] -= places

    def close(self) -> None:
        """Let what was begun end; what was not is left."""
        with self._lock:
            pools = list(self._pools.values())
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in pools:
            pool.shutdown(wait=True)


def wait_for(begun: Sequence[Future[object]], patience_seconds: float | None) -> None:
    """Wait until all is done, at most so long; what takes longer goes on by itself."""
    wait(begun, timeout=patience_seconds)
