"""The ways to forecast purchases, by how the buying happens: models of each partner's own, or means drawn to its region's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.bg_bb import fit_bg_bb
from swingby.insight.numerics.lifetimes import Buyers, Spending, fit_buying, fit_spending
from swingby.insight.numerics.pareto_nbd import fit_pareto_nbd
from swingby.insight.settings import Settings
from swingby.insight.value.forecasting import Expecting, Forecast, Way, month_ends, worth_today
from swingby.insight.value.reading import History, Purchases

MUCH = "for how much: gamma-gamma (Fader and Hardie 2013)"
BG_NBD = f"How often: BG/NBD (Fader, Hardie and Lee 2005), {MUCH}, from each partner's own days with a won deal."
PARETO = f"How often: Pareto/NBD (Schmittlein, Morrison and Colombo 1987), {MUCH}, from each partner's own days with a won deal."
BG_BB = f"How often: BG/BB (Fader, Hardie and Shang 2010), {MUCH}, from the rounds in which each partner won something, counted back from the last day."
SHRUNK = (
    "There are too few partners or repeated purchases for models of each; a partner's weekly mean is drawn towards its region's by "
    "how little its own says (Buehlmann 1967)."
)


class Model(Protocol):
    """A fitted model of how often somebody buys."""

    def alive(self, buyers: Buyers) -> Floats:
        """The chance that each still buys."""

    def expected(self, buyers: Buyers, ahead: float) -> Floats:
        """Purchases to be expected of each."""


M = TypeVar("M", bound=Model)


def purchase_ways(purchases: Purchases, today: float, settings: Settings) -> tuple[Way, ...]:
    """The ways that what was done until a day is enough for."""
    if not has_enough(purchases.history(today), settings):
        return (Way("the mean drawn towards the region's", SHRUNK, own=False, fit=_by_region(purchases)),)
    if purchases.round is not None:
        return (Way("BG/BB", BG_BB, own=True, fit=_by_history(purchases, fit_bg_bb)),)
    return (
        Way("BG/NBD", BG_NBD, own=True, fit=_by_history(purchases, fit_buying)),
        Way("Pareto/NBD", PARETO, own=True, fit=_by_history(purchases, fit_pareto_nbd)),
    )


def has_enough(history: History, settings: Settings) -> bool:
    """Whether partners' own histories say enough."""
    return (
        len(history.who) >= settings.fewest_buyers
        and float(np.median(history.buyers.repeats)) >= settings.fewest_repeats
    )


def _by_history(
    purchases: Purchases, fit: Callable[[Buyers, M | None], M]
) -> Callable[[float, Integers | None], Expecting]:
    whole: dict[float, tuple[M, Spending]] = {}

    def fitted(today: float, counts: Integers | None) -> Expecting:
        history = purchases.history(today)
        times = np.ones(len(history.who), np.int64) if counts is None else counts
        drawn = history.buyers.again(times)
        near, near_spending = whole.get(today, (None, None))
        model = fit(drawn, near)
        spending = fit_spending(drawn.repeats, np.repeat(history.amounts, times), near_spending)
        if counts is None:
            whole[today] = model, spending
        return lambda weeks, discount: by_history(history, model, spending, weeks=weeks, discount=discount)

    return fitted


def by_history(history: History, model: Model, spending: Spending, *, weeks: float, discount: float) -> Forecast:
    """Expect by models of how often and for how much; each month's purchases are worth what their money is today."""
    steps = month_ends(weeks)
    expected = [model.expected(history.buyers, end / history.unit) for end in steps]
    monthly = np.diff(np.vstack([np.zeros(len(history.who)), *expected]), axis=0)
    each = spending.expected(history.buyers.repeats, history.amounts)
    return Forecast(
        who=history.who,
        purchases=expected[-1],
        money=worth_today(monthly, steps, discount) * each,
        active=model.alive(history.buyers),
    )


def _by_region(purchases: Purchases) -> Callable[[float, Integers | None], Expecting]:
    return lambda today, _: lambda weeks, discount: by_region(purchases, today, weeks, discount=discount)


def by_region(purchases: Purchases, today: float, weeks: float, *, discount: float) -> Forecast:
    """Expect each partner's weekly mean, drawn towards its region's by how little its own says (Buehlmann 1967).

    With z = n / (n + k), n its weeks, and k the variance of weeks within partners over that of means between them.
    """
    history = replace(purchases, round=None).history(today)
    past, size = purchases.within(-np.inf, today), len(purchases.names)
    bought = past if purchases.round is None else past.by_round(today, purchases.round)
    regions = np.array([purchases.regions[one] for one in history.who])
    money = np.asarray(np.bincount(past.partner, past.money, size)[history.who], np.float64)
    number = np.bincount(bought.partner, minlength=size)[history.who]
    ages = np.maximum(history.buyers.age, 1.0)
    rates, counts = (_drawn(total / ages, ages, regions, number, total) for total in (money, number.astype(np.float64)))
    ends = month_ends(weeks)
    weekly = np.outer(np.diff(np.concatenate([[0.0], ends])), np.ones(len(ages)))
    return Forecast(
        history.who, counts * weeks, worth_today(weekly, ends, discount) * rates, np.full(len(ages), np.nan)
    )


def _drawn(own: Floats, ages: Floats, regions: np.ndarray, number: Integers, total: Floats) -> Floats:
    """Each partner's own rate, drawn towards the mean of its region."""
    result = np.empty(len(own))
    for region in np.unique(regions):
        here = regions == region
        mean = float(total[here].sum() / ages[here].sum())
        each = float((total[here] / np.maximum(number[here], 1)).mean())
        within = mean * each  # A compound Poisson rate varies like its size.
        between = max(
            float(np.average((own[here] - mean) ** 2, weights=ages[here])) - within / float(ages[here].mean()), 0.0
        )
        trust = ages[here] / (ages[here] + within / between) if between else np.zeros(int(here.sum()))
        result[here] = mean + trust * (own[here] - mean)
    return result
