"""`make soak`: runs what takes long, one part after the other; `python -m tests.soak NAME ...` runs only those.

Run by hand before something is called done. Each part prints what it measured and returns 0 when all of it held.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final

from tests.chaos.__main__ import main as chaos
from tests.soak import four_pollers, plan_night, viewer, watchers

PARTS: Final[Mapping[str, Callable[[], int]]] = {
    "chaos": lambda: chaos(["--histories", os.environ.get("CHAOS_HISTORIES", "1000"), "--keep-going"]),
    "four-pollers": four_pollers.run,
    "plan-night": plan_night.run,
    "watchers": watchers.run,
    "viewer": viewer.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"There is no part {', '.join(unknown)}. These exist: {', '.join(PARTS)}.")
        return 2
    failed = []
    for name in names or PARTS:
        print(f"--- {name}", flush=True)
        began = time.perf_counter()
        if PARTS[name]() != 0:
            failed.append(name)
        print(f"--- {name}: {time.perf_counter() - began:.0f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all of it held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
