"""Currencies: a rate for each month, the currency of each deal, and amounts in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.generation.archetypes import Company
from swingby.generation.calendar import Months
from swingby.generation.columns import Column, Table, days, words
from swingby.generation.drawing import Floats, Stream, Truths, Whole

RATE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Rates:
    """USD for one of each currency, by month; the first currency is USD itself."""

    currencies: tuple[str, ...]
    by_month: Floats
    whole: Truths

    def amounts(self, usd: Floats, currency: Whole, month: Whole) -> Whole:
        """Hundredths of each currency for amounts in USD; without hundredths where a currency has none."""
        exact = usd / self.by_month[month, currency]
        return np.where(self.whole[currency], np.round(exact) * 100, np.round(exact * 100)).astype(np.int64)

    def usd(self, hundredths: Whole, currency: Whole, month: Whole) -> Floats:
        """What amounts are worth."""
        return np.asarray(hundredths / 100 * self.by_month[month, currency])


def draw_rates(company: Company, months: Months, seed: str) -> Rates:
    """Rates that drift from month to month; the same for everybody."""
    money = company["money"]
    names = tuple(money["shares"])
    start = np.array([money["rates"].get(name, 1.0) for name in names])
    steps = Stream(seed, "rates").normal((months.all, len(names)), money["drift"])
    steps[0] = 0
    steps[:, [name not in money["rates"] for name in names]] = 0
    by_month = np.round(start * np.exp(np.cumsum(steps, axis=0)), RATE_DIGITS)
    return Rates(names, by_month, np.array([name in money["whole"] for name in names]))


def rate_table(rates: Rates, months: Months) -> Table:
    """A rate for each currency but the first, valid from each month's first day on."""
    count, foreign = months.count, len(rates.currencies) - 1
    valued = np.repeat(months.starts[:count], foreign)
    millionths = np.round(rates.by_month[:count, 1:].ravel() * 10**RATE_DIGITS).astype(np.int64)
    return Table(
        "exchange_rates",
        {
            "currency": words(np.tile(np.arange(1, foreign + 1), count), rates.currencies),
            "valued_on": days(valued),
            "rate": Column(millionths, _millionths),
        },
    )


def _millionths(name: str) -> str:
    return f"CAST(CAST({name} AS DECIMAL(16, 0)) * 0.000001 AS DECIMAL(18, 6))"


def draw_currencies(company: Company, stream: Stream, region: Whole, *, counted: Truths) -> Whole:
    """A currency for each deal, so that each is as frequent among those counted as the file says.

    Each currency but the first is at home in one region.
    """
    money, count = company["money"], len(region)
    names, drawn = list(money["shares"]), stream.uniform(count)
    found, used = np.zeros(count, dtype=np.int64), np.zeros(len(company.regions))
    here = np.bincount(region[counted], minlength=len(company.regions)) / max(1, int(counted.sum()))
    for name, home in money["home"].items():
        place = company.regions.index(home)
        share = money["shares"][name] / here[place] if here[place] else 0.0
        chosen = (region == place) & (drawn >= used[place]) & (drawn < used[place] + share)
        found[chosen] = names.index(name)
        used[place] += share
    return found
