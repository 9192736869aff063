"""Values of the domain: periods, calendars, windows, moments. Pure functions on plain arguments, standard library only.

=============================  ==========================================================================================
Name                           What it does
=============================  ==========================================================================================
``Period(start, end)``         half-open days; ``day in period``, ``.days``, ``.empty``, ``.last_day``, ``.overlaps(other)``
``period_until(start, end)``   the same, empty at ``end`` instead of an error when it would end before it starts
``Unit``, ``Length``           a unit's name (day, week, month, quarter, half, year); ``((count, unit), ...)`` added in order
``add_days``, ``add_months``   move a day; months clamp to the month's end
``add_unit``                   move a day by (count, unit)
``add_length``                 add the parts of a length; ``subtract_length`` takes them away
``whole_units``                how many whole units fit into a period
``Calendar``                   ``CIVIL``, ``Calendar.starting(month, day)``, ``.starting_on(day)``, ``.listed(month_starts)``;
                               ``period_containing(day, unit, count)``, ``shift(period, n, unit, count)``,
                               ``current(n, unit, as_of)``, ``last_complete(n, unit, as_of)``,
                               ``periods_between(start, end, unit, count)``, ``boundaries_between(...)``,
                               ``unit_number(unit, day)``, ``unit_start(unit, number)``
``OutsideCalendarError``       raised by a listed calendar that does not reach the day
``window_bounds(kind, as_of)`` any window; also ``last_window``, ``previous_window``, ``current_window``, ``next_window``,
                               ``between_window``, ``ever_window``, ``not_before``, ``moved_back``, ``end_of_day``
``Step``, ``moment_after``     a moment: steps applied to a midnight, in order
``period_moments``             schedule ``each``; ``yearly_moments`` schedule ``dates``; ``moved_moments`` applies ``then``
``business_day``               the next business day; ``cut_off_before`` the midnight before which facts must lie
=============================  ==========================================================================================

A midnight is written as the day that it begins. D is the as-of day, E = D + 1 the midnight that ends it.
"""

from __future__ import annotations

from swingby.values.calendars import CIVIL, Calendar, OutsideCalendarError
from swingby.values.moments import (
    Step,
    business_day,
    cut_off_before,
    moment_after,
    moved_moments,
    period_moments,
    take_step,
    yearly_moments,
)
from swingby.values.periods import (
    BEGINNING,
    END_OF_TIME,
    UNITS,
    Length,
    Period,
    Unit,
    add_days,
    add_length,
    add_months,
    add_unit,
    period_until,
    subtract_length,
    whole_units,
)
from swingby.values.windows import (
    WindowKind,
    between_window,
    current_window,
    end_of_day,
    ever_window,
    last_window,
    moved_back,
    next_window,
    not_before,
    previous_window,
    window_bounds,
)

__all__ = [
    "BEGINNING",
    "CIVIL",
    "END_OF_TIME",
    "UNITS",
    "Calendar",
    "Length",
    "OutsideCalendarError",
    "Period",
    "Step",
    "Unit",
    "WindowKind",
    "add_days",
    "add_length",
    "add_months",
    "add_unit",
    "between_window",
    "business_day",
    "current_window",
    "cut_off_before",
    "end_of_day",
    "ever_window",
    "last_window",
    "moment_after",
    "moved_back",
    "moved_moments",
    "next_window",
    "not_before",
    "period_moments",
    "period_until",
    "previous_window",
    "subtract_length",
    "take_step",
    "whole_units",
    "window_bounds",
    "yearly_moments",
]
