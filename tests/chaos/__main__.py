"""`make chaos`: tells histories, stops at the first broken law, and prints what struck and what came of it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.databases import empty_databases
from tests.chaos.history import tell
from tests.chaos.laws import LawBrokenError
from tests.chaos.weather import ALL


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the histories that the arguments ask for; 0 when every law held in each."""
    asked = _asked(arguments)
    struck: Counter[str] = Counter()
    broken, began, cpu_began = 0, time.perf_counter(), time.process_time()
    with (
        tempfile.TemporaryDirectory(prefix="hatchery-chaos-") as folder,
        empty_databases(Path(folder), asked.database) as empty,
    ):
        for seed in range(asked.seed, asked.seed + asked.histories):
            with empty(seed) as url:
                try:
                    struck += tell(seed, url).struck
                except LawBrokenError as error:
                    broken += 1
                    print(error, file=sys.stderr)
                    if not asked.keep_going:
                        break
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    _print_table(struck, broken, f"{seconds:.0f} s ({cpu_seconds:.0f} s of CPU)")
    return 1 if broken else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--histories", type=int, default=int(os.environ.get("CHAOS_HISTORIES", "200")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CHAOS_SEED", "1")), help="the first")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--keep-going", action="store_true", help="tell the others after a broken law")
    return parser.parse_args(arguments)


def _print_table(struck: Counter[str], broken: int, took: str) -> None:
    for name in sorted(struck):
        print(f"  {name:28} {struck[name]:8}")
    missing = [name for name in ALL if not struck[name]]
    print(f"  never happened: {', '.join(missing) or 'nothing'}")
    print(f"{struck['= histories']} histories held, {broken} broken, {took}")


if __name__ == "__main__":
    sys.exit(main())
