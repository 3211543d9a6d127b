"""What a row orders: its prompt and options as they are sent, checked as any other order is, and their price."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.chain import request_for
from core.generations import Generation, checked_generation
from core.lifecycle import TaskKind
from core.plans.plan import PlanRow
from core.plans.style import Style, options_as_sent, prompt_as_sent
from core.prices import prices_of_chain
from core.tripo import Version, pool_of


class Composer:
    """Composes rows under one style, and remembers what options come out as: plans repeat them a thousand times."""

    def __init__(self, session: Session, style: Style, defaults: Mapping[str, Any], version: Version) -> None:
        self._session = session
        self._style = style
        self._version = version
        self._defaults = defaults.get("options") or {}
        self._prices: dict[tuple[object, ...], tuple[Decimal, Decimal, int]] = {}

    def compose(self, row: PlanRow, seed: int | None) -> Generation:
        """Say what is ordered for a row; raises OrderError for what the provider would not take."""
        prompt = prompt_as_sent(self._style, name=row.name, tag=row.tag, description=row.description)
        options = options_as_sent(
            self._style, self._defaults, size_class=row.size_class, options=row.options, seed=seed
        )
        rig = row.tag == "RIG"
        return checked_generation(
            self._session,
            version=self._version,
            prompt=prompt,
            should_rig=rig,
            animations=row.animations,
            options=options,
        )

    def price(self, row: PlanRow, orders: Sequence[Generation]) -> tuple[int, Decimal]:
        """Count the tasks of these orders of one row, and their credits; gated variants are rigged once."""
        if not orders:
            return 0, Decimal(0)
        models = chains = len(orders)
        if self._style.gate and row.variants > 1:
            chains = 1
        model, rest, behind = self._price(row, orders[0])
        return models + chains * behind, models * model + chains * rest

    def _price(self, row: PlanRow, order: Generation) -> tuple[Decimal, Decimal, int]:
        options = {name: value for name, value in order.order["options"].items() if name != "modelSeed"}
        key = (json.dumps(options, sort_keys=True), row.tag, len(order.animations))
        if key not in self._prices:
            model, *rest = prices_of_chain(
                order.order, should_rig=row.tag == "RIG", animations=order.animations
            )
            self._prices[key] = (model.credits, sum((s.credits for s in rest), Decimal(0)), len(rest))
        return self._prices[key]


class Pools:
    """Names the provider's concurrency group of an order, which depends on its options alone."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._by_model: dict[object, str] = {}

    def of(self, order: Mapping[str, Any]) -> str:
        """Name the group of a generation."""
        model = order["options"].get("model")
        if model not in self._by_model:
            self._by_model[model] = pool_of(request_for(TaskKind.GENERATE, "", order, None), self._version)
        return self._by_model[model]
