"""All actions that a job can be of, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from core.errors import OrderError
from core.jobs import later_steps, outcomes, renewals, repeats, replacements, words
from core.jobs.action import Action, Terms

ACTIONS: Final[Mapping[str, Action]] = {
    action.name: action
    for action in (
        repeats.RETRY,
        renewals.CHANGE_PROMPT,
        renewals.ADD_POSE,
        renewals.LOWER_FACES,
        renewals.CHANGE_MODEL,
        replacements.CHANGE_IMAGE,
        replacements.CHANGE_OPTIONS,
        replacements.MAKE_AGAIN,
        later_steps.RIG,
        later_steps.RIG_OTHERWISE,
        later_steps.ANIMATE,
        later_steps.MAKE_STATIC,
        repeats.FETCH,
        repeats.FOLLOW,
        repeats.CANCEL,
        outcomes.CANCEL_AND_RETRY,
        outcomes.NOT_CREATED,
        words.APPROVE,
        words.REJECT,
        words.SET_CATEGORY,
    )
}


def action_named(name: str) -> Action:
    """Find an action; raises OrderError with the list of those that there are."""
    action = ACTIONS.get(name)
    if action is None:
        raise OrderError(
            f"There is no action called {name[:40]!r}.",
            suggestion=f"Use one of: {', '.join(ACTIONS)}.",
            code="action_unknown",
            field="action",
        )
    return action


def checked_terms(action: Action, given: Mapping[str, Any]) -> Terms:
    """Return what an action is told; raises OrderError that names the field at fault."""
    try:
        return action.terms.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(["terms", *(str(part) for part in first["loc"])])
        said = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
        raise OrderError(
            f"{place}: {said}.",
            suggestion="Correct or leave out this field.",
            code="terms_invalid",
            field=place,
        ) from None
