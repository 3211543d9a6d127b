"""One provider client per stored key, kept for as long as the process runs."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from core.keys import KeyRing
from core.models import ProviderKey
from core.tripo import TripoClient


class Clients:
    """Builds and keeps the clients; each speaks the version and to the base that its key was stored with."""

    def __init__(self, keys: KeyRing, file_hosts: Sequence[str] = (), *, batch_reads: bool = True) -> None:
        self._keys = keys
        self._batch_reads = batch_reads
        self._file_hosts = tuple(file_hosts)
        self._clients: dict[str, TripoClient] = {}
        self._lock = threading.Lock()

    def of(self, key: ProviderKey) -> TripoClient:
        """Return the client that uses this key; raises SettingsError when the key cannot be read or used."""
        with self._lock:
            if key.id not in self._clients:
                self._clients[key.id] = TripoClient(
                    self._keys.plain(key),
                    version=key.version,
                    base_url=key.base,
                    file_hosts=self._file_hosts,
                    batch_reads=self._batch_reads,
                )
            return self._clients[key.id]

    def reads_many(self, key_id: str) -> bool:
        """Whether one request reads many tasks with this key, as far as is known."""
        client = self._clients.get(key_id)
        return client.reads_many if client is not None else self._batch_reads

    def reads_at_once(self, key_id: str) -> bool:
        """Whether one thread has several reads with this key under way at one time, as far as is known."""
        client = self._clients.get(key_id)
        return client is not None and client.reads_at_once

    def forget(self, key: ProviderKey) -> None:
        """Close the client of a key that is over, which knows its secret."""
        with self._lock:
            client = self._clients.pop(key.id, None)
        if client is not None:
            client.close()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()
