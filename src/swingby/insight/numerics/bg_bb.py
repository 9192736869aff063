"""How often those will buy again that have one opportunity in each period: a quarter, a season, a yearly round.

Fader, Hardie and Shang (2010), "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29,
1086-1108.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.hypergeometric import gauss
from swingby.insight.numerics.lifetimes import Buyers
from swingby.insight.numerics.likelihood import best


@dataclass(frozen=True, slots=True)
class BGBB:
    """The BG/BB model: chances to buy at an opportunity follow a beta distribution (alpha, beta).

    Chances of being lost before an opportunity follow another (gamma, delta). Buyers count in whole opportunities after the
    first purchase: how many were taken, which was the last taken, how many there were.

    Attributes
    ----------
    likelihood
        The log likelihood of those it was fitted to; not a number where it was not fitted.
    """

    alpha: float
    beta: float
    gamma: float
    delta: float
    likelihood: float = float("nan")

    def log_likelihood(self, buyers: Buyers) -> Floats:
        """The log likelihood of what each did."""
        last = np.arange(int(buyers.age.max()) + 1)
        x, recency, age = (part[:, None] for part in (buyers.repeats, buyers.recency, buyers.age))
        may_be = (last >= recency) & (last <= age)
        met = np.where(may_be, last, age)
        logs = self._bought(x, met) + np.where(met < age, self._left_after(met), self._stayed(met))
        return np.asarray(np.logaddexp.reduce(np.where(may_be, logs, -np.inf), axis=1), np.float64)

    def alive(self, buyers: Buyers) -> Floats:
        """The chance that each is still there at the next opportunity."""
        there = self._bought(buyers.repeats, buyers.age) + self._stayed(buyers.age + 1)
        return np.asarray(np.exp(there - self.log_likelihood(buyers)), np.float64)

    def expected(self, buyers: Buyers, ahead: float) -> Floats:
        """Purchases to be expected of each at so many opportunities from now on; a part of one counts for its part."""
        nth = np.arange(1, int(np.ceil(ahead)) + 1)
        parts = np.minimum(ahead - nth + 1, 1.0)
        there = np.exp(self._stayed(buyers.age[:, None] + nth) - self.log_likelihood(buyers)[:, None])
        return np.asarray(np.exp(self._bought(buyers.repeats + 1, buyers.age + 1)) * (there @ parts), np.float64)

    def expected_of_new(self, ahead: float) -> float:
        """Purchases to be expected of somebody new at so many opportunities after its first purchase."""
        return float(self.expected(Buyers(np.zeros(1), np.zeros(1), np.zeros(1)), ahead)[0])

    def residual(self, buyers: Buyers, discount: float) -> Floats:
        """Purchases to be expected of each ever after, at today's worth (DERT).

        Parameters
        ----------
        discount
            What waiting for the next opportunity costs; above 0.
        """
        age, whole = buyers.age + 1, self.gamma + self.delta
        next_one = self._bought(buyers.repeats + 1, age) + self._stayed(age) - self.log_likelihood(buyers)
        later = gauss(self.delta + age, whole + age, np.full_like(age, 1 / (1 + discount)))
        return np.asarray(np.exp(next_one) / (1 + discount) * later, np.float64)

    def _bought(self, times: Floats, opportunities: Floats) -> Floats:
        """The log of the chance to buy at certain so many of the opportunities while there."""
        return _mean(self.alpha, self.beta, times, opportunities - times)

    def _stayed(self, opportunities: Floats) -> Floats:
        return _mean(self.gamma, self.delta, np.zeros_like(opportunities), opportunities)

    def _left_after(self, opportunities: Floats) -> Floats:
        return _mean(self.gamma, self.delta, np.ones_like(opportunities), opportunities)


def _mean(a: float, b: float, times: Floats, others: Floats) -> Floats:
    """The log of the mean of p^times (1 - p)^others where p follows a beta distribution.

    Sums of logs, since a difference of log beta functions has few digits left where a and b are large.
    """
    k, m = times.astype(np.int64), others.astype(np.int64)
    most = int((k + m).max()) if k.size else 0
    return np.asarray(_rising(a, most)[k] + _rising(b, most)[m] - _rising(a + b, most)[k + m], np.float64)


def _rising(start: float, most: int) -> Floats:
    """The logs of start (start + 1) ... of none to so many factors."""
    return np.concatenate([[0.0], np.cumsum(np.log(start + np.arange(most)))])


def fit_bg_bb(buyers: Buyers, near: BGBB | None = None) -> BGBB:
    """Fit the BG/BB model by the largest likelihood.

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
    unlike, counts = buyers.unlike()
    start = np.log([near.alpha, near.beta, near.gamma, near.delta]) if near else np.zeros(4)

    def worth(logs: Floats) -> float:
        return -float(counts @ BGBB(*np.exp(logs)).log_likelihood(unlike))

    (alpha, beta, gamma, delta), least = best(worth, start, near=near is not None)
    return BGBB(float(alpha), float(beta), float(gamma), float(delta), -least)
