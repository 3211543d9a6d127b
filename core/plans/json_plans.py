"""JSON to a plan: strict JSON, bounded in size and depth."""

from __future__ import annotations

import json
from typing import NoReturn

from core.errors import PlanRefusedError
from core.plans.documents import Pairs, read_document
from core.plans.limits import VALUES_MOST
from core.plans.notes import Notes
from core.plans.plan import PlanRow
from core.plans.refusals import too_deep, too_many_values


def read_json(text: str, notes: Notes) -> list[PlanRow]:
    """Read a plan; raises PlanRefusedError for what is not JSON, or nests without end."""
    _refuse_bloat(text)
    try:
        document = json.loads(text, object_pairs_hook=Pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise PlanRefusedError(
            f"The JSON cannot be read further than line {error.lineno}, column {error.colno}: {_plain(error.msg)}.",
            suggestion="Mend that place; a comma or a quote is the usual reason.",
            code="plan_syntax",
            line=error.lineno,
        ) from None
    except RecursionError:
        raise too_deep() from None
    except ValueError:  # a whole number with thousands of digits
        raise PlanRefusedError(
            "The JSON has a number that is too long.",
            suggestion="Write numbers as a person would.",
            code="plan_syntax",
        ) from None
    return read_document(document, notes)


def _refuse_bloat(text: str) -> None:
    """Bound the memory that the parsed document takes; commas inside texts count too, and are few."""
    if sum(map(text.count, "[{,")) > VALUES_MOST:
        raise too_many_values()


def _refuse_constant(name: str) -> NoReturn:
    raise PlanRefusedError(
        f"The JSON has {name}, which is no number that a plan can use.",
        suggestion="Write a number, or leave the field out.",
        code="plan_syntax",
    )


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
