"""What was said between us and Tripo, word for word, but for what nobody else may know: keys, signatures of links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from core.tripo.envelope import Answer
from core.tripo.wire import Call

LONGEST_TEXT: Final = 4000
MOST_ITEMS: Final = 200
DEEPEST: Final = 12
_SIGNED: Final = re.compile(r"(?i)(\bhttps?://[^\s?#\"'<>]+)[?#][^\s\"'<>]*")
_ACCOUNT: Final = re.compile(r"(?i)(\bhttps?://)[^\s/@]+@")
_KEY: Final = re.compile(r"(?i)\bbearer\s+\S+|\btsk_[\w-]+|\bwhsec_[\w-]+")
_SECRET_NAME: Final = re.compile(
    r"(?i)^(x-)?(authorization|api[_-]?key|secret|password|(access|session|security|client)[_-]?(token|key|secret))$"
)


def said(call: Call, answer: Answer | None) -> Mapping[str, Any]:
    """Write down a request as it was sent, and its answer as it came; without secrets."""
    request = {"method": call.method, "path": call.path}
    if call.body is not None:
        request["body"] = without_secrets(call.body)
    return {
        "request": request,
        "http_status": answer.http_status if answer else None,
        "answer": without_secrets(answer.body) if answer and answer.body is not None else None,
        "trace_id": answer.trace_id if answer else None,
    }


def without_secrets(value: object, depth: int = 0) -> Any:
    """Copy a JSON value without keys, signatures of links and what is too long or too deep to be looked at."""
    if isinstance(value, str):
        return _plain(value)
    if depth > DEEPEST and isinstance(value, Mapping | list):
        return "(left out: too deep)"
    if isinstance(value, Mapping):
        some = list(value.items())[:MOST_ITEMS]
        return {
            str(name)[:100]: "(secret)" if _SECRET_NAME.match(str(name)) else without_secrets(each, depth + 1)
            for name, each in some
        }
    if isinstance(value, list):
        return [without_secrets(each, depth + 1) for each in value[:MOST_ITEMS]]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _plain(text: str) -> str:
    bare = _KEY.sub("(key)", _SIGNED.sub(r"\1?(signature removed)", _ACCOUNT.sub(r"\1", text)))
    bare = bare.replace("\x00", "")
    return bare if len(bare) <= LONGEST_TEXT else f"{bare[:LONGEST_TEXT]}… ({len(bare):,} characters)"
