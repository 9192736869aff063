"""Forecasts of what partners will bring: tried on the end of the past, the nearest chosen, its range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.likelihood import NoTopError
from swingby.insight.settings import Settings
from swingby.insight.value.reading import MONTH

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
    """

    who: Integers
    purchases: Floats
    money: Floats
    active: Floats


class Past(Protocol):
    """What partners brought until now."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of partners."""

    @property
    def cost(self) -> float:
        """What the program spent in the last year."""

    def came(self, since: float) -> tuple[Floats, Floats]:
        """How much each brought from a day on: how many purchases, and money."""

    def repeated(self, today: float, weeks: float) -> Floats:
        """What comes from each in so many weeks if it repeats itself."""


#: So many weeks ahead, at so much a year for waiting.
Expecting = Callable[[float, float], Forecast]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to forecast.

    Attributes
    ----------
    name, told
        What it is called, and how it is told on the card.
    own
        Whether it rests on each partner's own history rather than on its region's.
    fit
        Fits to what was done until a day, with those who bought until then counted so often, or once.

        It raises `NoTopError` where there is no fit.
    """

    name: str
    told: str
    own: bool
    fit: Callable[[float, Integers | None], Expecting]


@dataclass(frozen=True, slots=True)
class Error:
    """How far a forecast of the end of the past was off.

    Attributes
    ----------
    off
        All money.
    miss
        The money of a partner: the root of the mean square, so that both too much and too little count, and large ones more.
    """

    name: str
    off: float
    miss: float


@dataclass(frozen=True, slots=True)
class Tried:
    """Ways that learned from the past before a cut, held against what came after it.

    Attributes
    ----------
    ways, errors
        The nearest first.
    failed
        Names of ways without a fit.
    repeated
        The error of saying that the last such time repeats itself.
    deals
        How far the nearest was off in purchases.
    expected, came
        Money of each partner by the nearest way, and what came.
    """

    ways: tuple[Way, ...]
    errors: tuple[Error, ...]
    failed: tuple[str, ...]
    repeated: Error
    deals: float
    expected: Floats
    came: Floats


def try_ways(past: Past, ways: Sequence[Way], cut: float, weeks: float) -> Tried:
    """Learn from what came before a cut, and look at what came after it; that money is of its own days, so nothing is discounted.

    Raises
    ------
    NoTopError
        When no way has a fit.
    """
    found: dict[str, Forecast] = {}
    failed: dict[str, str] = {}
    for way in ways:
        try:
            found[way.name] = way.fit(cut, None)(weeks, 0.0)
        except NoTopError as error:
            failed[way.name] = str(error)
    if not found:
        raise NoTopError("; ".join(failed.values()))
    who = next(iter(found.values())).who
    deals, came = (one[who] for one in past.came(cut))
    errors = sorted((_error(name, one.money, came) for name, one in found.items()), key=lambda error: error.miss)
    nearest = found[errors[0].name]
    by_name = {way.name: way for way in ways}
    return Tried(
        ways=tuple(by_name[error.name] for error in errors),
        errors=tuple(errors),
        failed=tuple(failed),
        repeated=_error("the same again", past.repeated(cut, weeks)[who], came),
        deals=float(nearest.purchases.sum() / max(deals.sum(), 1)) - 1,
        expected=nearest.money,
        came=came,
    )


def _error(name: str, expected: Floats, came: Floats) -> Error:
    off = float(expected.sum() / came.sum()) - 1 if came.sum() else float("inf")
    return Error(name, off, float(np.sqrt(np.mean((expected - came) ** 2))))


def month_ends(weeks: float) -> Floats:
    """The ends of the months in so many weeks; the last is cut."""
    number = int(np.ceil(weeks / MONTH - 1e-9))
    return np.asarray(np.minimum(np.arange(1, number + 1) * MONTH, weeks), np.float64)


def worth_today(monthly: Floats, ends: Floats, discount: float) -> Floats:
    """Months by partners added up, each by what a sum in the middle of its month is worth today."""
    middle = (np.concatenate([[0.0], ends[:-1]]) + ends) / 2 / (YEAR * MONTH)
    return np.asarray(((1 + discount) ** -middle) @ monthly, np.float64)


def total_range(
    way: Way, ahead: Forecast, today: float, weeks: float, *, discount: float, settings: Settings, seed: int
) -> Range | None:
    """The range of the total if partners were drawn again from the same kind, models fitted anew each time.

    None where too few drawings have a fit.
    """
    value, size, totals = float(ahead.money.sum()), len(ahead.who), []
    random = np.random.default_rng(seed)
    for _ in range(settings.redrawn):
        counts = np.asarray(random.multinomial(size, np.full(size, 1 / size)), np.int64)
        with suppress(NoTopError):
            totals.append(float(counts @ way.fit(today, counts)(weeks, discount).money))
    if len(totals) < settings.redrawn / 2:
        return None
    low, high = np.quantile(totals, (0.025, 0.975))
    return Range(value, float(min(low, value)), float(max(high, value)))
