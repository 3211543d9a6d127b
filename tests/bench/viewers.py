"""Tabs without browsers: Streamlit's own protocol, so that twenty of them cost the machine next to nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS = 120


@dataclass
class Run:
    """One run of the page's script, whole or of a fragment: how long until its end, and what was sent, in bytes."""

    seconds: float
    bytes: int


@dataclass
class Viewer:
    """One tab on one page. `loads` are runs of the whole page, `refreshes` those of what is live on it."""

    address: str
    page: str
    query: dict[str, str]
    loads: list[Run] = field(default_factory=list)
    refreshes: list[Run] = field(default_factory=list)
    _intervals: dict[str, float] = field(default_factory=dict)

    async def load(self, times: int) -> None:
        """Open the page, and load it anew so often; nothing live is asked for."""
        async with self._connected() as stream:
            for _ in range(times):
                self.loads.append(await self._run(stream, ""))

    async def watch(self, seconds: float) -> None:
        """Open the page and keep it open, as a browser does: each live part is asked for at its interval."""
        async with self._connected() as stream:
            self._intervals.clear()
            self.loads.append(await self._run(stream, ""))
            end = time.perf_counter() + seconds
            due = {part: time.perf_counter() + every for part, every in self._intervals.items()}
            while due and (now := time.perf_counter()) < end:
                part = min(due, key=lambda each: due[each])
                await asyncio.sleep(max(due[part] - now, 0))
                self.refreshes.append(await self._run(stream, part))
                due[part] = max(due[part] + self._intervals[part], time.perf_counter())

    def due(self, seconds: float) -> float:
        """How many refreshes a tab that is open for so long asks for, if none is late."""
        return sum(seconds / every for every in self._intervals.values())

    @contextlib.asynccontextmanager
    async def _connected(self):
        url = f"{self.address.replace('http', 'ws')}/_stcore/stream"
        async with connect(url, subprotocols=["streamlit"], max_size=None, open_timeout=60) as stream:
            yield stream

    async def _run(self, stream: ClientConnection, part: str) -> Run:
        """Ask for a run and read until it has ended."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(self.query)
        asked.rerun_script.page_name = self.page
        if part:
            asked.rerun_script.fragment_id = part
            asked.rerun_script.is_auto_rerun = True
        began = time.perf_counter()
        await stream.send(asked.SerializeToString())
        size = 0
        while True:
            raw = await asyncio.wait_for(stream.recv(), PATIENCE_SECONDS)
            size += len(raw)
            told = ForwardMsg.FromString(raw)
            kind = told.WhichOneof("type")
            if kind == "auto_rerun":
                self._intervals[told.auto_rerun.fragment_id] = told.auto_rerun.interval
            if kind == "script_finished" and told.script_finished in _ENDS:
                return Run(time.perf_counter() - began, size)


_ENDS = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return sorted(values)[len(values) // 2]
