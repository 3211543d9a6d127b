"""Secrets at rest: encrypted and recognised with SECRET_KEY, and never kept in plain text."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class SealBrokenError(Exception):
    """It was sealed with another SECRET_KEY."""


class Seal:
    """Encrypts and decrypts with a key that is derived from SECRET_KEY."""

    def __init__(self, secret: str) -> None:
        self._derived = hashlib.sha256(secret.encode()).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(self._derived))

    def sealed(self, text: str) -> str:
        """Encrypt a text."""
        return self._cipher.encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str:
        """Decrypt a text; raises SealBrokenError."""
        try:
            return self._cipher.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBrokenError from None

    def fingerprint(self, text: str) -> str:
        """Recognise a text without keeping it readable (keyed hash)."""
        return hmac.new(self._derived, text.encode(), hashlib.sha256).hexdigest()
