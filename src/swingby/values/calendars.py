"""Calendars: civil years, years that start on a day or on joining, and years of listed months."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from swingby.errors import SwingbyError
from swingby.values.periods import (
    DAYS_IN,
    MONTHS_IN,
    Period,
    Unit,
    add_days,
    add_months,
)

_LEAP_YEAR = 2000
_A_MONDAY = date(2001, 1, 1)


class OutsideCalendarError(SwingbyError):
    """A listed calendar was asked about a day that its months do not reach."""

    def __init__(self, first: date, end: date, place: str = "") -> None:
        where = f"{place}: the" if place else "The"
        super().__init__(
            code="calendar-outside",
            message=f"{where} listed months of this calendar run from {first} to {end}.",
            hint="List more month starts under month_starts.",
        )
        self.first = first
        self.end = end


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where months, quarters, halves and years begin. Weeks are ISO weeks (from Monday) in every calendar.

    Build one with ``CIVIL``, `starting`, `starting_on` or `listed`. Units are numbered; number 0 begins on the
    anchor, and periods of several units (``2 quarters``) are counted in blocks from there: from the year 2000 for
    civil and fiscal calendars, from the joining day for a membership calendar, from the first listed month. Days and
    weeks are numbered from Monday 1 January 2001 in every calendar.

    Examples
    --------
    >>> fiscal = Calendar.starting(2, 1)
    >>> str(fiscal.period_containing(date(2025, 1, 31), "quarter"))
    '[2024-11-01, 2025-02-01)'
    >>> member = Calendar.starting_on(date(2024, 2, 29))
    >>> str(member.period_containing(date(2025, 3, 1), "year"))
    '[2025-02-28, 2026-02-28)'
    """

    anchor: date
    month_starts: tuple[date, ...] = ()
    place: str = field(default="", compare=False)

    @classmethod
    def starting(cls, month: int, day: int = 1) -> Calendar:
        """Years that start on a day of the year; 29 February means the last day of February."""
        return cls(date(_LEAP_YEAR, month, day))

    @classmethod
    def starting_on(cls, day: date) -> Calendar:
        """Years, halves, quarters and months counted from one day, such as the joining day."""
        return cls(day)

    @classmethod
    def listed(cls, month_starts: Sequence[date], place: str = "") -> Calendar:
        """Months that begin on the listed days, twelve to a year; the last day only ends the month before it.

        ``place`` is where the list was written; a day outside it is refused with it.

        Raises
        ------
        ValueError
            When there are fewer than two days or they are not in order.
        """
        days = tuple(month_starts)
        if not days[1:] or any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("month starts must be two or more days in order")
        return cls(days[0], days, place)

    def unit_start(self, unit: Unit, number: int) -> date:
        """First day of the unit with this number."""
        if unit in DAYS_IN:
            return add_days(_A_MONDAY, number * DAYS_IN[unit])
        return self._month_start(number * MONTHS_IN[unit])

    def unit_number(self, unit: Unit, day: date) -> int:
        """Number of the unit that contains the day."""
        if unit in DAYS_IN:
            return (day - _A_MONDAY).days // DAYS_IN[unit]
        return self._month_number(day) // MONTHS_IN[unit]

    def period_containing(self, day: date, unit: Unit, count: int = 1) -> Period:
        """Period of ``count`` units that contains the day.

        >>> str(CIVIL.period_containing(date(2025, 12, 31), "week"))
        '[2025-12-29, 2026-01-05)'
        """
        return self.block(self.unit_number(unit, day) // count, unit, count)

    def shift(self, period: Period, number: int, unit: Unit, count: int = 1) -> Period:
        """Move a period of this calendar by so many periods of its own size.

        >>> str(CIVIL.shift(CIVIL.period_containing(date(2025, 1, 1), "month"), -1, "month"))
        '[2024-12-01, 2025-01-01)'
        """
        return self.block(self.unit_number(unit, period.start) // count + number, unit, count)

    def current(self, number: int, unit: Unit, as_of: date) -> Period:
        """Whole unit that contains the day and the ``number - 1`` before it, as one period."""
        found = self.unit_number(unit, as_of)
        return Period(self.unit_start(unit, found - number + 1), self.unit_start(unit, found + 1))

    def last_complete(self, number: int, unit: Unit, as_of: date) -> Period:
        """Last ``number`` complete units as one period; a unit that ends with ``as_of`` is complete.

        >>> str(CIVIL.last_complete(2, "quarter", date(2025, 6, 30)))
        '[2025-01-01, 2025-07-01)'
        >>> str(CIVIL.last_complete(2, "quarter", date(2025, 6, 29)))
        '[2024-10-01, 2025-04-01)'
        """
        end = self.unit_number(unit, add_days(as_of, 1))
        return Period(self.unit_start(unit, end - number), self.unit_start(unit, end))

    def periods_between(self, start: date, end: date, unit: Unit, count: int = 1) -> list[Period]:
        """Every period that shares a day with [start, end), in order; the first and last may reach beyond it.

        >>> [str(period.start) for period in CIVIL.periods_between(date(2025, 1, 15), date(2025, 3, 1), "month")]
        ['2025-01-01', '2025-02-01']
        """
        return list(self._periods(start, end, unit, count)) if start < end else []

    def last_days_between(self, start: date, end: date, unit: Unit, count: int = 1) -> tuple[date, ...]:
        """The last day of every period that shares a day with [start, end), in order."""
        return _last_days(*self._blocks(start, end, unit, count)) if start < end else ()

    def boundaries_between(self, start: date, end: date, unit: Unit, count: int = 1) -> list[date]:
        """First days of the periods that begin in [start, end); a listed calendar has no others than it lists."""
        if self.month_starts and unit not in DAYS_IN:
            start, end = max(start, self.month_starts[0]), min(end, self.month_starts[-1])
        return [period.start for period in self.periods_between(start, end, unit, count) if period.start >= start]

    def _periods(self, start: date, end: date, unit: Unit, count: int) -> tuple[Period, ...]:
        return _run_of_periods(*self._blocks(start, end, unit, count))

    def _blocks(self, start: date, end: date, unit: Unit, count: int) -> _Blocks:
        """The blocks from that of a day up to that of the day before another one."""
        first, last = (self.unit_number(unit, day) // count for day in (start, add_days(end, -1)))
        return self, unit, count, first, last

    def block(self, block: int, unit: Unit, count: int) -> Period:
        """The period of ``count`` units with this number."""
        return Period(self.unit_start(unit, block * count), self.unit_start(unit, (block + 1) * count))

    def _month_start(self, number: int) -> date:
        if not self.month_starts:
            return add_months(self.anchor, number)
        if not 0 <= number < len(self.month_starts):
            raise self._outside()
        return self.month_starts[number]

    def _month_number(self, day: date) -> int:
        if self.month_starts:
            return self._listed_month(day)
        guess = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        return guess - 1 if add_months(self.anchor, guess) > day else guess

    def _listed_month(self, day: date) -> int:
        if not self.month_starts[0] <= day <= self.month_starts[-1]:
            raise self._outside()
        return bisect_right(self.month_starts, day) - 1

    def _outside(self) -> OutsideCalendarError:
        return OutsideCalendarError(self.month_starts[0], self.month_starts[-1], self.place)


_Blocks = tuple[Calendar, Unit, int, int, int]
"""A calendar, a unit, how many of them make a block, and the numbers of the first and the last block."""


@lru_cache(maxsize=4096)
def _run_of_periods(calendar: Calendar, unit: Unit, count: int, first: int, last: int) -> tuple[Period, ...]:
    """Consecutive blocks; kept, because windows of many days hold the same ones."""
    return tuple(calendar.block(block, unit, count) for block in range(first, last + 1))


@lru_cache(maxsize=4096)
def _last_days(calendar: Calendar, unit: Unit, count: int, first: int, last: int) -> tuple[date, ...]:
    return tuple(period.last_day for period in _run_of_periods(calendar, unit, count, first, last))


CIVIL = Calendar.starting(1, 1)
