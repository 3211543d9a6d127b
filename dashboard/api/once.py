"""Carrying a POST out once: whoever repeats it under the same Idempotency-Key gets the same answer."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse

from core import idempotency
from core.bootstrap import Core
from core.errors import ConflictError
from core.idempotency import AlreadyDoneError, Earlier, RequestKey
from dashboard.api.answers import Answer, written

WAIT_SECONDS: Final = 6.0  # an order is answered within five
LOOK_EVERY_SECONDS: Final = 0.1

Carry = Callable[[RequestKey | None], Sequence[str]]
Describe = Callable[[Session, Sequence[str]], Answer]


def carried_out_once(core: Core, key: RequestKey | None, carry: Carry, describe: Describe) -> JSONResponse:
    """Carry a request out, or answer as the last time.

    `carry` does it and names the rows that it made or touched; `describe` builds the answer from these. A refusal
    before anything was written is not kept: the same key may try again.
    """
    if key is None:
        return written(_described(core, carry(None), describe))
    if _earlier(core, key) is None:
        try:
            made = carry(key)
        except AlreadyDoneError:  # at the same moment, by somebody else
            return _answered_before(core, key, describe)
        return written(_kept(core, key, _described(core, made, describe)))
    return _answered_before(core, key, describe)


def by_content(key: RequestKey | None, content: bytes) -> RequestKey | None:
    """The same file is the same request, though each sender puts another boundary around it."""
    return key and key._replace(body_sha256=hashlib.sha256(content).hexdigest())


def _answered_before(core: Core, key: RequestKey, describe: Describe) -> JSONResponse:
    """Wait for the first one's answer; if it never came to that, build it from the rows."""
    before = _earlier(core, key)
    deadline = time.monotonic() + WAIT_SECONDS
    while before is not None and before.answer is None and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_SECONDS)
        before = _earlier(core, key)
    if before is None or (before.answer is None and not before.made):
        raise ConflictError(
            "The same request is being carried out at this moment.",
            suggestion="Ask again with the same Idempotency-Key in a few seconds.",
            code="in_progress",
        )
    answered = Answer(*before.answer) if before.answer else None
    return written(
        answered or _kept(core, key, _described(core, before.made, describe)),
        {"Idempotent-Replayed": "true"},
    )


def _earlier(core: Core, key: RequestKey) -> Earlier | None:
    with core.database.reading() as session:
        return idempotency.earlier(session, key)


def _described(core: Core, made: Sequence[str], describe: Describe) -> Answer:
    with core.database.reading() as session:
        return describe(session, made)


def _kept(core: Core, key: RequestKey, answered: Answer) -> Answer:
    with core.database.transaction() as session:
        idempotency.remember_answer(session, key, answered.status, answered.body)
    return answered
