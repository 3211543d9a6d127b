"""Why a task ended badly at the provider, for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from core.tripo.catalog import Version
from core.tripo.codes import CodeTable
from core.tripo.codes_v2 import CODES_V2
from core.tripo.codes_v3 import CODES_V3
from core.tripo.envelope import with_their_words
from core.tripo.messages import ProviderStatus

_TABLES: Mapping[Version, CodeTable] = {"v2": CODES_V2, "v3": CODES_V3}


class Explanation(NamedTuple):
    """A stable word, a sentence, a next step.

    `retryable`: the same order may well succeed, and this attempt cost nothing (Tripo returns the credits of tasks
    that fail, are banned, expire or are cancelled).
    """

    code: str
    message: str
    suggestion: str
    retryable: bool


_BANNED = Explanation(
    "prompt_refused",
    "Tripo's content policy stopped this task; its credits were returned.",
    "Change the prompt and order it again.",
    retryable=False,
)
_EXPIRED = Explanation(
    "task_expired",
    "The task lapsed at Tripo before it was done; its credits were returned.",
    "Retry it. If it happens again, report it to Tripo's support.",
    retryable=True,
)
_CANCELLED = Explanation(
    "cancelled_by_provider",
    "The task was cancelled at Tripo; its credits were returned.",
    "Retry it if it is still wanted.",
    retryable=True,
)
_FAILED = Explanation(
    "provider_task_failed",
    "Tripo could not finish this task; its credits were returned.",
    "Retry it; if it fails again, change the prompt or the options.",
    retryable=True,
)
_NO_MODEL = Explanation(
    "no_model_in_success",
    "Tripo calls this task a success but gives no model file.",
    "Ask Tripo's support with the task id: it was billed. A retry is billed again.",
    retryable=False,
)
_BY_STATUS = {
    ProviderStatus.SUCCESS: _NO_MODEL,
    ProviderStatus.BANNED: _BANNED,
    ProviderStatus.EXPIRED: _EXPIRED,
    ProviderStatus.CANCELLED: _CANCELLED,
}
_POLICY, _TOO_COMPLEX = 2008, 2018


def explain_failure(
    version: Version, status: ProviderStatus, error_code: int | None = None, error_message: str | None = None
) -> Explanation:
    """Say why a task that ended with this status gave no result; SUCCESS means that it came without its model."""
    explanation = _BY_STATUS.get(status) or _of_failed(version, error_code, error_message or "")
    return explanation._replace(message=with_their_words(explanation.message, error_message))


def _of_failed(version: Version, error_code: int | None, error_message: str) -> Explanation:
    if error_code == _POLICY:
        return _BANNED
    if version == "v3" and error_code == _TOO_COMPLEX and re.search(r"(?i)expir|queue", error_message):
        return _EXPIRED
    row = _TABLES[version].row_for(error_code)
    if row is None or row.stops:  # a code about keys or routes says nothing about a task that was running
        return _FAILED
    return Explanation(row.word, row.message, row.suggestion, row.repeatable)


def is_documented(version: Version, error_code: int) -> bool:
    """Say whether an error code stands in the table of this version."""
    return _TABLES[version].row_for(error_code) is not None
