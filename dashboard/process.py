"""The one connected core of this process, made at first use and shared by the API and the pages."""

from __future__ import annotations

import threading

from core.bootstrap import Core, connect
from core.projects import ensure_first_project
from core.settings import load_settings

_lock = threading.Lock()
_made: list[Core] = []


def the_core() -> Core:
    """Return the core, connected to a database that is up to date and has a project to begin with.

    Raises SettingsError, at first use only, when the settings cannot work.
    """
    with _lock:
        if not _made:
            _made.append(_connected())
        return _made[0]


def close_the_core() -> None:
    """Give back what was opened; the next use opens it again."""
    with _lock:
        while _made:
            _made.pop().close()


def _connected() -> Core:
    core = connect(load_settings(), "dashboard")
    try:
        core.database.migrate()
        with core.database.transaction() as session:
            ensure_first_project(session)
        core.watch.take_up(core.settings.alert_addresses)
    except BaseException:  # whatever stopped it, its threads and connections are given back
        core.close()
        raise
    return core
