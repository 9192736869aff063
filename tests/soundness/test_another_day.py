"""Requirements looked at as of another day show that day's value and line, not how many of one are met."""

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
