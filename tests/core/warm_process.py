"""A process of the product that does not import it first: it is forked from a server that has.

The import costs seconds of CPU, and the nights start a poller dozens of times. What runs is the module's own main part,
in a session, an environment and with an output of its own; it can be killed like any other process.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Final, TextIO

from core.settings import ROOT

_IMPORTED: Final = [
    "poller.schedule",
    "core.bootstrap",
    "psycopg2",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg2",
]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(_IMPORTED)


class WarmProcess:
    """Runs a module as `python -m` does; what tests use of `subprocess.Popen`, and no more."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        readable, writable = os.pipe()
        with Connection(writable, readable=False) as output:
            self._process = _context.Process(target=_become, args=(module, dict(environment), output))
            self._process.start()
        self.pid = int(self._process.pid or 0)
        self.stdout: TextIO = os.fdopen(readable, errors="replace")

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _become(module: str, environment: dict[str, str], output: Connection) -> None:
    """Be that module's process from here on."""
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    with open(os.devnull) as nothing:  # noqa: PTH123 - its number is wanted
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(output.fileno(), number)
    output.close()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
