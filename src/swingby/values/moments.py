"""Moments and schedules: midnights worked out from others, and repeated ones.

A midnight is written as the day that it begins. As a limit a moment is exclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.values.calendars import CIVIL, Calendar
from swingby.values.periods import Length, Unit, add_days, add_length, add_months, subtract_length

_SATURDAY = 5
_YEARS_OF_MARGIN = 3
_DAYS_OF_YEAR = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a moment: to the start or end of a period (moved by ``shift`` periods), then ``after`` a length."""

    anchor: Literal["start_of", "end_of"] | None = None
    calendar: Calendar = CIVIL
    unit: Unit = "day"
    count: int = 1
    shift: int = 0
    after: Length = ()


def take_step(midnight: date, step: Step) -> date:
    """Apply one step.

    >>> fiscal = Calendar.starting(2, 1)
    >>> str(take_step(date(2025, 3, 10), Step(anchor="start_of", calendar=fiscal, unit="half", shift=1,
    ...     after=[(1, "month"), (15, "day")])))
    '2025-09-16'
    """
    if step.anchor is not None:
        period = step.calendar.period_containing(midnight, step.unit, step.count)
        period = step.calendar.shift(period, step.shift, step.unit, step.count)
        midnight = period.start if step.anchor == "start_of" else period.end
    return add_length(midnight, step.after)


def moment_after(midnight: date, steps: Iterable[Step]) -> date:
    """Apply the steps of a moment, in order.

    >>> str(moment_after(date(2024, 1, 10), [Step(after=[(2, "year")])]))
    '2026-01-10'
    >>> str(moment_after(date(2024, 1, 10), [Step(after=[(10, "month")]), Step(anchor="end_of", unit="quarter")]))
    '2025-01-01'
    """
    for step in steps:
        midnight = take_step(midnight, step)
    return midnight


def period_moments(start: date, end: date, unit: Unit, count: int = 1, calendar: Calendar = CIVIL) -> list[date]:
    """``{each: fiscal quarter}``: the midnights between periods that fall in [start, end)."""
    return calendar.boundaries_between(start, end, unit, count)


def yearly_moments(start: date, end: date, days: Iterable[tuple[int, int]]) -> list[date]:
    """``{dates: [01-15, 07-15]}``: the midnights that begin these (month, day) days, in [start, end).

    29 February is 28 February in years that lack it.

    >>> [str(day) for day in yearly_moments(date(2025, 1, 15), date(2026, 1, 15), [(7, 15), (1, 15)])]
    ['2025-01-15', '2025-07-15']
    """
    every = {
        add_months(date(2000, month, day), 12 * (year - 2000))
        for year in range(start.year, end.year + 1)
        for month, day in days
    }
    return sorted(found for found in every if start <= found < end)


def moved_moments(
    start: date, end: date, moments: Callable[[date, date], Sequence[date]], then: Sequence[Step]
) -> list[date]:
    """Repeated moments after ``then`` moved each of them, those that land in [start, end).

    ``moments(from, to)`` gives the unmoved ones; it is asked about a span wide enough for the move.

    >>> months = lambda start, end: period_moments(start, end, "month")
    >>> [str(day) for day in moved_moments(date(2025, 1, 1), date(2025, 2, 20), months, [Step(after=[(15, "day")])])]
    ['2025-01-16', '2025-02-16']
    """
    if not then:
        return list(moments(start, end))
    margin = _YEARS_OF_MARGIN * _DAYS_OF_YEAR + 2 * max(
        abs((moment_after(day, then) - day).days) for day in (start, end)
    )
    asked = moments(add_days(start, -margin), add_days(end, margin))
    return sorted({moved for day in asked if start <= (moved := moment_after(day, then)) < end})


def business_day(day: date, holidays: Collection[date] = frozenset()) -> date:
    """Return the day itself, or the next one that is neither a weekend nor a holiday.

    >>> str(business_day(date(2025, 5, 31), {date(2025, 6, 2)}))
    '2025-06-03'
    """
    while day.weekday() >= _SATURDAY or day in holidays:
        day = add_days(day, 1)
    return day


def cut_off_before(moment: date, length: Length) -> date:
    """``cut_off: 2 days``: only facts before this midnight count for the moment."""
    return subtract_length(moment, length)
