"""Deals with a partner beside direct ones that were like them when they opened; no facts and no words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.anyway.reading import Deals
from swingby.insight.anyway.traits import Trait, columns_of, traits_of
from swingby.insight.numerics.alike import apart, difference, odds_weights, unseen_cause
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.doubly_robust import NoOverlapError
from swingby.insight.numerics.estimates import TWO_SIDED, Estimate, Range
from swingby.insight.numerics.overlap import Overlap, overlap
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict

FIFTHS = 5
#: Shares at the ends of a ratio are held this far from 0 and 1.
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Balance:
    """How far one trait is apart, in standard deviations, before and after weighing, and how far it moves the answer.

    Attributes
    ----------
    moves
        By how much the answer differs when this trait alone is not compared.
    """

    name: str
    before: float
    after: float
    moves: float


@dataclass(frozen=True, slots=True)
class Study:
    """What comparing gave.

    Attributes
    ----------
    compared
        Deals that have somebody like them on the other side.
    plain, matched
        The difference of win rates: of all deals as they are, and of those compared.
    rate
        The share of the compared partner deals that was won.
    money
        What a compared partner deal brought over what it would have.
    days
        How much longer won deals took; None where too few were won.
    without_largest
        The difference without the partner that has most deals.
    fifths
        Win rates by fifths of size: partner deals, and direct ones weighed to be alike.
    """

    compared: Deals
    plain: Estimate
    matched: Estimate
    rate: float
    money: Estimate
    days: Estimate | None
    alike: Overlap
    balance: tuple[Balance, ...]
    largest: int
    without_largest: float
    fifths: tuple[tuple[Range, ...], tuple[Range, ...]]

    @property
    def direct_rate(self) -> float:
        """The share that would have been won without a partner."""
        return self.rate - self.matched.value

    @property
    def ratio(self) -> Range:
        """How many times as often a partner wins, with the range of the difference."""
        found = self.matched.range
        return Range(*(self._times(one) for one in (found.value, found.low, found.high)))

    @property
    def unseen(self) -> tuple[float, float]:
        """How strong an unseen cause would have to be to explain the difference, and to bring its range to zero."""
        near = self.ratio.low if self.matched.value > 0 else self.ratio.high
        return unseen_cause(self.ratio.value), unseen_cause(near) if self.matched.range.excludes_zero else 1.0

    def _times(self, gap: float) -> float:
        return max(self.rate, _LEAST) / min(max(self.rate - gap, _LEAST), 1.0)


def study_deals(deals: Deals, settings: Settings) -> Study:
    """Compare deals with a partner with direct ones.

    Parameters
    ----------
    deals
        With both sides, won and lost.
    settings
        How many deals a word needs to be a trait.

    Raises
    ------
    NoOverlapError
        When traits tell the two sides apart.
    """
    alike = overlap(columns_of(traits_of(deals, settings)), deals.with_partner)
    if alike.effective < settings.fewest_effective:
        raise NoOverlapError("Too few direct deals are like those of partners.")
    kept = deals.only(alike.near)
    traits = traits_of(kept, settings)
    matched = _won(kept, traits)
    largest = int(np.bincount(kept.partner[kept.with_partner]).argmax())
    return Study(
        compared=kept,
        plain=_compare(deals, deals.won.astype(np.float64), np.empty((len(deals.won), 0))),
        matched=matched,
        rate=float(kept.won[kept.with_partner].mean()),
        money=_compare(kept, kept.money, columns_of(traits)),
        days=_days(kept, settings),
        alike=alike,
        balance=tuple(_balances(kept, traits, matched.value)),
        largest=largest,
        without_largest=_without(kept, largest, settings),
        fifths=_by_size(kept, odds_weights(kept.with_partner, columns_of(traits))),
    )


def verdict_of(study: Study, settings: Settings, *, is_sound: bool) -> Verdict:
    """Never more than suggested: nobody drew by lot which deals partners have.

    Parameters
    ----------
    is_sound
        It is known where deals came from, and as many are still open on either side.
    """
    keeps_sign = study.without_largest * study.matched.value > 0
    balanced = all(one.after <= settings.most_apart for one in study.balance)
    holds = study.matched.range.excludes_zero and keeps_sign and balanced and is_sound
    return Verdict.SUGGESTED if holds else Verdict.NOT_SHOWN


def _won(deals: Deals, traits: tuple[Trait, ...]) -> Estimate:
    return _compare(deals, deals.won.astype(np.float64), columns_of(traits))


def _compare(deals: Deals, outcome: Floats, traits: Floats) -> Estimate:
    return difference(outcome, deals.with_partner, traits, clusters(deals))


def clusters(deals: Deals) -> Integers:
    """The partner of each deal; every direct one stands for itself."""
    own = int(deals.partner.max()) + 1 + np.arange(len(deals.partner))
    return np.where(deals.with_partner, deals.partner, own)


def _days(deals: Deals, settings: Settings) -> Estimate | None:
    """Among won deals; who wins differs, so it is a difference and no effect."""
    won = deals.only(deals.won)
    sides = int(won.with_partner.sum()), int((~won.with_partner).sum())
    if min(sides) < settings.fewest_effective:
        return None
    try:
        return _compare(won, won.days, columns_of(traits_of(won, settings)))
    except NoOverlapError:
        return None


def _balances(deals: Deals, traits: tuple[Trait, ...], value: float) -> list[Balance]:
    weights = odds_weights(deals.with_partner, columns_of(traits))
    found = []
    for one in traits:
        before, after = (float(np.abs(apart(one.columns, deals.with_partner, some)).max()) for some in (None, weights))
        rest = tuple(other for other in traits if other is not one)
        moves = _won(deals, rest).value - value if rest else 0.0
        found.append(Balance(one.name, before, after, abs(moves)))
    return found


def _without(deals: Deals, largest: int, settings: Settings) -> float:
    kept = deals.only(deals.partner != largest)
    return _won(kept, traits_of(kept, settings)).value


def _by_size(deals: Deals, weights: Floats) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    edges = np.quantile(deals.size[deals.with_partner], np.arange(1, FIFTHS) / FIFTHS)
    place = np.searchsorted(edges, deals.size, "right")
    return (
        tuple(_share(deals.won, weights, deals.with_partner & (place == nth)) for nth in range(FIFTHS)),
        tuple(_share(deals.won, weights, ~deals.with_partner & (place == nth)) for nth in range(FIFTHS)),
    )


def _share(won: Truths, weights: Floats, here: Truths) -> Range:
    """A weighed share with Wilson's (1927) interval for the effective number; none gives all from 0 to 1."""
    used = weights[here]
    if not used.sum():
        return Range(np.nan, 0.0, 1.0)
    share, number = float(np.average(won[here], weights=used)), float(used.sum() ** 2 / (used**2).sum())
    square = TWO_SIDED**2 / number
    middle = (share + square / 2) / (1 + square)
    half = TWO_SIDED * np.sqrt(share * (1 - share) / number + square / (4 * number)) / (1 + square)
    return Range(share, float(middle - half), float(middle + half))
