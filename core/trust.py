"""How far the provider's word about the length of a task may be trusted: as far as it was right before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.floating[Any]]

_IDLE_SPREAD: Final = (
    1.5  # of what is said without knowing: half of it is within a fifth to five times of the truth
)
_IDLE_HEIGHT: Final = math.sqrt(2 / math.pi) / _IDLE_SPREAD  # beside a bell of height 1 / spread
_FIRST_SPREAD: Final = 0.35
_FIRST_HONEST: Final = 0.8
_FIRST_COUNTS: Final = 4.0  # what is believed at first weighs as much as so many tasks
_LEAST_SPREAD: Final = 0.03
_ROUNDS: Final = 12


class Trust(NamedTuple):
    """The law of ln(true length / foretold length): mostly honest with this bias and spread, else idle talk."""

    bias: float = 0.0
    spread: float = _FIRST_SPREAD
    honest: float = _FIRST_HONEST  # share of the tasks of which something was really known

    def likelihood(self, errors: _Floats, moved: _Floats | float = 0.0) -> _Floats:
        """Say how likely each of these errors is (up to a common factor).

        Less is trusted where the word about a task has `moved` since it was first given, by so much in ln.
        """
        idle = _IDLE_HEIGHT / (1 + (errors / _IDLE_SPREAD) ** 2)  # with long tails: it may be off by anything
        honest = _bell(errors - self.bias, np.hypot(self.spread, moved))
        likelihood: _Floats = self.honest * honest + (1 - self.honest) * idle
        return likelihood


def learnt_trust(errors: Sequence[float]) -> Trust:
    """Fit bias, spread and share of honest words to past errors, by expectation and maximization."""
    trust = Trust()
    if not errors:
        return trust
    seen = np.asarray(errors, dtype=np.float64)
    for _ in range(_ROUNDS):
        honest = trust.honest * _bell(seen - trust.bias, trust.spread)
        weights = honest / trust.likelihood(seen)
        count = float(weights.sum())
        bias = float(weights @ seen) / (count + _FIRST_COUNTS)
        square = float(weights @ (seen - bias) ** 2) + _FIRST_COUNTS * _FIRST_SPREAD**2 / 4
        trust = Trust(
            bias,
            max(math.sqrt(square / (count + _FIRST_COUNTS)), _LEAST_SPREAD),
            (count + _FIRST_COUNTS * _FIRST_HONEST) / (len(seen) + _FIRST_COUNTS),
        )
    return trust


def _bell(errors: _Floats, spread: _Floats | float) -> _Floats:
    bell: _Floats = np.exp(-((errors / spread) ** 2) / 2) / spread
    return bell
