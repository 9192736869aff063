"""Exponential smoothing of many series at once: Holt and Winters, Theta, and methods for series with empty periods.

Series are rows, periods are columns. A forecast has one row for each series and one column for each period ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Truths

#: Points in each direction around the best so far; the reach is halved so often, to 0.5 ** 18.
POINTS, HALVINGS = np.linspace(-1, 1, 5), 18
#: How soon methods for series with empty periods forget (Croston 1972).
FORGETTING = 0.1
#: One-sided 5 % point of the normal distribution: the test for seasons of Assimakopoulos and Nikolopoulos (2000).
SEASONAL = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class HoltWinters:
    """What Holt and Winters' method holds at the end of each series.

    Attributes
    ----------
    weights
        How soon level, trend and seasons follow what comes (alpha, beta, gamma), along the last axis.
    error
        The sum of squared errors one period ahead.
    level, trend
        At the end.
    seasons
        The periods of a season, the next one first, along the last axis.
    multiplied
        Whether seasons are factors.
    damping
        What is left of the trend after each further period; 1 keeps it whole.
    """

    weights: Floats
    error: Floats
    level: Floats
    trend: Floats
    seasons: Floats
    multiplied: bool
    damping: float

    def ahead(self, horizon: int) -> Floats:
        """The forecast of so many periods."""
        steps = np.cumsum(self.damping ** np.arange(1, horizon + 1))
        line = self.level[..., None] + self.trend[..., None] * steps
        season = self.seasons[..., np.arange(horizon) % self.seasons.shape[-1]]
        return np.asarray(line * season if self.multiplied else line + season, np.float64)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What is smoothed, and what it is smoothed from: level, trend and seasons after the first season."""

    series: Floats
    level: Floats
    trend: Floats
    seasons: Floats
    multiplied: bool
    damping: float

    def run(self, weights: Floats) -> HoltWinters:
        """Smooth with every choice of weights: series by choices by three."""
        choices, period = weights.shape[:2], self.seasons.shape[1]
        alpha, beta, gamma = np.moveaxis(weights, -1, 0)
        level, trend = (np.broadcast_to(one[:, None], choices) for one in (self.level, self.trend))
        seasons = [np.broadcast_to(one[:, None], choices) for one in self.seasons.T]
        error = np.zeros(choices)
        with np.errstate(all="ignore"):
            for value in self.series.T[period:, :, None]:
                line, old = level + self.damping * trend, seasons.pop(0)
                error = error + (value - (line * old if self.multiplied else line + old)) ** 2
                before, level = level, alpha * (value / old if self.multiplied else value - old) + (1 - alpha) * line
                trend = beta * (level - before) + (1 - beta) * self.damping * trend
                seasons.append(gamma * (value / level if self.multiplied else value - level) + (1 - gamma) * old)
        return HoltWinters(weights, error, level, trend, np.stack(seasons, -1), self.multiplied, self.damping)


def fit_holt_winters(
    series: Floats, season: int, *, multiplied: bool, damping: float = 1.0, weights: Floats | None = None
) -> HoltWinters:
    """Fit the weights that make squared errors one period ahead least.

    It begins as ``HoltWinters`` of R does: seasons from centred moving averages of the first two, level and trend from the straight
    line through those averages (Winters 1960; damped by Gardner and McKenzie 1985).

    Parameters
    ----------
    series
        At least two seasons; above zero where seasons are factors.
    season
        Periods in a season.
    weights
        Those to smooth with, series by three; None fits them.
    """
    averages, seasons = decompose(series[:, : 2 * season], season, multiplied=multiplied)
    first, trend = _line(averages[:, ~np.isnan(averages[0])])
    beginning = _Beginning(series, first - trend, trend, seasons, multiplied, damping)
    if weights is None:
        weights = _least(lambda tried: beginning.run(tried).error, len(series), 3)
    best = beginning.run(weights[:, None, :])
    return HoltWinters(
        best.weights[:, 0],
        best.error[:, 0],
        best.level[:, 0],
        best.trend[:, 0],
        best.seasons[:, 0],
        multiplied,
        damping,
    )


def decompose(series: Floats, season: int, *, multiplied: bool) -> tuple[Floats, Floats]:
    """Centred moving averages (not a number at the ends), and the seasons that are left, that of the first period first."""
    kernel = np.ones(season) if season % 2 else np.concatenate([[0.5], np.ones(season - 1), [0.5]])
    inside = np.lib.stride_tricks.sliding_window_view(series, len(kernel), axis=1) @ (kernel / season)
    averages = np.full(series.shape, np.nan)
    averages[:, len(kernel) // 2 : len(kernel) // 2 + inside.shape[1]] = inside
    left = series / averages if multiplied else series - averages
    means = np.stack([np.nanmean(left[:, nth::season], axis=1) for nth in range(season)], axis=1)
    centre = means.mean(axis=1, keepdims=True)
    return averages, np.asarray(means / centre if multiplied else means - centre, np.float64)


def seasonal_naive(series: Floats, season: int, horizon: int) -> Floats:
    """What the same periods of the last season were."""
    last = series[:, -season:]
    return np.asarray(last[:, np.arange(horizon) % season], np.float64)


def theta(series: Floats, season: int, horizon: int) -> Floats:
    """Theta: simple smoothing that drifts by half of the trend (Assimakopoulos and Nikolopoulos 2000; Hyndman and Billah 2003).

    Seasons that a test finds are taken out before, as factors, and put back after. A series that has periods of zero or less
    keeps its seasons.
    """
    factors = np.ones((len(series), season))
    has_seasons = is_seasonal(series, season) & (series > 0).all(axis=1)
    if has_seasons.any():
        factors[has_seasons] = decompose(series[has_seasons], season, multiplied=True)[1]
    places = np.arange(series.shape[1] + horizon) % season
    plain = series / factors[:, places[: series.shape[1]]]
    ahead = _smoothed(plain, horizon)
    return np.asarray(ahead * factors[:, places[series.shape[1] :]], np.float64)


def is_seasonal(series: Floats, season: int) -> Truths:
    """Whether a series resembles itself a season before by more than luck."""
    size = series.shape[1]
    centred = series - series.mean(axis=1, keepdims=True)
    total = (centred**2).sum(axis=1)
    alike = np.stack([(centred[:, lag:] * centred[:, : size - lag]).sum(axis=1) for lag in range(1, season + 1)])
    alike = alike / np.where(total > 0, total, 1)
    return np.asarray(np.abs(alike[-1]) > SEASONAL * np.sqrt((1 + 2 * (alike[:-1] ** 2).sum(axis=0)) / size))


def croston(series: Floats, horizon: int, *, forgetting: float = FORGETTING) -> Floats:
    """What comes at a time over how long it takes (Croston 1972), less the bias of that (Syntetos and Boylan 2005)."""
    size, gap = (_smoothed_when(series > 0, one, forgetting) for one in (series, _waits(series > 0)))
    each = np.divide(size * (1 - forgetting / 2), gap, out=np.zeros(len(series)), where=gap > 0)
    return np.repeat(each[:, None], horizon, axis=1)


def teunter(series: Floats, horizon: int, *, forgetting: float = FORGETTING) -> Floats:
    """What comes at a time, times how likely it comes; this falls while nothing comes (Teunter, Syntetos and Babai 2011)."""
    comes = series > 0
    size = _smoothed_when(comes, series, forgetting)
    likely = _smoothed_when(np.ones_like(comes), comes.astype(np.float64), forgetting)
    return np.repeat((size * likely)[:, None], horizon, axis=1)


def _smoothed(series: Floats, horizon: int) -> Floats:
    """Simple smoothing from the best level and weight, drifting by half of the slope of the straight line."""
    size = series.shape[1]
    scale = np.maximum(np.abs(series).max(axis=1), np.finfo(float).tiny)[:, None]
    scaled = series / scale
    low, reach = scaled.min(axis=1)[:, None], np.ptp(scaled, axis=1)[:, None]

    def run(weights: Floats) -> tuple[Floats, Floats]:
        level, error = low + reach * weights[..., 1], np.zeros(weights.shape[:2])
        for value in scaled.T[:, :, None]:
            error = error + (value - level) ** 2
            level = weights[..., 0] * value + (1 - weights[..., 0]) * level
        return level, error

    best = _least(lambda weights: run(weights)[1], len(series), 2)
    alpha = np.maximum(best[:, 0], 1e-10)
    drift = _line(scaled)[1] / 2
    steps = np.arange(horizon) + ((1 - (1 - alpha) ** size) / alpha)[:, None]
    return np.asarray((run(best[:, None, :])[0] + drift[:, None] * steps) * scale, np.float64)


def _least(error: Callable[[Floats], Floats], series: int, number: int) -> Floats:
    """The weights between 0 and 1 that make an error least: a grid around the best so far, ever finer."""
    grid = np.stack(np.meshgrid(*[POINTS / 2] * number, indexing="ij"), -1).reshape(-1, number)
    best = np.full((series, number), 0.5)
    for nth in range(HALVINGS):
        weights = np.clip(best[:, None, :] + grid * 0.5**nth, 0, 1)
        found = np.nan_to_num(error(weights), nan=np.inf, posinf=np.inf)
        best = weights[np.arange(series), found.argmin(axis=1)]
    return best


def _line(series: Floats) -> tuple[Floats, Floats]:
    """Where the straight line through each series begins, and its slope."""
    places = np.arange(series.shape[1]) - (series.shape[1] - 1) / 2
    slope = series @ places / (places @ places)
    return np.asarray(series.mean(axis=1) + slope * places[0], np.float64), np.asarray(slope, np.float64)


def _waits(comes: Truths) -> Floats:
    """For each period how many have passed since something came before it."""
    places = np.broadcast_to(np.arange(1, comes.shape[1] + 1), comes.shape)
    last = np.maximum.accumulate(np.where(comes, places, 0), axis=1)
    before = np.concatenate([np.zeros((len(comes), 1)), last[:, :-1]], axis=1)
    return np.asarray(places - before, np.float64)


def _smoothed_when(counts: Truths, values: Floats, forgetting: float) -> Floats:
    """Values of the periods that count, smoothed from the first of them on; 0 where there is none."""
    level, has_begun = np.zeros(len(values)), np.zeros(len(values), bool)
    for here, value in zip(counts.T, values.T, strict=True):
        follows = np.where(has_begun, level + forgetting * (value - level), value)
        level, has_begun = np.where(here, follows, level), has_begun | here
    return level
