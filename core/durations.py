"""How long tasks take: a law of durations, learnt from past ones, and when to look at a task that it describes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

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

    def waits(
        self, ages_seconds: _Shares, worth: float, longest_seconds: float, told: Told | None = None
    ) -> _Shares:
        """Say for tasks of these ages, none of which has ended yet, how many seconds not to look at each.

        `worth` is how many looks it is worth to know of an end a second sooner. Looks in proportion to the square
        root of the hazard are best: the wait ends where the integral of sqrt(worth * hazard / 2) reaches 1.
        Infinite beyond the grid, and where it is longer than the longest: so far ahead only the sum of the shares
        is worked out.
        """
        ages = np.maximum(ages_seconds, _EDGES[0])
        first = int(np.searchsorted(_EDGES, ages.min(initial=_EDGES[-1]), side="right")) - 1
        if first >= len(_WIDTHS):
            return np.full(len(ages), math.inf)
        far = min(int(np.searchsorted(_EDGES, ages.max() + longest_seconds)), len(_WIDTHS))
        ends, widths = _EDGES[first + 1 : far + 1], _WIDTHS[first:far]  # no task of these can end before
        ahead = np.clip(ends - ages[:, None], 0.0, widths)  # what is left of each cell
        shares = self._shares[first:far] * (ahead / widths)
        later = np.full(len(ages), self._shares[far:].sum())
        if told is not None:
            likelihood = told.likelihood(_LOG_MIDDLES[first:])
            shares *= likelihood[:, : far - first]
            later = likelihood[:, far - first :] @ self._shares[far:].astype(np.float32)
        still_open = shares[:, ::-1].cumsum(axis=1)[:, ::-1] + later[:, None] - shares / 2 + _NOTHING
        looks = np.sqrt(worth / 2 * shares * ahead / still_open).cumsum(axis=1)
        return _where_one_is_reached(looks, ends - ahead, ahead) - ages_seconds


class Told(NamedTuple):
    """What somebody says of the lengths of tasks, one by one, and how right that is."""

    seconds: _Shares  # each in all; NaN where nothing was said
    moved: _Shares  # by how much in ln each has changed since it was said first
    trust: Trust

    def likelihood(self, log_middles: _Shares) -> npt.NDArray[np.floating[Any]]:
        """Say how likely each length is for each task; all the same where nothing was said.

        In single precision: a bell a hundredth wide needs no more, and it takes a fifth of the time.
        """
        errors = (log_middles - np.log(self.seconds)[:, None]).astype(np.float32)
        likelihood = self.trust.likelihood(errors, self.moved[:, None].astype(np.float32))
        likelihood[np.isnan(self.seconds)] = 1.0
        return likelihood


def _where_one_is_reached(looks: _Shares, begins: _Shares, lengths: _Shares) -> _Shares:
    """Find in each row of growing sums the point at which it is 1; infinite where it never is."""
    rows, last = np.arange(len(looks)), (looks < 1.0).sum(axis=1)
    is_reached = last < looks.shape[1]
    last = np.minimum(last, looks.shape[1] - 1)
    before = np.where(last > 0, looks[rows, last - 1], 0.0)
    part = (1.0 - before) / np.where(is_reached, looks[rows, last] - before, 1.0)
    return np.where(is_reached, begins[rows, last] + part * lengths[rows, last], math.inf)


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
