"""Windows, periods and expiry at the days where they are easiest to get wrong."""

from __future__ import annotations

import pytest

from swingby.errors import SwingbyError
from tests.soundness.worlds import World

WINDOWS = """
calendars: {fiscal: {starts: 02-01}}
measures:
  year: {count: facts, of: activities, over: {last: 12 months}}
  month: {count: facts, of: activities, over: {last: 1 month}}
  month_and_a_half: {count: facts, of: activities, over: {last: [1 month, 15 days]}}
  quarter: {count: facts, of: activities, over: {current: fiscal quarter}}
  before: {count: facts, of: activities, over: {previous: fiscal quarter}}
  settled: {count: facts, of: activities, over: {last: 1 month, ago: 1 month}}
  campaign: {count: facts, of: activities, over: {from: 2024-02-01, through: 2024-02-29}}
"""


def after(event: str, number: str, *days: str) -> list[object]:
    """One event, and a number on some days."""
    return list(World.of(WINDOWS).event("activities", event, kind="x").over(number, *days))


@pytest.mark.parametrize(
    ("event", "number", "answers"),
    [
        # Twelve months before the midnight that ends the day; a leap day clamps to the end of February.
        ("2023-03-01", "year", {"2024-02-29": 1, "2024-03-01": 0}),
        ("2023-02-28", "year", {"2024-02-27": 1, "2024-02-28": 1, "2024-02-29": 0}),
        ("2024-02-29", "year", {"2024-02-29": 1, "2025-02-27": 1, "2025-02-28": 0}),
        ("2024-06-30", "year", {"2024-06-29": 0, "2024-06-30": 1, "2025-06-29": 1, "2025-06-30": 0}),
        # A month before the 31st, 30th and 29th of March is the leap day.
        ("2024-02-29", "month", {"2024-03-28": 1, "2024-03-29": 1, "2024-03-30": 1, "2024-03-31": 0}),
        ("2024-01-31", "month", {"2024-02-27": 1, "2024-02-28": 1, "2024-02-29": 0}),
        ("2024-04-30", "month", {"2024-05-29": 1, "2024-05-30": 1, "2024-05-31": 0}),
        # First the month is taken away, then the days.
        ("2024-02-15", "month_and_a_half", {"2024-02-14": 0, "2024-03-30": 1, "2024-03-31": 1, "2024-04-01": 0}),
        # Fiscal quarters begin on the first of February, May, August and November.
        ("2024-04-30", "quarter", {"2024-04-29": 0, "2024-04-30": 1, "2024-05-01": 0}),
        ("2024-05-01", "quarter", {"2024-04-30": 0, "2024-05-01": 1, "2024-07-31": 1, "2024-08-01": 0}),
        ("2024-01-31", "quarter", {"2024-01-31": 1, "2024-02-01": 0}),
        # A quarter that ends with the day is complete.
        ("2024-04-30", "before", {"2024-04-29": 0, "2024-04-30": 1, "2024-05-01": 1, "2024-07-30": 1, "2024-07-31": 0}),
        ("2024-02-01", "before", {"2024-04-29": 0, "2024-04-30": 1, "2024-07-30": 1, "2024-07-31": 0}),
        ("2024-03-15", "settled", {"2024-04-14": 0, "2024-04-15": 1, "2024-05-14": 1, "2024-05-15": 0}),
        ("2024-02-29", "campaign", {"2024-02-28": 0, "2024-02-29": 1, "2026-01-01": 1}),
        ("2024-03-01", "campaign", {"2024-03-01": 0}),
        ("2024-01-31", "campaign", {"2024-02-01": 0}),
    ],
)
def test_windows(event: str, number: str, answers: dict[str, int]) -> None:
    assert dict(zip(answers, after(event, number, *answers), strict=True)) == answers


MOVED = """
measures:
  month: {count: facts, of: activities, over: {last: 1 month}}
  year: {count: facts, of: activities, over: {last: 12 months}}
  month_before: {measure: month, ago: 1 month}
  month_before_too: {count: facts, of: activities, over: {last: 1 month, ago: 1 month}}
  year_before: {measure: year, ago: 12 months}
  whole: {count: facts, of: activities, over: {previous: month}}
  whole_before: {count: facts, of: activities, over: {previous: month, ago: 1 month}}
"""


@pytest.mark.parametrize(
    ("event", "day", "counted"),
    [
        # The day is moved: a year before 28 February is 28 February, also in a leap year, whose last day then is in neither.
        ("2024-02-28", "2025-02-28", {"year_before"}),
        ("2024-02-29", "2025-02-28", set()),
        ("2024-02-29", "2025-03-01", {"year_before"}),
        ("2024-03-01", "2025-02-28", {"year"}),
        # A year before 29 February is 28 February.
        ("2023-02-28", "2024-02-29", {"year_before"}),
        ("2023-03-01", "2024-02-29", {"year"}),
        # A month before 31 March is the last day of February; before 30 April it is 30 March.
        ("2024-02-29", "2024-03-31", {"month_before", "month_before_too", "whole_before"}),
        ("2024-03-31", "2024-04-30", set()),
        ("2024-03-30", "2024-04-30", {"month_before", "month_before_too"}),
        # 30 March does not end its month: the complete month before it is February, although April is complete on its 30th.
        ("2024-02-10", "2024-04-30", {"whole_before"}),
        ("2024-04-10", "2024-04-30", {"month", "whole"}),
    ],
)
def test_a_day_moved_back_is_clamped_to_the_end_of_its_month(event: str, day: str, counted: set[str]) -> None:
    recent = {"month", "month_before", "month_before_too", "whole", "whole_before"}
    shown = recent if day.startswith("2024-0") and day > "2024-03-01" else {"year", "year_before"}
    found = World.of(MOVED).event("activities", event, kind="x").values(day)
    assert {name for name in shown if found[name]} == counted


EARNED = """
calendars: {fiscal: {starts: 02-01}}
points:
  year: {for_each: activities, earn: 1, expires: {after: 12 months}}
  month: {for_each: activities, earn: 1, expires: {after: 1 month}}
  quarter: {for_each: activities, earn: 1, expires: {end_of: fiscal quarter}}
  capped: {for_each: activities, earn: 4, cap: {at_most: 5, per: fiscal quarter}}
"""


@pytest.mark.parametrize(
    ("event", "number", "answers"),
    [
        # An expiry is the first midnight on which the entry no longer counts.
        ("2024-02-29", "year", {"2024-02-28": 0, "2024-02-29": 1, "2025-02-27": 1, "2025-02-28": 0}),
        ("2023-02-28", "year", {"2024-02-27": 1, "2024-02-28": 0}),
        ("2024-01-31", "month", {"2024-02-28": 1, "2024-02-29": 0}),
        ("2024-04-30", "quarter", {"2024-04-30": 1, "2024-05-01": 0}),
        ("2024-05-01", "quarter", {"2024-05-01": 1, "2024-07-31": 1, "2024-08-01": 0}),
    ],
)
def test_expiry(event: str, number: str, answers: dict[str, int]) -> None:
    found = World.of(EARNED).event("activities", event, kind="x").over(number, *answers)
    assert dict(zip(answers, found, strict=True)) == answers


def test_a_cap_belongs_to_its_quarter() -> None:
    made = World.of(EARNED)
    for day in ("2024-04-29", "2024-04-30", "2024-05-01", "2024-05-02"):
        made.event("activities", day, kind="x")
    assert made.over("capped", "2024-04-29", "2024-04-30", "2024-05-01", "2024-05-02") == [4, 5, 9, 10]


PERIODS = """
calendars: {fiscal: {starts: 02-01}}
measures:
  plans: {count: facts, of: activities, over: {current: fiscal quarter}}
  monthly: {count: facts, of: activities, over: {current: month}}
  kept: {count: {measure: plans, at_least: 1}, each: fiscal quarter, over: {previous: 4 fiscal quarters}}
  with_this: {count: {measure: plans, at_least: 1}, each: fiscal quarter, over: {current: 4 fiscal quarters}}
  by_month: {sum: {measure: monthly}, each: month, over: {last: 12 months}}
  best_month: {greatest: {measure: monthly}, each: month, over: {current: 3 months}}
"""


def test_numbers_of_each_period() -> None:
    made = World.of(PERIODS)
    for day in ("2023-02-01", "2023-07-31", "2024-01-31", "2024-02-29", "2024-02-29"):
        made.event("activities", day, kind="x")
    assert made.over("kept", "2024-01-30", "2024-01-31", "2024-04-29", "2024-04-30") == [2, 3, 3, 3]
    assert made.over("with_this", "2024-01-31", "2024-02-01", "2024-02-29", "2024-05-01") == [3, 2, 3, 2]
    assert made.over("best_month", "2024-02-28", "2024-02-29", "2024-04-30", "2024-05-01") == [1, 2, 2, 0]


def test_half_open_states_meet_without_gap_or_overlap() -> None:
    made = World.of("measures: {held: {count: facts, of: subscriptions}, named: {sum: quantity, of: subscriptions}}")
    made.state("subscriptions", "2024-01-01", "2024-03-01", quantity=1)
    made.state("subscriptions", "2024-03-01", "2024-04-01", quantity=10)
    days = ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01")
    assert made.over("held", *days) == [0, 1, 1, 1, 1, 0]
    assert made.over("named", *days) == [0, 1, 1, 10, 10, 0]


STATES = """
measures:
  held: {count: facts, of: subscriptions, when: held, over: {last: 1 month}}
  started: {count: facts, of: subscriptions, when: started, over: {last: 1 month}}
  ended: {count: facts, of: subscriptions, when: ended, over: {last: 1 month}}
  soon: {count: facts, of: subscriptions, when: ended, over: {next: 1 month}}
"""


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("held", {"2024-02-29": 0, "2024-03-01": 1, "2024-04-29": 1, "2024-04-30": 0}),
        ("started", {"2024-02-29": 0, "2024-03-01": 1, "2024-03-30": 1, "2024-03-31": 1, "2024-04-01": 0}),
        ("ended", {"2024-03-30": 0, "2024-03-31": 1, "2024-04-29": 1, "2024-04-30": 0}),
        ("soon", {"2024-02-28": 0, "2024-02-29": 1, "2024-03-01": 1, "2024-03-30": 1, "2024-03-31": 0}),
    ],
)
def test_states_in_windows(number: str, answers: dict[str, int]) -> None:
    """One subscription, held from the first to the thirtieth of March."""
    made = World.of(STATES).state("subscriptions", "2024-03-01", "2024-03-31")
    assert dict(zip(answers, made.over(number, *answers), strict=True)) == answers


def test_a_day_outside_a_listed_calendar_is_refused_with_its_place() -> None:
    made = World.of(
        "calendars: {fiscal: {month_starts: [2024-02-05, 2024-03-04, 2024-04-01]}}\n"
        "measures: {month: {count: facts, of: activities, over: {current: fiscal month}}}\n"
    )
    with pytest.raises(SwingbyError) as refused:
        made.values("2024-06-30")
    message = "program.yaml:2:21: the listed months of this calendar run from 2024-02-05 to 2024-04-01."
    assert (refused.value.code, refused.value.message) == ("calendar-outside", message)
