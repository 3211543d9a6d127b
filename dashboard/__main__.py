"""`python -m dashboard`: pages and API on HATCHERY_HOST and HATCHERY_PORT, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
import signal
import sys

from core.ending import end_within_seconds
from core.errors import HatcheryError, SettingsError
from core.logs import configure, redact
from core.settings import Settings, load_settings
from core.startup import port_finding
from dashboard.process import close_the_core, the_core

log = logging.getLogger("hatchery.dashboard")


def main() -> int:
    """Serve until told to stop; returns the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn takes these over while it runs, and raises them once more when all has ended
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        settings = load_settings()
        configure(settings.log_level, "dashboard")
        refuse_taken_port(settings)
        the_core()
    except HatcheryError as error:
        sys.stderr.write(redact(f"{error.message} {error.suggestion}".strip()) + "\n")
        return 1
    from dashboard.server import serve  # loads Streamlit, which takes its time

    log.info("pages and API are on http://%s:%d", settings.hatchery_host, settings.hatchery_port)
    try:
        serve(settings.hatchery_host, settings.hatchery_port)
    finally:
        end_within_seconds(close_the_core)
    return 0


def refuse_taken_port(settings: Settings) -> None:
    """Raise SettingsError, with a sentence, when nothing can listen there."""
    found = port_finding("HATCHERY_PORT", settings.hatchery_host, settings.hatchery_port)
    if not found.ok:
        raise SettingsError(found.sentence, suggestion=found.cure)


if __name__ == "__main__":
    sys.exit(main())
