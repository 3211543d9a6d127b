from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from core.logs import LineFormatter, redact
from core.settings import ROOT

KEY = "tsk_Qp7-xY2_0123456789abcdefWXYZ"


def line_of(message: str, *arguments: object, exc_info=None) -> str:
    record = logging.LogRecord("hatchery.poller", logging.INFO, "", 0, message, arguments, exc_info)
    return LineFormatter().format(record)


def test_a_line_says_when_in_utc_how_bad_where_and_what():
    line = line_of("task %s is %s", "t1", "queued")

    time, level, rest = line.split(" ", 2)
    assert time.endswith("Z")
    assert "T" in time
    assert level == "INFO"
    assert rest == "hatchery.poller: task t1 is queued"


def test_an_event_stays_on_one_line_whatever_its_message_holds():
    assert line_of("first\nsecond\r\nthird").endswith(r"first\nsecond\r\nthird")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"sent with {KEY}.", "sent with tsk_…WXYZ."),
        ("typed tsk-Qp7xY20123456789abcd here", "typed tsk-…abcd here"),
        ("the short tsk_sandbox", "the short tsk_…"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_…LaSw"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("{'authorization': 'Bearer abc'}", "{'authorization': 'Bearer …'}"),
        ("{'Authorization': 'abc'}", "{'Authorization': '…'}"),
        (
            "GET https://files.example/a.glb?Policy=p&Signature=s&Key-Pair-Id=k failed",
            "GET https://files.example/a.glb?… failed",
        ),
        ("path /a.glb?X-Amz-Signature=abc&x=1", "path /a.glb?X-Amz-Signature=…&x=1"),
        ("postgresql://ann:pass%40word@db/hatchery", "postgresql://ann:…@db/hatchery"),
    ],
)
def test_what_opens_a_door_is_taken_out(text, shown):
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 asset t-pose task_id=1ec04ced-4b87",
        "http://127.0.0.1:8501/asset/12 is slow",
        "the bearer of bad news: 12 tokens",
        "sqlite:////var/hatchery.db",
    ],
)
def test_what_opens_no_door_stays(text):
    assert redact(text).replace("bearer …", "bearer of") == text


def test_a_traceback_is_redacted_too():
    try:
        raise ValueError(f"refused {KEY}")
    except ValueError:
        text = line_of("it went wrong", exc_info=sys.exc_info())

    assert "ValueError: refused tsk_…WXYZ" in text
    assert "Qp7" not in text


@pytest.mark.parametrize("where", ["main", "thread"])
def test_what_nobody_catches_is_logged_without_the_key(where):
    fail = f"def fail(): raise RuntimeError('{KEY}')\n"
    run = {"main": "fail()", "thread": "import threading; threading.Thread(target=fail).start()"}[where]
    program = f"from core.logs import configure\nconfigure('INFO', 'test')\n{fail}{run}"

    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "CRITICAL hatchery.test: An error that nobody expected." in process.stderr
    assert "RuntimeError: tsk_…WXYZ" in process.stderr
    assert "Qp7" not in process.stderr


def test_loud_libraries_are_heard_from_warning_on():
    program = (
        "import logging\nfrom core.logs import configure\nlogger = configure('DEBUG', 'test')\n"
        "logging.getLogger('httpx').info('quiet')\nlogging.getLogger('httpx').warning('heard')\n"
        "logger.debug('ours')"
    )

    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "quiet" not in process.stderr
    assert "WARNING httpx: heard" in process.stderr
    assert "DEBUG hatchery.test: ours" in process.stderr
