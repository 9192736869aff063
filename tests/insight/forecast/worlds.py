"""Sums of months of which the truth is known, and what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from swingby.insight import SETTINGS, Verdict
from swingby.insight.forecast.question import LEARNED, SEASON
from swingby.insight.forecast.trying import Sum, judge
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.rolling import Tried, try_forecasts

HORIZON = 3
Draw = Callable[[np.random.Generator, int, int], Floats]


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of many worlds: verdicts, and how often the range held what came next."""

    worlds: int
    verdicts: Counter[Verdict]
    level: float
    held: float


def rates(draw: Draw, *, months: int, worlds: int, seed: int) -> Rates:
    """Draw worlds, forecast the next span of each, and look at it."""
    series = draw(np.random.default_rng(seed), worlds, months + HORIZON)
    tried = try_forecasts(series[:, :months], SEASON, HORIZON, range(LEARNED, months - HORIZON + 1))
    expected, sums = tried.expected_by_choice(), series[:, months:].sum(axis=1)
    found = [_one(tried, expected, nth) for nth in range(worlds)]
    return Rates(
        worlds=worlds,
        verdicts=Counter(judge(one, SETTINGS) for one in found),
        level=found[0].level,
        held=float(np.mean([one.range.low <= came <= one.range.high for one, came in zip(found, sums, strict=True)])),
    )


def _one(tried: Tried, expected: Floats, nth: int) -> Sum:
    row = slice(nth, nth + 1)
    alone = Tried(tried.is_lumpy[row], tried.origins, tried.horizon, tried.expected[:, row], tried.came[row])
    return Sum(alone, expected[nth])


def hopeless(random: np.random.Generator, worlds: int, months: int) -> Floats:
    """Each month is that of the year before, and chance: nothing can beat the year before."""
    series = np.tile(100 * _seasons(random, worlds), (1, 1 + months // SEASON))[:, :months]
    for month in range(SEASON, months):
        series[:, month] = series[:, month - SEASON] + random.normal(0, 8, worlds)
    return np.maximum(series, 1)


def steady(random: np.random.Generator, worlds: int, months: int) -> Floats:
    """Seasons and noise."""
    return _noisy(random, np.zeros((worlds, months)))


def growing(random: np.random.Generator, worlds: int, months: int) -> Floats:
    """Growth of 1.2 % a month."""
    return _noisy(random, np.tile(0.012 * np.arange(months), (worlds, 1)))


def wandering(random: np.random.Generator, worlds: int, months: int) -> Floats:
    """A level that wanders by 3 % a month."""
    return _noisy(random, np.cumsum(random.normal(0.005, 0.03, (worlds, months)), axis=1))


def _noisy(random: np.random.Generator, level: Floats) -> Floats:
    worlds, months = level.shape
    seasons = np.tile(_seasons(random, worlds), (1, 1 + months // SEASON))[:, :months]
    return np.asarray(100 * np.exp(level + random.normal(0, 0.08, level.shape)) * seasons)


def _seasons(random: np.random.Generator, worlds: int) -> Floats:
    wave = 1 + 0.3 * np.sin(np.arange(SEASON) * np.pi / 6)
    return np.asarray(wave + random.normal(0, 0.1, (worlds, SEASON)))
