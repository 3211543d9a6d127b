"""The one place that turns an HTTP answer, or the lack of one, into the provider's data or a typed error.

A create costs money and cannot be recognised again, so its answers are judged by one question: does this prove that
nothing was created? A read may always be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from core.errors import (
    BusyError,
    KeyRefusedError,
    NothingHappenedError,
    OutcomeUnknownError,
    ReadFailedError,
    RejectedError,
    TaskGoneError,
    TripoError,
    UnreachableError,
)
from core.tripo.codes import CodeRow, CodeTable
from core.tripo.envelope import Answer, with_their_words

# httpx: raised before the first byte of a request leaves.
_NEVER_CONNECTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

_LOST = "The answer to this order was lost: it may exist at Tripo, run there and be billed."
_LOST_CURE = (
    "It is looked for where Tripo allows that; otherwise look into Tripo's task history, then decide."
)
_NOT_UPLOADED = "The image could not be uploaded to Tripo."
_NOT_UPLOADED_CURE = "It is tried again by itself; the order has not been sent and nothing is billed."
_WORD = "upload_failed"
_TASK_UNKNOWN = 2001  # the same in both versions


class AnswerTooLongError(Exception):
    """The body did not end within its size or its time; stays inside this package."""


def data_of_create(answer: Answer, codes: CodeTable) -> object:
    """What a create brought; raises NothingHappened, Rejected or, wherever there is doubt, OutcomeUnknown."""
    if answer.succeeded:
        return answer.data
    row = _trusted_row(answer, codes) or _row_at_the_door(answer, codes)
    raise outcome_unknown(answer) if row is None else _error(row.raises, row, answer)


def data_of_read(answer: Answer, codes: CodeTable) -> object:
    """What a read brought; raises Busy, KeyRefused, TaskGone or ReadFailed."""
    if answer.succeeded:
        return answer.data
    row = _trusted_row(answer, codes) or _row_at_the_door(answer, codes)
    if row is None:
        raise _read_failed(f"Tripo's answer was an error (HTTP {answer.http_status}).", answer)
    if row is codes.rows[_TASK_UNKNOWN]:
        raise _error(TaskGoneError, _TASK_GONE, answer)
    raise _error(row.raises if row.raises in (BusyError, KeyRefusedError) else ReadFailedError, row, answer)


def failed_create(error: Exception) -> TripoError:
    """What it means that a create got no answer."""
    if isinstance(error, _NEVER_CONNECTED):
        return _unreachable()
    return OutcomeUnknownError(_LOST, suggestion=_LOST_CURE)


def failed_read(error: Exception) -> TripoError:
    """What it means that a read got no answer."""
    if isinstance(error, _NEVER_CONNECTED):
        return _unreachable()
    what = "in time" if isinstance(error, httpx.TimeoutException | AnswerTooLongError) else "to its end"
    return ReadFailedError(
        f"Tripo's answer did not arrive {what}.", suggestion="It is asked again by itself."
    )


def data_of_upload(answer: Answer, codes: CodeTable) -> object:
    """What an upload brought; raises NothingHappened, for nothing was ordered yet, or Rejected for the file itself."""
    if answer.succeeded:
        return answer.data
    row = _trusted_row(answer, codes) or _row_at_the_door(answer, codes)
    if answer.http_status == 413:
        raise _error(RejectedError, _FILE_TOO_LARGE, answer)
    if row is not None and row.raises in (BusyError, KeyRefusedError, RejectedError):
        raise _error(row.raises, row, answer)
    raise odd_upload(answer)


def failed_upload(error: Exception) -> TripoError:
    """What it means that an upload got no answer."""
    return _unreachable() if isinstance(error, _NEVER_CONNECTED) else upload_failed()


def odd_upload(answer: Answer) -> NothingHappenedError:
    """An upload whose answer names no file."""
    return NothingHappenedError(_NOT_UPLOADED, suggestion=_NOT_UPLOADED_CURE, code=_WORD, **_facts(answer))


def upload_failed(http_status: int | None = None) -> NothingHappenedError:
    """An upload that did not arrive: the order has not been sent."""
    return NothingHappenedError(
        _NOT_UPLOADED, suggestion=_NOT_UPLOADED_CURE, code=_WORD, http_status=http_status
    )


def outcome_unknown(answer: Answer) -> OutcomeUnknownError:
    """A create whose answer says neither yes nor no."""
    return OutcomeUnknownError(_LOST, suggestion=_LOST_CURE, **_facts(answer))


def odd_read(answer: Answer) -> ReadFailedError:
    """A read whose answer calls itself a success and makes no sense."""
    return _read_failed("Tripo's answer has an unexpected shape.", answer)


@dataclass(frozen=True, slots=True)
class Purpose:
    """How the three kinds of outcome are judged: an answer, none at all, and a yes that makes no sense."""

    data_of: Callable[[Answer, CodeTable], object]
    no_answer: Callable[[Exception], TripoError]
    odd_answer: Callable[[Answer], TripoError]


CREATE = Purpose(data_of_create, failed_create, outcome_unknown)
READ = Purpose(data_of_read, failed_read, odd_read)
UPLOAD = Purpose(data_of_upload, failed_upload, odd_upload)


def _trusted_row(answer: Answer, codes: CodeTable) -> CodeRow | None:
    """The row of the answer's code; a 5xx is believed only when the code is documented with it."""
    row = codes.row_for(answer.code)
    if row is not None and answer.http_status >= 500 and answer.http_status not in row.http:
        return None
    return row


def _row_at_the_door(answer: Answer, codes: CodeTable) -> CodeRow | None:
    """What the HTTP status alone proves, where the code is missing or new; None when it proves nothing."""
    status, code = answer.http_status, answer.code
    if code == 0:
        return None  # a yes and a no at once
    if status in _AT_THE_DOOR:
        return _AT_THE_DOOR[status]
    if code is not None:
        return _REFUSED if 400 <= status < 500 and status not in (408, 425) else None
    if status == 403:
        return _BLOCKED
    return codes.route_missing if status in (301, 307, 308, 404, 405, 410) else None


_AT_THE_DOOR = {
    429: CodeRow(
        (429,),
        "provider_busy",
        "Tripo takes no more requests for now.",
        "It is sent again by itself after a wait.",
        BusyError,
        reason="rate",
    ),
    401: CodeRow(
        (401,),
        "provider_key_refused",
        "Tripo does not accept this key.",
        "Check TRIPO_API_KEY, and that it belongs to the address in TRIPO_API_BASE.",
        KeyRefusedError,
        stops=True,
    ),
}
_BLOCKED = CodeRow(
    (403,),
    "provider_blocked",
    "A gateway before Tripo refused the request.",
    "It is sent again by itself. If it goes on, check TRIPO_API_BASE and the network's proxy.",
    NothingHappenedError,
)
_REFUSED = CodeRow(
    (400,),
    "provider_rejected",
    "Tripo refused the order.",
    "Change the order by what Tripo says, or ask its support with the trace id.",
    RejectedError,
)
_FILE_TOO_LARGE = CodeRow(
    (413,), "too_large", "Tripo does not take a file of this size.", "Send a smaller one.", RejectedError
)
_TASK_GONE = CodeRow(
    (404,),
    "provider_task_gone",
    "Tripo does not know this task.",
    "It is too old, or was made with another key. What is stored stays; retry makes it again.",
    TaskGoneError,
)


def _error(kind: type[TripoError], row: CodeRow, answer: Answer) -> TripoError:
    wait = answer.retry_after_seconds
    return kind(
        _with_their_words(row.message, answer) if kind is RejectedError else row.message,
        suggestion=row.suggestion,
        code=row.word,
        provider_code=answer.code,
        http_status=answer.http_status,
        trace_id=answer.trace_id,
        retry_after_seconds=row.retry_after_seconds if wait is None else wait,
        reason=row.reason,
        stops_queue=row.stops or None,
    )


def _with_their_words(message: str, answer: Answer) -> str:
    theirs = answer.body.get("message") if answer.body else None
    return with_their_words(message, theirs)


def _read_failed(message: str, answer: Answer) -> ReadFailedError:
    return ReadFailedError(message, suggestion="It is asked again by itself.", **_facts(answer))


def _facts(answer: Answer) -> dict[str, Any]:
    return {
        "provider_code": answer.code,
        "http_status": answer.http_status,
        "trace_id": answer.trace_id,
        "retry_after_seconds": answer.retry_after_seconds,
    }


def _unreachable() -> UnreachableError:
    return UnreachableError(
        "Tripo cannot be reached: no connection was made.",
        suggestion="Check the network and TRIPO_API_BASE; it goes on by itself when Tripo answers.",
    )
