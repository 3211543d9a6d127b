"""The log: one line per event on stderr, in UTC, with nothing in it that opens a door."""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from types import TracebackType

LEAST_LEVEL = {
    **dict.fromkeys(("httpx", "httpcore", "alembic", "watchdog", "urllib3"), logging.WARNING),
    "apscheduler": logging.ERROR,  # a tick that is skipped while its pass still runs is no event
}

_KEY = re.compile(r"\b(tsk[_-]|whsec_)([A-Za-z0-9_+/=-]+)")
_BEARER = re.compile(r"(?i)\b(bearer\s+|authorization['\"]?\s*[:=]\s*['\"]?)(?!bearer)[^\s'\",]+")
_QUERY = re.compile(r"(\bhttps?://[^\s?'\"<>]+)\?[^\s'\"<>]*")
_SIGNATURE = re.compile(
    r"(?i)\b((?:[a-z-]*signature|policy|key-pair-id|security-token|x-[a-z]+-credential|auth_key|sig|token)=)"
    r"[^&\s'\"]+"
)
_PASSWORD = re.compile(r"(://[^\s:/@]+:)[^\s/@]+(@)")
_SHOWN_FROM_LENGTH = 16  # the last four of a shorter key would give away too much of it


def redact(text: str) -> str:
    """Return the text without keys, bearer headers, signed queries and passwords in addresses."""
    text = _BEARER.sub(r"\1…", text)
    text = _KEY.sub(_shortened, text)
    text = _QUERY.sub(r"\1?…", text)
    text = _SIGNATURE.sub(r"\1…", text)
    return _PASSWORD.sub(r"\1…\2", text)


def configure(level: str, name: str) -> logging.Logger:
    """Send all logs of this process to stderr and return its own logger, `hatchery.<name>`.

    `level` is a word that `logging` knows. What nobody catches is logged as well, so that it is redacted too.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for loud, least in LEAST_LEVEL.items():
        logging.getLogger(loud).setLevel(max(least, root.level))
    logger = logging.getLogger(f"hatchery.{name}")
    _log_what_nobody_catches(logger)
    return logger


class LineFormatter(logging.Formatter):
    """`2026-11-22T21:04:05.123Z INFO hatchery.poller: message`, redacted; a traceback follows it."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class's name
        """Keep an event on one line, whatever its message holds."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, with its traceback if it has one, and take out what must not be shown."""
        return redact(super().format(record))


def _shortened(key: re.Match[str]) -> str:
    tail = key[2][-4:] if len(key[2]) >= _SHOWN_FROM_LENGTH else ""
    return f"{key[1]}…{tail}"


def _log_what_nobody_catches(logger: logging.Logger) -> None:
    def log_it(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logger.critical("An error that nobody expected.", exc_info=(kind, error, trace))

    def log_of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log_it(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = log_it
    threading.excepthook = log_of_thread
