"""A run over everybody adds entries up without their lines: the sums are those of the lines, whatever the order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from swingby.engine import assess, assess_to
from swingby.facts import from_rows
from swingby.program import load_text

PROGRAM = """
program: {id: tried, language: 1, version: '1', effective: 2024-01-01, currency: USD}
points:
  sold: {for_each: transactions, earn: {rate: 1, of: quantity}, %s}
ladders:
  level: {tiers: [{id: one, requires: {points: sold, at_least: 1}}]}
"""
CAPPED = "cap: {at_most: 20, per: quarter}"
DAYS = [date(2024, 3, 31), date(2024, 6, 20), date(2024, 9, 10), date(2025, 2, 1)]

#: Amounts by the day, and the day of a cancellation; in every order of too much, refund and expiry.
SALES: Mapping[str, list[tuple[date, int, date | None]]] = {
    "over": [(date(2024, 1, 5), 15, None), (date(2024, 2, 5), 15, None), (date(2024, 6, 5), 4, None)],
    "refund": [(date(2024, 1, 5), 30, None), (date(2024, 2, 5), -5, None), (date(2024, 3, 5), -12, None)],
    "below": [(date(2024, 4, 5), -3, None), (date(2024, 5, 5), 40, date(2024, 5, 9)), (date(2024, 6, 5), -10, None)],
    "taken": [(date(2024, 4, 5), 6, date(2024, 6, 1)), (date(2024, 5, 5), 7, date(2024, 12, 1))],
    "nothing": [],
}


@pytest.mark.parametrize(
    "rest",
    [
        f"cancelled: keep, {CAPPED}",
        f"cancelled: keep, {CAPPED}, expires: {{after: 4 months}}",
        "expires: {after: 4 months}",
        "cancelled: {within: 30 days}",
        CAPPED,
    ],
)
def test_sums_are_those_of_the_lines(rest: str, tmp_path: Path) -> None:
    """Points on several days, of which the cap's quarters and what is in force do not begin together."""
    program = load_text(PROGRAM % rest).program
    assert program is not None
    rows: dict[str, list[dict[str, object]]] = {
        "enrolments": [{"enrolment": name, "organization": name, "joined_on": date(2024, 1, 1)} for name in SALES],
        "transactions": [
            {"organization": name, "happened_on": day, "quantity": Decimal(quantity), "cancelled_on": cancelled}
            for name, sales in SALES.items()
            for day, quantity, cancelled in sales
        ],
    }
    with from_rows(rows, program) as facts:
        run = assess(program, facts, as_of=DAYS)
        expected = {(name, day): run.standing(name, day).numbers["sold"].value for name in SALES for day in DAYS}
        run.close()
        written = assess_to(program, facts, tmp_path, as_of=DAYS)
    query = "SELECT enrolment, as_of, value FROM read_parquet($files) WHERE value IS NOT NULL"
    found = duckdb.execute(query, {"files": f"{written.requirements}/*.parquet"}).fetchall()
    assert {(name, day): value for name, day, value in found} == expected
