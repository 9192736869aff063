"""Comparisons by lot: what being invited changed, and what doing it changed in those who did because they were invited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import POWER, TWO_SIDED, Range


@dataclass(frozen=True, slots=True)
class LotDifference:
    """A difference of means between those who were invited by lot and those who were not.

    Attributes
    ----------
    difference
        With the interval of Student's distribution.
    error, freedom
        Neyman's standard error, and Welch's degrees of freedom.
    invited, waiting
        How many there were on either side.
    """

    difference: Range
    error: float
    freedom: float
    invited: int
    waiting: int

    @property
    def smallest_visible(self) -> float:
        """The smallest effect that would be seen in 80 of 100 such lots."""
        return (self._quantile + POWER) * self.error

    @property
    def _quantile(self) -> float:
        return (self.difference.high - self.difference.value) / self.error if self.error > 0 else 0.0


def difference_by_lot(
    outcome: Floats, invited: Truths, *, rounds: Integers | None = None, equal_spread: bool = False
) -> LotDifference:
    """Compare those who were invited with those who were not, as the lot fell, whatever they then did.

    Rounds are compared each by itself and weighed by size: ``sum n_r / n * d_r``, with ``sum (n_r / n)^2 * v_r`` for the
    variance (Imbens and Rubin 2015, chapters 6 and 9).

    Parameters
    ----------
    outcome, invited
        By partner, none missing.
    rounds
        The number of the round in which a partner's lot was drawn; one round if left out.
    equal_spread
        Take the spread to be the same on both sides, as a regression with classical errors does.

    Raises
    ------
    ValueError
        When a round has fewer than two partners on a side.
    """
    places = np.zeros(len(outcome), np.int64) if rounds is None else rounds
    parts = [
        (float((places == one).mean()), *_of_round(outcome[places == one], invited[places == one], equal_spread))
        for one in np.unique(places)
    ]
    value = sum(share * difference for share, difference, _ in parts)
    pieces = [(share**2 * variance, freedom) for share, _, sides in parts for variance, freedom in sides]
    variance = sum(piece for piece, _ in pieces)
    freedom = variance**2 / sum(piece**2 / count for piece, count in pieces) if variance else np.inf
    error = variance**0.5
    half = _student(freedom) * error
    return LotDifference(
        Range(value, value - half, value + half), error, freedom, int(invited.sum()), int((~invited).sum())
    )


def _of_round(outcome: Floats, invited: Truths, equal: bool) -> tuple[float, list[tuple[float, float]]]:  # noqa: FBT001
    """The difference of a round, and the variance with degrees of freedom of each side's mean."""
    first, second = outcome[invited], outcome[~invited]
    if min(len(first), len(second)) < 2:  # noqa: PLR2004 (one has no spread)
        raise ValueError("a round has fewer than two partners on a side")
    difference = float(first.mean() - second.mean())
    if equal:
        freedom = len(first) + len(second) - 2
        pooled = ((len(first) - 1) * first.var(ddof=1) + (len(second) - 1) * second.var(ddof=1)) / freedom
        return difference, [(float(pooled * (1 / len(first) + 1 / len(second))), float(freedom))]
    return difference, [(float(side.var(ddof=1) / len(side)), float(len(side) - 1)) for side in (first, second)]


def _student(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975)) if np.isfinite(freedom) else TWO_SIDED


def effect_of_doing(outcome: Floats, did: Truths, invited: Truths, *, rounds: Integers | None = None) -> Range | None:
    """What doing it changed in those who did because they were invited (Imbens and Angrist 1994).

    The value is the ratio of two differences by lot, of the outcome and of doing. The range holds every effect ``t`` for
    which ``outcome - t * did`` does not differ by lot (Fieller; Anderson and Rubin 1949): it is right however few did.

    Parameters
    ----------
    outcome, did, invited, rounds
        As in `difference_by_lot`.

    Returns
    -------
    Range or None
        None where the invitation did not visibly change who did it: then no effect of doing can be given.
    """
    done = did.astype(np.float64)
    taken_up = difference_by_lot(done, invited, rounds=rounds)
    if taken_up.difference.low <= 0:
        return None
    whole = difference_by_lot(outcome, invited, rounds=rounds)
    both = difference_by_lot(outcome + done, invited, rounds=rounds)
    shared = (both.error**2 - whole.error**2 - taken_up.error**2) / 2
    factor = _student(min(whole.freedom, taken_up.freedom)) ** 2
    square = taken_up.difference.value**2 - factor * taken_up.error**2
    if square <= 0:
        return None
    middle = whole.difference.value * taken_up.difference.value - factor * shared
    last = whole.difference.value**2 - factor * whole.error**2
    half = max(0.0, middle**2 - square * last) ** 0.5
    value = whole.difference.value / taken_up.difference.value
    return Range(value, (middle - half) / square, (middle + half) / square)


def difference_of_shares(hits: tuple[int, int], of: tuple[int, int]) -> Range:
    """The difference of two shares with Newcombe's interval from two of Wilson's (Newcombe 1998, method 10).

    Parameters
    ----------
    hits, of
        How many of how many, of those invited and of those waiting.
    """
    (first, second), (low, high) = (hits[0] / of[0], hits[1] / of[1]), (0, 1)
    one, two = wilson(hits[0], of[0]), wilson(hits[1], of[1])
    below = ((first - one[low]) ** 2 + (two[high] - second) ** 2) ** 0.5
    above = ((one[high] - first) ** 2 + (second - two[low]) ** 2) ** 0.5
    value = first - second
    return Range(value, value - below, value + above)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's (1927) interval of a share."""
    square = TWO_SIDED**2
    middle = (hits + square / 2) / (of + square)
    half = (square * hits * (of - hits) / of + square**2 / 4) ** 0.5 / (of + square)
    return middle - half, middle + half
