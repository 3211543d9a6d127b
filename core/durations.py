"""How long tasks take: a law of durations, learnt from past ones, and when to look at a task that it describes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.trust import Trust

_Shares = npt.NDArray[np.float64]

_STEP: Final = 0.04  # cells grow by four in a hundred, so that a second counts for more early than late
_EDGES: Final[_Shares] = np.exp(np.arange(math.log(0.2), math.log(86_400.0), _STEP))
_LOG_EDGES: Final[_Shares] = np.log(_EDGES)
_LOG_MIDDLES: Final[_Shares] = (_LOG_EDGES[:-1] + _LOG_EDGES[1:]) / 2
_WIDTHS: Final[_Shares] = np.diff(_EDGES)
_NOTHING: Final = 1e-300

_GUESS_COUNTS: Final = 4.0  # the guess weighs as much as so many past tasks
_GUESS_SPREAD: Final = 1.2  # wide: half to twice as long is nothing unusual


class Law:
    """The shares of tasks that end in each cell of a grid of durations, from 0.2 s to a day."""

    def __init__(self, shares: _Shares) -> None:
        self._shares = shares

    def quantile(self, share: float) -> float:
        """Say in how many seconds this share of the tasks has ended."""
        ended = self._shares.cumsum() / self._shares.sum()
        cell = min(int(np.searchsorted(ended, share)), len(ended) - 1)
        before = float(ended[cell - 1]) if cell else 0.0
        part = (share - before) / max(float(ended[cell]) - before, _NOTHING)
        return float(_EDGES[cell] + part * _WIDTHS[cell])

    def foretold(self, seconds: float, trust: Trust) -> Law:
        """Learn from somebody who says that this task takes so long in all, and is as right as `trust` says."""
        return Law(self._shares * trust.likelihood(_LOG_MIDDLES - math.log(seconds)))

    def wait_seconds(self, age_seconds: float, worth: float) -> float:
        """Say how long not to look at a task of this age, which has not ended yet.

        `worth` is how many looks it is worth to know of its end a second sooner. Looks in proportion to the square
        root of the hazard are best: the wait ends where the integral of sqrt(worth * hazard / 2) reaches 1.
        Infinite beyond the grid.
        """
        age = max(age_seconds, float(_EDGES[0]))
        cell = int(np.searchsorted(_EDGES, age, side="right")) - 1
        if cell >= len(_WIDTHS):
            return math.inf
        shares, widths = self._shares[cell:].copy(), _WIDTHS[cell:].copy()
        widths[0] = _EDGES[cell + 1] - age
        shares[0] *= widths[0] / _WIDTHS[cell]
        still_open = shares[::-1].cumsum()[::-1] - shares / 2 + _NOTHING
        looks = np.sqrt(worth / 2 * shares * widths / still_open).cumsum()
        last = int(np.searchsorted(looks, 1.0))
        if last == len(looks):
            return math.inf
        before = float(looks[last - 1]) if last else 0.0
        part = (1.0 - before) / (float(looks[last]) - before)
        begins = float(_EDGES[cell + last]) if last else age
        return begins + part * float(widths[last]) - age_seconds


def law_of(seconds: Sequence[float], still_open: Sequence[float], typical_seconds: float) -> Law:
    """Learn the law from past durations; the fewer there are, the more a wide guess around the typical counts.

    `still_open` are the ages of tasks of the same time that have not ended: without them a burst of orders, of which
    the short ones end first, would look like nothing but short ones. The guess is put at half of the typical: to look
    too early costs a request, to look too late makes people wait.
    """
    guess = np.exp(-(((_LOG_MIDDLES - math.log(typical_seconds / 2)) / _GUESS_SPREAD) ** 2) / 2)
    guess = _GUESS_COUNTS * guess / guess.sum()
    if not seconds:
        return Law(guess)
    logs = np.sort(np.log(np.clip(seconds, _EDGES[0] * 1.01, _EDGES[-1] * 0.99)))
    ages = np.sort(np.log(np.clip(still_open, _EDGES[0], _EDGES[-1]))) if still_open else np.empty(0)
    shares, never_seen = _ended_shares(logs, ages)
    counts = np.histogram(logs, bins=_LOG_EDGES, weights=shares)[0] * len(logs)
    beyond = np.where(logs[-1] < _LOG_MIDDLES, guess, _NOTHING)
    tail = beyond / beyond.sum() * never_seen * len(logs)
    return Law(guess + _smoothed(counts, float(logs.std()), len(logs)) + tail)


def _ended_shares(ended: _Shares, still_open: _Shares) -> tuple[_Shares, float]:
    """The share of all tasks that each ended one stands for (Kaplan and Meier, 1958), and what is left at last."""
    at_risk = np.arange(len(ended), 0, -1) + len(still_open) - np.searchsorted(still_open, ended)
    open_after = np.cumprod(1 - 1 / at_risk)
    return -np.diff(open_after, prepend=1.0), float(open_after[-1])


def _smoothed(counts: _Shares, spread: float, number: int) -> _Shares:
    """Spread each past duration over its neighbours, the less the more there are."""
    width = max(_STEP / 2, 0.4 * spread * number**-0.2)
    reach = min(math.ceil(4 * width / _STEP), (len(counts) - 1) // 2)
    bell = np.exp(-((np.arange(-reach, reach + 1) * _STEP / width) ** 2) / 2)
    return np.convolve(counts, bell / bell.sum(), "same")
