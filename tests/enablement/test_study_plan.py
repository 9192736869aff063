"""The plan of a group: every hour of every step once, in order, and weeks alike to a quarter of an hour."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from swingby.enablement import PathStep, PlanWeek, WeekPart, plan_weeks

FIRST = date(2026, 4, 7)
hours = st.integers(0, 200).map(lambda quarters: Decimal(quarters) / 4)


def step(label: str, hours: Decimal) -> PathStep:
    return PathStep(label=label, hours=hours)


def meetings(count: int) -> list[date]:
    return [FIRST + timedelta(days=7 * number) for number in range(count)]


@given(st.lists(hours, max_size=6), st.integers(1, 30))
def test_every_step_has_its_hours_and_is_done_once(given_hours: list[Decimal], weeks: int) -> None:
    steps = [step(str(number), each) for number, each in enumerate(given_hours)]
    plan = plan_weeks(steps, meetings(weeks))
    parts = [part for week in plan for part in week.parts]
    assert [week.day for week in plan] == meetings(weeks)
    assert {one.label: one.hours for one in steps} == {
        one.label: sum((part.hours for part in parts if part.label == one.label), Decimal(0)) for one in steps
    }
    assert [part.label for part in parts if part.is_done] == [one.label for one in steps]


@given(st.lists(hours, max_size=6), st.integers(1, 30))
def test_weeks_are_alike_and_steps_in_order(given_hours: list[Decimal], weeks: int) -> None:
    plan = plan_weeks([step(str(number), each) for number, each in enumerate(given_hours)], meetings(weeks))
    even = sum(given_hours, Decimal(0)) / weeks
    assert all(abs(week.hours - even) <= Decimal("0.25") for week in plan)
    labels = [int(part.label) for week in plan for part in week.parts]
    assert labels == sorted(labels)


def test_a_plan_as_people_read_it() -> None:
    steps = [step("Course", Decimal(6)), step("Labs", Decimal(3)), step("Exam", Decimal(0))]
    assert plan_weeks(steps, meetings(3)) == (
        PlanWeek(FIRST, (WeekPart("Course", Decimal(3), is_done=False),)),
        PlanWeek(date(2026, 4, 14), (WeekPart("Course", Decimal(3), is_done=True),)),
        PlanWeek(
            date(2026, 4, 21),
            (WeekPart("Labs", Decimal(3), is_done=True), WeekPart("Exam", Decimal(0), is_done=True)),
        ),
    )


def test_without_meetings_there_is_no_plan() -> None:
    assert plan_weeks([step("Course", Decimal(6))], []) == ()
