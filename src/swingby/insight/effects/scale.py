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
from swingby.insight.numerics.estimates import Range
from swingby.insight.wording import percent, points


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


def money_figure(shaped: Shaped, outcome: Outcome, effect: Range, currency: str) -> Figure | None:
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
    label = f"What that is worth, over the first {lags} {shaped.unit}s of all who began"
    return Figure(label, value, "money", min(low, high), max(low, high), currency)


def _worth(shaped: Shaped, outcome: Outcome) -> Callable[[float], float] | None:
    periods, panel = shaped.periods, shaped.case.panel
    lag = np.arange(panel.periods) - panel.began[:, None]
    after = (lag >= 0) & (lag < shaped.case.window.lags) & periods.enrolled & (panel.began >= 0)[:, None]
    money = float(periods.money[after].sum())
    if outcome is Outcome.DEAL_SIZE:
        return lambda effect: money * -expm1(-effect)
    if outcome is Outcome.WIN_RATE and periods.won[after].sum():
        deal = money / float(periods.won[after].sum())
        closed = float((periods.won + periods.lost)[after].sum())
        return lambda effect: effect * closed * deal
    if outcome is Outcome.REVENUE:
        before = (
            (lag < 0) & (lag >= -shaped.case.relative_to) & periods.enrolled & (panel.began < panel.periods)[:, None]
        )
        usual = np.where(before, periods.money, 0).sum(axis=1) / np.maximum(before.sum(axis=1), 1)
        base = float((usual * after.sum(axis=1)).sum())
        return lambda effect: effect * base
    return None


def share_of(part: float, whole: float) -> float:
    """A part of a whole; infinite where there is no whole."""
    return part / whole if whole else inf
