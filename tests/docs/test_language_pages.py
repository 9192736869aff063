"""Every example of the language pages is computed, over one fact of every kind that it knows."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from swingby.engine import assess
from swingby.facts import from_rows
from swingby.program import Program, load_text
from swingby.program.kinds import Column
from tests.program.test_reference import EXAMPLES, program_of

DAYS = (date(2026, 6, 30), date(2027, 1, 31))
IN_LISTED_MONTHS = (date(2025, 3, 31),)
OF_TYPE = {
    "number": Decimal(3),
    "percent": Decimal("0.5"),
    "amount": Decimal(7),
    "date": date(2026, 5, 4),
    "truth": True,
}
REFERRED = {
    "people": "person",
    "customers": "customer",
    "products": "product",
    "credential_types": "code",
    "offices": "office",
}
TABLES: dict[str, list[dict[str, Any]]] = {
    "organizations": [{"organization": "acme", "country": "PT"}, {"organization": "other"}],
    "enrolments": [
        {"enrolment": name, "organization": name, "joined_on": date(2025, 3, 1)} for name in ("acme", "other")
    ],
    **{name: [{key: "a"}] for name, key in REFERRED.items()},
    "exchange_rates": [{"currency": "EUR", "valued_on": date(2025, 1, 1), "rate": Decimal(1)}],
}


def facts_of(program: Program) -> dict[str, list[dict[str, Any]]]:
    """One fact of each kind that is not a part of another, all about the same things."""
    bases = {program.base_of(name) for name in program.kinds}
    return {name: [{"fact_id": name, **_row(program.kinds[name].all_columns)}] for name in sorted(bases)}


def _row(columns: tuple[Column, ...]) -> dict[str, Any]:
    known = {"happened_on": date(2026, 5, 4), "starts_on": date(2026, 1, 1), "organization": "acme"}
    empty = {"fact_id", "ends_on", "cancelled_on", "currency", "reverses", "recorded_at", "source"}
    return {
        column.name: known.get(column.name, OF_TYPE.get(column.type, "a"))
        for column in columns
        if column.name not in empty
    }


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_computed(example: str) -> None:
    program = load_text(program_of(example)).program
    assert program is not None
    days = IN_LISTED_MONTHS if "month_starts" in example else DAYS
    with from_rows({**TABLES, **facts_of(program)}, program) as facts:
        assert [str(issue) for issue in facts.errors] == []
        with closing(assess(program, facts, as_of=days)) as found:
            asked = {(name, day) for name in ("acme", "other") for day in days}
            assert {(one.enrolment, one.as_of) for one in found} == asked
