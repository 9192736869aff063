"""Windows and moments at the days where they are easily wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from swingby.values import (
    BEGINNING,
    CIVIL,
    Calendar,
    Period,
    Step,
    business_day,
    cut_off_before,
    moment_after,
    moved_moments,
    period_moments,
    window_bounds,
    yearly_moments,
)

FISCAL = Calendar.starting(2, 1)


def test_last_includes_the_as_of_day() -> None:
    found = window_bounds("last", date(2024, 2, 29), length=[(12, "month")])
    assert found == Period(date(2023, 3, 1), date(2024, 3, 1))


def test_previous_counts_a_period_that_ends_with_the_day() -> None:
    found = window_bounds("previous", date(2026, 1, 31), unit="quarter", count=2, calendar=FISCAL)
    assert found == Period(date(2025, 8, 1), date(2026, 2, 1))
    found = window_bounds("previous", date(2026, 1, 30), unit="quarter", count=2, calendar=FISCAL)
    assert found == Period(date(2025, 5, 1), date(2025, 11, 1))


def test_current_ends_with_the_day_not_with_the_period() -> None:
    found = window_bounds("current", date(2025, 8, 10), unit="month", count=6)
    assert found == Period(date(2025, 3, 1), date(2025, 8, 11))


def test_next_starts_after_the_day() -> None:
    assert window_bounds("next", date(2025, 1, 31), length=[(1, "month")]) == Period(date(2025, 2, 1), date(2025, 3, 1))


def test_between_never_reaches_beyond_the_day() -> None:
    asked: dict[str, Any] = {"first": date(2025, 5, 1), "through": date(2025, 9, 30)}
    assert window_bounds("between", date(2026, 1, 1), **asked) == Period(date(2025, 5, 1), date(2025, 10, 1))
    assert window_bounds("between", date(2025, 6, 1), **asked) == Period(date(2025, 5, 1), date(2025, 6, 2))
    assert window_bounds("between", date(2025, 4, 1), **asked).empty
    assert window_bounds("between", date(2025, 4, 1)).start == BEGINNING


def test_ago_moves_the_day_before_anything_else() -> None:
    found = window_bounds("last", date(2025, 2, 28), length=[(1, "month")], ago=[(12, "month")])
    assert found == Period(date(2024, 1, 29), date(2024, 2, 29))


def test_not_before_cuts_the_left_end() -> None:
    joined = date(2025, 6, 10)
    found = window_bounds("ever", date(2025, 7, 1), left_limit=joined)
    assert found == Period(joined, date(2025, 7, 2))
    assert window_bounds("ever", date(2025, 6, 1), left_limit=joined).empty


@pytest.mark.parametrize("kind", ["last", "previous", "current", "between", "ever"])
def test_no_window_reaches_beyond_the_as_of_day(kind: str) -> None:
    for number in range(500):
        day = date(2023, 11, 1) + timedelta(days=number)
        found = window_bounds(kind, day, length=[(3, "month")], unit="quarter", first=date(2024, 1, 1))  # type: ignore[arg-type]
        assert found.end <= day + timedelta(days=1)
        if kind in ("last", "current", "ever"):
            assert day in found


def test_moments_apply_in_order() -> None:
    half = Step(anchor="start_of", unit="half", calendar=FISCAL, shift=1, after=[(1, "month"), (15, "day")])
    assert moment_after(date(2025, 8, 1), [half]) == date(2026, 3, 16)
    steps = [Step(after=[(10, "month")]), Step(anchor="end_of", unit="quarter")]
    assert moment_after(date(2025, 3, 1), steps) == date(2026, 4, 1)
    assert moment_after(date(2025, 12, 31), [Step(anchor="end_of", unit="year")]) == date(2026, 1, 1)
    assert moment_after(date(2026, 1, 1), [Step(anchor="end_of", unit="year")]) == date(2027, 1, 1)


def test_schedules_are_half_open() -> None:
    assert period_moments(date(2025, 2, 1), date(2025, 8, 1), "quarter", calendar=FISCAL) == [
        date(2025, 2, 1),
        date(2025, 5, 1),
    ]
    leap = yearly_moments(date(2023, 1, 1), date(2025, 1, 1), [(2, 29)])
    assert leap == [date(2023, 2, 28), date(2024, 2, 29)]


def test_moved_moments_miss_none_at_the_edges() -> None:
    then = [Step(after=[(2, "month"), (10, "day")])]
    everything = [moment_after(day, then) for day in period_moments(date(2015, 1, 1), date(2035, 1, 1), "month")]
    for number in range(0, 400, 7):
        start = date(2024, 1, 1) + timedelta(days=number)
        end = start + timedelta(days=45)
        found = moved_moments(start, end, lambda a, b: period_moments(a, b, "month"), then)
        assert found == [day for day in everything if start <= day < end]


def test_moved_moments_without_a_move_are_the_moments() -> None:
    found = moved_moments(date(2025, 1, 1), date(2025, 3, 1), lambda a, b: period_moments(a, b, "month"), ())
    assert found == [date(2025, 1, 1), date(2025, 2, 1)]


def test_business_days_skip_weekends_and_holidays() -> None:
    assert business_day(date(2025, 5, 30)) == date(2025, 5, 30)
    assert business_day(date(2025, 5, 31)) == date(2025, 6, 2)
    assert business_day(date(2025, 5, 31), {date(2025, 6, 2)}) == date(2025, 6, 3)
    assert cut_off_before(date(2025, 6, 1), [(2, "day")]) == date(2025, 5, 30)


def test_civil_is_the_default() -> None:
    assert window_bounds("previous", date(2025, 6, 30), unit="half", calendar=CIVIL) == window_bounds(
        "previous", date(2025, 6, 30), unit="half"
    )
