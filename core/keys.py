"""Provider keys: kept encrypted, recognised by fingerprint, together with the version and place they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.chosen_keys import may_be_sent_with, successor_of
from core.errors import ConflictError, KeyMissingError, SettingsError
from core.models import ProviderKey, Task
from core.sealing import Seal, SealBrokenError
from core.settings import Settings
from core.tripo import Version, region_of


class KeyRing:
    """Reads and writes provider keys; the only place that sees one in plain text."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seal = Seal(settings.secret())

    # --- which key ---

    @property
    def has_shared(self) -> bool:
        """True when TRIPO_API_KEY is set."""
        return bool(self._settings.tripo_api_key.get_secret_value())

    def shared(self, session: Session) -> ProviderKey:
        """Return the row of the environment's key at today's version and base, made when it is new.

        Raises KeyMissingError when none is set.
        """
        key = self._settings.tripo_api_key.get_secret_value()
        if not key:
            raise KeyMissingError("No Tripo key is set: TRIPO_API_KEY is empty.")
        version, base = self._settings.tripo_api_version, self._settings.provider_base
        found = self._find(session, key, version, base)
        if found is not None:
            return found if found.retired_at is None else self._taken_up(found, key)
        name = "sandbox" if self._settings.provider_is_sandbox else "shared"
        return self._kept(session, key, version, base, name=name, owner=None, is_shared=True)

    def is_todays_shared(self, row: ProviderKey) -> bool:
        """Say whether this is the key that TRIPO_API_KEY holds, at today's version and base."""
        key = self._settings.tripo_api_key.get_secret_value()
        here = (row.version, row.base) == (self._settings.tripo_api_version, self._settings.provider_base)
        return bool(key) and here and row.fingerprint == self.fingerprint(key)

    def for_task(self, session: Session, task: Task) -> ProviderKey:
        """Return the key that a task is to be sent with: the chosen one and no other, else the shared one.

        The first step of a chain takes the shared key of today, or what its own was replaced by; a later step takes
        the key that made what it works on. Raises KeyMissingError, and ConflictError `key_removed`.
        """
        chosen = session.get(ProviderKey, task.key_id) if task.key_id else None
        is_first = task.source_task_id is None
        if chosen is None or (chosen.is_shared and is_first):
            return self.shared(session)
        key = successor_of(session, chosen) if is_first else chosen
        if not may_be_sent_with(key):
            raise ConflictError(
                f"The key “{chosen.name}” (…{chosen.last_four}) was removed.",
                suggestion="Choose another key for the project, then retry."
                if is_first
                else "Generate the model anew: only the key that made it can work on it.",
                code="key_removed",
            )
        return key

    # --- people's own ---

    def add(
        self, session: Session, name: str, key: str, *, version: Version, base: str, owner: str
    ) -> ProviderKey:
        """Keep a person's key; one that is kept already is returned, a retired one taken up again.

        Raises ConflictError for the shared key: it needs no adding.
        """
        found = self._find(session, key, version, base)
        if found is None:
            return self._kept(session, key, version, base, name=name, owner=owner, is_shared=False)
        if self.is_todays_shared(found):
            raise ConflictError(
                "This is the shared key already.",
                suggestion="There is nothing to add: orders without a key of their own use it.",
                code="key_is_shared",
            )
        if found.retired_at is not None or found.is_shared:  # a shared one of earlier
            found.name, found.owner, found.is_shared = name, owner, False
            self._taken_up(found, key)
        return found

    def retire(self, row: ProviderKey, now: datetime, successor: ProviderKey | None = None) -> None:
        """Let no order choose this key any more; `successor` takes its place, without one it is removed."""
        row.retired_at, row.replaced_by_id = now, successor.id if successor else None

    # --- secrets ---

    def plain(self, row: ProviderKey) -> str:
        """Decrypt a key for a client; raises SettingsError when that is not possible (any more)."""
        if not row.secret:
            raise SettingsError(
                f"The key that ended in {row.last_four} was removed.", suggestion="Add it again to use it."
            )
        try:
            return self._seal.opened(row.secret)
        except SealBrokenError:
            raise SettingsError(
                f"The stored key that ends in {row.last_four} cannot be read with this SECRET_KEY.",
                suggestion="Set SECRET_KEY to the value that was used when the key was added.",
            ) from None

    def fingerprint(self, key: str) -> str:
        """Recognise a key without keeping it readable (keyed hash)."""
        return self._seal.fingerprint(key)

    def _find(self, session: Session, key: str, version: Version, base: str) -> ProviderKey | None:
        wanted = select(ProviderKey).filter_by(fingerprint=self.fingerprint(key), version=version, base=base)
        return session.scalar(wanted)

    def _taken_up(self, row: ProviderKey, key: str) -> ProviderKey:
        row.retired_at = row.replaced_by_id = None
        row.secret = self._seal.sealed(key)
        return row

    def _kept(
        self,
        session: Session,
        key: str,
        version: Version,
        base: str,
        *,
        name: str,
        owner: str | None,
        is_shared: bool,
    ) -> ProviderKey:
        row = ProviderKey(
            name=name,
            owner=owner,
            is_shared=is_shared,
            version=version,
            base=base,
            region=region_of(base),
            fingerprint=self.fingerprint(key),
            last_four=key[-4:],
            secret=self._seal.sealed(key),
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process was first
            kept = self._find(session, key, version, base)
            assert kept is not None  # noqa: S101 - it is what stood in the way
            return kept
        return row
