"""Tries forecasts of the sum, and of the largest partners apart, on the past as it was known then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.forecast.question import LEARNED, SEASON
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.rolling import NAIVE, Tried, conformal, try_forecasts
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict

#: Levels of a range, and how many past errors the first needs; with fewer it is the second.
WIDE, NARROW, ENOUGH = 0.95, 0.80, 19


@dataclass(frozen=True, slots=True)
class Sum:
    """The forecast of the sum, tried from month to month.

    Attributes
    ----------
    tried
        One series.
    expected
        By the chosen method, at each origin; the last is the forecast.
    """

    tried: Tried
    expected: Floats

    @property
    def came(self) -> Floats:
        """What came after each origin but the last."""
        return np.asarray(self.tried.came[0], np.float64)

    @property
    def off(self) -> Floats:
        """How far the chosen method was off at each origin."""
        return np.asarray(np.abs(self.expected[:-1] - self.came), np.float64)

    @property
    def naive_off(self) -> Floats:
        """How far the same months a year before were off."""
        return np.asarray(self.tried.off[NAIVE, 0], np.float64)

    @property
    def naive(self) -> Floats:
        """The same months a year before, at each origin."""
        return np.asarray(self.tried.expected[NAIVE, 0], np.float64)

    @property
    def level(self) -> float:
        """How often the range should hold."""
        return WIDE if len(self.off) >= ENOUGH else NARROW

    @property
    def range(self) -> Range:
        """The forecast with how far it may go, from how far it was off relative to what was expected."""
        value = float(self.expected[-1])
        reach = conformal(relative(self.off, self.expected[:-1]), self.level) * value
        return Range(value, max(value - reach, 0.0), value + reach)

    def is_better(self, part: slice = slice(None)) -> bool:
        """Whether it was less off than the same months a year before."""
        return bool(self.off[part].mean() < self.naive_off[part].mean())

    @property
    def halves(self) -> tuple[bool, bool]:
        """Whether it was better in the first and in the second half of what was tried."""
        half = len(self.off) // 2
        return self.is_better(slice(half)), self.is_better(slice(half, None))

    def has_held(self, settings: Settings) -> bool | None:
        """Whether ranges held about as often as they should; None where there are too few."""
        from scipy.stats import binom

        held, number = self.held(settings.fewest_tries)
        return bool(binom.cdf(held, number, NARROW) >= settings.alarm) if number else None

    def held(self, fewest: int) -> tuple[int, int]:
        """How many narrow ranges, made from errors known by then, held what came, of how many; spans do not overlap."""
        origins, scores = self.tried.origins, relative(self.off, self.expected[:-1])
        inside: list[bool] = []
        for nth in range(len(scores) - 1, -1, -self.tried.horizon):
            known = sum(one + self.tried.horizon <= origins[nth] for one in origins[:-1])
            if known >= fewest:
                inside.append(bool(scores[nth] <= conformal(scores[:known], NARROW)))
        return sum(inside), len(inside)


@dataclass(frozen=True, slots=True)
class Apart:
    """Forecasts of the largest partners, each tried on its own past spans.

    Attributes
    ----------
    who
        Their numbers, the largest of the last year first.
    ranges
        With 80 %; from errors of all of them together, each relative to what the partner wins in such a span.
    better
        Whether a partner's forecast was less off than the same months a year before.
    lumpy
        How many come too seldom for level, trend and seasons.
    """

    who: Integers
    ranges: tuple[Range, ...]
    better: tuple[bool, ...]
    lumpy: int


def try_sum(money: Floats, horizon: int) -> Sum:
    """Try the forecast of what all partners win together, from every month on."""
    tried = try_forecasts(money.sum(axis=0)[None], SEASON, horizon, range(LEARNED, money.shape[1] - horizon + 1))
    return Sum(tried, tried.expected_by_choice()[0])


def judge(found: Sum, settings: Settings) -> Verdict:
    """Shown if it beat the year before, early and late, and its ranges held; suggested if only over all; otherwise not shown."""
    if not found.is_better():
        return Verdict.NOT_SHOWN
    return Verdict.SHOWN if all(found.halves) and found.has_held(settings) is not False else Verdict.SUGGESTED


def try_apart(money: Floats, horizon: int, settings: Settings) -> Apart | None:
    """Try forecasts of partners, on up to four spans that do not overlap; None where errors are too few for a range."""
    year = money[:, -SEASON:].sum(axis=1)
    who = np.argsort(-year, kind="stable")[: min(settings.forecast_apart, int((year > 0).sum()))]
    end = money.shape[1]
    origins = [end - nth * horizon for nth in range(settings.fewest_tries, 0, -1) if end - nth * horizon >= LEARNED]
    if len(origins) * len(who) < ENOUGH:
        return None
    tried = try_forecasts(money[who], SEASON, horizon, origins)
    expected = tried.expected_by_choice()
    off = np.abs(expected[:, :-1] - tried.came)
    scales = np.stack([money[who, :one].mean(axis=1) * horizon for one in tried.origins], axis=1)
    reach = conformal(relative(off, scales[:, :-1]).ravel(), NARROW) * scales[:, -1]
    return Apart(
        who=np.asarray(who, np.int64),
        ranges=tuple(
            Range(value, max(value - wide, 0.0), value + wide)
            for value, wide in zip(expected[:, -1].tolist(), reach.tolist(), strict=True)
        ),
        better=tuple((off.mean(axis=1) < tried.off[NAIVE].mean(axis=1)).tolist()),
        lumpy=int(tried.is_lumpy.sum()),
    )


def relative(off: Floats, to: Floats) -> Floats:
    """Errors relative to something; nothing off is nothing, whatever it is relative to."""
    return np.divide(off, to, out=np.where(off > 0, np.inf, 0.0), where=to > 0)
