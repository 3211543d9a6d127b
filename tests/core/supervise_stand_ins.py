"""`python -m tests.core.supervise_stand_ins NAME ...`: the real supervisor over children that behave as named."""

from __future__ import annotations

import sys
from pathlib import Path

from core.child import Child
from core.logs import configure
from core.supervisor import Supervisor, say

PATIENCE_SECONDS = 30.0  # for a machine that is busy with other things
WITH_THE_STUBBORN_SECONDS = 0.5  # which are killed whatever one waits

if __name__ == "__main__":
    configure("INFO", "up")
    children = [
        Child(f"{name}{number}", (sys.executable, "-m", "tests.core.stand_ins", name), Path.cwd())
        for number, name in enumerate(sys.argv[1:], start=1)
    ]
    patience = WITH_THE_STUBBORN_SECONDS if "stubborn" in sys.argv else PATIENCE_SECONDS
    Supervisor(children, on_ready=lambda: say("test", "all are ready"), stop_seconds=patience).run()
