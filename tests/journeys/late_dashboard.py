"""The dashboard on a machine so busy that it sends seconds late what it has drawn: later than live parts are redrawn."""

from __future__ import annotations

import sys
from typing import Final

from streamlit.runtime import runtime

from dashboard.__main__ import main
from dashboard.components.live import EVERY_SECONDS

LATE_SECONDS: Final = EVERY_SECONDS + 0.5

if __name__ == "__main__":
    runtime.MESSAGE_FLUSH_INTERVAL_SECS = LATE_SECONDS
    sys.exit(main())
