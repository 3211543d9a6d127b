"""How much memory a process with many threads keeps."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

ARENAS_MOST: Final = 2
_M_ARENA_MAX: Final = -8  # malloc.h of glibc


def keep_arenas_few() -> None:
    """Let all threads share two of malloc's arenas; without this each thread that asks the provider keeps its own.

    Linux with glibc only (mallopt(3)); elsewhere nothing is changed. To be called before the threads start.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, ARENAS_MOST)
