"""Forecasts tried on the past from one origin after the other, and ranges from how far they were off (conformal)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.smoothing import croston, fit_holt_winters, seasonal_naive, teunter, theta

#: What is left of a trend after each further period (FPP: between 0.8 and 0.98).
DAMPING = 0.98
#: Series that come less often than every so many periods are lumpy (Syntetos, Boylan and Croston 2005).
LUMPY = 1.32
#: The places of methods: the same periods of the last season, two that smooth, and the mean of the three.
NAIVE, FIRST, SECOND, MEAN = range(4)


@dataclass(frozen=True, slots=True)
class Tried:
    """Forecasts of the sum of the periods after each origin, and what came.

    Attributes
    ----------
    is_lumpy
        Whether a series comes so seldom that the two that smooth are Croston's method and that of Teunter, Syntetos and Babai;
        of other series they are Holt and Winters' and Theta.
    origins
        How many periods were known; the last is the end, after which nothing is known yet.
    expected
        Methods by series by origins.
    came
        Series by origins without the last.
    """

    is_lumpy: Truths
    origins: tuple[int, ...]
    horizon: int
    expected: Floats
    came: Floats

    @property
    def off(self) -> Floats:
        """How far each method was off: methods by series by origins without the last."""
        return np.asarray(np.abs(self.expected[..., :-1] - self.came), np.float64)

    def chosen(self) -> Integers:
        """For each series and origin the method that was least off where it was known by then; at first their mean.

        The choice at an origin knows nothing of what came after it, so what is chosen is tried as honestly as one method.
        """
        result = np.full(self.expected.shape[1:], MEAN)
        for nth, origin in enumerate(self.origins):
            known = sum(one + self.horizon <= origin for one in self.origins[:-1])
            if known:
                result[:, nth] = self.off[..., :known].mean(axis=-1).argmin(axis=0)
        return result

    def expected_by_choice(self) -> Floats:
        """What the chosen method expected: series by origins."""
        return np.asarray(np.take_along_axis(self.expected, self.chosen()[None], axis=0)[0], np.float64)


def try_forecasts(series: Floats, season: int, horizon: int, origins: Sequence[int]) -> Tried:
    """Forecast the sum of the next periods from each origin with what was known there, and from the end.

    Series that come seldom are forecast as lumpy ones, all others with level, trend and seasons.
    """
    ends = (*origins, series.shape[1])
    found: list[Floats] = []
    is_lumpy = lumpy(series[:, : ends[0]])
    for end in ends:
        each = np.zeros((MEAN + 1, len(series)))
        for rows, methods in ((~is_lumpy, _smooth_sums), (is_lumpy, _lumpy_sums)):
            if rows.any():
                each[:, rows] = methods(series[rows, :end], season, horizon)
        found.append(each)
    came = np.stack([series[:, end : end + horizon].sum(axis=1) for end in origins], axis=1)
    return Tried(is_lumpy, ends, horizon, np.stack(found, axis=-1), came)


def lumpy(series: Floats) -> Truths:
    """Whether more than 1.32 periods pass on average from one in which something comes to the next."""
    return np.asarray((series > 0).sum(axis=1) * LUMPY < series.shape[1])


def conformal(scores: Floats, level: float) -> float:
    """How far a new score goes at most at a level, if it is as any of the others; infinite where they are too few.

    The quantile ``ceil((n + 1) * level)`` of n (Vovk, Gammerman and Shafer 2005; Lei et al. 2018).
    """
    place = ceil((len(scores) + 1) * level - 1e-9)
    return float(np.sort(scores)[place - 1]) if place <= len(scores) else inf


def _smooth_sums(series: Floats, season: int, horizon: int) -> Floats:
    smoothed = np.empty((len(series), horizon))
    is_positive = (series > 0).all(axis=1)
    for rows, multiplied in ((is_positive, True), (~is_positive, False)):
        if rows.any():
            fitted = fit_holt_winters(series[rows], season, multiplied=multiplied, damping=DAMPING)
            smoothed[rows] = fitted.ahead(horizon)
    return _sums(seasonal_naive(series, season, horizon), smoothed, theta(series, season, horizon))


def _lumpy_sums(series: Floats, season: int, horizon: int) -> Floats:
    return _sums(seasonal_naive(series, season, horizon), croston(series, horizon), teunter(series, horizon))


def _sums(*each: Floats) -> Floats:
    sums = np.stack([np.maximum(one.sum(axis=1), 0) for one in each])
    return np.asarray(np.concatenate([sums, sums.mean(axis=0, keepdims=True)]), np.float64)
