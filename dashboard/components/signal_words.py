"""The words of signals."""

from __future__ import annotations

from typing import Final

from core.failures.catalogue import CATALOGUE
from core.lifecycle import TaskKind
from core.signals.outcomes import OTHER

REACH_WORDS: Final = {"24h": "24 hours", "7d": "7 days", "30d": "30 days"}
BUCKET_WORDS: Final = {3_600: "hour", 21_600: "six hours", 86_400: "day (UTC)"}
STEP_WORDS: Final = {
    TaskKind.GENERATE: "Generate",
    TaskKind.RIG_CHECK: "Rig check",
    TaskKind.RIG: "Rig",
    TaskKind.ANIMATE: "Animate",
}
STANDSTILL_WORDS: Final = {
    "provider_unreachable": "Provider silent",
    "provider_key_refused": "Key refused",
    "provider_wallet_empty": "Wallet empty",
}


def cause_in_words(code: str) -> str:
    """Name a cause of failures."""
    if code == OTHER:
        return "Others"
    entry = CATALOGUE.get(code)
    return entry.title if entry else code.replace("_", " ").capitalize()


def error_in_words(number: int | None, code: str) -> str:
    """Name an error of the provider's, by its number where it gave one."""
    return cause_in_words(code) if number is None else f"{number}: {cause_in_words(code)}"
