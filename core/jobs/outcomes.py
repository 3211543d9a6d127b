"""Actions about tasks that a person gives up on: an order whose answer was lost, a step that does not move."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import StringConstraints

from core import decisions, orders
from core.asset_chain import AssetChain, read_chain
from core.errors import ConflictError
from core.jobs.action import Action, Case, Doing, Done, Intent, Terms, refuse_without_a_key, task_in
from core.lifecycle import AT_PROVIDER, TaskKind, TaskStatus
from core.models import Inquiry, Task
from core.retries import checked_retry, order_retry, price_again

MAY_HAVE_BEEN_MADE: Final = ("found", "choose", "likely_created", "made_late", "made_twice")


class DecisionTerms(Terms):
    """Why a person is sure, for the histories."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


# --- it was not created --------------------------------------------------------------------------------------


def decide_not_created(case: Case, terms: DecisionTerms) -> Intent:
    """End an order of unknown outcome by a person's word that it was never made, and send it again."""
    task = task_in(case)
    decisions.refuse_known(task)
    inquiry = case.session.get(Inquiry, task.id)
    if inquiry is not None and (inquiry.evidence or {}).get("verdict") in MAY_HAVE_BEEN_MADE:
        raise ConflictError(
            "There is a sign that Tripo made it.",
            suggestion="Look at what was found, and decide it on its own page.",
            code="may_have_been_made",
        )

    def carry(doing: Doing) -> Done:
        said = {"reason": terms.reason, "actor": doing.actor}
        made = decisions.not_created(case.session, task, version=case.version, now=doing.now, **said)
        again = [each.id for each in made if each.id != task.id]
        return Done("Given up, and ordered again." if again else "Given up.", again)

    return Intent(price_again(case.chain, task), carry)


def of_unknown_outcome(chain: AssetChain) -> list[Task]:
    """List the steps that were sent and whose answer was lost."""
    return [task for task in chain.newest_attempts() if task.status is TaskStatus.UNKNOWN]


NOT_CREATED: Final = Action(
    "not_created",
    "It was not created: send again",
    decide_not_created,
    terms=DecisionTerms,
    tasks_of=of_unknown_outcome,
    nothing="The outcome of all its steps is known.",
)


# --- it does not move ----------------------------------------------------------------------------------------


def cancel_and_retry(case: Case, _terms: Terms) -> Intent:
    """End a step that the provider does not get on with, and order it again with what waits behind it."""
    task = task_in(case)
    if task.status not in AT_PROVIDER:
        raise ConflictError(
            "It is not at the provider any more.", suggestion="Look at it again.", code="not_at_provider"
        )
    orders.refuse_cancel(task)

    def carry(doing: Doing) -> Done:
        orders.cancel(
            case.session, task, now=doing.now, reason="Cancelled, to be tried again.", actor=doing.actor
        )
        chain = read_chain(case.session, case.chain.asset)
        checked = checked_retry(case.session, chain, task, version=case.version)
        if task.kind is TaskKind.GENERATE:
            refuse_without_a_key(case, checked.key)
        again = order_retry(
            case.session, chain, checked, version=case.version, now=doing.now, actor=doing.actor
        )
        billed = "The provider may still finish and bill the earlier one."
        return Done(f"Cancelled, and ordered as attempt {again.attempt}. {billed}", [again.id])

    return Intent(price_again(case.chain, task), carry)


def at_the_provider(chain: AssetChain) -> list[Task]:
    """List the steps that the provider works on."""
    return [task for task in chain.newest_attempts() if task.status in AT_PROVIDER]


CANCEL_AND_RETRY: Final = Action(
    "cancel_and_retry",
    "Cancel and retry",
    cancel_and_retry,
    tasks_of=at_the_provider,
    nothing="Nothing of it is at the provider.",
)
