"""Numbers that are set by hand in some cells, by values that read other numbers and tracks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest

from swingby.engine import assess, compile_program
from swingby.facts import from_rows
from swingby.program import Program
from swingby.program.blocks import ByCase, Constant, OfNumber, Value
from swingby.program.numbers import NumberReference
from tests.program.reading import loaded

DAY = date(2025, 3, 1)
RULES = """
tables: {kind: [new, old]}
tracks: {size: {chosen: size, otherwise: small}}
measures:
  visits: {count: facts, of: activities, over: ever}
  sales: {by: kind, sum: amount, of: transactions, over: ever}
  both: {sum: {measure: sales}, each: kind}
"""


def number(value: int) -> Constant:
    return Constant(value=Decimal(value))


def values(program: Program, given: Value) -> dict[str, Decimal | None]:
    """Every number of a partner that chose to be big, with two visits and a sale of 7 to old customers."""
    when = {"organization": "acme", "happened_on": DAY}
    tables: Mapping[str, Sequence[Mapping[str, object]]] = {
        "organizations": [{"organization": "acme"}],
        "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": date(2024, 1, 1)}],
        "activities": [{"fact_id": name, "kind": "visit", **when} for name in "ab"],
        "transactions": [{"fact_id": "t", "kind": "old", "amount": Decimal(7), **when}],
        "decisions": [{"fact_id": "d", "organization": "acme", "topic": "size", "outcome": "big", "starts_on": DAY}],
    }
    compiled = compile_program(program, given={"sales": given})
    with closing(from_rows(tables, program)) as facts, closing(assess(compiled, facts, as_of=DAY)) as found:
        return {name: result.value for name, result in found.standing("acme").numbers.items()}


@pytest.mark.parametrize(
    ("inside", "new"),
    [
        (number(5), 5),
        (OfNumber(number=NumberReference(section="measure", name="visits")), 2),
        (ByCase(by="size", cases=(("big", number(9)),), otherwise=number(1)), 9),
    ],
    ids=["a number", "another number", "by a track"],
)
def test_a_cell_may_be_set_by_what_reads_something(inside: Value, new: int) -> None:
    found = values(loaded(RULES), ByCase(by="kind", cases=(("new", inside),)))
    assert found == {"visits": 2, "sales[new]": new, "sales[old]": 7, "both": new + 7}
