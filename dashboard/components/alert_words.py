"""What alerts are about, as pages name it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.alerts.causes import Cause

WHAT: Final = {
    Cause.NEW_FAILURE: "Failures that are new, or came back",
    Cause.FAILURE_RATE: "Too much fails",
    Cause.POLLER_SILENT: "No poller is running",
    Cause.PROVIDER_OUT: "The provider is out, or refuses a key",
    Cause.WALLET_LOW: "A wallet is low",
    Cause.BUDGET_HOLDS: "A budget holds orders",
    Cause.PLAN_FINISHED: "A plan is finished",
}


def causes_in_words(causes: Iterable[Cause]) -> str:
    """List causes in a sentence."""
    chosen = list(causes)
    if len(chosen) == len(Cause):
        return "Told of everything."
    return f"Told of: {', '.join(WHAT[cause][0].lower() + WHAT[cause][1:] for cause in chosen)}."
