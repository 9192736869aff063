"""Half-open periods of days and the arithmetic of lengths of time."""

from __future__ import annotations

import calendar as _month_lengths
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["day", "week", "month", "quarter", "half", "year"]

#: A length of time: (count, unit) parts that are added in order.
Length = Sequence[tuple[int, Unit]]

UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "half", "year")
MONTHS_IN: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAYS_IN: dict[Unit, int] = {"day": 1, "week": 7}

BEGINNING = date.min
END_OF_TIME = date.max


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``start`` up to, not including, ``end``; empty when they are equal.

    Raises
    ------
    ValueError
        When it ends before it starts.

    Examples
    --------
    >>> year = Period(date(2025, 1, 1), date(2026, 1, 1))
    >>> date(2025, 12, 31) in year, date(2026, 1, 1) in year, year.days, str(year.last_day)
    (True, False, 365, '2025-12-31')
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return f"[{self.start}, {self.end})"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def empty(self) -> bool:
        """Whether it holds no day."""
        return self.start == self.end

    @property
    def last_day(self) -> date:
        """The last day inside; of an empty period the day before it."""
        return add_days(self.end, -1)

    def overlaps(self, other: Period) -> bool:
        """Whether both hold at least one day in common."""
        return max(self.start, other.start) < min(self.end, other.end)


def period_until(start: date, end: date) -> Period:
    """Build the period [start, end), or the empty one at ``end`` when it would end before it starts.

    >>> str(period_until(date(2025, 3, 1), date(2025, 2, 1)))
    '[2025-02-01, 2025-02-01)'
    """
    return Period(min(start, end), end)


def add_days(day: date, count: int) -> date:
    """Move by days; beyond the calendar's first or last day it stays there."""
    moved = day.toordinal() + count
    return date.fromordinal(min(max(moved, BEGINNING.toordinal()), END_OF_TIME.toordinal()))


def add_months(day: date, count: int) -> date:
    """Move by months; a day that the month lacks becomes the month's last day.

    >>> str(add_months(date(2024, 1, 31), 1)), str(add_months(date(2024, 2, 29), -12))
    ('2024-02-29', '2023-02-28')
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not BEGINNING.year <= year <= END_OF_TIME.year:
        return BEGINNING if count < 0 else END_OF_TIME
    last = _month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_unit(day: date, count: int, unit: Unit) -> date:
    """Move by so many units: days and weeks exactly, the others by months.

    >>> str(add_unit(date(2025, 8, 31), 1, "half"))
    '2026-02-28'
    """
    if unit in DAYS_IN:
        return add_days(day, count * DAYS_IN[unit])
    return add_months(day, count * MONTHS_IN[unit])


def add_length(day: date, length: Length) -> date:
    """Add the parts of a length, in order.

    >>> str(add_length(date(2025, 1, 31), [(1, "month"), (15, "day")]))
    '2025-03-15'
    """
    for count, unit in length:
        day = add_unit(day, count, unit)
    return day


def subtract_length(day: date, length: Length) -> date:
    """Take the parts of a length away, in order.

    >>> str(subtract_length(date(2026, 2, 1), [(12, "month")]))
    '2025-02-01'
    """
    return add_length(day, [(-count, unit) for count, unit in length])


def whole_units(period: Period, unit: Unit, count: int = 1) -> int:
    """How many whole units, counted from the period's start, fit into it.

    >>> whole_units(Period(date(2025, 1, 31), date(2025, 3, 1)), "month")
    1
    """
    step = count * DAYS_IN.get(unit, 31 * MONTHS_IN.get(unit, 1))
    found = period.days // step
    while add_unit(period.start, (found + 1) * count, unit) <= period.end and found < period.days:
        found += 1
    return found
