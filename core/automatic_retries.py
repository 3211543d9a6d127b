"""Steps that are ordered again without a person: after causes that pass by themselves, a few times, ever later.

Only what the provider ended for a reason of its own, and gave the credits back for (Tripo docs, billing: tasks that
fail cost nothing). Never what money or a policy forbids, what a file or an outcome is missing of, or what a person
ended.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from core import tasks
from core.errors import OrderError
from core.forecast import jittered
from core.lifecycle import TaskKind, TaskStatus
from core.models import ProviderKey, Task
from core.retries import AUTOMATIC, retry

log = logging.getLogger("hatchery.tasks")

LONGER_EACH_TIME: Final = 3
# Words of `core.tripo`'s tables, and of `core.recording`, for what has nothing to do with the order itself.
PASSING: Final = frozenset(
    {"provider_server_error", "provider_audit_unavailable", "task_expired", "no_rig_answer"}
)


class RetryRule(NamedTuple):
    """How often in a row a step is retried by itself, 0 for never, and how long it waits the first time."""

    most: int = 0
    first_seconds: float = 60.0

    def wait_seconds(self, number: int) -> float:
        """Say how long the so-and-so-manieth retry in a row waits."""
        return self.first_seconds * float(LONGER_EACH_TIME ** (number - 1))


class AutomaticRetries:
    """Orders again what failed for a passing cause, in the very transaction that records the failure."""

    def __init__(self, rule: RetryRule, clock: Callable[[], datetime]) -> None:
        self._rule = rule
        self._now = clock

    def after(self, session: Session, failed: Task) -> Task | None:
        """Order the next attempt at a step that has just failed, if that is to be; it is sent when its time comes."""
        number = failed.automatic_retries + 1
        if not is_passing(failed) or number > self._rule.most:
            return None
        key = session.get_one(ProviderKey, failed.key_id)
        reason = f"Retried by itself, {number} of {self._rule.most}."
        try:
            again = retry(
                session,
                failed,
                version=key.version,
                now=self._now(),
                key_id=key.id if failed.kind is TaskKind.GENERATE else None,
                reason=reason,
                actor="poller",
                restores=False,
            )
        except OrderError as error:  # its key was removed, or its step is asked for no more
            log.info("task %s is not retried by itself: %s", failed.id, error.message)
            return None
        wait = timedelta(seconds=jittered(self._rule.wait_seconds(number)))
        sentence = f"Attempt {number + 1} of {self._rule.most + 1}, by itself: {failed.error_message}"
        tasks.postpone(session, again, self._now() + wait, AUTOMATIC, sentence, number)
        return again


def is_passing(failed: Task) -> bool:
    """Say whether a task failed for a cause that passes, and cost nothing."""
    ended = failed.status is TaskStatus.FAILED and failed.error_code in PASSING
    return ended and not failed.credits and failed.key_id is not None


def in_words(task: Task, now: datetime) -> str | None:
    """Say when an automatic retry is sent: `Attempt 2 of 4 in 3 min ...`; None when none waits for its time."""
    if task.waiting_for != AUTOMATIC or task.due_at is None or task.due_at <= now:
        return None
    seconds = (task.due_at - now).total_seconds()
    left = f"{math.ceil(seconds / 60)} min" if seconds > 90 else f"{math.ceil(seconds)} s"
    which, _, why = (task.waiting_text or "").partition(", by itself: ")
    return f"{which} in {left}. {why}".strip()
