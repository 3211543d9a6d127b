"""An empty form of each format to begin with: three assets that show every field, and read without a warning."""

from __future__ import annotations

from typing import Final

from core.plans.plan import Format, PlanRow
from core.plans.writing import write_plan

EXAMPLE: Final = (
    PlanRow(
        line=1,
        key="knight",
        name="Gate Knight",
        category="Characters",
        tag="RIG",
        description="Low poly knight in plate armour, T-pose, arms straight out, empty hands",
        animations=("preset:idle", "preset:walk", "preset:slash"),
        size_class="hero",
        priority=10,
        variants=2,
        seed=7,
        options={"faceLimit": 20_000, "textureQuality": "detailed"},
    ),
    PlanRow(
        line=2,
        key="wolf",
        name="Grey Wolf",
        category="Characters",
        tag="RIG",
        description="Lean grey wolf, standing on four straight legs, A-pose",
        animations=("preset:quadruped:walk",),
        size_class="creature",
    ),
    PlanRow(
        line=3,
        key="crate",
        name="Fish Crate",
        category="Harbour Props",
        description="Wooden crate of planks, weathered, rope handles",
        size_class="prop",
        options={"faceLimit": 3_000, "negativePrompt": "metal"},
    ),
)


def template(form: Format) -> bytes:
    """Write the template of a format; Markdown has fewer fields than the others."""
    return write_plan(EXAMPLE, form)
