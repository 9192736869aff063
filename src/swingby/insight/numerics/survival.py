"""How long something lasts: Kaplan and Meier's curve, with ranges and the number still looked at.

Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations", Journal of the American Statistical
Association 53, 457-481. With d departures among n that are looked at just before t,

    S(t) = product over times up to t of (1 - d / n).

Spells may begin to be looked at after they began (``entered``): somebody counts among n only from then on, so that those
who left before anybody looked are not missed silently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import TWO_SIDED, Range


@dataclass(frozen=True, slots=True)
class Spells:
    """How long each was looked at.

    Parameters
    ----------
    entered, ended
        Since its beginning: from when it was looked at, and until when.
    left
        Whether it then departed; otherwise nobody knows what came later.

    Raises
    ------
    ValueError
        When one ends before it is looked at.
    """

    entered: Floats
    ended: Floats
    left: Truths

    def __post_init__(self) -> None:
        if (self.ended <= self.entered).any():
            raise ValueError("a spell is looked at for some time")

    def only(self, chosen: Truths) -> Spells:
        """Some of them."""
        return Spells(self.entered[chosen], self.ended[chosen], self.left[chosen])

    def at_risk(self, time: float) -> int:
        """How many are looked at just before a time."""
        return int(((self.entered < time) & (self.ended >= time)).sum()) if time > 0 else int((self.entered <= 0).sum())


@dataclass(frozen=True, slots=True)
class Survival:
    """The share that is still there after each departure.

    Attributes
    ----------
    times
        At which somebody departed, in order.
    at_risk, departed
        How many were looked at just before, and how many of them departed.
    share
        That is still there from then on.
    variance
        Greenwood's sum of ``d / (n (n - d))``; infinite once nobody is left.
    """

    times: Floats
    at_risk: Integers
    departed: Integers
    share: Floats
    variance: Floats

    def at(self, time: float) -> Range:
        """The share at a time, with its range on the scale of log(-log), which never leaves 0 to 1."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return Range(1.0, 1.0, 1.0)
        return self._range(place)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The share after each departure."""
        return tuple(self._range(place) for place in range(len(self.times)))

    @property
    def median(self) -> Range:
        """The first time at which half are gone, and the first at which the ends of the range say so; infinite if never."""
        half = 0.5
        found = self.ranges
        firsts = [
            next((float(time) for time, one in zip(self.times, found, strict=True) if end(one) <= half), float("inf"))
            for end in (_value, _low, _high)
        ]
        return Range(*firsts)

    def _range(self, place: int) -> Range:
        share, variance = float(self.share[place]), float(self.variance[place])
        if not 0 < share < 1:
            return Range(share, share, share)
        log = np.log(share)
        half = TWO_SIDED * variance**0.5 / abs(log)
        return Range(share, float(share ** np.exp(half)), float(share ** np.exp(-half)))


def _value(one: Range) -> float:
    return one.value


def _low(one: Range) -> float:
    return one.low


def _high(one: Range) -> float:
    return one.high


def kaplan_meier(spells: Spells) -> Survival:
    """Estimate the share that is still there, by time since the beginning.

    Ranges follow Greenwood's variance on the scale of log(-log S) (Kalbfleisch and Prentice 1980, section 1.4).
    """
    times = np.unique(spells.ended[spells.left])
    ends, starts = np.sort(spells.ended), np.sort(spells.entered)
    at_risk = np.searchsorted(starts, times, side="left") - np.searchsorted(ends, times, side="left")
    gone = np.sort(spells.ended[spells.left])
    departed = np.searchsorted(gone, times, side="right") - np.searchsorted(gone, times, side="left")
    kept = 1 - departed / np.maximum(at_risk, 1)
    with np.errstate(divide="ignore"):
        pieces = np.where(at_risk > departed, departed / (at_risk * np.maximum(at_risk - departed, 1)), np.inf)
    return Survival(times, at_risk.astype(np.int64), departed.astype(np.int64), np.cumprod(kept), np.cumsum(pieces))


def log_rank(spells: Spells, group: Integers) -> float:
    """How often curves of groups with the same truth would lie as far apart (Mantel 1966)."""
    from scipy.special import chdtrc

    names = np.unique(group)
    times = np.unique(spells.ended[spells.left])
    at_risk = np.array([[spells.only(group == one).at_risk(time) for one in names] for time in times], np.float64)
    gone = np.array(
        [[(spells.left & (group == one) & (spells.ended == time)).sum() for one in names] for time in times], np.float64
    )
    total, events = at_risk.sum(axis=1), gone.sum(axis=1)
    apart = (gone - at_risk * (events / total)[:, None]).sum(axis=0)[:-1]
    share = at_risk[:, :-1] / total[:, None]
    factor = events * (total - events) / np.maximum(total - 1, 1)
    spread = np.diag((factor[:, None] * share).sum(axis=0)) - (share * factor[:, None]).T @ share
    statistic = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    return float(chdtrc(len(names) - 1, statistic))
