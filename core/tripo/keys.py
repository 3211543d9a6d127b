"""The form of a Tripo key, and where the sandbox's own key may go."""

from __future__ import annotations

from core.errors import SettingsError
from core.tripo.addresses import base_is_loopback

SANDBOX_KEY = "tsk_sandbox"

_WHERE = "Copy the key that starts with tsk_ from Tripo's console (API keys) into TRIPO_API_KEY."


def clean_key(text: str) -> str:
    """The key without the blanks and quotes around it; raises SettingsError with the fault in a sentence.

    The form is Tripo's: `tsk_` and more (its SDK refuses others before sending). The key is never quoted.
    """
    key = text.strip().strip("'\"").strip()
    fault = _fault_of(key)
    if fault:
        raise SettingsError(f"The Tripo key {fault}.", suggestion=_WHERE)
    return key


def _fault_of(key: str) -> str | None:
    if not key:
        return "is empty"
    if any(character.isspace() for character in key):
        return "has white space inside"
    if key.startswith("tsk-"):
        return "starts with tsk- (a hyphen); Tripo's keys start with tsk_ (an underscore)"
    if key.startswith("tcli_"):
        return "starts with tcli_, which is a client id and not a key"
    if not key.startswith("tsk_"):
        return "does not start with tsk_"
    if key == "tsk_":
        return "has nothing after tsk_"
    if not (key.isascii() and key.isprintable()):
        return "has characters that no key has"
    return None


def is_sandbox_key(key: str) -> bool:
    """Whether this key opens nothing but the local sandbox."""
    return key == SANDBOX_KEY or key.startswith(SANDBOX_KEY + "_")


def check_key_fits(key: str, base_url: str) -> None:
    """Raise SettingsError when the sandbox's key would be sent to anything but this machine."""
    if is_sandbox_key(key) and not base_is_loopback(base_url):
        raise SettingsError(
            "The sandbox's key would be sent to an address that is not on this machine.",
            suggestion="Put a real key into TRIPO_API_KEY, or leave both it and TRIPO_API_BASE empty.",
        )
