"""Runs the product's processes as one: starts them in order, restarts what dies, stops all of them."""

from __future__ import annotations

import contextlib
import logging
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from core.child import HEALTHY_AFTER_SECONDS, LONGEST_DELAY_SECONDS, Child, ChildProcess

logger = logging.getLogger("hatchery.up")

STOP_SECONDS = 10.0
SLOW_START_SECONDS = 30.0
_TURN_SECONDS = 0.2


class Supervisor:
    """Keeps a few processes alive, from one thread; they end with it, however it ends.

    `on_ready` is called once, when all have been started and answer. Who has not stopped `stop_seconds` after it
    was asked to is killed.
    """

    def __init__(
        self, children: Sequence[Child], on_ready: Callable[[], None], *, stop_seconds: float = STOP_SECONDS
    ) -> None:
        self._keepers = [_Keeper(child) for child in children]
        self._on_ready = on_ready
        self._stop_seconds = stop_seconds
        self._stopping = False
        self._hurry = False

    def run(self) -> None:
        """Start all in order, keep them alive until a signal, stop all in the reverse order."""
        with self._signals():
            try:
                self._start_all()
                while not self._stopping:
                    self._turn()
            finally:
                self._stop_all()

    def _start_all(self) -> None:
        for keeper in self._keepers:
            if self._stopping:
                return
            keeper.start()
            self._wait_until_ready(keeper)
        if not self._stopping:
            self._on_ready()

    def _wait_until_ready(self, keeper: _Keeper) -> None:
        begun, warned = time.monotonic(), False
        while not self._stopping and not keeper.child.is_ready():
            self._turn()
            if not warned and time.monotonic() - begun > SLOW_START_SECONDS:
                logger.warning("The %s does not answer yet; what it says stands above.", keeper.child.name)
                warned = True

    def _turn(self) -> None:
        """Pass on what the children say, and see to those that died."""
        self._listen(_TURN_SECONDS)
        for keeper in self._keepers:
            keeper.tend()

    def _listen(self, timeout_seconds: float) -> None:
        speaking = {
            keeper.process.output: keeper.process
            for keeper in self._keepers
            if keeper.process is not None and not keeper.process.is_silent
        }
        for output in select.select(list(speaking), [], [], timeout_seconds)[0]:
            speaking[output].pass_on_output()

    def _stop_all(self) -> None:
        self._stopping = True
        for keeper in reversed(self._keepers):
            self._stop(keeper)
        say("hatchery", "Hatchery has stopped.")

    def _stop(self, keeper: _Keeper) -> None:
        if keeper.process is None:
            return
        keeper.process.ask_to_stop()
        deadline = time.monotonic() + self._stop_seconds
        while keeper.process.is_alive() and not self._hurry and time.monotonic() < deadline:
            self._listen(_TURN_SECONDS / 4)
        if keeper.process.is_alive():
            logger.warning("The %s did not stop by itself and is ended.", keeper.child.name)
        keeper.process.bury()
        keeper.process = None

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        ours = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored under nohup
            ours.append(signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in ours}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stopping and number == signal.SIGINT:
            self._hurry = True  # a second Ctrl-C
        self._stopping = True


class _Keeper:
    """Keeps one child alive: its present process, or when the next one is due."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: ChildProcess | None = None
        self._deaths = 0  # in a row
        self._due_at = float("inf")  # by the monotonic clock

    def start(self) -> None:
        self.process = ChildProcess(self.child, say)

    def tend(self) -> None:
        """Bury a process that ended by itself; start the next one when its time has come."""
        if self.process is None:
            if time.monotonic() >= self._due_at:
                self.start()
        elif not self.process.is_alive():
            self._plan_restart(self.process)
            self.process = None

    def _plan_restart(self, dead: ChildProcess) -> None:
        if dead.age_seconds >= HEALTHY_AFTER_SECONDS:
            self._deaths = 0
        delay_seconds = min(LONGEST_DELAY_SECONDS, 2.0**self._deaths)
        self._deaths += 1
        self._due_at = time.monotonic() + delay_seconds
        logger.warning(
            "The %s ended by itself (%s); it is started again in %g s.",
            self.child.name,
            dead.bury(),
            delay_seconds,
        )


def say(name: str, line: str) -> None:
    """Print a line under the name of who says it."""
    with contextlib.suppress(OSError):  # whoever read our output is gone: no reason to stop the product
        sys.stdout.write(f"{name:<9} | {line}\n")
        sys.stdout.flush()
