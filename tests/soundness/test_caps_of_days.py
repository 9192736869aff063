"""Caps of entries whose window moves with the day: every day that is asked for is capped by its own periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from swingby.engine import assess
from swingby.facts import from_rows
from swingby.program import load_text

PROGRAM = """
program: {id: tried, language: 1, version: '1', effective: 2024-01-01, currency: USD}
points:
  sold: {for_each: transactions, over: {current: month}, earn: {rate: 1, of: quantity}, cap: {at_most: 20, per: quarter}}
"""


def test_days_of_several_periods_are_capped_each() -> None:
    """Once the periods of the last day alone were looked at, and earlier days went uncapped."""
    program = load_text(PROGRAM).program
    assert program is not None
    rows = {
        "enrolments": [{"enrolment": "a", "organization": "a", "joined_on": date(2024, 1, 1)}],
        "transactions": [
            {"organization": "a", "happened_on": date(2024, month, 5), "quantity": Decimal(30)} for month in (2, 6, 9)
        ],
    }
    days = [date(2024, 2, 29), date(2024, 6, 30), date(2024, 9, 30)]
    with from_rows(rows, program) as facts:
        found = assess(program, facts, as_of=days)
        values = [found.standing("a", day).numbers["sold"].value for day in days]
        found.close()
    assert values == [20, 20, 20]
