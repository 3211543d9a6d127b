"""Children for the supervisor's tests: `python -m tests.core.stand_ins NAME` behaves as its name says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def wait_to_be_stopped() -> None:
    signal.sigwait({signal.SIGTERM})
    say("stops")


def obedient() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    say("runs")
    wait_to_be_stopped()


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    say("runs")
    time.sleep(600)


def parent() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    offspring = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    say(f"has a child {offspring.pid}")
    wait_to_be_stopped()
    offspring.returncode = 0  # left behind on purpose


def mute() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    say("runs")
    for descriptor in (1, 2):
        os.close(descriptor)
    signal.sigwait({signal.SIGTERM})


def dying() -> None:
    sys.stdout.write("last words")
    sys.exit(3)


CHILDREN = {behave.__name__: behave for behave in (obedient, stubborn, parent, mute, dying)}

if __name__ == "__main__":
    CHILDREN[sys.argv[1]]()
