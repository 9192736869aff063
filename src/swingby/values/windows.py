"""Windows: spans of days worked out from the as-of day.

``as_of`` is a day D; the midnight that ends it is E = D + 1. Every window is a half-open period and ends at E or
before, except `next_window`. A window that would start after its end is empty.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from swingby.values.calendars import CIVIL, Calendar
from swingby.values.periods import (
    BEGINNING,
    Length,
    Period,
    Unit,
    add_days,
    add_length,
    period_until,
    subtract_length,
)

WindowKind = Literal["last", "previous", "current", "next", "between", "ever"]


def end_of_day(as_of: date) -> date:
    """E: the midnight that ends the day, written as the day that it begins."""
    return add_days(as_of, 1)


def moved_back(as_of: date, ago: Length) -> date:
    """D moved back by ``ago``, before anything else is worked out."""
    return subtract_length(as_of, ago)


def last_window(as_of: date, length: Length) -> Period:
    """``{last: 12 months}``: [E - length, E).

    >>> str(last_window(date(2026, 2, 28), [(12, "month")]))
    '[2025-03-01, 2026-03-01)'
    """
    end = end_of_day(as_of)
    return period_until(subtract_length(end, length), end)


def next_window(as_of: date, length: Length) -> Period:
    """``{next: 12 months}``: [E, E + length)."""
    start = end_of_day(as_of)
    return Period(start, max(start, add_length(start, length)))


def previous_window(as_of: date, unit: Unit, count: int = 1, calendar: Calendar = CIVIL) -> Period:
    """``{previous: 2 fiscal quarters}``: the last complete ones; one that ends with D is complete."""
    return calendar.last_complete(count, unit, as_of)


def current_window(as_of: date, unit: Unit, count: int = 1, calendar: Calendar = CIVIL) -> Period:
    """``{current: 6 months}``: the period containing D and those before it, up to E.

    >>> str(current_window(date(2025, 6, 15), "month", 6))
    '[2025-01-01, 2025-06-16)'
    """
    first = calendar.unit_number(unit, as_of) - count + 1
    return Period(calendar.unit_start(unit, first), end_of_day(as_of))


def between_window(as_of: date, first: date | None, through: date | None = None) -> Period:
    """``{from: …, through: …}``: both days included, never beyond E; without a first day from the beginning.

    >>> str(between_window(date(2025, 7, 1), date(2025, 5, 1), date(2025, 9, 30)))
    '[2025-05-01, 2025-07-02)'
    """
    end = end_of_day(as_of)
    return period_until(first or BEGINNING, end if through is None else min(end, add_days(through, 1)))


def ever_window(as_of: date) -> Period:
    """``ever``: everything before E."""
    return Period(BEGINNING, end_of_day(as_of))


def not_before(period: Period, day: date | None) -> Period:
    """Cut the left end of a window; None leaves it."""
    return period if day is None else period_until(max(period.start, day), period.end)


def window_bounds(
    kind: WindowKind,
    as_of: date,
    *,
    length: Length = (),
    unit: Unit = "day",
    count: int = 1,
    calendar: Calendar = CIVIL,
    first: date | None = None,
    through: date | None = None,
    ago: Length = (),
    left_limit: date | None = None,
) -> Period:
    """Any window, by its kind.

    Parameters
    ----------
    length
        Of ``last`` and ``next``.
    unit, count, calendar
        Of ``previous`` and ``current``.
    first, through
        Of ``between``: the first day and perhaps the last day, both included.
    ago
        How far D is moved back first.
    left_limit
        The day of ``not_before``.

    Raises
    ------
    OutsideCalendarError
        When a listed calendar does not reach.

    Examples
    --------
    >>> str(window_bounds("current", date(2026, 3, 31), unit="month", ago=[(1, "month")]))
    '[2026-02-01, 2026-03-01)'
    """
    day = moved_back(as_of, ago)
    if kind in ("previous", "current"):
        found = (previous_window if kind == "previous" else current_window)(day, unit, count, calendar)
    elif kind in ("last", "next"):
        found = (last_window if kind == "last" else next_window)(day, length)
    else:
        found = ever_window(day) if kind == "ever" else between_window(day, first, through)
    return not_before(found, left_limit)
