"""Periods and lengths against a slow count of single days."""

from __future__ import annotations

import calendar
import doctest
import importlib
from datetime import date, timedelta

import pytest

from swingby.values import (
    BEGINNING,
    END_OF_TIME,
    Period,
    add_days,
    add_length,
    add_months,
    period_until,
    subtract_length,
    whole_units,
)

LEAP_SPAN = [date(2023, 12, 25) + timedelta(days=number) for number in range(450)]


@pytest.mark.parametrize("module", ["periods", "calendars", "windows", "moments"])
def test_examples_in_docstrings(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"swingby.values.{module}"))
    assert (result.failed, result.attempted > 0) == (0, True)


def step_months(day: date, count: int) -> date:
    """Walk month by month from the first of the month, then clamp."""
    first = day.replace(day=1)
    for _ in range(abs(count)):
        first = (first + timedelta(days=31 if count > 0 else -1)).replace(day=1)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def test_months_are_walked_one_by_one() -> None:
    for day in LEAP_SPAN:
        for count in (-25, -12, -1, 0, 1, 2, 11, 12, 13, 48):
            assert add_months(day, count) == step_months(day, count), (day, count)


def test_beyond_the_first_and_last_day_it_stays_there() -> None:
    assert add_months(date(9999, 6, 1), 12) == END_OF_TIME
    assert add_months(date(1, 6, 1), -12) == BEGINNING
    assert add_days(END_OF_TIME, 5) == END_OF_TIME


def test_parts_of_a_length_are_added_in_order() -> None:
    assert add_length(date(2025, 1, 31), [(1, "month"), (1, "day")]) == date(2025, 3, 1)
    assert add_length(date(2025, 1, 31), [(1, "day"), (1, "month")]) == date(2025, 3, 1)
    assert add_length(date(2025, 1, 30), [(1, "day"), (1, "month")]) == date(2025, 2, 28)
    assert subtract_length(date(2025, 3, 31), [(1, "quarter"), (1, "week")]) == date(2024, 12, 24)


def test_whole_units_counts_steps_from_the_start() -> None:
    start = date(2024, 1, 31)
    for day in LEAP_SPAN[40:]:
        steps = [number for number in range(1, 30) if add_months(start, number) <= day]
        assert whole_units(Period(start, day), "month") == len(steps), day
        assert whole_units(Period(start, day), "week") == (day - start).days // 7
    assert whole_units(Period(start, start), "day") == 0


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2025, 2, 1), date(2025, 1, 1))
    assert period_until(date(2025, 2, 1), date(2025, 1, 1)).empty


def test_overlap_needs_a_common_day() -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    assert not year.overlaps(Period(date(2026, 1, 1), date(2026, 2, 1)))
    assert not year.overlaps(Period(date(2025, 5, 1), date(2025, 5, 1)))
    assert year.overlaps(Period(date(2025, 12, 31), date(2026, 2, 1)))
