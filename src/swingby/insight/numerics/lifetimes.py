"""How often those who buy without a contract will buy again, for how much, and how long those with one renew.

Fader, Hardie and Lee (2005), ""Counting your customers" the easy way", Marketing Science 24, 275-284 (BG/NBD): while alive, each
buys at a rate of its own and may be lost after any purchase, with a chance of its own. Fader and Hardie (2013), "The gamma-gamma
model of monetary value": each spends around a mean of its own. Fader and Hardie (2007), "How to project customer retention",
Journal of Interactive Marketing 21, 76-90 (sBG): at each renewal each leaves with a chance of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.hypergeometric import gauss
from swingby.insight.numerics.likelihood import NoTopError, best


@dataclass(frozen=True, slots=True)
class Buyers:
    """What each did until today.

    Parameters
    ----------
    repeats
        Purchases after the first.
    recency
        From the first purchase to the last.
    age
        From the first purchase to today, in the same unit.
    """

    repeats: Floats
    recency: Floats
    age: Floats

    def again(self, counts: Integers) -> Buyers:
        """Each as often as counted."""
        return Buyers(*(np.repeat(part, counts) for part in (self.repeats, self.recency, self.age)))

    def unlike(self) -> tuple[Buyers, Integers]:
        """Those that differ from each other, and how many did the same."""
        rows = np.stack([self.repeats, self.recency, self.age])
        different, counts = np.unique(rows, axis=1, return_counts=True)
        return Buyers(*different), np.asarray(counts, np.int64)


@dataclass(frozen=True, slots=True)
class Buying:
    """The BG/NBD model: rates follow a gamma distribution (r, alpha), chances of being lost a beta distribution (a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    likelihood: float

    def alive(self, buyers: Buyers) -> Floats:
        """The chance that each still buys; 1 where there was no purchase after which it could have been lost."""
        return np.asarray(1 / (1 + self._lost(buyers)), np.float64)

    def expected(self, buyers: Buyers, ahead: float) -> Floats:
        """Purchases to be expected of each in so much time from today on."""
        return np.asarray(self._while_there(buyers.repeats, buyers.age, ahead) / (1 + self._lost(buyers)), np.float64)

    def expected_of_new(self, ahead: float) -> float:
        """Purchases to be expected of somebody new in so much time after its first."""
        return float(self._while_there(np.zeros(1), np.zeros(1), ahead)[0])

    def _while_there(self, repeats: Floats, age: Floats, ahead: float) -> Floats:
        from scipy.special import hyp2f1

        r, a, b = self.r + repeats, self.a, self.b + repeats
        whole = self.alpha + age
        rest = (whole / (whole + ahead)) ** r * hyp2f1(r, b, a + b - 1, ahead / (whole + ahead))
        return np.asarray((a + b - 1) / (a - 1) * (1 - rest), np.float64)

    def _lost(self, buyers: Buyers) -> Floats:
        odds = (
            self.a
            / np.maximum(self.b + buyers.repeats - 1, 1e-12)
            * ((self.alpha + buyers.age) / (self.alpha + buyers.recency)) ** (self.r + buyers.repeats)
        )
        return np.where(buyers.repeats > 0, odds, 0.0)


def fit_buying(buyers: Buyers, near: Buying | None = None) -> Buying:
    """Fit the BG/NBD model by the largest likelihood.

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
    scaled = Buyers(buyers.repeats, buyers.recency / unit, buyers.age / unit)
    start = np.log([near.r, near.alpha / unit, near.a, near.b]) if near else np.zeros(4)
    (r, alpha, a, b), _ = best(lambda logs: -_buying(scaled, np.exp(logs)), start, near=near is not None)
    found = np.array([r, alpha * unit, a, b])
    return Buying(float(r), float(alpha * unit), float(a), float(b), _buying(buyers, found))


def _buying(buyers: Buyers, values: Floats) -> float:
    from scipy.special import betaln, gammaln

    r, alpha, a, b = values
    x, recency, age = buyers.repeats, buyers.recency, buyers.age
    first = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    stays = -(r + x) * np.log(alpha + age)
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(x > 0, np.log(a) - np.log(b + x - 1) - (r + x) * np.log(alpha + recency), -np.inf)
    return float((first + np.logaddexp(stays, lost)).sum())


@dataclass(frozen=True, slots=True)
class Spending:
    """The gamma-gamma model of the mean amount of a purchase."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """What a purchase of somebody unknown is to be expected to be worth."""
        return self.v * self.p / (self.q - 1)

    def expected(self, repeats: Floats, amounts: Floats) -> Floats:
        """What a purchase of each is to be expected to be worth: its own mean, drawn towards that of all."""
        known = repeats > 0
        own = (self.v + np.where(known, amounts * repeats, 0)) * self.p / (self.p * repeats + self.q - 1)
        return np.asarray(np.where(known, own, self.mean), np.float64)


def fit_spending(repeats: Floats, amounts: Floats, near: Spending | None = None) -> Spending:
    """Fit the gamma-gamma model to the mean amounts of those with repeated purchases.

    Parameters
    ----------
    repeats, amounts
        How many repeated purchases each made, and their mean amount.
    near
        The model of buyers that are alike, to be quick where many are fitted.

    Raises
    ------
    NoTopError
        When there is none, or a purchase has no mean to be expected.
    """
    known = (repeats > 0) & (amounts > 0)
    if known.sum() < 2 or not amounts[known].std():  # noqa: PLR2004 (one has no spread)
        raise NoTopError("amounts never vary")
    unit = float(amounts[known].mean())
    x, m = repeats[known], amounts[known] / unit

    def worth(logs: Floats) -> float:
        from scipy.special import gammaln

        p, q, v = np.exp(logs)
        return -float(
            (
                gammaln(p * x + q)
                - gammaln(p * x)
                - gammaln(q)
                + q * np.log(v)
                + (p * x - 1) * np.log(m)
                + p * x * np.log(x)
                - (p * x + q) * np.log(x * m + v)
            ).sum()
        )

    start = np.log([near.p, near.q, near.v / unit]) if near else np.zeros(3)
    (p, q, v), _ = best(worth, start, near=near is not None)
    if q <= 1:
        raise NoTopError("amounts are so uneven that they have no mean to be expected")
    return Spending(float(p), float(q), float(v * unit))


@dataclass(frozen=True, slots=True)
class Renewing:
    """The shifted beta-geometric model: the chance to leave at a renewal follows a beta distribution."""

    alpha: float
    beta: float

    def still_there(self, renewals: Floats) -> Floats:
        """The share that is still there after so many renewals."""
        from scipy.special import betaln

        return np.asarray(np.exp(betaln(self.alpha, self.beta + renewals) - betaln(self.alpha, self.beta)), np.float64)

    def residual(self, renewals: Floats, discount: float) -> Floats:
        """Terms to be expected ever after of those who renewed so often, at today's worth (DERL).

        The next renewal is due now, so its term counts whole (Fader and Hardie 2010, "Customer-base valuation in a
        contractual setting", Marketing Science 29, 85-93).

        Parameters
        ----------
        discount
            What waiting for a term costs; above 0.
        """
        stays = self.beta + renewals
        every = self.alpha + stays
        later = gauss(stays + 1, every + 1, np.full_like(stays, 1 / (1 + discount)))
        return np.asarray(stays / every * later, np.float64)


def fit_renewing(left: Integers, remaining: Integers | int) -> Renewing:
    """Fit the sBG model.

    Parameters
    ----------
    left
        How many left at the first, the second, ... renewal.
    remaining
        How many were still there after the last; or, where they came at different times, after the first, the second, ...
        renewal when they were looked at last.

    Raises
    ------
    NoTopError
        When there is no top.
    """
    if not left.any():
        raise NoTopError("nobody left")
    nth = np.arange(1, len(left) + 1)
    stay = np.where(nth == len(left), remaining, 0) if np.ndim(remaining) == 0 else np.asarray(remaining)

    def worth(logs: Floats) -> float:
        from scipy.special import betaln

        alpha, beta = np.exp(logs)
        gone = betaln(alpha + 1, beta + nth - 1) - betaln(alpha, beta)
        stayed = betaln(alpha, beta + nth) - betaln(alpha, beta)
        return -float((left * gone).sum() + (stay * stayed).sum())

    (alpha, beta), _ = best(worth, np.zeros(2))
    return Renewing(float(alpha), float(beta))
