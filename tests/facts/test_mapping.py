"""A mapping translates a customer's own files, columns and values; what it cannot translate is told in their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from swingby.errors import SwingbyError
from swingby.facts import FactSet, read_folder
from swingby.facts.translation import clash, number_format
from tests.facts.programs import program
from tests.facts.workbooks import write_workbook


def read(folder: Path, mapping: str, zone: str = "UTC", **files: str | bytes) -> FactSet:
    (folder / "mapping.yaml").write_text(mapping)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(data)
    return read_folder(folder, program(time_zone=zone))


def found(facts: FactSet, query: str) -> list[tuple[Any, ...]]:
    return [
        tuple(None if value is None else str(value) for value in row)
        for row in facts.connection.execute(query).fetchall()
    ]


def seen(facts: FactSet) -> list[tuple[int, str, str, str]]:
    return [(issue.line, issue.column, issue.value, issue.code) for issue in facts.issues]


DEALS = """
source: crm
numbers: "1.234,56"
units: [€, EUR]
dates: [DD.MM.YYYY]
files:
  - read: opportunities*.csv
    as: deals
    encoding: cp1252
    columns:
      fact_id: {from: [Opportunity ID, Stage], with: "-"}
      deal: Opportunity ID
      happened_on: Close Date
      customer: {first_of: [Account Number, Account Name]}
      stage: {from: Stage, values: {Closed Won: won, Closed Lost: lost, Prospecting: open, "n/a": null}}
      amount: Amount
      currency: {always: EUR}
    drop: {Type: [Test]}
"""
OPPORTUNITIES = (
    "Opportunity ID;Account Number;Account Name;Stage;Close Date;Amount;Type;Owner\n"
    "d1;;Müller & Söhne;Closed Won;31.01.2025;€ 1.234,56;New;Ana\n"
    "d2;c2;Weber;closed lost;1.2.2025;(500);Renewal;Ana\n"
    "d3;c3;x;Closed Won;2.2.2025;9;Test;Ana\n"
)


def test_a_crm_export_becomes_deals(tmp_path: Path) -> None:
    facts = read(tmp_path, DEALS, opportunities_2025=OPPORTUNITIES.encode("cp1252"))
    query = "SELECT fact_id, source, deal, customer, stage, amount, currency, happened_on FROM fact_deals ORDER BY 1"
    assert found(facts, query) == [
        ("d1-Closed Won", "crm", "d1", "Müller & Söhne", "won", "1234.56000000", "EUR", "2025-01-31"),
        ("d2-closed lost", "crm", "d2", "c2", "lost", "-500.00000000", "EUR", "2025-02-01"),
    ]
    assert [issue.code for issue in facts.issues] == ["rate-missing", "rate-missing"]
    assert facts.desk.passed_over == {"opportunities_2025.csv": 1}


def test_what_cannot_be_translated_is_shown_as_it_was_written(tmp_path: Path) -> None:
    rows = (
        "Opportunity ID;Account Number;Account Name;Stage;Close Date;Amount;Type\n"
        "d1;c1;;Closed Maybe;31.01.2025;1;New\n"
        "d2;c1;;n/a;31.01.2025;1;New\n"
        'd3;c1;"a\nb";Closed Won;31.02.2025;1;New\n'
        "d4;c1;;Closed Won;01/31/2025;1,234.56;New\n"
        "d5;c1;;Closed Won;31.01.2025;1.5;New\n"
        "d6;c1;;;31.01.2025;1;New\n"
    )
    facts = read(tmp_path, DEALS, opportunities=rows)
    assert seen(facts) == [
        (2, "Stage", "Closed Maybe", "value-unmapped"),
        (3, "Stage", "", "value-missing"),
        (4, "Close Date", "31.02.2025", "date-impossible"),
        (6, "Amount", "1,234.56", "number-shape"),
        (6, "Close Date", "01/31/2025", "date-shape"),
        (7, "Amount", "1.5", "number-shape"),
        (8, "Stage", "", "value-missing"),
    ]
    assert facts.count("deals") == 0


def test_a_column_that_a_mapping_reads_and_the_file_lacks_leaves_the_file_out(tmp_path: Path) -> None:
    facts = read(
        tmp_path, DEALS, opportunities=OPPORTUNITIES.replace("Close Date", "Closing Date").replace("Type", "Kind")
    )
    assert [(issue.column, issue.code, issue.hint) for issue in facts.issues] == [
        ("Close Date", "column-missing", 'Did you mean "closing_date"?')
    ]


def test_a_filter_on_a_column_that_is_not_there_is_no_silent_all(tmp_path: Path) -> None:
    facts = read(tmp_path, DEALS, opportunities=OPPORTUNITIES.replace("Type", "Kind"))
    assert [(issue.column, issue.code) for issue in facts.issues] == [("Type", "column-missing")]
    assert facts.count("deals") == 0


def test_one_file_may_become_several_tables(tmp_path: Path) -> None:
    mapping = """
files:
  - {read: accounts.csv, as: organizations, columns: {organization: Id, name: Name, parent: Parent Id}, keep: {Type: [Partner]}}
  - {read: accounts.csv, as: customers, columns: {customer: Id, name: Name}, keep: {Type: [Customer, Prospect]}}
"""
    accounts = "Id,Name,Parent Id,Type\no1,Pine,,Partner\nc1,Mill,,customer\nc2,Farm,,Prospect\nx,Other,,\n"
    facts = read(tmp_path, mapping, accounts=accounts)
    assert found(facts, "SELECT organization, name FROM ref_organizations") == [("o1", "Pine")]
    assert found(facts, "SELECT customer FROM ref_customers ORDER BY 1") == [("c1",), ("c2",)]
    assert facts.issues == ()


@pytest.mark.parametrize(
    ("style", "written", "expected"),
    [
        ('numbers: "1,234.56"', "1,234.56", "1234.56000000"),
        ('numbers: "1 234,56"', "1\u202f234,5", "1234.50000000"),
        ('numbers: "1\'234.56"', "1'234.56", "1234.56000000"),
        ('numbers: "1234,56"', "-1234,5", "-1234.50000000"),
        ('numbers: "1.234,56"', "1.234", "1234.00000000"),
        ('numbers: "1.234,56"', "1.234,5-", "-1234.50000000"),
        ('numbers: "1.234,56"', "1.23", None),
        ('numbers: "1.234,56"', "12.34,5", None),
        ('numbers: "1.234,56"', "(1", None),
        ('numbers: "1,234.56"', "1,234.56 USD", None),
        ('numbers: "1,234.56"\nunits: [USD]', "1,234.56 USD", "1234.56000000"),
        ('numbers: "1.234,56"\nunits: [€, EUR]', "(€ 1.234,5)", "-1234.50000000"),
        ('numbers: "1.234,56"\nunits: [€, EUR]', "-€1,5", "-1.50000000"),
        ('numbers: "1.234,56"\nunits: [€, EUR]', "(1,5 EUR)", "-1.50000000"),
        ('numbers: "1.234,56"\nunits: [€, EUR]', "€", None),
        ('numbers: "1,234.56"', "1E5", None),
        ('numbers: "1,234.56"', "=1+1", None),
    ],
)
def test_numbers_as_they_are_written(tmp_path: Path, style: str, written: str, expected: str | None) -> None:
    mapping = f"{style}\nfiles:\n  - {{read: a.csv, as: activities}}\n"
    facts = read(tmp_path, mapping, a=f'happened_on;organization;kind;quantity\n2025-01-31;p;visit;"{written}"\n')
    assert found(facts, "SELECT quantity FROM fact_activities") == ([] if expected is None else [(expected,)])
    assert seen(facts) == ([(2, "quantity", written, "number-shape")] if expected is None else [])


@pytest.mark.parametrize(
    ("style", "written", "expected"),
    [
        ("dates: [DD/MM/YYYY]", "03/04/2025", "2025-04-03"),
        ("dates: [MM/DD/YYYY]", "03/04/2025", "2025-03-04"),
        ("dates: [M/D/YY]", "3/4/25 11:59 PM", "2025-03-04"),
        ("dates: [YYYYMMDD]", "20240229", "2024-02-29"),
        ("dates: [YYYYMMDD]", "20230229", None),
        ("dates: [DD-MON-YYYY]", "3-Apr-2025", "2025-04-03"),
        ("dates: [serial]", "45688", "2025-01-31"),
        ("dates: [serial]", "45688.99", "2025-01-31"),
        ("dates: [DD.MM.YYYY]", "2025-01-31", "2025-01-31"),
        ("dates: [DD.MM.YYYY]", "31.01.25", None),
        ("dates: [DD.MM.YYYY]\ntime_zone: America/Los_Angeles", "31.01.2025 20:00", "2025-02-01"),
        ("time_zone: UTC", "2025-01-31 23:30", "2025-02-01"),
        ("time_zone: UTC", "2025-01-31T12:00:00-05:00", "2025-01-31"),
        ("time_zone: UTC", "2025-01-31", "2025-01-31"),
    ],
)
def test_days_as_they_are_written(tmp_path: Path, style: str, written: str, expected: str | None) -> None:
    mapping = f"{style}\nfiles:\n  - {{read: a.csv, as: activities}}\n"
    rows = f"happened_on,organization,kind\n{written},p,visit\n"
    facts = read(tmp_path, mapping, zone="Europe/Berlin", a=rows)
    assert found(facts, "SELECT happened_on FROM fact_activities") == ([] if expected is None else [(expected,)])
    assert [(line, value) for line, _, value, _ in seen(facts)] == ([(2, written)] if expected is None else [])


@pytest.mark.parametrize(
    ("otherwise", "expected"), [("keep", "Gold"), ("empty", None), ("other", "other"), ("refuse", "refused")]
)
def test_other_values_are_kept_emptied_named_or_refused(tmp_path: Path, otherwise: str, expected: str | None) -> None:
    mapping = f"""
files:
  - read: a.csv
    as: activities
    columns: {{happened_on: Day, organization: Who, kind: What,
              status: {{from: State, values: {{Done: done}}, otherwise: {otherwise}}}}}
"""
    facts = read(tmp_path, mapping, a="Day,Who,What,State\n2025-01-31,p,visit,Gold\n2025-01-31,p,visit,DONE\n")
    rows = sorted(found(facts, "SELECT status FROM fact_activities"), key=str)
    assert rows == sorted([("done",), *([(expected,)] if expected != "refused" else [])], key=str)
    assert seen(facts) == ([(2, "State", "Gold", "value-unmapped")] if expected == "refused" else [])


def test_a_report_with_lines_above_its_header(tmp_path: Path) -> None:
    mapping = """
files:
  - {read: "*.csv", as: activities, header_line: 4, delimiter: bar, columns: {happened_on: Day, organization: Who, kind: What}}
"""
    facts = read(tmp_path, mapping, report="Visits\n\nMade, on, Monday\nDay|Who|What\n2025-01-31|p|visit\nTotal|1|\n")
    assert facts.count("activities") == 1
    assert seen(facts) == [(6, "Day", "Total", "date-shape"), (6, "What", "", "value-missing")]


def test_a_sheet_may_be_named(tmp_path: Path) -> None:
    write_workbook(tmp_path / "x.xlsx", {"About": [["Hi"]], "Data 1": [["Day", "Who"], ["31.01.2025", "p"]]})
    columns = "columns: {happened_on: Day, organization: Who, kind: {always: visit}}"
    facts = read(
        tmp_path, f"dates: [DD.MM.YYYY]\nfiles:\n  - {{read: x.xlsx, as: activities, sheet: Data 1, {columns}}}\n"
    )
    assert (facts.count("activities"), facts.issues) == (1, ())
    facts = read(tmp_path, f"files:\n  - {{read: x.xlsx, as: activities, sheet: Data, {columns}}}\n")
    assert [(issue.code, issue.hint) for issue in facts.issues] == [("file-unreadable", 'Did you mean "Data 1"?')]


def test_a_mapping_says_how_complete_a_source_is(tmp_path: Path) -> None:
    mapping = """
files:
  - {read: a.csv, as: activities, source: lms, complete: {from: 2024-01-01, to: 2025-03-01}}
  - {read: absent.csv, as: deals, source: crm, complete: {from: 2024-01-01}}
"""
    facts = read(tmp_path, mapping, a="happened_on,organization,kind\n2025-01-31,p,visit\n")
    assert [str(each.complete_to) for each in facts.coverage] == ["2025-03-01"]
    assert [(each.kind, each.source) for each in facts.coverage] == [("activities", "lms")]
    assert found(facts, "SELECT source FROM fact_activities") == [("lms",)]


def test_every_mistake_of_a_mapping_is_told_at_once(tmp_path: Path) -> None:
    mapping = """
encoding: morse
files:
  - {read: a.csv, as: activity, colums: {}}
  - read: b.csv
    as: deals
    mode: snapshots
    numbers: "1.234.56"
    dates: [DD/MM/YYYY, MM/DD/YYYY, YYYY-DD]
    header_line: zero
    complete: {from: 2025-02-30}
    columns:
      stag: Stage
      deal: {from: Id, always: x}
      amount: {from: A, with: "-", otherwise: keep}
  - {as: deals}
"""
    with pytest.raises(SwingbyError) as refused:
        read(tmp_path, mapping)
    assert refused.value.code == "mapping-errors"
    places = [line.split(": error: [")[0] for line in str(refused.value).splitlines()[1:]]
    codes = [line.split("[")[1].split("]")[0] for line in str(refused.value).splitlines()[1:]]
    assert [" ".join(pair) for pair in zip(places, codes, strict=True)] == [
        "mapping.yaml:2:11 value-unknown",
        "mapping.yaml:4:23 table-unknown",
        "mapping.yaml:4:33 key-unknown",
        "mapping.yaml:5:5 key-missing",
        "mapping.yaml:7:11 value-unknown",
        "mapping.yaml:8:14 number-format",
        "mapping.yaml:9:12 date-format",
        "mapping.yaml:9:12 date-formats-clash",
        "mapping.yaml:10:18 number-shape",
        "mapping.yaml:11:22 day-shape",
        "mapping.yaml:13:7 key-unknown",
        "mapping.yaml:14:13 key-choice",
        "mapping.yaml:15:15 key-choice",
        "mapping.yaml:15:15 key-choice",
        "mapping.yaml:16:5 key-missing",
    ]


@pytest.mark.parametrize("text", ["", "files: x", "- read: a", "files: [x]", "{", "\x00", "files: []\nfiles: []"])
def test_what_is_no_mapping_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(SwingbyError) as refused:
        read(tmp_path, text)
    assert refused.value.code == "mapping-errors"


def test_formats_that_mean_two_days_are_found() -> None:
    assert clash(["DD/MM/YYYY", "MM/DD/YYYY"]) == ("DD/MM/YYYY", "MM/DD/YYYY")
    assert clash(["DD.MM.YYYY", "MM/DD/YYYY", "YYYY-MM-DD", "D.M.YYYY"]) is None
    assert number_format("1.234.56") is None


def test_a_quoted_name_cannot_leave_its_text(tmp_path: Path) -> None:
    mapping = """
files:
  - read: a.csv
    as: activities
    source: "o'brien'; DROP TABLE raw_activities; --"
    columns:
      happened_on: "Day's"
      organization: {always: "it's"}
      kind: {from: What, values: {"it's": "o'k"}}
"""
    facts = read(tmp_path, mapping, a="Day's,What\n2025-01-31,it's\n")
    assert found(facts, "SELECT organization, kind, source FROM fact_activities") == [
        ("it's", "o'k", "o'brien'; DROP TABLE raw_activities; --")
    ]
