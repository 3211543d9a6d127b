"""JSON as its standard has it, and nothing in it that a database could not keep."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from core.errors import OrderError

DEEPEST: Final = 20
LONGEST_NUMBER: Final = 18  # digits; beyond it no database of ours keeps a whole number


def read_object(raw: bytes) -> dict[str, Any]:
    """Read one JSON object; raises OrderError for anything else: no NaN, no name twice, no null byte, no abyss."""
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=_named_once,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_sensible,
        )
        _check_depth_and_texts(value)
    except OrderError:
        raise
    except (ValueError, RecursionError):
        raise _bad_json("The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise _bad_json("The body is not a JSON object.")
    return value


def _bad_json(sentence: str, field: str | None = None) -> OrderError:
    cure = "Send one JSON object, in UTF-8, as /api/openapi.json describes it."
    return OrderError(sentence, suggestion=cure, code="invalid_json", field=field)


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, each in pairs:
        if name in value:
            raise _bad_json("A field stands twice in the body.", name if _is_text(name) else None)
        value[name] = each
    return value


def _refuse_constant(word: str) -> Any:
    raise _bad_json(f"The body holds {word}, which JSON does not have.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _bad_json("The body holds a number that is too large.")
    return number


def _sensible(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _bad_json("The body holds a number that is too large.")
    return int(text)


def _check_depth_and_texts(value: Any, field: str | None = None, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise _bad_json("The body is nested too deeply.", field)
    if isinstance(value, str) and ("\x00" in value or not _is_text(value)):
        raise _bad_json("A text holds a null byte or half a character.", field)
    if isinstance(value, dict):
        for name, each in value.items():
            _check_depth_and_texts(name, field or "", depth + 1)
            _check_depth_and_texts(each, field or name, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check_depth_and_texts(each, field, depth + 1)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True
