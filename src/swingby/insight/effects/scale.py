"""What an effect means to a reader: per cent, points, money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import expm1, inf
from typing import Literal

import numpy as np

from swingby.insight.cards import Figure
from swingby.insight.effects.question import Outcome
from swingby.insight.effects.shaping import Shaped
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import Range
from swingby.insight.wording import percent, points

Numbers = Floats | np.float64
#: A part of the whole is less than the whole.
_NEARLY_ALL = 1 - 1e-12


@dataclass(frozen=True, slots=True)
class Scale:
    """How effects on an outcome are shown.

    Attributes
    ----------
    unit
        Of figures.
    shown
        From the scale of the estimate to that of the figure.
    say
        The figure in words, with its sign if asked.
    """

    unit: Literal["share", "points"]
    shown: Callable[[float], float]
    say: Callable[..., str]

    def words(self, effect: Range) -> str:
        """An effect with its range: "+18 % (+11 % to +26 %)"."""
        value, low, high = (self.say(self.shown(one), signed=True) for one in (effect.value, effect.low, effect.high))
        return f"{value} ({low} to {high})"

    def figure(self, label: str, effect: Range) -> Figure:
        """An effect as a figure."""
        return Figure(label, self.shown(effect.value), self.unit, self.shown(effect.low), self.shown(effect.high))


def scale_of(outcome: Outcome) -> Scale:
    """How effects on an outcome are shown."""
    if outcome is Outcome.DEAL_SIZE:
        return Scale("share", expm1, percent)
    if outcome is Outcome.REVENUE:
        return Scale("share", float, percent)
    return Scale("points", float, points)


def money_figure(
    shaped: Shaped, outcome: Outcome, effect: Range, currency: str, *, called: str = "What that is worth"
) -> Figure | None:
    """What the effect is worth in money over the periods that were looked at; None where money does not follow from it.

    A larger deal: of what those who began won after the act, the part that would not be there without the effect,
    ``money * (1 - exp(-effect))``. Revenue: the effect times what was usual. A win rate: the additional wins at the mean
    deal.
    """
    worth = _worth(shaped, outcome)
    if worth is None:
        return None
    value, low, high = (worth(one) for one in (effect.value, effect.low, effect.high))
    lags = shaped.case.window.lags
    label = f"{called}, for all who began together, over the first {lags} {shaped.unit}s of each"
    return Figure(label, value, "money", min(low, high), max(low, high), currency)


def _worth(shaped: Shaped, outcome: Outcome) -> Callable[[float], float] | None:
    stake = stake_of(shaped, outcome)
    if stake is None:
        return None
    money, part = float(stake.money.sum()), stake.part
    return lambda effect: float(part(np.float64(effect))) * money


@dataclass(frozen=True, slots=True)
class Stake:
    """The money that an effect works on, and what part of it would not be there without the effect.

    Attributes
    ----------
    money
        Partners by periods from the act on; zero where a period was not seen.
    seen
        Which of them were seen.
    part, needed
        From an effect to the part of the money that it made, and back.
    """

    money: Floats
    seen: Truths
    part: Callable[[Numbers], Floats]
    needed: Callable[[Numbers], Floats]


def stake_of(shaped: Shaped, outcome: Outcome) -> Stake | None:
    """The money that effects on an outcome work on; None where money does not follow from it."""
    periods, panel, lags = shaped.periods, shaped.case.panel, shaped.case.window.lags

    def after(of: Floats | Truths) -> Floats:
        return from_act(of, panel.began, 0, lags, step=panel.step)

    seen = after(periods.enrolled) > 0
    if outcome is Outcome.DEAL_SIZE:
        return Stake(
            np.where(seen, after(periods.money), 0.0),
            seen,
            lambda effect: np.asarray(-np.expm1(-np.asarray(effect)), np.float64),
            lambda part: np.where(np.asarray(part) < 1, -np.log1p(-np.minimum(part, _NEARLY_ALL)), inf),
        )
    if outcome is Outcome.WIN_RATE:
        won, lost, money = (np.where(seen, after(of), 0.0) for of in (periods.won, periods.lost, periods.money))
        deal = money.sum() / won.sum() if won.sum() else 0.0
        return Stake((won + lost) * deal, seen, _same, _same) if deal else None
    if outcome is Outcome.REVENUE:
        lag, rest = np.divmod(np.arange(panel.periods) - panel.began[:, None], panel.step)
        before = (rest == 0) & (lag < 0) & (lag >= -shaped.case.relative_to) & periods.enrolled
        usual = np.where(before, periods.money, 0).sum(axis=1) / np.maximum(before.sum(axis=1), 1)
        return Stake(np.where(seen, usual[:, None], 0.0), seen, _same, _same)
    return None


def _same(effect: Numbers) -> Floats:
    return np.asarray(effect, np.float64)


def from_act(of: Floats | Truths, began: Integers, first: int, until: int, *, step: int = 1) -> Floats:
    """Partners by periods counted from the act; zero beyond the periods there are, and for those without the act."""
    place = began[:, None] + step * np.arange(first, until)
    there = (place >= 0) & (place < of.shape[1]) & (began >= 0)[:, None]
    return np.where(there, np.take_along_axis(of, np.clip(place, 0, of.shape[1] - 1), axis=1), 0).astype(np.float64)


def share_of(part: float, whole: float) -> float:
    """A part of a whole; infinite where there is no whole."""
    return part / whole if whole else inf
