"""Ending a process in order, but within seconds: a provider that hangs must not keep it from going."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Final

log = logging.getLogger("hatchery.ending")

GRACE_SECONDS: Final = 6.0  # less than the supervisor waits before it kills


def end_within_seconds(give_back: Callable[[], object], seconds: float = GRACE_SECONDS) -> None:
    """Let what runs end and be written; then go, even if a call still hangs.

    What hung is taken up by its lease's end, as after a kill: a create whose answer nobody heard becomes unknown and
    is never sent again by itself.
    """
    ending = threading.Thread(target=give_back, name="ending", daemon=True)
    ending.start()
    ending.join(seconds)
    if ending.is_alive():
        log.warning("a call still hangs after %g s: its task is taken up when its lease ends", seconds)
        logging.shutdown()
        os._exit(0)  # the threads that wait for it would keep the interpreter
