"""The rows that a scenario means: reference tables stand among the facts and are taken as written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from swingby.engine.scenarios import read_scenarios
from swingby.engine.scenarios.worlds import Rows, rows_of
from swingby.errors import SwingbyError
from swingby.program import load_text

PROGRAM = load_text("program: {id: p, version: '1', effective: 2025-01-01, currency: USD}\n").program
DAY = date(2025, 3, 1)


def rows(folder: Path, facts: str) -> Rows:
    """The rows of a scenario with these facts."""
    path = folder / "all.yaml"
    path.write_text(f"- name: one\n  facts: {facts}\n  as_of: {DAY}\n  expect: {{}}\n", encoding="utf-8")
    (scenario,), issues = read_scenarios(path)
    assert (issues, PROGRAM is None) == ([], False)
    assert PROGRAM is not None
    return rows_of(PROGRAM, scenario, as_of=DAY)


def test_reference_tables_are_taken_as_written(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "{exchange_rates: [{currency: EUR, valued_on: [2025-01-01, 2025-02-01], rate: [1.1, 1.2]}],"
        " customers: [{customer: k, market: growth}], coverage: [{kind: deals, source: crm, complete_from: 2025-01-01}]}",
    )
    assert found == {
        "exchange_rates": [
            {"currency": "EUR", "valued_on": date(2025, 1, 1), "rate": Decimal("1.1")},
            {"currency": "EUR", "valued_on": date(2025, 2, 1), "rate": Decimal("1.2")},
        ],
        "customers": [{"customer": "k", "market": "growth"}],
        "coverage": [{"kind": "deals", "source": "crm", "complete_from": date(2025, 1, 1)}],
        "employments": [],
        "associations": [],
        "deal_parties": [],
        "organizations": [{"organization": "partner"}],
        "enrolments": [{"enrolment": "partner", "organization": "partner", "joined_on": date(2025, 1, 1)}],
    }


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("{customers: [{customer: k, size: 3}]}", 'customers has no column "size"'),
        ("{exchange_rates: [{currency: EUR, rate: much}]}", 'rate: "much" is not what the column holds'),
        ("{enrolments: [{enrolment: e}]}", 'there is no fact kind "enrolments"'),
    ],
)
def test_what_a_table_cannot_hold_is_refused(tmp_path: Path, facts: str, message: str) -> None:
    with pytest.raises(SwingbyError) as refused:
        rows(tmp_path, facts)
    assert refused.value.code == "scenario"
    assert message in refused.value.message


@pytest.mark.parametrize("more", ["", ", fact_id: g", ", fact_id: g, recorded_at: 2025-02-10T00:00:00", ", kind: null"])
def test_a_row_that_only_reverses_is_filled_with_nothing(tmp_path: Path, more: str) -> None:
    written = f"{{activities: [{{fact_id: f, kind: visit, happened_on: 2025-02-01}}, {{reverses: f{more}}}]}}"
    fact, reversal = rows(tmp_path, written)["activities"]
    assert fact == {"fact_id": "f", "kind": "visit", "happened_on": date(2025, 2, 1), "organization": "partner"}
    assert (reversal["reverses"], {*reversal} & {"happened_on", "organization"}) == ("f", set())


def test_a_row_that_replaces_is_filled_like_any_other(tmp_path: Path) -> None:
    (replacing,) = rows(tmp_path, "{activities: {reverses: f, kind: visit}}")["activities"]
    assert replacing == {"reverses": "f", "kind": "visit", "happened_on": DAY, "organization": "partner"}
