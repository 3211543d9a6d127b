"""What alerts are about."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """One kind of news; of each there is at most one alert an hour."""

    NEW_FAILURE = "new_failure"
    FAILURE_RATE = "failure_rate"
    POLLER_SILENT = "poller_silent"
    PROVIDER_OUT = "provider_out"
    WALLET_LOW = "wallet_low"
    BUDGET_HOLDS = "budget_holds"
    PLAN_FINISHED = "plan_finished"

    @property
    def headline(self) -> str:
        """Say it in a few words."""
        return _TITLES[self]


_TITLES = {
    Cause.NEW_FAILURE: "A failure is new, or came back",
    Cause.FAILURE_RATE: "Too much fails",
    Cause.POLLER_SILENT: "No poller is running",
    Cause.PROVIDER_OUT: "The provider takes no orders",
    Cause.WALLET_LOW: "A wallet is low",
    Cause.BUDGET_HOLDS: "A budget holds orders",
    Cause.PLAN_FINISHED: "A plan is finished",
}
