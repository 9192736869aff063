"""How often those will buy again that may buy on any day, and may be lost on any day.

Schmittlein, Morrison and Colombo (1987), "Counting your customers: who are they and what will they do next?", Management
Science 33, 1-24. Computed by Fader and Hardie (2005), "A note on deriving the Pareto/NBD model and related expressions";
what is to come, at today's worth, by Fader, Hardie and Lee (2005), "RFM and CLV", Journal of Marketing Research 42, 415-430.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.hypergeometric import fading, gauss
from swingby.insight.numerics.lifetimes import Buyers
from swingby.insight.numerics.likelihood import best


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """The Pareto/NBD model: rates of buying follow a gamma distribution (r, alpha), rates of being lost another (s, beta).

    Attributes
    ----------
    likelihood
        The log likelihood of those it was fitted to; not a number where it was not fitted.
    """

    r: float
    alpha: float
    s: float
    beta: float
    likelihood: float = float("nan")

    def log_likelihood(self, buyers: Buyers) -> Floats:
        """The log likelihood of what each did."""
        from scipy.special import gammaln

        first = gammaln(self.r + buyers.repeats) - gammaln(self.r)
        return np.asarray(first + np.logaddexp(self._there(buyers), self._lost(buyers)), np.float64)

    def alive(self, buyers: Buyers) -> Floats:
        """The chance that each still buys."""
        there = self._there(buyers)
        return np.asarray(np.exp(there - np.logaddexp(there, self._lost(buyers))), np.float64)

    def expected(self, buyers: Buyers, ahead: float) -> Floats:
        """Purchases to be expected of each in so much time from today on."""
        return np.asarray(self.alive(buyers) * self._rate(buyers) * self._lasting(buyers.age, ahead), np.float64)

    def expected_of_new(self, ahead: float) -> float:
        """Purchases to be expected of somebody new in so much time after its first."""
        return float(self.r / self.alpha * self._lasting(np.zeros(1), ahead)[0])

    def residual(self, buyers: Buyers, discount: float) -> Floats:
        """Purchases to be expected of each ever after, at today's worth (DERT).

        Parameters
        ----------
        discount
            What a unit of time costs, compounded continuously; above 0.
        """
        whole = self.beta + buyers.age
        return np.asarray(
            self.alive(buyers) * self._rate(buyers) * whole * fading(self.s, discount * whole), np.float64
        )

    def _rate(self, buyers: Buyers) -> Floats:
        return np.asarray((self.r + buyers.repeats) / (self.alpha + buyers.age), np.float64)

    def _lasting(self, age: Floats, ahead: float) -> Floats:
        """How much of the time ahead one of an age that is there is to be expected to be there for."""
        from scipy.special import exprel

        whole = self.beta + age
        logs = np.log1p(ahead / whole)
        return np.asarray(whole * logs * exprel(-(self.s - 1) * logs), np.float64)

    def _there(self, buyers: Buyers) -> Floats:
        return self._until(buyers.repeats, buyers.age)

    def _until(self, repeats: Floats, day: Floats) -> Floats:
        """The log of (alpha / (alpha + day))^r (beta / (beta + day))^s (alpha + day)^-repeats."""
        neither = self.r * np.log1p(day / self.alpha) + self.s * np.log1p(day / self.beta)
        return np.asarray(-neither - repeats * np.log(self.alpha + day), np.float64)

    def _lost(self, buyers: Buyers) -> Floats:
        """The log of what being lost since the last purchase adds; nothing for those who bought today."""
        near, far = (self._lost_from(buyers.repeats, day) for day in (buyers.recency, buyers.age))
        with np.errstate(divide="ignore"):
            between = near + np.log(-np.expm1(np.minimum(far - near, 0.0)))
        return np.asarray(between + np.log(self.s) - np.log(self.r + self.s + buyers.repeats), np.float64)

    def _lost_from(self, repeats: Floats, day: Floats) -> Floats:
        """The log of Fader and Hardie's term; Euler's transformation keeps either branch between 1 and what numbers hold."""
        power, c = self.r + repeats, self.r + self.s + repeats + 1
        buying, losing = self.alpha + day, self.beta + day
        if self.alpha >= self.beta:
            series = gauss(power, c, (self.alpha - self.beta) / buying)
        else:
            series = gauss(np.full_like(power, self.s + 1), c, (self.beta - self.alpha) / losing) * buying / losing
        return np.asarray(np.log(series) + self._until(repeats, day), np.float64)


def fit_pareto_nbd(buyers: Buyers, near: ParetoNBD | None = None) -> ParetoNBD:
    """Fit the Pareto/NBD model by the largest likelihood.

    Parameters
    ----------
    buyers
        What each did.
    near
        The model of buyers that are alike, to be quick where many are fitted.

    Raises
    ------
    NoTopError
        When there is none.
    """
    unit = float(buyers.age.max())
    unlike, counts = Buyers(buyers.repeats, buyers.recency / unit, buyers.age / unit).unlike()
    start = np.log([near.r, near.alpha / unit, near.s, near.beta / unit]) if near else np.zeros(4)

    def worth(logs: Floats) -> float:
        return -float(counts @ ParetoNBD(*np.exp(logs)).log_likelihood(unlike))

    (r, alpha, s, beta), _ = best(worth, start, near=near is not None)
    found = ParetoNBD(float(r), float(alpha * unit), float(s), float(beta * unit))
    return replace(found, likelihood=float(found.log_likelihood(buyers).sum()))
