"""What makes departures more or less frequent: Cox's regression, with rows that start and stop.

Cox (1972), "Regression models and life-tables", Journal of the Royal Statistical Society B 34, 187-220; ties after Efron
(1977), "The efficiency of Cox's likelihood function for censored data", JASA 72, 557-565. Somebody who does something after
the beginning has a row before and a row from then on: taking it as done from the start would count the time before,
in which nobody can have departed, for those who did it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import TWO_SIDED, Range
from swingby.insight.numerics.survival import Spells, kaplan_meier

MOST_STEPS = 40
CLOSE = 1e-9
#: A ratio of e^15 between the least and the most of a trait is no ratio any more: the likelihood rises for ever.
MOST = 15.0


@dataclass(frozen=True, slots=True)
class Hazards:
    """A fitted regression.

    Attributes
    ----------
    coefficients, errors
        Logs of hazard ratios.
    likelihood, without
        Logs of the partial likelihood, with and without what was looked at.
    concordance
        How often, of two, the one with the higher hazard departed first; ties of hazard count half.
    proportional
        For each, how often residuals would lean on time as much if its ratio were the same at all times.
    departures
        How many it rests on.
    """

    coefficients: Floats
    errors: Floats
    likelihood: float
    without: float
    concordance: float
    proportional: Floats
    departures: int

    def ratio(self, nth: int) -> Range:
        """The hazard ratio with its range."""
        value, half = self.coefficients[nth], TWO_SIDED * self.errors[nth]
        return Range(*(float(np.exp(one)) for one in (value, value - half, value + half)))


class NoFitError(ValueError):
    """The likelihood has no top: something tells those who departed apart from the others entirely, or never varies."""


def cox(rows: Spells, traits: Floats) -> Hazards:
    """Fit Cox's regression.

    Parameters
    ----------
    rows
        One or several for each; of several, each ends where the next is entered, and only the last may be left.
    traits
        Rows by traits, as they are during the row.

    Raises
    ------
    NoFitError
        When there is no estimate.
    """
    centred = traits - traits.mean(axis=0)
    spread = centred.std(axis=0)
    if not rows.left.any() or (spread == 0).any():
        raise NoFitError("nobody departed, or a trait never varies")
    scaled = centred / spread
    beta: Floats = np.zeros(traits.shape[1])
    steps = 0
    ordered = _Ordered.of(rows)
    without = likelihood = _steps(ordered, scaled, beta)[0]
    while steps < MOST_STEPS:
        likelihood, slope, curve = _steps(ordered, scaled, beta)
        step = _solved(curve, slope)
        size = 1.0
        while size > CLOSE and _steps(ordered, scaled, beta + size * step)[0] < likelihood - CLOSE:
            size /= 2
        beta, steps = beta + size * step, steps + 1
        if float(slope @ step) < CLOSE:
            break
    else:
        raise NoFitError("the likelihood has no top")
    if (np.abs(beta) * np.ptp(scaled, axis=0)).max() > MOST:
        raise NoFitError("something tells those who departed apart from the others entirely")
    likelihood, _, curve = _steps(ordered, scaled, beta)
    covariance = np.asarray(np.linalg.inv(curve), np.float64)
    return Hazards(
        coefficients=beta / spread,
        errors=np.sqrt(np.diag(covariance)) / spread,
        likelihood=likelihood,
        without=without,
        concordance=concordance(rows, scaled @ beta),
        proportional=_proportional(rows, scaled, beta, covariance),
        departures=int(rows.left.sum()),
    )


def _solved(curve: Floats, slope: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(curve, slope), np.float64)
    except np.linalg.LinAlgError as error:
        raise NoFitError("two traits say the same") from error


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time of departures: who is looked at, who departs, and the time."""

    time: float
    looked_at: Truths
    gone: Truths


def _moments(rows: Spells) -> Iterator[_Moment]:
    for time in np.unique(rows.ended[rows.left]):
        looked_at = (rows.entered < time) & (rows.ended >= time)
        yield _Moment(float(time), looked_at, rows.left & (rows.ended == time))


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Rows in the order of their ends and of their entries, so that sums over those looked at are differences of running sums."""

    times: Floats
    ends: Integers
    entries: Integers
    from_end: Integers
    from_entry: Integers
    gone: Integers
    place: Integers

    @classmethod
    def of(cls, rows: Spells) -> _Ordered:
        times = np.unique(rows.ended[rows.left])
        ends, entries = np.argsort(rows.ended, kind="stable"), np.argsort(rows.entered, kind="stable")
        gone = np.flatnonzero(rows.left)
        return cls(
            times,
            ends,
            entries,
            np.searchsorted(rows.ended[ends], times, "left"),
            np.searchsorted(rows.entered[entries], times, "left"),
            gone,
            np.searchsorted(times, rows.ended[gone]),
        )

    def looked_at(self, values: Floats) -> Floats:
        """The sum of values over those that are looked at just before each time."""
        entered = _running(values[self.entries])[self.from_entry]
        over = _running(values[self.ends])[self.from_end]
        return np.asarray(entered - over, np.float64)

    def departed(self, values: Floats) -> Floats:
        """The sum of values over those that depart at each time."""
        found = np.zeros((len(self.times), *values.shape[1:]))
        np.add.at(found, self.place, values[self.gone])
        return found


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def _steps(rows: _Ordered, traits: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    """The log likelihood, its slope and its curvature, with Efron's way for ties."""
    size = traits.shape[1]
    risk = np.exp(traits @ beta)[:, None]
    moved = np.hstack([risk, risk * traits, _products(risk, traits)])
    looked_at, departed = rows.looked_at(moved), rows.departed(moved)
    ties = np.bincount(rows.place, minlength=len(rows.times))
    repeated = np.repeat(np.arange(len(rows.times)), ties)
    nth = np.arange(len(repeated)) - np.repeat(np.cumsum(ties) - ties, ties)
    sums = looked_at[repeated] - (nth / ties[repeated])[:, None] * departed[repeated]
    total, mean = sums[:, 0], sums[:, 1 : size + 1] / sums[:, :1]
    gone = traits[rows.gone]
    likelihood = float((gone @ beta).sum() - np.log(total).sum())
    squares = (sums[:, size + 1 :] / sums[:, :1]).sum(axis=0).reshape(size, size)
    return likelihood, gone.sum(axis=0) - mean.sum(axis=0), squares - mean.T @ mean


def _products(risk: Floats, traits: Floats) -> Floats:
    """Each row's outer product with itself, by its risk, as one line."""
    found: Floats = (risk[:, :, None] * traits[:, :, None] * traits[:, None, :]).reshape(len(traits), -1)
    return found


def concordance(rows: Spells, hazard: Floats) -> float:
    """How often, of two that are looked at when one departs, the one with the higher hazard does (Harrell and others 1982)."""
    right = pairs = 0.0
    for moment in _moments(rows):
        others = moment.looked_at & ~moment.gone
        for one in hazard[moment.gone]:
            right += float((hazard[others] < one).sum()) + 0.5 * float((hazard[others] == one).sum())
            pairs += float(others.sum())
    return right / pairs if pairs else float("nan")


def _proportional(rows: Spells, traits: Floats, beta: Floats, covariance: Floats) -> Floats:
    """Grambsch and Therneau's (1994) test of each ratio, with time as the share that is gone by then."""
    from scipy.special import chdtrc

    residuals, times = [], []
    risk = np.exp(traits @ beta)
    for moment in _moments(rows):
        weight = risk * moment.looked_at
        mean = weight @ traits / weight.sum()
        for one in traits[moment.gone]:
            residuals.append(one - mean)
            times.append(moment.time)
    curve = kaplan_meier(rows)
    gone = 1 - curve.share[np.searchsorted(curve.times, times)]
    apart = gone - gone.mean()
    number = len(times)
    leaning = np.asarray(residuals).T @ apart
    scaled = covariance @ leaning * number
    variance = np.diag(covariance) * number * float(apart @ apart)
    statistic = np.divide(scaled**2, variance, out=np.zeros_like(scaled), where=variance > 0)
    return np.array([float(chdtrc(1, one)) for one in statistic])
