"""Provider keys: kept encrypted, recognised by fingerprint, together with the version and place they belong to."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import KeyMissingError, SettingsError
from core.models import ProviderKey
from core.settings import Settings
from core.tripo import region_of


class KeyRing:
    """Reads and writes provider keys; the only place that sees one in plain text."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._derived = hashlib.sha256(settings.secret().encode()).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(self._derived))

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
        fingerprint = self.fingerprint(key)
        wanted = select(ProviderKey).filter_by(fingerprint=fingerprint, version=version, base=base)
        found = session.scalar(wanted)
        if found is not None:
            return found
        row = ProviderKey(
            name="sandbox" if self._settings.provider_is_sandbox else "shared",
            version=version,
            base=base,
            region=region_of(base),
            fingerprint=fingerprint,
            last_four=key[-4:],
            secret=self._cipher.encrypt(key.encode()).decode(),
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process was first
            return session.scalars(wanted).one()
        return row

    def plain(self, row: ProviderKey) -> str:
        """Decrypt a key for a client; raises SettingsError when SECRET_KEY is not the one it was stored with."""
        try:
            return self._cipher.decrypt(row.secret.encode()).decode()
        except InvalidToken:
            raise SettingsError(
                f"The stored key that ends in {row.last_four} cannot be read with this SECRET_KEY.",
                suggestion="Set SECRET_KEY to the value that was used when the key was added.",
            ) from None

    def fingerprint(self, key: str) -> str:
        """Recognise a key without keeping it readable (keyed hash)."""
        return hmac.new(self._derived, key.encode(), hashlib.sha256).hexdigest()
