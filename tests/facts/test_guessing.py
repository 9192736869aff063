"""What a file probably is: guessed from its columns and rows, and written down as a mapping that reads the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.errors import SwingbyError
from swingby.facts import guess_mapping, mapping_text, read_head, read_mapping
from swingby.facts.contracts import contracts
from swingby.facts.guessing import Guess
from swingby.program import FACT_KINDS

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"
TABLES = contracts(FACT_KINDS)


def _guess(path: Path, *, table: str | None = None) -> Guess | None:
    return guess_mapping(read_head(path, name=path.name), TABLES, name=path.name, table=table)


def _written(folder: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(text, encoding=encoding)
    return file


EXPECTED = {
    "crm/opportunities.csv": """\
files:
- read: '*'
  as: deals
  numbers: 1.234,56
  units:
  - €
  dates:
  - DD.MM.YYYY
  columns:
    recorded_at: Last Modified
    happened_on: Close Date
    deal: Opportunity ID
    customer: Account Name
    stage: Stage
    amount: Amount
    lost_reason: Lost Reason
""",
    "learning/completions.txt": """\
files:
- read: '*'
  as: credentials
  dates:
  - MM/DD/YYYY
  columns:
    fact_id: Certificate No
    starts_on: Completed At
    ends_on: Expires
    person: Learner Email
    code: Course
""",
    "point-of-sale/sell-through-2025-06.csv": """\
files:
- read: '*'
  as: point_of_sale
  header_line: 5
  numbers: 1,234.56
  dates:
  - MM/DD/YYYY
  columns:
    happened_on: Ship Date
    reseller: Reseller
    customer: End Customer
    product: SKU
    invoice: Invoice
    quantity: Qty
    amount: Extended
    list_amount: List Price
""",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_exports_of_other_systems_are_recognised(name: str) -> None:
    found = _guess(EXPORTS / name)
    assert found is not None
    assert mapping_text([found.mapping]) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_written_reads_as_it_was_meant(name: str, tmp_path: Path) -> None:
    found = _guess(EXPORTS / name)
    assert found is not None
    file = _written(tmp_path, mapping_text([found.mapping]), "mapping.yaml")

    assert read_mapping(file, TABLES).files == (found.mapping,)


@pytest.mark.parametrize("name", ["crm", "learning", "point-of-sale"])
def test_mappings_made_by_hand_are_written_so_that_they_read_the_same(name: str, tmp_path: Path) -> None:
    program = {**TABLES, "courses": TABLES["activities"]}
    by_hand = (EXPORTS / name / "mapping.yaml").read_text(encoding="utf-8").replace("      course:", "      kind:")
    by_hand = by_hand.replace("      score:", "      rating:")
    files = read_mapping(_written(tmp_path, by_hand, "mapping.yaml"), program).files
    again = read_mapping(_written(tmp_path, mapping_text(files), "again.yaml"), program).files

    assert [(each.read, each.columns, each.source, each.complete) for each in again] == [
        (each.read, each.columns, each.source, each.complete) for each in files
    ]


def test_days_that_can_be_read_in_two_ways_are_left_open(tmp_path: Path) -> None:
    found = _guess(_written(tmp_path, "Partner,Type,Date\na,b,03/04/2026\nc,d,05/06/2026\n"), table="activities")
    assert found is not None

    assert (found.mapping.dates, found.unclear, found.missing) == ((), ("happened_on",), ())


@pytest.mark.parametrize(
    ("day", "pattern"),
    [
        ("25/04/2026", "DD/MM/YYYY"),
        ("04/25/2026", "MM/DD/YYYY"),
        ("25-04-2026", "DD-MM-YYYY"),
        ("25-Apr-2026", "DD-MON-YYYY"),
        ("46000", "serial"),
    ],
)
def test_one_day_beyond_the_twelfth_says_how_days_are_written(tmp_path: Path, day: str, pattern: str) -> None:
    found = _guess(_written(tmp_path, f"Partner,Type,Date\na,b,{day}\n"), table="activities")
    assert found is not None

    assert found.mapping.dates == (pattern,)


def test_what_every_row_needs_and_no_column_holds_is_named(tmp_path: Path) -> None:
    found = _guess(_written(tmp_path, "Type,Date\nplan_reviewed,2026-03-01\n"), table="activities")
    assert found is not None

    assert found.missing == ("organization",)


def test_a_file_that_looks_like_no_table_is_not_guessed(tmp_path: Path) -> None:
    assert _guess(_written(tmp_path, "colour,taste\nred,sour\n")) is None


def test_an_open_quote_does_not_swallow_the_head(tmp_path: Path) -> None:
    found = _guess(_written(tmp_path, 'Partner,Type,Date\n"a,b,2026-03-01\nc,d,2026-03-02\n'), table="activities")
    assert found is not None

    assert [column.sources for column in found.mapping.columns] == [("Date",), ("Partner",), ("Type",)]


@pytest.mark.parametrize("name", ["export.pdf", "export.xlsx", "export.parquet", "export.csv"])
def test_what_is_no_table_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SwingbyError) as refused:
        _guess(_written(tmp_path, "", name))

    assert refused.value.code == "file-unreadable"
