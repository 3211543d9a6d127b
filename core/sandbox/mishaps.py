"""The API's faults, put into practice: what goes wrong before and after a create, and with a read."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from starlette.responses import Response

from core.sandbox.broken_answers import CutConnection, proxy_page
from core.sandbox.refusals import Refused
from core.sandbox.sandbox import Sandbox


class Mishaps:
    """Each method raises Refused, returns a broken answer, or returns None when all goes well."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._faults = sandbox.faults

    def before_create(self, task_type: str) -> Response | None:
        """Nothing is made yet."""
        types = {task_type}
        if self._faults.strike("create_500_without_task", types):
            raise Refused("server_error")
        if self._faults.strike("wallet_empty", types):
            raise Refused("credit")
        if self._faults.strike("refused_with_200", types):
            raise Refused("credit", http=200)
        self._rate("create", types)
        fault = self._faults.strike("create_429", types)
        if fault is not None:
            raise Refused("no_slot", headers=_retry_after(fault.retry_after))
        return self._proxy_page(types, with_task=False)

    async def after_create(self, task_type: str) -> Response | None:
        """The task is made, and on disk."""
        types = {task_type}
        if self._faults.strike("create_500_with_task", types):
            raise Refused("server_error")
        if self._faults.strike("create_lost_reply", types):
            return CutConnection()
        await self._hang("create_hang_seconds", types)
        return self._proxy_page(types, with_task=True)

    async def before_read(self, types: Collection[str] = ()) -> Response | None:
        """A read of tasks of these types, or of the account."""
        self._rate("read", types)
        fault = self._faults.strike("read_500", types)
        if fault is not None:
            raise Refused("server_error", headers=_retry_after(fault.retry_after))
        if self._faults.strike("read_502_html", types):
            return proxy_page()
        await self._hang("read_hang_seconds", types)
        return None

    def history_lag_seconds(self) -> float:
        """How old a task must be for the account's history to show it; endless while the history is empty."""
        if self._faults.strike("usage_500"):
            raise Refused("server_error")
        if self._faults.strike("usage_empty"):
            return math.inf
        late = self._faults.strike("usage_late_seconds")
        return late.seconds if late else 0.0

    def embellished(self, shown: dict[str, Any], task_type: str) -> dict[str, Any]:
        """A task as read, with what the faults that are on hide of it, or add."""
        if self._faults.strike("input_hidden", {task_type}):
            shown["input"] = {}
        if self._faults.strike("extra_fields", {task_type}):
            shown |= {"surprise": {"nested": [1, None, "x"]}, "output_v9": []}
            if isinstance(shown["output"], dict):
                shown["output"]["another_surprise"] = {"type": "new", "url": None}
        return shown

    async def _hang(self, name: str, types: Collection[str]) -> None:
        fault = self._faults.strike(name, types)
        if fault is not None:
            await self._sandbox.hang(fault.seconds)

    def _rate(self, on: str, types: Collection[str]) -> None:
        fault = self._faults.strike("rate_limited_1007", types, on=on)
        if fault is not None:
            raise Refused("too_many_requests", headers=_retry_after(fault.retry_after))

    def _proxy_page(self, types: Collection[str], *, with_task: bool) -> Response | None:
        fault = self._faults.active.get("create_502_html")
        if fault is None or fault.with_task != with_task or not self._faults.strike("create_502_html", types):
            return None
        return proxy_page()


def _retry_after(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": f"{seconds:g}"}
