"""One process that is kept alive by the supervisor: how it starts, speaks and ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LONGEST_DELAY_SECONDS = 30.0
HEALTHY_AFTER_SECONDS = 60.0  # who lived this long starts again with the shortest delay
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Child:
    """What to run: a name for the log, a command, where, what it gets besides our own environment.

    `is_ready` says whether it can be counted on yet.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = lambda: True


class ChildProcess:
    """A child's present process. `say` takes each line that it prints."""

    def __init__(self, child: Child, say: Callable[[str, str], None]) -> None:
        self._child = child
        self._say = say
        self._started = time.monotonic()
        self.is_silent = False  # it closed its output
        self._partial_line = b""
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            cwd=child.folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor alone
            preexec_fn=_die_with_parent,  # safe here: the supervisor has one thread
        )
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        self.output: IO[bytes] = self._process.stdout
        os.set_blocking(self.output.fileno(), False)

    @property
    def age_seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self._started

    def is_alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def pass_on_output(self) -> bool:
        """Say what it has printed since, line by line; False when there was nothing."""
        try:
            chunk = os.read(self.output.fileno(), 65536)
        except BlockingIOError:
            return False
        self.is_silent = not chunk
        *lines, self._partial_line = (self._partial_line + chunk).split(b"\n")
        for line in lines:
            self._say(self._child.name, line.decode(errors="replace"))
        return bool(chunk)

    def ask_to_stop(self) -> None:
        """Send SIGTERM: it ends what it is at and goes."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)

    def bury(self) -> str:
        """End it and all that it started, say its last words, and tell how it ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        while self.pass_on_output():
            pass
        if self._partial_line:
            self._say(self._child.name, self._partial_line.decode(errors="replace"))
        self.output.close()
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the supervisor is gone, even by `kill -9`; runs in the new process."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
