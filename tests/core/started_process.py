"""A process that a test starts, listens to and waits for."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import psutil

from core.settings import ROOT
from tests.core.warm_process import WarmProcess

PORTS_NOT_HANDED_OUT: Final = (20_000, 32_768)  # Linux hands out those from 32,768, others from 49,152
PATIENCE_SECONDS = 90.0  # for a machine that is busy with other things


class StartedProcess:
    """Runs a command in a session of its own and collects what it prints; killed, with its family, at the end.

    The name of a module instead of a command runs that part of the product without the time that its import takes.
    """

    def __init__(self, command: Sequence[str] | str, environment: Mapping[str, str]) -> None:
        environment = {**os.environ, **environment}
        self._process: subprocess.Popen[str] | WarmProcess = (
            WarmProcess(command, environment) if isinstance(command, str) else _opened(command, environment)
        )
        self.pid = self._process.pid
        self.output = ""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> StartedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.send(signal.SIGTERM)
            self._process.wait(15)
        family = [*self.family(), *([self._process] if self._process.poll() is None else [])]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        self._process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        self._process.stdout.close()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until it has printed this; fails with all that it has printed instead."""
        found: list[re.Match[str]] = []

        def printed() -> bool:
            found[:] = re.finditer(pattern, self.output)
            return bool(found) or not self._reader.is_alive()

        with self._changed:
            self._changed.wait_for(printed, PATIENCE_SECONDS)
        assert found, f"it never printed {pattern!r} but:\n{self.output}"
        return found[0]

    def wait(self) -> int:
        """Wait until it has ended and all its output is read; returns its exit code."""
        code = self._process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def family(self) -> list[psutil.Process]:
        """All processes that it started, directly or not."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def _read(self) -> None:
        for line in self._process.stdout:
            with self._changed:
                self.output += line
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


def _opened(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until_gone(processes: Sequence[psutil.Process]) -> None:
    """Wait until none of them runs any more; a dead one that nobody has asked after counts as gone."""
    left = [process for process in processes if not wait_until(lambda p=process: _is_gone(p))]
    assert not left, f"still running: {left}"


def wait_until(is_so: Callable[[], bool]) -> bool:
    """Ask again and again; False when it did not become so in time."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_SECONDS / 0.05)):
        if is_so():
            return True
        pause.wait(0.05)
    return False


def free_port() -> int:
    """A port of loopback that nobody listens on, from below those that a system hands out by itself.

    So nobody gets it in the seconds before the process that it is for listens on it.
    """
    while True:
        port = random.SystemRandom().randrange(*PORTS_NOT_HANDED_OUT)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
