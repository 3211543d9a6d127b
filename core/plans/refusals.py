"""Why a file as a whole is refused, in sentences that more than one reader says."""

from __future__ import annotations

from core.errors import PlanRefusedError
from core.plans.limits import ASSETS_MOST


def too_many_assets(line: int | None = None) -> PlanRefusedError:
    """Make the refusal of a plan with more assets than a plan may have."""
    return PlanRefusedError(
        f"The plan has more than {ASSETS_MOST:,} assets.",
        suggestion="Split it into several plans.",
        code="plan_too_many_assets",
        line=line,
    )


def too_large(what: str, size: int, most: int) -> PlanRefusedError:
    """Make the refusal of a file that is larger than a plan can be; sizes in bytes."""
    return PlanRefusedError(
        f"{what} has {size / 1e6:,.1f} MB; {most / 1e6:,.0f} MB is the most.",
        suggestion="Split the plan, and keep pictures and other data out of it.",
        code="plan_too_large",
    )


def too_deep() -> PlanRefusedError:
    """Make the refusal of lists within lists without end."""
    return PlanRefusedError(
        "The plan nests lists and objects deeper than any plan needs.",
        suggestion="A plan is one list of assets; only options is an object inside an asset.",
        code="plan_too_deep",
    )


def too_many_values() -> PlanRefusedError:
    """Make the refusal of a file that has far more in it than its assets could use."""
    return PlanRefusedError(
        "The plan has more values than a plan of its size can use.",
        suggestion="Leave out what does not belong to the assets.",
        code="plan_too_large",
    )
