"""Calendars against a slow search for the last unit that has begun."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from swingby.values import CIVIL, Calendar, OutsideCalendarError, Period, Unit, add_months

DAYS = [date(2023, 12, 25) + timedelta(days=number) for number in range(800)]
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
ANCHORS = [date(2000, 1, 1), date(2000, 2, 1), date(2000, 7, 15), date(2000, 2, 29), date(2023, 8, 31)]
WEEKS_445 = [4, 4, 5] * 8


def listed_months() -> list[date]:
    starts = [date(2024, 1, 29)]
    for weeks in WEEKS_445:
        starts.append(starts[-1] + timedelta(weeks=weeks))
    return starts


@pytest.mark.parametrize("anchor", ANCHORS)
@pytest.mark.parametrize("unit", MONTHS)
@pytest.mark.parametrize("count", [1, 2])
def test_the_period_is_the_last_one_that_has_begun(anchor: date, unit: Unit, count: int) -> None:
    size = MONTHS[unit] * count
    starts = [add_months(anchor, number * size) for number in range(-40, 400)]
    for day in DAYS:
        begun = max(start for start in starts if start <= day)
        following = min(start for start in starts if start > day)
        assert Calendar.starting_on(anchor).period_containing(day, unit, count) == Period(begun, following)


@pytest.mark.parametrize("anchor", ANCHORS)
@pytest.mark.parametrize("unit", MONTHS)
def test_periods_follow_one_another(anchor: date, unit: Unit) -> None:
    calendar = Calendar.starting_on(anchor)
    periods = calendar.periods_between(DAYS[0], DAYS[-1], unit)
    assert [period.end for period in periods[:-1]] == [period.start for period in periods[1:]]
    assert periods[0].start <= DAYS[0] < periods[0].end
    assert periods[-1].start < DAYS[-1] <= periods[-1].end
    for number, period in enumerate(periods):
        assert calendar.shift(periods[0], number, unit) == period
        assert calendar.shift(period, -number, unit) == periods[0]


def test_weeks_are_iso_weeks_in_every_calendar() -> None:
    for calendar in (CIVIL, Calendar.starting(2, 1), Calendar.listed(listed_months())):
        for day in DAYS:
            monday = day - timedelta(days=day.isoweekday() - 1)
            assert calendar.period_containing(day, "week") == Period(monday, monday + timedelta(days=7))


def test_fiscal_year_that_starts_in_february() -> None:
    fiscal = Calendar.starting(2, 1)
    assert fiscal.period_containing(date(2026, 1, 31), "year") == Period(date(2025, 2, 1), date(2026, 2, 1))
    assert fiscal.period_containing(date(2026, 2, 1), "half") == Period(date(2026, 2, 1), date(2026, 8, 1))


def test_last_complete_ends_where_the_open_one_begins() -> None:
    for day in DAYS:
        for unit in MONTHS:
            tomorrow = CIVIL.period_containing(day + timedelta(days=1), unit)
            found = CIVIL.last_complete(3, unit, day)
            assert found == Period(CIVIL.shift(tomorrow, -3, unit).start, tomorrow.start)


def test_listed_months() -> None:
    calendar = Calendar.listed(listed_months())
    assert calendar.period_containing(date(2024, 2, 25), "month") == Period(date(2024, 1, 29), date(2024, 2, 26))
    assert calendar.period_containing(date(2024, 4, 28), "quarter") == Period(date(2024, 1, 29), date(2024, 4, 29))
    assert calendar.period_containing(date(2025, 1, 26), "year") == Period(date(2024, 1, 29), date(2025, 1, 27))
    assert calendar.last_complete(1, "year", date(2026, 1, 25)) == Period(date(2025, 1, 27), date(2026, 1, 26))
    assert len(calendar.boundaries_between(date(2000, 1, 1), date(2100, 1, 1), "quarter")) == 8


@pytest.mark.parametrize("day", [date(2024, 1, 28), date(2026, 1, 26)])
def test_a_listed_calendar_says_how_far_it_reaches(day: date) -> None:
    with pytest.raises(OutsideCalendarError, match="run from 2024-01-29 to 2026-01-26"):
        Calendar.listed(listed_months()).period_containing(day, "month")


def test_listed_months_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="in order"):
        Calendar.listed([date(2025, 2, 1), date(2025, 1, 1)])


def test_nothing_between_equal_days() -> None:
    assert CIVIL.periods_between(date(2025, 1, 1), date(2025, 1, 1), "month") == []
