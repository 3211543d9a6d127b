"""What an order costs in credits, before it is sent. Pure; the prices themselves stand in `core.tripo.price_list`.

The request is priced that would be sent, built by the same code, so that an option cannot be billed unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.chain import request_for, steps_for
from core.lifecycle import TaskKind
from core.tripo import Generate, Request, Rig, RigCheck, price_list

NOT_YET: Final = "priced"  # stands for the task that a step will work on


class StepPrice(NamedTuple):
    """What one step of a chain costs; `preset` only of an animation."""

    kind: TaskKind
    preset: str
    credits: Decimal


def credits_of(request: Request) -> Decimal:
    """Say what Tripo takes for this request when it succeeds; a failure costs nothing."""
    if isinstance(request, Generate):
        return _generation(request)
    if isinstance(request, RigCheck):
        return price_list.RIG_CHECK
    return price_list.RIG if isinstance(request, Rig) else price_list.RETARGET


def credits_in_words(amount: Decimal) -> str:
    """Write an amount of the provider's credits."""
    plain = f"{amount.normalize():,f}"
    return f"{plain} credit" if plain == "1" else f"{plain} credits"


def credits_of_step(kind: TaskKind, preset: str, order: Mapping[str, Any]) -> Decimal:
    """Say what one step costs as it was ordered (as in `Task.order`)."""
    return credits_of(request_for(kind, preset, order, NOT_YET))


def prices_of_chain(
    order: Mapping[str, Any], *, should_rig: bool = False, animations: Iterable[str] = ()
) -> tuple[StepPrice, ...]:
    """List what each step of a generation's chain costs, in order; `order` is the generation's own."""
    steps = steps_for(should_rig=should_rig, animations=animations)
    return tuple(
        StepPrice(kind, preset, credits_of_step(kind, preset, order if kind is TaskKind.GENERATE else {}))
        for kind, preset in steps
    )


def credits_of_chain(
    order: Mapping[str, Any], *, should_rig: bool = False, animations: Iterable[str] = ()
) -> Decimal:
    """Say what a whole chain costs when each of its steps succeeds."""
    steps = prices_of_chain(order, should_rig=should_rig, animations=animations)
    return sum((step.credits for step in steps), Decimal(0))


def _generation(request: Generate) -> Decimal:
    options = request.options
    base = price_list.P_SERIES.get(options.model, price_list.H_SERIES)
    credits = base.text if request.image is None else base.image
    if options.is_textured:
        credits += price_list.TEXTURE[options.texture_quality or price_list.STANDARD]
    if options.geometry_quality == "detailed":
        credits += price_list.DETAILED_GEOMETRY
    additions = (
        (options.smart_low_poly, price_list.SMART_LOW_POLY),
        (options.quad, price_list.QUAD),
        (options.generate_parts, price_list.GENERATE_PARTS),
    )
    return credits + sum((price for is_wanted, price in additions if is_wanted), Decimal(0))
