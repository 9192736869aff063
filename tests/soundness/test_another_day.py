"""What is looked at as of another day shows the value and the line of that day."""

from __future__ import annotations

from decimal import Decimal

from tests.soundness.worlds import World

PROGRAM = """
measures: {visits: {count: facts, of: activities, over: ever}}
ladders:
  level:
    tiers: [{id: low}, {id: high, requires: {measure: visits, ago: 1 month, at_least: {product: [3, {initially: 2, 2024-06-15: 1}]}}}]
"""


def test_a_row_of_a_month_ago_has_the_value_and_the_line_of_then() -> None:
    made = World.of(PROGRAM)
    made.event("activities", "2024-05-01", kind="x")
    made.event("activities", "2024-06-20", kind="x")
    row = made.standing("2024-06-30").tiers["level"].rows["high"][0]
    assert (row.value, row.line, row.gap, row.result) == (Decimal(1), Decimal(6), Decimal(5), "unmet")


def test_a_number_that_is_another_one_of_then_shows_what_was_then() -> None:
    made = World.of(
        """
measures:
  visits: {count: facts, of: activities, over: ever}
  then: {measure: visits, ago: 1 month}
  at_first: {measure: visits, at: 2024-02-01}
  twice: {sum: [{measure: then}, {measure: then, ago: 1 month}]}
  share: {ratio: [then, visits]}
scores: {total: {measure: then}}
"""
    )
    for day in ("2024-02-01", "2024-04-15", "2024-05-15"):
        made.event("activities", day, kind="x")
    assert made.values("2024-06-01") == {
        "visits": 3,
        "then": 2,
        "at_first": 1,
        "twice": 3,
        "share": Decimal("0.666666666667"),
        "total": 2,
    }
