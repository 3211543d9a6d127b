"""`python -m poller`: carries every chain to its end; needs no open page. Ends cleanly on SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
import signal
import sys
import threading

from core.bootstrap import connect
from core.ending import end_within_seconds
from core.errors import HatcheryError
from core.logs import configure
from core.memory import keep_arenas_few
from core.settings import load_settings
from poller.schedule import Schedule

log = logging.getLogger("hatchery.poller")


def main() -> int:
    """Run until told to stop; returns the exit code."""
    keep_arenas_few()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = load_settings()
        configure(settings.log_level, "poller")
        core = connect(settings, "poller")
        core.database.migrate()
        core.watch.take_up(settings.alert_addresses)
    except HatcheryError as error:
        print(f"{error.message} {error.suggestion}".strip(), file=sys.stderr)  # noqa: T201 - the reader is a person
        return 1
    if not core.keys.has_shared:
        log.warning("No shared key is set (TRIPO_API_KEY): only orders with an own key are sent.")
    schedule = Schedule(core)
    schedule.start()
    log.info("the poller runs as %s", core.orchestrator.owner)
    stop.wait()
    log.info("stopping: what runs ends first")

    def give_back() -> None:
        schedule.stop()
        core.close()

    end_within_seconds(give_back)
    return 0


if __name__ == "__main__":
    sys.exit(main())
