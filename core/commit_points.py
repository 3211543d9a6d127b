"""The moments between which a process may die: before and after every commit of submit, poll, download and jobs.

`passed(point)` costs nothing unless HATCHERY_DIE_AT names a point. Then the process kills itself there, as `kill -9`
would, so that each moment can be tried out on the real poller: `HATCHERY_DIE_AT=send_answered python -m poller`, or
`send_answered:3` for the third time. The product behaves the same whether or not anybody ever dies.
"""

from __future__ import annotations

import os
import signal
import threading
from enum import StrEnum
from typing import Final

VARIABLE: Final = "HATCHERY_DIE_AT"


class CommitPoint(StrEnum):
    """Each moment that differs from the next by what is committed, sent or stored."""

    SEND_CLAIMING = "send_claiming"  # the claim is written, not committed
    SEND_CLAIMED = "send_claimed"  # the intent is committed, nothing has left
    SEND_ANSWERED = "send_answered"  # the provider may have made it, we have written nothing
    SEND_RECORDING = "send_recording"  # the answer is written, not committed
    SEND_RECORDED = "send_recorded"  # the provider's id is committed
    ASK_CLAIMING = "ask_claiming"
    ASK_CLAIMED = "ask_claimed"  # nothing has been asked yet
    ASK_ANSWERED = "ask_answered"  # the provider's answers are here, none is written
    ASK_RECORDING = "ask_recording"  # a move is written, not committed
    ASK_RECORDED = "ask_recorded"  # the answers are committed
    FETCH_CLAIMING = "fetch_claiming"
    FETCH_CLAIMED = "fetch_claimed"  # no byte has been fetched
    FILE_STREAMED = "file_streamed"  # the file is here, unverified, under no name
    FILE_BESIDE = "file_beside"  # verified, copied beside its final name
    FILE_STORED = "file_stored"  # in the vault, no row knows of it
    FETCH_RECORDING = "fetch_recording"  # artifact, move and next step are written, not committed
    FETCH_RECORDED = "fetch_recorded"  # all of it is committed
    JOB_CARRYING = "job_carrying"  # items of a job and what they order are written, not committed
    JOB_CARRIED = "job_carried"  # all of it is committed


_lock = threading.Lock()
_left: dict[str, int] = {}


def passed(point: CommitPoint) -> None:
    """Note that this process has come to a point; it ends here if that was asked for."""
    if VARIABLE in os.environ:
        _die_at(point, os.environ[VARIABLE])


def _die_at(point: CommitPoint, wanted: str) -> None:
    name, _, times = wanted.partition(":")
    if name != point:
        return
    with _lock:
        left = _left[point] = _left.get(point, int(times or 1)) - 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
