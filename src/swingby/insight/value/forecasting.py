"""What partners will buy: by their own history where there is enough, otherwise by means drawn towards their region's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.lifetimes import Buying, Spending, fit_buying, fit_spending
from swingby.insight.numerics.likelihood import NoTopError
from swingby.insight.settings import Settings
from swingby.insight.value.reading import WEEK, History, Purchases

MONTH = 365.25 / 12 / WEEK
YEAR = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of each partner that bought.

    Attributes
    ----------
    who
        Their numbers.
    purchases, money
        How many, and for how much, at today's value.
    active
        The chance that it still buys; not a number where nothing tells.
    own
        Whether it rests on each partner's own history rather than on its region's.
    """

    who: Integers
    purchases: Floats
    money: Floats
    active: Floats
    own: bool


def forecast(purchases: Purchases, today: float, weeks: float, *, discount: float, settings: Settings) -> Forecast:
    """Expect what partners will buy in so many weeks after a day, from what they did until then.

    Raises
    ------
    NoTopError
        When a model has no fit.
    """
    history = purchases.history(today)
    if has_enough(history, settings):
        fitted = fit_buying(history.buyers), fit_spending(history.buyers.repeats, history.amounts)
        return by_history(history, *fitted, weeks=weeks, discount=discount)
    return by_region(purchases, history, today, weeks, discount=discount)


def has_enough(history: History, settings: Settings) -> bool:
    """Whether partners' own histories say enough."""
    return (
        len(history.who) >= settings.fewest_buyers
        and float(np.median(history.buyers.repeats)) >= settings.fewest_repeats
    )


def by_history(history: History, buying: Buying, spending: Spending, *, weeks: float, discount: float) -> Forecast:
    """Expect by BG/NBD and gamma-gamma; each month's purchases are worth what their money is today."""
    steps = month_ends(weeks)
    expected = [buying.expected(history.buyers, end) for end in steps]
    monthly = np.diff(np.vstack([np.zeros(len(history.who)), *expected]), axis=0)
    each = spending.expected(history.buyers.repeats, history.amounts)
    return Forecast(
        who=history.who,
        purchases=expected[-1],
        money=worth_today(monthly, steps, discount) * each,
        active=buying.alive(history.buyers),
        own=True,
    )


def month_ends(weeks: float) -> Floats:
    """The ends of the months in so many weeks; the last is cut."""
    number = int(np.ceil(weeks / MONTH - 1e-9))
    return np.asarray(np.minimum(np.arange(1, number + 1) * MONTH, weeks), np.float64)


def worth_today(monthly: Floats, ends: Floats, discount: float) -> Floats:
    """Months by partners added up, each by what a sum in the middle of its month is worth today."""
    middle = (np.concatenate([[0.0], ends[:-1]]) + ends) / 2 / (YEAR * MONTH)
    return np.asarray(((1 + discount) ** -middle) @ monthly, np.float64)


def by_region(purchases: Purchases, history: History, today: float, weeks: float, *, discount: float) -> Forecast:
    """Expect each partner's weekly mean, drawn towards its region's by how little its own says (Buehlmann 1967).

    With z = n / (n + k), n its weeks, and k the variance of weeks within partners over that of means between them.
    """
    regions = np.array([purchases.regions[one] for one in history.who])
    past = purchases.before(today)
    size = len(purchases.names)
    money = np.asarray(np.bincount(past.partner, past.money, size)[history.who], np.float64)
    number = np.bincount(past.partner, minlength=size)[history.who]
    ages = np.maximum(history.buyers.age, 1.0)
    rates, counts = (_drawn(total / ages, ages, regions, number, total) for total in (money, number.astype(np.float64)))
    ends = month_ends(weeks)
    weekly = np.outer(np.diff(np.concatenate([[0.0], ends])), np.ones(len(ages)))
    return Forecast(
        history.who, counts * weeks, worth_today(weekly, ends, discount) * rates, np.full(len(ages), np.nan), own=False
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


def total_range(
    purchases: Purchases, today: float, weeks: float, *, discount: float, settings: Settings, seed: int
) -> Range | None:
    """The range of the total if partners were drawn again from the same kind; None where too few drawings have a fit."""
    history = purchases.history(today)
    random = np.random.default_rng(seed)
    value = float(forecast(purchases, today, weeks, discount=discount, settings=settings).money.sum())
    worth = _again(purchases, history, today, weeks, discount=discount, settings=settings)
    totals: list[float] = []
    for _ in range(settings.redrawn):
        counts = random.multinomial(len(history.who), np.full(len(history.who), 1 / len(history.who)))
        try:
            totals.append(worth(np.asarray(counts, np.int64)))
        except NoTopError:
            continue
    if len(totals) < settings.redrawn / 2:
        return None
    low, high = np.quantile(totals, (0.025, 0.975))
    return Range(value, float(min(low, value)), float(max(high, value)))


def _again(
    purchases: Purchases, history: History, today: float, weeks: float, *, discount: float, settings: Settings
) -> Callable[[Integers], float]:
    """The total of partners that are counted so often; models are fitted anew each time."""
    if not has_enough(history, settings):
        fixed = by_region(purchases, history, today, weeks, discount=discount).money
        return lambda counts: float(counts @ fixed)

    def worth(counts: Integers) -> float:
        drawn = History(
            np.repeat(history.who, counts), history.buyers.again(counts), np.repeat(history.amounts, counts)
        )
        fitted = fit_buying(drawn.buyers), fit_spending(drawn.buyers.repeats, drawn.amounts)
        return float(by_history(drawn, *fitted, weeks=weeks, discount=discount).money.sum())

    return worth
