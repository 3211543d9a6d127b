"""Actions about single tasks: retry, fetch their files again, ask about them, cancel them. None changes an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core import orders, tasks
from core.asset_chain import AssetChain
from core.chain import steps_behind
from core.downloading import FILE_LOST
from core.errors import ConflictError
from core.failures.catalogue import Cure, entry_of
from core.failures.fingerprint import Fingerprint
from core.jobs.action import Action, Case, Doing, Done, Intent, Terms, refuse_without_a_key, task_in
from core.jobs.outcomes import at_the_provider
from core.lifecycle import AT_PROVIDER, FINAL, TaskKind, TaskStatus
from core.models import Task
from core.retries import checked_retry, order_retry

FREE: Final = Decimal(0)
PAID_YET_RETRIED: Final = ("no_model_in_success",)  # not free to retry, and yet no other cure
RETRIES: Final = (Cure.RETRY, Cure.WAIT_AND_RETRY)


class CancelTerms(Terms):
    """Why it is cancelled, for the histories."""

    reason: str = ""


# --- retry ---------------------------------------------------------------------------------------------------


def retry_as_it_was(case: Case, _terms: Terms) -> Intent:
    """Order a failed or cancelled step again, unchanged."""
    task = task_in(case)
    checked = checked_retry(case.session, case.chain, task, version=case.version)
    _refuse_hopeless(task)
    if task.kind is TaskKind.GENERATE:
        refuse_without_a_key(case, checked.key)

    def carry(doing: Doing) -> Done:
        again = order_retry(
            case.session, case.chain, checked, version=case.version, now=doing.now, actor=doing.actor
        )
        return Done(f"Ordered as attempt {again.attempt}.", [again.id])

    return Intent(checked.credits, carry)


def _refuse_hopeless(task: Task) -> None:
    """Leave out what would be refused again just so: it needs another cure."""
    if task.status is TaskStatus.FAILED and not task.error_retryable and not _is_cured_so(task):
        raise ConflictError(
            f"The same again would fail again: {task.error_message}",
            suggestion=task.error_suggestion or "Change the order first.",
            code="needs_another_cure",
        )


def _is_cured_so(task: Task) -> bool:
    """Say whether a retry is the cure to try first, though the same order was refused."""
    cause = Fingerprint.read(task.fingerprint or "")
    first = entry_of(cause).cure if cause is not None else None
    return first in RETRIES or task.error_code in PAID_YET_RETRIED


def failed_steps(chain: AssetChain) -> list[Task]:
    """List the steps of a chain that failed; where none did, the first that was cancelled."""
    newest = chain.newest_attempts()
    if chain.asset.tag != "RIG":
        newest = [task for task in newest if task.kind is TaskKind.GENERATE]
    failed = [task for task in newest if task.status is TaskStatus.FAILED]
    return failed or [task for task in newest if task.status is TaskStatus.CANCELLED][:1]


RETRY: Final = Action(
    "retry", "Retry", retry_as_it_was, tasks_of=failed_steps, nothing="Nothing of it has failed."
)


# --- files ---------------------------------------------------------------------------------------------------


def fetch_again(case: Case, _terms: Terms) -> Intent:
    """Fetch the files of a task that the provider has done, at once and through a fresh link."""
    task = task_in(case)
    if task.status is TaskStatus.DOWNLOADING:
        return Intent(FREE, lambda doing: _fetch_now(case, task, doing))
    if task.status is not TaskStatus.FAILED or task.error_code != FILE_LOST:
        raise ConflictError(
            "None of its files is missing.", suggestion="There is nothing to fetch.", code="nothing_to_fetch"
        )
    newest = case.chain.newest(task.kind, task.preset)
    if newest is None or newest.id != task.id:
        raise ConflictError(
            "This attempt has been followed by a newer one.",
            suggestion="Look at the newest.",
            code="superseded",
        )
    return Intent(FREE, lambda doing: _fetch_beside(case, task, doing))


def _fetch_now(case: Case, task: Task, doing: Doing) -> Done:
    tasks.fetch_soon(case.session, task, doing.now)
    return Done("Its files are fetched now.")


def _fetch_beside(case: Case, task: Task, doing: Doing) -> Done:
    again = tasks.fetch_beside(case.session, case.chain.asset, task, doing.actor, doing.now)
    return Done(f"Its files are fetched as attempt {again.attempt}, without paying again.", [again.id])


def unfetched(chain: AssetChain) -> list[Task]:
    """List the steps whose files are not here."""
    return [
        task
        for task in chain.newest_attempts()
        if task.status is TaskStatus.DOWNLOADING
        or (task.status is TaskStatus.FAILED and task.error_code == FILE_LOST)
    ]


FETCH: Final = Action(
    "fetch", "Fetch the files again", fetch_again, tasks_of=unfetched, nothing="None of its files is missing."
)


# --- following -----------------------------------------------------------------------------------------------


def ask_now(case: Case, _terms: Terms) -> Intent:
    """Ask the provider about a task at the next tick."""
    task = task_in(case)
    if task.status not in AT_PROVIDER or task.tripo_task_id is None:
        raise ConflictError(
            "It is not at the provider.", suggestion="There is nothing to ask about.", code="not_at_provider"
        )
    tripo_task_id = task.tripo_task_id

    def carry(doing: Doing) -> Done:
        tasks.make_due(case.session, tripo_task_id, doing.now)
        return Done("It is asked about now.")

    return Intent(FREE, carry)


FOLLOW: Final = Action(
    "follow",
    "Ask the provider now",
    ask_now,
    tasks_of=at_the_provider,
    nothing="Nothing of it is at the provider.",
)


# --- cancel --------------------------------------------------------------------------------------------------


def cancel_step(case: Case, terms: CancelTerms) -> Intent:
    """End a step and what waits behind it."""
    task = task_in(case)
    if task.status is TaskStatus.UNKNOWN:
        raise ConflictError(
            "Its outcome is unknown: it may have been paid.",
            suggestion="Decide it on the asset's page.",
            code="outcome_unknown",
        )
    orders.refuse_cancel(task)

    def carry(doing: Doing) -> Done:
        ended = orders.cancel(
            case.session, task, now=doing.now, reason=terms.reason.strip() or None, actor=doing.actor
        )
        more = f", and {len(ended) - 1} behind it" if len(ended) > 1 else ""
        billed = " The provider may still finish and bill it." if task.tripo_task_id else ""
        return Done(f"Cancelled{more}.{billed}")

    return Intent(FREE, carry)


def first_open_steps(chain: AssetChain) -> list[Task]:
    """List the open steps that wait for no other open one: with them those behind end too."""
    is_open = [task for task in chain.newest_attempts() if task.status not in FINAL]
    kinds_behind = {kind for task in is_open for kind in steps_behind(task.kind)}
    return [task for task in is_open if task.kind not in kinds_behind]


CANCEL: Final = Action(
    "cancel",
    "Cancel",
    cancel_step,
    terms=CancelTerms,
    tasks_of=first_open_steps,
    nothing="Nothing of it is under way.",
)
