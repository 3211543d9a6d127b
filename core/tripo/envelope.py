"""An answer of the provider, opened: its status, its envelope, its trace id and the wait it asks for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

RETRY_AFTER_MOST_SECONDS = 3600.0


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read to its end. `body` is the JSON object in it, or None when there is none."""

    http_status: int
    body: Mapping[str, Any] | None
    trace_id: str | None
    retry_after_seconds: float | None
    slots_left: int | None = None  # free places in the request's pool, where the provider says so
    quiet_seconds: float | None = None  # how long no request may follow, when the allowance is used up

    @property
    def is_2xx(self) -> bool:
        """Whether HTTP itself calls it a success."""
        return 200 <= self.http_status < 300

    @property
    def code(self) -> int | None:
        """The code in the envelope; 0 is success, None is no envelope."""
        code = self.body.get("code") if self.body else None
        if isinstance(code, str) and re.fullmatch(r"\d{1,6}", code.strip()):
            return int(code)
        if not isinstance(code, int) or isinstance(code, bool):
            return None
        return code if 0 <= code < 10**6 else None

    @property
    def data(self) -> object:
        """What the envelope holds."""
        return self.body.get("data") if self.body else None

    @property
    def succeeded(self) -> bool:
        """Whether the envelope calls it a success: code 0 on a 2xx, or data without any code."""
        if not self.is_2xx or self.body is None or self.body.get("status") == "error":
            return False
        return self.code == 0 or ("code" not in self.body and self.data is not None)


def answer_from(http_status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """Take from an HTTP response what we go by; its headers are asked for by names in small letters."""
    body = _json_object(content)
    request_id = body.get("request_id") if body else None
    trace_id = headers.get("x-tripo-trace-id") or (request_id if isinstance(request_id, str) else None)
    return Answer(
        http_status=http_status,
        body=body,
        trace_id=_printable(trace_id, 80) if trace_id else None,
        retry_after_seconds=retry_after_from(headers),
        slots_left=_whole_number(headers.get("x-parallelismlimit-remain")),
        quiet_seconds=_quiet_from(headers),
    )


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text.strip()) else None


def _quiet_from(headers: Mapping[str, str]) -> float | None:
    """Seconds until the allowance is renewed, when none is left (v3 docs, X-RateLimit-*: Reset in unix seconds)."""
    if _whole_number(headers.get("x-ratelimit-remaining")) != 0:
        return None
    try:
        reset = float(headers.get("x-ratelimit-reset", "").strip())
    except ValueError:
        return None
    seconds = reset - datetime.now(UTC).timestamp() if reset > 10**6 else reset  # a moment, or a wait
    return min(max(seconds, 0.0), RETRY_AFTER_MOST_SECONDS) if math.isfinite(seconds) else None


def retry_after_from(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from seconds or an HTTP date, 0 to an hour; None when not said or senseless."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text, headers.get("date", ""))
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_MOST_SECONDS)


def plain_words(text: str, most: int = 200) -> str:
    """Somebody else's sentence, fit to be shown: one line, no link, no key, not too long."""
    text = re.sub(r"(?i)\bhttps?://\S+", "(link)", text)
    text = re.sub(r"(?i)\bbearer\s+\S+|\btsk_\S+", "(key)", text)
    return _printable(text, most)


def with_their_words(message: str, theirs: object) -> str:
    """Put the provider's own words behind our sentence, where they are more than a number."""
    words = plain_words(theirs) if isinstance(theirs, str) else ""
    return f'{message} Tripo says: "{words}"' if re.search(r"[^\W\d_]{2}", words) else message


def _json_object(content: bytes) -> Mapping[str, Any] | None:
    try:
        body = json.loads(content.decode("utf-8-sig"))  # given bytes, it would guess at the encoding first
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _seconds_until(http_date: str, now_of_server: str) -> float:
    try:
        return (_moment(http_date) - _moment(now_of_server)).total_seconds()
    except (ValueError, OverflowError):
        return math.nan


def _moment(http_date: str) -> datetime:
    moment = parsedate_to_datetime(http_date) if http_date else datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _printable(text: str, most: int) -> str:
    words = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return words if len(words) <= most else words[: most - 1] + "…"
