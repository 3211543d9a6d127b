"""What Tripo charges, in credits (100 are 1 USD). Data only: a change of its prices is an edit here.

Sources: docs.tripo3d.ai, pricing (2026-06-03), equal in both versions; P2: developers.tripo3d.ai, pricing (2026-09).
ComfyUI #16060 checked the generation prices on 413 real tasks. What failed is not charged.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple


class BasePrice(NamedTuple):
    """A model without a texture, made from words or from an image."""

    text: Decimal
    image: Decimal


H_SERIES = BasePrice(Decimal(10), Decimal(20))
P_SERIES: Mapping[str, BasePrice] = {
    "P1-20260311": BasePrice(Decimal(30), Decimal(40)),
    "P2-20260801": BasePrice(Decimal(100), Decimal(100)),
}
STANDARD = "standard"  # the texture quality that is made when none is named
TEXTURE: Mapping[str, Decimal] = {STANDARD: Decimal(10), "detailed": Decimal(20), "extreme": Decimal(30)}
DETAILED_GEOMETRY = Decimal(20)
SMART_LOW_POLY = Decimal(10)
QUAD = Decimal(5)
GENERATE_PARTS = Decimal(20)

RIG_CHECK = Decimal(0)
RIG = Decimal(25)  # an example in the v3 docs shows 30; the price pages of both versions say 25
RETARGET = Decimal(10)  # for each preset
